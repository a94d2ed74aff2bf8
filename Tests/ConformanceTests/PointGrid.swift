import DSpecSemantics
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Points of a box at which comparisons are decided one way or the other.
struct PointGrid {
  let points: [[Rational]]

  /// Far below the distance of neighbouring doubles near 1.
  static let tiny = Rational(dyadic: 0x1p-70)
  /// Largest number of points.
  static let limit = 700

  /// In each coordinate the ends, the quarters, and the constants in the range with their negatives; over one or two
  /// coordinates also what lies beside each of them.
  init(_ region: [AxisRange], constants: [Rational]) {
    var axes = region.map { range -> [Rational] in
      let width = range.upper - range.lower
      let quarters = (0...4).map { range.lower + Rational(dyadic: Double($0) / 4) * width }
      return quarters + (constants + constants.map { -$0 } + [Rational(0)])
    }
    if region.count <= 2 {
      axes = axes.map { values in values.flatMap { [$0, $0 - Self.tiny, $0 + Self.tiny] } }
    }
    let chosen = zip(region, axes).map { range, values in
      Array(Set(values.filter { range.lower <= $0 && $0 <= range.upper })).sorted()
    }
    var points: [[Rational]] = [[]]
    for axis in chosen { points = points.flatMap { point in axis.map { point + [$0] } } }
    // Evenly thinned where there are too many; the corners are the first and the last.
    let step = max(1, points.count / Self.limit)
    self.points = points.enumerated().filter { $0.offset % step == 0 || $0.offset == points.count - 1 }
      .map(\.element)
  }

  /// The constants of a claim, where its comparisons are likely to turn.
  static func constants(of claim: Claim) -> [Rational] {
    switch claim {
    case .forall(_, let predicate): return constants(of: predicate)
    case .measure(let measure):
      switch measure.measure {
      case .probability(let event): return constants(of: event)
      case .balancedErrorRate, .expectation: return []
      }
    case .general: return []
    }
  }

  private static func constants(of expression: TypedExpression) -> [Rational] {
    if case .constant(let value) = expression.kind { return [value] }
    return expression.operands.flatMap(constants)
  }
}
