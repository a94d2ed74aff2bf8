package import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Bounds on elements of a graph that were proved elsewhere for every point of the region of the query.
///
/// They help a solver and weaken its answer: `unsat` then holds only as far as the bounds do. An infinite end
/// point states nothing.
package struct ProvedBounds: Hashable, Sendable {
  /// Bounds of the elements of a node, by the position of the node.
  package let elements: [Int: [Interval]]

  /// Makes bounds.
  package init(_ elements: [Int: [Interval]]) { self.elements = elements }

  /// Asserts each finite end point on its own, under a name of its own; non-strictly.
  func assert(on encoding: GraphEncoding, of graph: Graph, in query: inout Query) throws(EncodingError) {
    var count = 0
    for (position, bounds) in elements.sorted(by: { $0.key < $1.key }) {
      guard encoding.elements.indices.contains(position) else {
        throw EncodingError.bounds("bounds are given for node \(position), which the graph does not have")
      }
      let terms = encoding.elements[position]
      guard terms.count == bounds.count else {
        throw EncodingError.bounds("node \(position) has \(terms.count) elements and \(bounds.count) bounds")
      }
      for (element, (term, bound)) in zip(terms, bounds).enumerated() {
        let name = "\(graph.nodes[position].operation.name.lowercased())\(position)_\(element)"
        if let lower = Rational(exactly: bound.lower) {
          query.assert(query.terms.compare(term, .greaterOrEqual, lower), like: "bound \(name) lower")
          count += 1
        }
        if let upper = Rational(exactly: bound.upper) {
          query.assert(query.terms.compare(term, .lessOrEqual, upper), like: "bound \(name) upper")
          count += 1
        }
      }
    }
    if count > 0 {
      query.note("\(count) assertions named `bound` were proved elsewhere; unsat relies on them.")
    }
  }
}
