import RigorousArithmetic
import Statistics
package import VerificationProblem

/// Whether an implication speaks of any point at all.
///
/// Theorem: a point of the region at which rigorous arithmetic finds the negation of the antecedent false meets the
/// antecedent, so that the implication does not hold for want of cases. That none of a few points meets it shows nothing.
package enum AntecedentCheck {
  /// Evaluations at most, over all cases.
  static let evaluations = 256

  /// Whether a seeded point meets the antecedent.
  ///
  /// - Parameter negation: The question whether no point of the region meets it.
  package static func isMet(_ negation: Obligation) -> Bool {
    guard case .forall(let region) = negation.question, !negation.cases.isEmpty,
      let generator = CounterGenerator(seed: [UInt8](repeating: 0xa7, count: 32))
    else { return false }
    for index in 0..<evaluations {
      let item = negation.cases[index % negation.cases.count]
      var draws = generator.draws(stream: 2, index: UInt64(index))
      let point = self.point(of: region, &draws)
      if (try? item.truth(at: point, in: region))?.truth == false { return true }
    }
    return false
  }

  /// A point of a region's box; of one that balls cut, somewhere between there and their centres.
  private static func point(of region: InputRegion, _ draws: inout CounterGenerator.Draws) -> [Double] {
    var point = region.box.map { range in
      let (low, high) = (range.lower.roundedUp, range.upper.roundedDown)
      // A range without a double is named by the one below.
      return low <= high ? Variate.uniform(draws.uniform(), from: low, to: high) : range.lower.roundedDown
    }
    for ball in region.balls {
      let share = draws.uniform()
      for (axis, centre) in zip(ball.coordinates, ball.centre) {
        let middle = centre.enclosure.midpoint
        point[axis] = middle + (point[axis] - middle) * share
      }
    }
    return point
  }
}
