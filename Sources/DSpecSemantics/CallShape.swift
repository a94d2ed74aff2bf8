/// The arguments that a built-in call of some name takes.
package struct CallShape: Hashable, Sendable {
  /// The name.
  package let name: String
  /// Arguments by position, given without a label.
  package var positional: [String] = []
  /// Arguments that must be given with their label.
  package var labelled: [String] = []
  /// Arguments that may be given with their label.
  package var optional: [String] = []
  /// What each of one or more unlabelled arguments is, where their number is free.
  package var variadic: String?

  /// The labels that may be written, in order.
  package var labels: [String] { labelled + optional }

  /// The call as an example for help texts.
  var example: String {
    let parts = positional + (variadic.map { [$0, "…"] } ?? []) + labelled.map { "\($0): …" }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}
