package import TensorGraph

extension CompiledCase {
  /// The graph that was compiled, for who follows its values himself.
  package var source: Graph { graph }

  /// For each node of `source` that is a rectifier, the index of its first neuron.
  package var rectifierOffsets: [Int: Int] {
    var offsets: [Int: Int] = [:]
    for (instruction, position) in zip(instructions, nodePositions) {
      if case .relu = instruction.kind { offsets[position] = instruction.neuronOffset }
    }
    return offsets
  }
}
