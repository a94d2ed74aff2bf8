import RigorousArithmetic
import TensorGraph

/// A network to evaluate at exact points.
struct OpenNetwork: Sendable {
  let graph: Graph

  /// Enclosures of all outputs at exact inputs.
  func outputs(_ inputs: [Rational]) throws -> [Interval] {
    try graph.evaluate([inputs.map(\.enclosure)]).flatMap(\.self)
  }
}
