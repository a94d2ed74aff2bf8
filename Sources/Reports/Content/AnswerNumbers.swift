import DSpecSemantics
package import Lowering
package import RigorousArithmetic
import TensorGraph
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
  /// What compared quantities are divided by to be those that are shown.
  let unit: Double

  /// Words with the relations in the signs of print: `≤` for `<=`.
  package static func printed(_ words: String) -> String {
    words.replacing("<=", with: "≤").replacing(">=", with: "≥")
  }

  /// An answer in words alone.
  package init(reached: String, asked: String) {
    (scale, interval, bounds, unit) = (.plain, nil, [], 1)
    (self.reached, self.asked) = (reached, asked)
  }

  /// The numbers of an answer.
  ///
  /// - Parameter bounds: Certified bounds of the measure, or of the quantity under forall.
  package init(bounds: Interval?, lowered: LoweredProperty?, hasWitness: Bool) {
    // Quantities of what a claim presupposes are none of the claim's.
    let lowered = lowered?.isVacuity == true ? nil : lowered
    let isLogistic = lowered?.scale == .logistic
    let unit = lowered?.unit ?? 1
    self.unit = unit
    switch lowered?.obligation.question {
    case nil:
      (scale, interval, self.bounds, asked) = (.plain, nil, [], "-")
      reached = bounds.map { AnswerNumbers.words($0) } ?? (hasWitness ? "witness" : "-")
    case .measure(_, let asked):
      scale = .probability
      interval = bounds.map { Interval(max(0, $0.lower), max(0, min(1, $0.upper))) }
      self.bounds = asked.map {
        Asked(comparison: $0.comparison, position: $0.threshold.enclosure.midpoint)
      }
      self.asked = asked.map { "\($0.comparison) \(NumberText.decimal($0.threshold))" }.joined(
        separator: ", ")
      reached = interval.map { AnswerNumbers.words($0, beside: asked.map(\.threshold)) } ?? "-"
    case .forall:
      scale = isLogistic ? .probability : lowered?.scale == .distance ? .distance : .plain
      if let lowered, !lowered.comparesAsWritten,
        lowered.writtenBound != nil || !lowered.quantitiesAreWritten
      {
        // What was reached is of a multiple, a negative or a part of what the claim writes.
        (interval, self.bounds) = (nil, [])
        asked =
          lowered.writtenBound.map { "\($0.comparison.rawValue) \(NumberText.decimal($0.number))" } ?? "-"
        reached = hasWitness ? "witness" : "-"
        return
      }
      interval = bounds.map { lowered?.written($0) ?? $0 }
      let compared = lowered?.obligation.cases.flatMap(\.predicate.atoms) ?? []
      let atoms = Set(compared.map { AtomBound($0, unit: unit) })
      let texts = Set(atoms.map { $0.text(isLogistic: isLogistic) })
      asked = texts.count == 1 ? texts.first ?? "-" : "several"
      self.bounds =
        texts.count == 1
        ? atoms.prefix(1).map {
          Asked(comparison: $0.comparison, position: $0.position(isLogistic: isLogistic))
        } : []
      // Where a claim is more than one bound on its quantities, none of their bounds answers it.
      let isOneBound =
        texts.count == 1 && lowered?.obligation.cases.allSatisfy(\.predicate.isConjunction) == true
      guard isOneBound, let atom = atoms.first, let bounds, let shown = interval else {
        reached = hasWitness ? "witness" : "-"
        return
      }
      let limit = atom.limit(isLogistic: isLogistic)
      let isAbove = bounds.upper.isFinite
      let end = isAbove ? shown.upper : shown.lower
      // A bound of a logit that meets what is asked is not to look as if its probability did not.
      if let limit, isAbove == atom.comparison.boundsAbove, isAbove ? limit < end : end < limit,
        atom.isMet(by: bounds, in: lowered?.obligation.cases.first?.arithmetic ?? .real)
      {
        reached = "\(isAbove ? "<=" : ">=") \(NumberText.decimal(limit))"
        return
      }
      let limits = limit.map { [$0] } ?? []
      reached =
        isAbove ? "<= \(NumberText.up(end, beside: limits))" : ">= \(NumberText.down(end, beside: limits))"
    }
  }

  private static func words(_ interval: Interval, beside limits: [Rational] = []) -> String {
    "[\(NumberText.down(interval.lower, beside: limits)), \(NumberText.up(interval.upper, beside: limits))]"
  }

  private struct AtomBound: Hashable {
    let comparison: Comparison
    /// What is compared with, by the atom and as it is written.
    let (compared, threshold): (Threshold, Threshold)

    init(_ atom: Atom, unit: Double) {
      comparison = atom.comparison
      compared = atom.threshold
      if case .rational(let value) = compared, let written = value.divided(by: Rational(dyadic: unit)) {
        threshold = .rational(written)
      } else {
        threshold = compared
      }
    }

    /// Whether bounds of the quantity show the comparison.
    func isMet(by bounds: Interval, in arithmetic: Arithmetic) -> Bool {
      comparison.decided(bounds, compared.enclosure(in: arithmetic)) == true
    }

    func text(isLogistic: Bool) -> String {
      switch threshold {
      case .rational(let value):
        if isLogistic, value == Rational(0) { return "\(comparison) 0.5" }
        return "\(comparison) \(NumberText.decimal(value))"
      case .logit(let value): return "\(comparison) \(NumberText.decimal(value))"
      }
    }

    /// The number that the shown quantity is compared with; nil where it has no exact form.
    func limit(isLogistic: Bool) -> Rational? {
      switch threshold {
      case .logit(let value): return value
      case .rational(let value):
        guard isLogistic else { return value }
        return value == Rational(0) ? Rational(1).divided(by: Rational(2)) : nil
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
  package static func text(of atom: Atom, isLogistic: Bool, unit: Double = 1) -> String {
    AtomBound(atom, unit: unit).text(isLogistic: isLogistic)
  }
}
