import TensorGraph

extension Graph {
  /// About how many multiplications one evaluation takes.
  var weightCount: Int {
    nodes.reduce(1) { sum, node in
      switch node.operation {
      case .linear(let linear): sum + linear.weights.values.count
      case .sparse(let map): sum + map.weights.count
      default: sum + node.shape.count
      }
    }
  }
}
