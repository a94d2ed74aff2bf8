import BranchAndBound
import Certificates
package import Lowering
import VerificationProblem

/// What a property is likely to cost, from a short trial.
package struct CostEstimate: Sendable {
  /// The estimate in words.
  package let text: String

  /// Cells of the trial.
  static let trialNodes = 2_048

  /// Tries a property on a few cells and extrapolates; an estimate, no promise.
  package static func of(_ lowered: LoweredProperty, workers: Int) async -> CostEstimate {
    var points: [(nodes: Int, open: Double, seconds: Double)] = []
    let recorder = TrialRecorder()
    let run = PropertyRun(budget: SearchBudget(seconds: 10, nodes: trialNodes, workers: workers)) {
      recorder.append($0)
    }
    let outcome = await run.decide(lowered)
    if outcome.verdict.isDecided {
      return CostEstimate(
        text: "decided within the trial: \(outcome.nodes) cells, \(Presentation.fixed(outcome.seconds, 2)) s")
    }
    points = recorder.points
    guard let last = points.last, last.nodes > 0 else {
      return CostEstimate(text: outcome.note ?? "no estimate: the trial made no progress")
    }
    let rate = Double(last.nodes) / Swift.max(last.seconds, 1e-6)
    // The undecided share of the region falls as a power of the cells; the power is read off the trial's second half.
    guard let middle = points.first(where: { $0.nodes * 2 >= last.nodes }), middle.nodes < last.nodes,
      last.open > 0, middle.open > last.open
    else {
      return CostEstimate(text: "no end in sight after \(last.nodes) cells at \(Int(rate)) cells/s")
    }
    let slope = Exponent.ratio(middle.open / last.open, Double(last.nodes) / Double(middle.nodes))
    let growth = Exponent.power(last.open / 1e-3, 1 / Swift.max(slope, 0.05))
    let cells = Double(last.nodes) * Swift.max(1, growth)
    return CostEstimate(
      text:
        "about \(rounded(cells)) cells, \(rounded(cells / rate)) s at \(Int(rate)) cells/s, to leave 0.1 % open "
        + "(a forall needs all of it closed)")
  }

  private static func rounded(_ value: Double) -> String {
    guard value.isFinite, value < 1e12 else { return "more than 10^12" }
    var digit = 1.0
    while digit * 100 <= value { digit *= 10 }
    return value < 1 ? Presentation.fixed(value, 2) : "\(Int((value / digit).rounded() * digit))"
  }
}
