import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// On which side a formula stands for a claim whose thresholds are known only up to an enclosure.
enum Approximation {
  /// Holds wherever the claim holds.
  case weaker
  /// Holds only where the claim holds.
  case stronger
}

/// A predicate over the elements of one output, as a formula.
///
/// Theorem: with `weaker` the formula holds wherever the predicate does, with `stronger` only there, and
/// where every threshold is exact both are equivalent to it. Strictness is kept: the comparison of an atom is
/// that of its formula, only the constant moves, and it moves by nothing where it is exact.
struct PredicateEncoding {
  let output: [RealTerm]
  let approximation: Approximation

  private enum Step {
    case visit(Predicate)
    case join(isConjunction: Bool, count: Int)
  }

  func formula(_ predicate: Predicate, _ terms: inout TermStore) throws(EncodingError) -> Formula {
    var steps: [Step] = [.visit(predicate)]
    var results: [Formula] = []
    while let step = steps.popLast() {
      switch step {
      case .visit(.atom(let atom)): results.append(try self.atom(atom, &terms))
      case .visit(.all(let parts)):
        steps.append(.join(isConjunction: true, count: parts.count))
        steps.append(contentsOf: parts.reversed().map { .visit($0) })
      case .visit(.any(let parts)):
        steps.append(.join(isConjunction: false, count: parts.count))
        steps.append(contentsOf: parts.reversed().map { .visit($0) })
      case .join(let isConjunction, let count):
        let operands = Array(results.suffix(count))
        results.removeLast(count)
        results.append(isConjunction ? terms.and(operands) : terms.or(operands))
      }
    }
    return results[0]
  }

  private func atom(_ atom: Atom, _ terms: inout TermStore) throws(EncodingError) -> Formula {
    let enclosure = ThresholdEnclosure(atom.threshold)
    // A bound from above is easiest to meet at the upper end of the enclosure, one from below at the lower.
    let usesUpper = atom.comparison.boundsAbove == (approximation == .weaker)
    guard let threshold = usesUpper ? enclosure.upper : enclosure.lower else {
      return terms.boolean(approximation == .weaker)
    }
    switch atom.quantity {
    case .element(let index): return terms.compare(output[index], atom.comparison, threshold)
    case .distance(let start, let point, let norm):
      let differences = point.indices.map { index in
        terms.sum([output[start + index], terms.real(-Rational(dyadic: point[index]))])
      }
      return try distance(differences, norm, atom.comparison, threshold, &terms)
    }
  }

  private func distance(
    _ differences: [RealTerm], _ norm: Norm, _ comparison: Comparison, _ threshold: Rational,
    _ terms: inout TermStore
  ) throws(EncodingError) -> Formula {
    switch norm {
    case .l1:
      let magnitudes = differences.map { terms.magnitude($0) }
      return terms.compare(terms.sum(magnitudes), comparison, threshold)
    case .linf:
      // The largest magnitude lies below a bound iff all differences and their negations do, and above one
      // iff some does.
      let sides = differences.flatMap { difference in
        [difference, terms.scaled(Rational(-1), difference)].map { terms.compare($0, comparison, threshold) }
      }
      return comparison.boundsAbove ? terms.and(sides) : terms.or(sides)
    case .l2:
      throw EncodingError.unsupportedQuantity(
        "a Euclidean distance has no encoding in linear real arithmetic; use the `l1` or `linf` distance")
    }
  }
}
