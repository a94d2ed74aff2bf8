import Diagnostics
import RigorousArithmetic

/// What differential privacy says about membership tests.
///
/// Theorem (Kairouz, Oh, Viswanath, ICML 2015, theorem 2.1). For a mechanism with (epsilon, delta)-differential
/// privacy, a test between neighbouring training sets with false positive rate f has a true positive rate of at most
/// `min(e^epsilon f + delta, 1 - e^-epsilon (1 - delta - f))`; some mechanism of that budget reaches it.
enum MembershipBound {
  /// Enclosure of the greatest true positive rate.
  static func rate(epsilon: Rational, delta: Rational, falsePositives: Rational) -> Interval {
    let growth = epsilon.enclosure.exp()
    let shrink = (-epsilon.enclosure).exp()
    let near = growth * falsePositives.enclosure + delta.enclosure
    let far = Interval(1) - shrink * (Interval(1) - delta.enclosure - falsePositives.enclosure)
    return Interval(Swift.min(near.lower, far.lower, 1), Swift.min(near.upper, far.upper, 1))
  }
}

extension Checker {
  /// Reports rates of membership tests that are derived from budgets which do not give them.
  mutating func checkDerivations() {
    for property in properties {
      guard case .general(let claim) = property.claim, let (rate, limit) = upperBound(claim),
        rate.quantity == .attackRate
      else { continue }
      for grade in property.evidence {
        guard case .derived(let sources) = grade else { continue }
        check(property, rate, limit, derivedFrom: sources)
      }
    }
  }

  private mutating func check(
    _ property: Property, _ rate: AccountedQuantity, _ limit: Rational, derivedFrom sources: [String]
  ) {
    // Properties of imported files are not at hand; what they claim is left to the verdict.
    guard sources.allSatisfy({ name in properties.contains { $0.name == name } }) else { return }
    var best: (rate: Interval, epsilon: Rational, source: Property)?
    for name in sources {
      guard let source = properties.first(where: { $0.name == name }),
        case .general(let claim) = source.claim,
        let (budget, epsilon) = upperBound(claim), budget.quantity == .epsilon,
        budget.training == rate.training
      else { continue }
      let implied = MembershipBound.rate(
        epsilon: epsilon, delta: budget.argument, falsePositives: rate.argument)
      if best.map({ implied.upper < $0.rate.upper }) ?? true { best = (implied, epsilon, source) }
    }
    guard let best else {
      report(
        .privacyDoesNotImply,
        "nothing that `\(property.name)` is derived from bounds the epsilon of `\(rate.training)`",
        at: property.span,
        help: "derive it from a property that claims `dp_epsilon(\(rate.training), delta: …) <= …`")
      return
    }
    // Where rounding leaves it open, the verdict decides.
    guard best.rate.lower > limit.enclosure.upper else { return }
    report(
      .privacyDoesNotImply,
      "epsilon \(best.epsilon.sourceText) permits a true positive rate of \(percent(best.rate.lower)) at false "
        + "positive rate \(rate.argument.sourceText); \(limit.sourceText) does not follow", at: property.span,
      notes: [DiagnosticNote("the budget is claimed here", at: best.source.span)],
      help: "claim a smaller epsilon, or a rate that it gives")
  }

  private func percent(_ value: Double) -> String {
    // Rounded down, so that the rate stated is permitted indeed.
    let thousandths = Int((value * 100_000).rounded(.down))
    return "\(thousandths / 1000).\(String(thousandths % 1000 + 1000).dropFirst())%"
  }

  /// The quantity and its limit in a claim such as `dp_epsilon(T, delta: 1e-6) <= 3`.
  private func upperBound(_ claim: TypedExpression) -> (AccountedQuantity, Rational)? {
    guard case .compare(let operation, let left, let right) = claim.kind else { return nil }
    switch operation {
    case .less, .lessOrEqual:
      if case .accounted(let quantity) = left.kind, let limit = right.constantValue {
        return (quantity, limit)
      }
    case .greater, .greaterOrEqual:
      if case .accounted(let quantity) = right.kind, let limit = left.constantValue {
        return (quantity, limit)
      }
    case .equal, .notEqual: break
    }
    return nil
  }
}
