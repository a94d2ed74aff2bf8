/// What keeps a graph or a claim from an exact encoding in linear real arithmetic.
package enum EncodingError: Error, Hashable, CustomStringConvertible {
  /// An operator that is not piecewise linear, or not for these operands.
  case unsupportedOperator(name: String, node: Int, problem: String)
  /// A quantity of the claim that is not piecewise linear.
  case unsupportedQuantity(String)
  /// A region that is not piecewise linear.
  case unsupportedRegion(String)
  /// A question that is no `forall`, or no case of that position.
  case unsupportedQuestion(String)
  /// Bounds that do not fit the graph.
  case bounds(String)

  package var description: String {
    switch self {
    case .unsupportedOperator(let name, let node, let problem):
      return "\(name) at node \(node) has no encoding in linear real arithmetic: \(problem)"
    case .unsupportedQuantity(let text), .unsupportedRegion(let text), .unsupportedQuestion(let text),
      .bounds(let text):
      return text
    }
  }
}
