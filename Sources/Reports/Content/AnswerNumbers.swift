package import Lowering
package import RigorousArithmetic
package import VerificationProblem

/// The numbers of an answer as people read them: what was reached against what was asked, a logistic quantity as a
/// probability.
package struct AnswerNumbers: Sendable {
  /// What the numbers are.
  package enum Scale: Hashable, Sendable {
    /// Within 0 and 1.
    case probability
    /// Not negative.
    case distance
    /// Any number.
    case plain
  }

  /// A bound that the claim asks for.
  package struct Asked: Hashable, Sendable {
    /// The relation of the quantity to the bound.
    package let comparison: Comparison
    /// About the bound, for plots only.
    package let position: Double
  }

  /// What the numbers are.
  package let scale: Scale
  /// What was reached, on the scale; a side that is not known is infinite or the end of the scale.
  package let interval: Interval?
  /// What was asked; empty where the claim has several bounds on one side, or none.
  package let bounds: [Asked]
  /// What was reached, in words.
  package let reached: String
  /// What was asked, in words.
  package let asked: String

  /// Words with the relations in the signs of print: `≤` for `<=`.
  package static func printed(_ words: String) -> String {
    words.replacing("<=", with: "≤").replacing(">=", with: "≥")
  }

  /// The numbers of an answer.
  ///
  /// - Parameter bounds: Certified bounds of the measure, or of the quantity under forall.
  package init(bounds: Interval?, lowered: LoweredProperty?, hasWitness: Bool) {
    let isLogistic = lowered?.scale == .logistic
    reached = AnswerNumbers.reached(bounds, lowered, hasWitness: hasWitness)
    switch lowered?.obligation.question {
    case nil:
      (scale, interval, self.bounds, asked) = (.plain, nil, [], "-")
    case .measure(_, let asked):
      scale = .probability
      interval = bounds.map { Interval(max(0, $0.lower), max(0, min(1, $0.upper))) }
      self.bounds = asked.map {
        Asked(comparison: $0.comparison, position: $0.threshold.enclosure.midpoint)
      }
      self.asked = asked.map { "\($0.comparison) \(NumberText.decimal($0.threshold))" }.joined(
        separator: ", ")
    case .forall:
      scale = isLogistic ? .probability : lowered?.scale == .distance ? .distance : .plain
      interval = bounds.map { isLogistic ? lowered?.probabilities(ofLogits: $0) ?? $0 : $0 }
      let atoms = Set(lowered?.obligation.cases.flatMap(\.predicate.atoms).map(AtomBound.init) ?? [])
      let texts = Set(atoms.map { $0.text(isLogistic: isLogistic) })
      asked = texts.count == 1 ? texts.first ?? "-" : "several"
      self.bounds =
        texts.count == 1
        ? atoms.prefix(1).map {
          Asked(comparison: $0.comparison, position: $0.position(isLogistic: isLogistic))
        } : []
    }
  }

  private struct AtomBound: Hashable {
    let comparison: Comparison
    let threshold: Threshold

    init(_ atom: Atom) {
      comparison = atom.comparison
      threshold = atom.threshold
    }

    func text(isLogistic: Bool) -> String {
      switch threshold {
      case .rational(let value):
        if isLogistic, value == Rational(0) { return "\(comparison) 0.5" }
        return "\(comparison) \(NumberText.decimal(value))"
      case .logit(let value): return "\(comparison) \(NumberText.decimal(value))"
      }
    }

    func position(isLogistic: Bool) -> Double {
      switch threshold {
      case .rational(let value):
        return isLogistic ? value.enclosure.sigmoid().midpoint : value.enclosure.midpoint
      case .logit(let value): return value.enclosure.midpoint
      }
    }
  }

  /// What a comparison asks for, in words.
  package static func text(of atom: Atom, isLogistic: Bool) -> String {
    AtomBound(atom).text(isLogistic: isLogistic)
  }

  private static func reached(_ bounds: Interval?, _ lowered: LoweredProperty?, hasWitness: Bool) -> String {
    guard let bounds else { return hasWitness ? "witness" : "-" }
    guard case .forall = lowered?.obligation.question else {
      return "[\(NumberText.down(bounds.lower)), \(NumberText.up(bounds.upper))]"
    }
    let shown = lowered?.scale == .logistic ? lowered?.probabilities(ofLogits: bounds) ?? bounds : bounds
    return bounds.upper.isFinite ? "<= \(NumberText.up(shown.upper))" : ">= \(NumberText.down(shown.lower))"
  }
}
