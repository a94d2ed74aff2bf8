package import TensorGraph

/// A whole sampler as one graph.
package enum SamplerUnrolling {
  /// Unrolls a DDIM sampler: the result takes the latent `z` at the last timestep and gives the decoded sample.
  ///
  /// For `i` from `n - 1` down to `0`: `z <- A_i z + B_i denoiser(z, time_i, conditions)`. Times and conditions
  /// are constants, so every Gather folds away.
  ///
  /// - Parameters:
  ///   - denoiser: see `DenoiserSignature`.
  ///   - decoder: one real input of the latent's number of elements; without it the result is the latent.
  ///   - coefficients: the table of updates.
  ///   - conditions: values of the condition inputs at every step, first executed step first.
  ///   - timeIndex: what the denoiser's time input counts; by default what its table's size says.
  ///   - folding: what is computed at once from constants.
  /// - Returns: a graph with the one real input `z`, of the denoiser's latent shape, and without index inputs.
  package static func unroll(
    denoiser: Graph, decoder: Graph?, coefficients: DDIMCoefficients, conditions: StepConditions,
    timeIndex: TimeIndex? = nil, folding: GraphBuilder.Folding = .exact
  ) throws(DiffusionError) -> Graph {
    let signature = try DenoiserSignature(of: denoiser)
    let sampler = coefficients.sampler
    let inferred = timeIndex == nil ? try signature.timeIndex(for: sampler) : .samplerStep
    let timeIndex = timeIndex ?? inferred
    try signature.check(conditions, steps: sampler.timesteps.count)
    let times = sampler.timesteps.values.enumerated().map { timeIndex == .samplerStep ? $0 : $1 }
    if let last = times.last, last >= signature.timeCount {
      throw DiffusionError(
        .timesteps, "the denoiser knows \(signature.timeCount) times, the sampler asks for number \(last)")
    }
    let result: Graph
    do {
      var builder = GraphBuilder(folding: folding)
      let input = try builder.input("z", shape: signature.latent)
      var latent = input
      for (step, index) in coefficients.table.indices.reversed().enumerated() {
        var arguments = [latent]
        for value in [times[index]] + conditions.values[step] {
          arguments.append(builder.constant(try Tensor(shape: Shape(vector: 1), values: [Double(value)])))
        }
        let output = try builder.inline(denoiser, arguments: arguments)[0]
        latent = try builder.update(latent, output, by: coefficients.table[index])
      }
      var outputs = [latent]
      if let decoder {
        if let wanted = decoder.inputSignature.first?.shape {
          latent = try builder.shaped(latent, to: wanted)
        }
        outputs = try builder.inline(decoder, arguments: [latent])
      }
      result = try builder.build(outputs: outputs)
    } catch {
      throw DiffusionError(.graph, "the sampler cannot be unrolled: \(error)")
    }
    try checkClosed(result)
    return result
  }

  /// The head applied to the results of a graph.
  ///
  /// - Parameters:
  ///   - graph: any graph.
  ///   - head: takes the results of `graph`, in order, as its inputs.
  /// - Returns: a graph with the inputs of `graph` and the outputs of `head`.
  package static func compose(_ graph: Graph, _ head: Graph) throws(DiffusionError) -> Graph {
    do {
      var builder = GraphBuilder()
      var arguments: [Int] = []
      for (input, shape) in graph.inputSignature {
        arguments.append(try builder.input(input.name, shape: shape, kind: input.kind))
      }
      let values = try builder.inline(graph, arguments: arguments)
      let outputs = try builder.inline(head, arguments: values)
      return try builder.build(outputs: outputs)
    } catch {
      throw DiffusionError(.signature, "the graphs cannot be composed: \(error)")
    }
  }

  /// Checks that nothing is selected by an index any more.
  private static func checkClosed(_ graph: Graph) throws(DiffusionError) {
    for node in graph.nodes {
      switch node.operation {
      case .input(let input) where input.kind == .index:
        throw DiffusionError(.graph, "the unrolled sampler still has the index input `\(input.name)`")
      case .gather:
        throw DiffusionError(
          .graph, "the unrolled sampler still selects a row of a table", fix: "let tables be constant")
      default: break
      }
    }
  }
}

extension GraphBuilder {
  /// `A z + B out`; factors 0 and 1 need no node.
  fileprivate mutating func update(
    _ latent: Int, _ output: Int, by row: DDIMCoefficients.Row
  ) throws(GraphError) -> Int {
    var terms: [Int] = []
    for (factor, value) in [(row.latent, latent), (row.output, output)] where factor != 0 {
      terms.append(factor == 1 ? value : try apply(.scale(factor), [value]))
    }
    switch terms.count {
    case 2: return try apply(.add, terms)
    case 1: return terms[0]
    default: return try apply(.scale(0), [latent])
    }
  }
}
