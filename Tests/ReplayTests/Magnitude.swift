import Certificates
import Evidence
import Replay
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// `|x|` on [-2, 2], of which everything is known.
enum Magnitude {
  static let range = AxisRange(lower: Rational(-2), upper: Rational(2))

  /// `|x| <= limit`.
  static func atMost(_ limit: Rational) throws -> ObligationCase {
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
      label: "", weight: .one, graph: try builder.build(outputs: [sum]),
      predicate: .atom(Atom(.element(0), .lessOrEqual, .rational(limit))))
  }

  static func everywhere(atMost limit: Double) throws -> Obligation {
    try Obligation(
      name: "Magnitude", question: .forall(region: [range]), cases: [atMost(Rational(dyadic: limit))])
  }

  /// The probability of `|x| <= 1`, which is one half, is at least a number.
  static func probability(atLeast bound: Double) throws -> Obligation {
    try Obligation(
      name: "Magnitude",
      question: .measure(
        law: [.uniform(range)], bounds: [MeasureBound(.greaterOrEqual, Rational(dyadic: bound))]),
      cases: [atMost(.one)])
  }

  /// An answer by one leaf: that `|x|` is at most a limit, everywhere or with a probability.
  static func subject(
    atMost limit: Rational, rule: UInt8, isMeasure: Bool = false, atLeast mass: Rational = .zero,
    verdict: Verdict = .proved, root: ClosedRange<Double> = -2...2
  ) throws -> ExactReplay.Subject {
    let question: Question =
      isMeasure
      ? .measure(law: [.uniform(range)], bounds: [MeasureBound(.greaterOrEqual, mass)])
      : .forall(region: [range])
    let annexes = rule == LeafRule.phases.rawValue ? SplitTree.annex([]) : []
    return ExactReplay.Subject(
      name: "Magnitude", verdict: verdict,
      obligation: try Obligation(name: "Magnitude", question: question, cases: [atMost(limit)]),
      trees: [tree([rule], root, annexes: annexes)])
  }

  static func tree(_ nodes: [UInt8], _ root: ClosedRange<Double> = -2...2, annexes: [UInt8] = []) -> SplitTree
  {
    SplitTree(lower: [root.lowerBound], upper: [root.upperBound], nodes: nodes, annexes: annexes)
  }
}
