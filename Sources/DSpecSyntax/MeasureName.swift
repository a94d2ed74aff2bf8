/// The measures of claims: the words that begin one where `[` follows.
package enum MeasureName: String, Hashable, Sendable, CaseIterable {
  /// The probability of an event.
  case probability = "P"
  /// The expected value of a number.
  case expectation = "E"
  /// The balanced error rate of a prediction.
  case balancedErrorRate = "BER"
}
