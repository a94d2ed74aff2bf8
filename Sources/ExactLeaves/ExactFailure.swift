/// Why exact arithmetic does not follow a graph or a cell; it says nothing of the claim.
package struct ExactFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
