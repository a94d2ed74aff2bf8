import Evidence
import Reports
package import RigorousArithmetic

/// Numbers of an answer as people read them: a logistic quantity as a probability, bounds rounded outwards.
package enum Presentation {
  /// What was reached.
  package static func reached(_ outcome: PropertyOutcome) -> String { numbers(outcome).reached }

  /// What was asked.
  package static func asked(_ outcome: PropertyOutcome) -> String { numbers(outcome).asked }

  private static func numbers(_ outcome: PropertyOutcome) -> AnswerNumbers {
    var hasWitness = false
    if case .witness = outcome.evidence { hasWitness = true }
    return AnswerNumbers(bounds: outcome.bounds, lowered: outcome.lowered, hasWitness: hasWitness)
  }

  /// A rational as a short decimal, or as a fraction where that is not exact in six places.
  package static func decimal(_ value: Rational) -> String { NumberText.decimal(value) }

  /// A rational as a percentage.
  package static func percentage(_ value: Rational) -> String { NumberText.percentage(value) }

  /// A number with a fixed number of decimals.
  package static func fixed(_ value: Double, _ decimals: Int) -> String { NumberText.fixed(value, decimals) }

  /// Rounded down to five decimals.
  package static func down(_ value: Double) -> String { NumberText.down(value) }

  /// Rounded up to five decimals.
  package static func up(_ value: Double) -> String { NumberText.up(value) }
}
