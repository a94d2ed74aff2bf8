package import TensorGraph

/// What a denoiser's time input counts.
package enum TimeIndex: String, Hashable, Sendable, CaseIterable {
  /// Sampler steps: `0` for the smallest timestep visited.
  case samplerStep
  /// Training timesteps.
  case trainingTimestep
}

/// The inputs of a denoiser: a real latent of shape `[1, d]`, an index for the time, then one index for each
/// condition; its one output has the latent's number of elements.
package struct DenoiserSignature: Hashable, Sendable {
  /// Shape of the latent.
  package let latent: Shape
  /// Number of rows of the table that the time selects from.
  package let timeCount: Int
  /// Name of each condition and the number of its values.
  package let conditions: [Condition]

  /// A condition input.
  package struct Condition: Hashable, Sendable {
    /// Name of the input.
    package let name: String
    /// Number of values.
    package let count: Int
  }

  /// The signature of a graph.
  ///
  /// - Throws: `signature` when the graph is not a denoiser.
  package init(of denoiser: Graph) throws(DiffusionError) {
    let inputs = denoiser.inputSignature
    guard let latent = inputs.first, latent.input.kind == .real else {
      throw DiffusionError(.signature, "the denoiser's first input is not a real latent")
    }
    guard inputs.count >= 2, inputs.dropFirst().allSatisfy({ $0.input.kind == .index }) else {
      throw DiffusionError(
        .signature, "the denoiser's inputs after the latent are not a time index and condition indices",
        fix: "export the step and each condition as an integer that chooses a row by Gather")
    }
    guard denoiser.outputs.count == 1, denoiser.outputShapes[0].squeezed == latent.shape.squeezed else {
      throw DiffusionError(
        .signature,
        "the denoiser turns a latent of shape \(latent.shape) into "
          + denoiser.outputShapes.map(\.description).joined(separator: ", "))
    }
    var conditions: [Condition] = []
    for (position, input) in zip(denoiser.inputs, inputs).dropFirst() {
      guard let count = Self.rowCount(of: position, in: denoiser) else {
        throw DiffusionError(
          .signature, "the denoiser's input `\(input.input.name)` selects from no constant table",
          fix: "let it choose a row by Gather")
      }
      conditions.append(Condition(name: input.input.name, count: count))
    }
    self.latent = latent.shape
    timeCount = conditions[0].count
    self.conditions = Array(conditions.dropFirst())
  }

  /// What the time input counts, by the size of its table.
  ///
  /// - Throws: `timesteps` when the table has neither one row for each step nor one for each training timestep.
  package func timeIndex(for sampler: DDIMSampler) throws(DiffusionError) -> TimeIndex {
    if timeCount == sampler.timesteps.count { return .samplerStep }
    if timeCount == sampler.timesteps.trainingCount { return .trainingTimestep }
    throw DiffusionError(
      .timesteps,
      "the denoiser knows \(timeCount) times, the sampler has \(sampler.timesteps.count) steps of "
        + "\(sampler.timesteps.trainingCount) training timesteps",
      fix: "use a sampler of the network's number of steps")
  }

  /// Checks the conditions of a run.
  ///
  /// - Throws: `condition` when a step has the wrong number of conditions or a value outside its table.
  package func check(_ conditions: StepConditions, steps: Int) throws(DiffusionError) {
    guard conditions.values.count == steps else {
      throw DiffusionError(.condition, "conditions for \(conditions.values.count) of \(steps) steps")
    }
    for values in conditions.values {
      guard values.count == self.conditions.count else {
        throw DiffusionError(
          .condition, "\(values.count) conditions given, the denoiser takes \(self.conditions.count)")
      }
      for (value, condition) in zip(values, self.conditions) where !(0..<condition.count).contains(value) {
        throw DiffusionError(
          .condition, "condition `\(condition.name)` is \(value), its values are 0 to \(condition.count - 1)")
      }
    }
  }

  /// The smallest table that an index input selects from, through reshapes.
  package static func rowCount(of input: Int, in graph: Graph) -> Int? {
    var sources: Set<Int> = [input]
    var count: Int?
    for (position, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .reshape where sources.contains(node.operands[0]): sources.insert(position)
      case .gather where sources.contains(node.operands[1]):
        let rows = graph.nodes[node.operands[0]].shape.extents[0]
        count = min(count ?? rows, rows)
      default: break
      }
    }
    return count
  }
}
