import DSpecSemantics
import Diagnostics
import RigorousArithmetic
import SampleLaw
import Statistics
import VerificationProblem

/// Whether a plan of samples can support a claim at all.
enum SampleSize {
  /// Beyond this no number of samples is suggested.
  static let limit = 1_000_000_000

  /// A warning where even the most favourable counts leave the claim undecided.
  static func problem(of property: Property) -> Diagnostic? {
    guard case .measure(let claim) = property.claim, !isExpectation(claim.measure),
      let plan = plan(of: property), let bounds = bounds(of: claim)
    else { return nil }
    guard !isEnough(plan.count, bounds, plan.confidence) else { return nil }
    var help = "ask for a bound farther from the edge, or for a certified interval with `evidence: bound`"
    if let needed = least(above: plan.count, bounds, plan.confidence) { help = "take n >= \(needed)" }
    return Diagnostic(
      .tooFewSamples,
      "\(plan.count) samples at \(plan.confidence.sourceText) cannot show this bound, whatever is counted",
      at: claim.bounds.first?.span ?? property.span,
      notes: [DiagnosticNote("`\(property.name)` is declared here", at: property.span)], help: help)
  }

  private static func isExpectation(_ measure: Measure) -> Bool {
    if case .expectation = measure { return true }
    return false
  }

  private static func plan(of property: Property) -> (count: Int, confidence: Rational)? {
    for case .sampled(let count, let confidence) in property.evidence { return (count, confidence) }
    return nil
  }

  private static func bounds(of claim: MeasureClaim) -> [VerificationProblem.MeasureBound]? {
    var result: [VerificationProblem.MeasureBound] = []
    for bound in claim.bounds {
      switch bound.comparison {
      case .less: result.append(.init(.less, bound.bound))
      case .lessOrEqual: result.append(.init(.lessOrEqual, bound.bound))
      case .greater: result.append(.init(.greater, bound.bound))
      case .greaterOrEqual: result.append(.init(.greaterOrEqual, bound.bound))
      case .equal, .notEqual: return nil
      }
    }
    return result
  }

  /// Whether the most favourable counts support the bounds: none or all of the samples for a bound on one side, the
  /// middle for bounds on both.
  private static func isEnough(
    _ count: Int, _ bounds: [VerificationProblem.MeasureBound], _ confidence: Rational
  ) -> Bool {
    let lower = bounds.filter { !$0.comparison.boundsAbove }.map(\.threshold.enclosure.midpoint).max()
    let upper = bounds.filter { $0.comparison.boundsAbove }.map(\.threshold.enclosure.midpoint).min()
    let share: Double
    switch (lower, upper) {
    case (nil, _): share = 0
    case (_, nil): share = 1
    case (.some(let low), .some(let high)): share = (low + high) / 2
    }
    let hits = Int((share * Double(count)).rounded())
    guard let tally = SampleTally(hits: hits, misses: count - hits, undecided: 0),
      let verdict = try? MeasureVerdict(tally, bounds: bounds, confidence: confidence)
    else { return true }
    return verdict.overall == .supported
  }

  /// The least sufficient number of samples, found by doubling and halving.
  private static func least(
    above count: Int, _ bounds: [VerificationProblem.MeasureBound], _ confidence: Rational
  ) -> Int? {
    var (low, high) = (count, count)
    repeat {
      guard high <= limit / 2 else { return nil }
      (low, high) = (high, high * 2)
    } while !isEnough(high, bounds, confidence)
    while low + 1 < high {
      let middle = low + (high - low) / 2
      if isEnough(middle, bounds, confidence) { high = middle } else { low = middle }
    }
    return high
  }
}
