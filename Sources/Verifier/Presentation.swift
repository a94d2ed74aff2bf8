package import Certificates
import DSpecSemantics
import Evidence
import Foundation
import Lowering
package import RigorousArithmetic
import VerificationProblem

/// Numbers of an answer as people read them: a logistic quantity as a probability, bounds rounded outwards.
package enum Presentation {
  /// What was reached.
  package static func reached(_ outcome: PropertyOutcome) -> String {
    guard let bounds = outcome.bounds else {
      if case .witness = outcome.evidence { return "witness" }
      return "-"
    }
    guard case .forall = outcome.lowered?.obligation.question else {
      return "[\(down(bounds.lower)), \(up(bounds.upper))]"
    }
    func shown(_ value: Double, _ text: (Double) -> String) -> String {
      guard let lowered = outcome.lowered, lowered.scale == .logistic else { return text(value) }
      let probability = lowered.probability(ofLogit: value)
      return text(bounds.upper.isFinite ? probability.upper : probability.lower)
    }
    return bounds.upper.isFinite ? "<= \(shown(bounds.upper, up))" : ">= \(shown(bounds.lower, down))"
  }

  /// What was asked.
  package static func asked(_ outcome: PropertyOutcome) -> String {
    switch outcome.lowered?.obligation.question {
    case .measure(_, let bounds):
      return bounds.map { "\($0.comparison) \(decimal($0.threshold))" }.joined(separator: ", ")
    case .forall:
      let atoms = outcome.lowered?.obligation.cases.flatMap(\.predicate.atoms) ?? []
      let texts = Set(
        atoms.map { atom -> String in
          switch atom.threshold {
          case .rational(let value):
            if outcome.lowered?.scale == .logistic, value == Rational(0) { return "\(atom.comparison) 0.5" }
            return "\(atom.comparison) \(decimal(value))"
          case .logit(let value): return "\(atom.comparison) \(decimal(value))"
          }
        })
      return texts.count == 1 ? texts.first ?? "-" : "several"
    case nil: return "-"
    }
  }

  /// A rational as a short decimal, or as a fraction where that is not exact in six places.
  package static func decimal(_ value: Rational) -> String {
    for places in 0...6 {
      var power = 1
      for _ in 0..<places { power *= 10 }
      if let scaled = (value * Rational(power)).asInt() {
        guard places > 0 else { return "\(scaled)" }
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return (scaled < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
      }
    }
    return value.description
  }

  /// A rational as a percentage.
  package static func percentage(_ value: Rational) -> String { decimal(value * Rational(100)) + "%" }

  /// A number with a fixed number of decimals.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// Rounded down to five decimals.
  package static func down(_ value: Double) -> String {
    value.isFinite ? fixed((value * 1e5).rounded(.down) / 1e5, 5) : "-∞"
  }

  /// Rounded up to five decimals.
  package static func up(_ value: Double) -> String {
    value.isFinite ? fixed((value * 1e5).rounded(.up) / 1e5, 5) : "∞"
  }
}

extension LoweredProperty {
  /// The probabilities that a claim means where the argument of its logistic function is a number.
  func probability(ofLogit value: Double) -> Interval {
    let isComputed = obligation.cases.contains { $0.arithmetic == .float32AnyOrder }
    return isComputed ? SingleRounding.probability(ofLogit: Interval(value)) : Interval(value).sigmoid()
  }
}
