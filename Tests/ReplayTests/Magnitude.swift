import Evidence
import Replay
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// `|x|` on [-2, 2], of which everything is known.
enum Magnitude {
  static let range = AxisRange(lower: Rational(-2), upper: Rational(2))

  /// `|x| <= limit`.
  static func atMost(_ limit: Double, label: String = "") throws -> ObligationCase {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    func map(_ weights: [Double], _ columns: Int) throws -> TensorGraph.Operation {
      let rows = weights.count / columns
      return .linear(
        try Linear(
          weights: Tensor(shape: Shape([rows, columns]), values: weights),
          bias: Tensor(shape: Shape([rows]), values: [Double](repeating: 0, count: rows))))
    }
    let sides = try builder.apply(map([1, -1], 1), [x])
    let positive = try builder.apply(.relu, [sides])
    let sum = try builder.apply(map([1, 1], 2), [positive])
    return ObligationCase(
      label: label, weight: .one, graph: try builder.build(outputs: [sum]),
      predicate: .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(dyadic: limit)))))
  }

  static func everywhere(atMost limit: Double) throws -> Obligation {
    try Obligation(name: "Magnitude", question: .forall(region: [range]), cases: [atMost(limit)])
  }

  /// The probability of `|x| <= 1`, which is one half, is at least a number.
  static func probability(atLeast bound: Double) throws -> Obligation {
    try Obligation(
      name: "Magnitude",
      question: .measure(
        law: [.uniform(range)], bounds: [MeasureBound(.greaterOrEqual, Rational(dyadic: bound))]),
      cases: [atMost(1)])
  }

  static func tree(_ nodes: [UInt8], _ root: ClosedRange<Double> = -2...2, annexes: [UInt8] = []) -> SplitTree
  {
    SplitTree(lower: [root.lowerBound], upper: [root.upperBound], nodes: nodes, annexes: annexes)
  }
}

/// Evidence, and what a rule says of it.
struct RuleRow: Sendable, CustomTestStringConvertible {
  enum Answer: Sendable {
    /// What the evidence gives.
    case holds(Bool?)
    case refused(ReplayError.Code)
  }

  let name: String
  let limit: Double
  let evidence: ProofEvidence
  let answer: Answer

  init(_ name: String, _ limit: Double, _ evidence: ProofEvidence, _ answer: Answer) {
    (self.name, self.limit, self.evidence, self.answer) = (name, limit, evidence, answer)
  }

  var testDescription: String { name }
}

extension RuleRow {
  /// Checks the evidence, and that the answer is the expected one; what it gives where it is accepted.
  func check(_ obligation: Obligation) async throws -> CheckedEvidence? {
    do {
      let checked = try await EvidenceCheck.check(obligation, evidence, plan: nil, workers: 1)
      guard case .holds(let expected) = answer else {
        Issue.record("accepted: \(name)")
        return nil
      }
      #expect(checked.holds == expected)
      return checked
    } catch let error as ReplayError {
      guard case .refused(let code) = answer else { throw error }
      #expect(error.code == code, "\(error)")
      return nil
    }
  }
}
