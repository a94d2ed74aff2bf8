/// What can be wrong with a graph that comes from outside.
package enum GraphError: Error, Hashable, CustomStringConvertible {
  /// Extents that do not fit together; the text names the operator and the shapes.
  case shape(String)
  /// A constant that is NaN or infinite.
  case nonFinite(String)
  /// An operator that lacks a meaning in the semantics at hand; the text names both.
  case unsupported(String)
  /// An operator applied to numbers for which it has no value; the text names both.
  case undefined(String)
  /// A reference to a node, input or index that is not there.
  case reference(String)

  package var description: String {
    switch self {
    case .shape(let text), .nonFinite(let text), .unsupported(let text), .undefined(let text),
      .reference(let text):
      return text
    }
  }
}
