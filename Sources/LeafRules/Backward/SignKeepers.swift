import RigorousArithmetic
import TensorGraph

extension CompiledCase {
  /// The nodes on which operators that are not defined for numbers of every sign depend by affine operators alone.
  ///
  /// Nothing but the choice between sound relaxations depends on this.
  static func signKeepers(_ graph: LoweredGraph) -> [Bool] {
    var keepers = [Bool](repeating: false, count: graph.nodes.count)
    for (position, node) in graph.nodes.enumerated().reversed() {
      switch node.operation {
      case .smooth(let function):
        if !function.isDefined(on: .entire) { keepers[node.operands[0]] = true }
      case .linear, .sparse, .add, .scale, .divide, .reshape, .concat:
        if keepers[position] { for operand in node.operands { keepers[operand] = true } }
      case .input, .constant, .multiply, .relu, .maximum, .sign, .clip, .softmax, .normalize, .gather: break
      }
    }
    return keepers
  }
}
