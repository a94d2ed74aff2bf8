import CellMasses
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Masses of half spaces within cells, beside volumes and normal masses that are known exactly.
@Suite struct HalfSpaceMassTests {
  static let square = AxisLaw.uniform(AxisRange(lower: Rational(-1), upper: Rational(1)))
  static let normal = AxisLaw.normal(mean: Rational(0), deviation: Rational(1))

  /// What is certainly inside and outside `{ constant + slopes · t <= threshold }`.
  static func mass(
    _ slopes: [Double], constant: Double = 0, threshold: Double = 0, law: AxisLaw, lower: Double = -1,
    upper: Double = 1
  ) -> CellMass {
    let side = AffineBounds.Side(constant: constant, slopes: slopes)
    let count = slopes.count
    return CellMass(
      of: Cell(
        lower: [Double](repeating: lower, count: count), upper: [Double](repeating: upper, count: count)),
      under: [AxisMass](repeating: AxisMass(law), count: count),
      .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(dyadic: threshold)))), known: [nil],
      thresholds: [Interval(threshold)]
    ) { _ in AffineBounds(lower: side, upper: side) }
  }

  /// The share of `[-1, 1]^d` with `slopes · t <= room`, slopes not zero, in exact arithmetic.
  ///
  /// With `t = 2 u - 1` mirrored so that all slopes are positive, the volume of `{ u in [0, 1]^d : a · u <= b }` is the sum
  /// over all corners `v` of `(-1)^|v| max(0, b - a · v)^d`, divided by `d!` and the product of the `a`.
  static func volume(_ slopes: [Double], room: Rational) throws -> Rational {
    let sizes = slopes.map { Rational(dyadic: $0.magnitude) * Rational(2) }
    let bound = slopes.reduce(room) { $0 + Rational(dyadic: $1.magnitude) }
    var sum = Rational.zero
    for corner in 0..<(1 << sizes.count) {
      var left = bound
      for axis in sizes.indices where corner >> axis & 1 == 1 { left = left - sizes[axis] }
      guard left > .zero else { continue }
      let power = sizes.reduce(Rational.one) { product, _ in product * left }
      sum = corner.nonzeroBitCount & 1 == 0 ? sum + power : sum - power
    }
    let divisor = sizes.enumerated().reduce(Rational.one) { $0 * $1.element * Rational($1.offset + 1) }
    return try #require(sum.divided(by: divisor))
  }

  /// Never more than the volume, and near it.
  @Test(arguments: 0..<60)
  func volumesOfRandomHalfSpaces(seed: Int) throws {
    var draws = SeededGenerator(seed: UInt64(40_000 + seed))
    let dimension = 1 + seed % 6
    for _ in 0..<6 {
      let slopes = (0..<dimension).map { _ -> Double in
        // Terms of one size, of sizes far apart, and with few digits, whose stretches end exactly at multiples of a step.
        let value = draws.uniform(0.25, 1) * (draws.once(in: 3) ? 0x1p-7 : 1) * (draws.once(in: 2) ? -1 : 1)
        return draws.once(in: 3) ? Double(Float(value)) : draws.once(in: 3) ? (value < 0 ? -0.5 : 0.5) : value
      }
      let norm = slopes.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let constant = draws.uniform(-1, 1)
      let threshold = constant + draws.uniform(-1.2, 1.2) * norm
      let mass = Self.mass(slopes, constant: constant, threshold: threshold, law: Self.square)
      let volume = try Self.volume(slopes, room: Rational(dyadic: threshold) - Rational(dyadic: constant))
      for (found, truth) in [(mass.inside, volume), (mass.outside, Rational.one - volume)] {
        // The uniform law's masses are enclosures too.
        #expect(
          Rational(dyadic: found) <= truth + Rational(dyadic: 0x1p-60), "\(slopes) \(constant) \(threshold)")
        #expect(Rational(dyadic: found + 0.07) >= truth, "\(slopes) \(constant) \(threshold)")
      }
    }
  }

  /// A weighted sum of standard normal coordinates is normal: its mass below a threshold is known.
  ///
  /// Of seven hundred coordinates none is cut.
  @Test(arguments: [1, 2, 3, 4, 6, 8, 12, 20, 700])
  func massesOfNormalSums(dimension: Int) {
    var draws = SeededGenerator(seed: UInt64(41_000 + dimension))
    for _ in 0..<8 {
      let slopes = (0..<dimension).map { _ in draws.uniform(0.5, 1) * (draws.once(in: 2) ? -1 : 1) }
      let norm = slopes.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let quantile = draws.uniform(-2, 2)
      // The symbols of [-8, 8] are eighths of the coordinates.
      let mass = Self.mass(
        slopes, threshold: quantile * norm / 8, law: Self.normal, lower: -8, upper: 8)
      #expect(mass.inside <= NormalMass.cdf(quantile).upper + 1e-13)
      #expect(mass.outside <= NormalMass.cdf(-quantile).upper + 1e-13)
      #expect(mass.inside + mass.outside <= 1 && mass.inside + mass.outside <= mass.total)
    }
  }

  /// Of a small cell that a half space cuts through the middle most is decided, also with many coordinates.
  @Test(arguments: [(1, 1e-9), (2, 0.04), (3, 0.05), (4, 0.06), (6, 0.08), (8, 0.1), (12, 0.14)])
  func cutsThroughTheMiddle(dimension: Int, lost: Double) {
    for law in [Self.square, Self.normal] {
      let mass = Self.mass([Double](repeating: 1, count: dimension), law: law)
      for part in [mass.inside, mass.outside] {
        #expect(part <= mass.total / 2 && part >= mass.total * (0.5 - lost))
      }
    }
  }

  /// Each coordinate has its own law and range, and ends that are no short doubles.
  @Test(arguments: 0..<40)
  func coordinatesWithLawsOfTheirOwn(seed: Int) {
    var draws = SeededGenerator(seed: UInt64(42_000 + seed))
    let dimension = 2 + seed % 4
    let laws: [AxisLaw] = (0..<dimension).map { _ in
      let mean = Rational(dyadic: draws.uniform(-1, 1))
      let deviation = Rational(dyadic: draws.uniform(0.1, 2))
      switch draws.below(3) {
      case 0: return .normal(mean: mean, deviation: deviation)
      case 1:
        return .truncatedNormal(
          mean: mean, deviation: deviation, range: AxisRange(lower: Rational(-3), upper: Rational(3)))
      default: return .uniform(AxisRange(lower: Rational(-3), upper: Rational(3)))
      }
    }
    let masses = laws.map { AxisMass($0) }
    let lower = (0..<dimension).map { _ in draws.uniform(-2, 0.5) }
    let upper = lower.map { $0 + draws.uniform(0.01, 2) }
    let slopes = (0..<dimension).map { _ in draws.uniform(-1, 1) }
    let threshold = draws.uniform(-0.5, 0.5)
    let side = AffineBounds.Side(constant: 0, slopes: slopes)
    let found = CellMass(
      of: Cell(lower: lower, upper: upper), under: masses,
      .atom(Atom(.element(0), .less, .rational(Rational(dyadic: threshold)))), known: [nil],
      thresholds: [Interval(threshold)]
    ) { _ in AffineBounds(lower: side, upper: side) }
    // Boxes of a grid on which interval arithmetic decides the sign, and what they leave.
    let steps = [0, 0, 120, 32, 16, 9][dimension]
    var (inside, outside) = (0.0, 0.0)
    func visit(_ axis: Int, _ value: Interval, _ mass: Double) {
      guard axis < dimension else {
        if value.upper < threshold { inside += mass }
        if value.lower > threshold { outside += mass }
        return
      }
      let centre = Interval(Cell.midpoint(lower[axis], upper[axis]))
      let radius = Interval(
        Cell.radius(lower[axis], upper[axis], centre: Cell.midpoint(lower[axis], upper[axis])))
      func end(_ index: Int) -> Double {
        index == steps
          ? upper[axis] : lower[axis] + (upper[axis] - lower[axis]) * Double(index) / Double(steps)
      }
      for index in 0..<steps {
        let stretch = Interval(end(index), end(index + 1))
        visit(
          axis + 1, value + Interval(slopes[axis]) * ((stretch - centre) / radius),
          mass * masses[axis].mass(stretch.lower, stretch.upper).lower * (1 - 0x1p-50))
      }
    }
    visit(0, .zero, 1)
    #expect(found.inside + outside <= found.total * (1 + 1e-12))
    #expect(found.outside + inside <= found.total * (1 + 1e-12))
    #expect(found.inside + found.outside >= 0.6 * found.total)
  }

  /// Slopes and thresholds near the ends of the doubles decide nothing wrongly and end.
  @Test func extremeSlopes() {
    let tiny = Double.leastNonzeroMagnitude
    let huge = Double.greatestFiniteMagnitude
    for slopes in [
      [1, tiny, tiny], [tiny, tiny, tiny], [huge, huge, huge], [huge, 1, tiny], [1, 0x1p-1000, 0x1p-1030],
      [0x1p-1000, 0x1p-1000, 0x1p-1000, 0x1p-1060], [1, 0, 0], [0, 0, 0], [.infinity, 1, 1], [1, .nan, 1],
      [0x1p-540, 0x1p-540, 0x1p-540], [0x1p600, 0x1p600, 0x1p600],
    ] {
      for threshold in [-huge, -1, -tiny, 0, tiny, 1, huge] {
        let mass = Self.mass(slopes, threshold: threshold, law: Self.square)
        #expect(mass.inside >= 0 && mass.outside >= 0 && mass.inside + mass.outside <= 1)
        // The half space through the middle has half of the mass.
        if threshold == 0, slopes.contains(where: { $0 > 0 }) {
          #expect(mass.inside <= 0.5 && mass.outside <= 0.5)
        }
      }
    }
  }

  /// A cell of a few doubles, far from zero.
  @Test func narrowCells() {
    let lower = 1.0
    for width in 1...6 {
      let upper = 1 + Double(width) * 0x1p-52
      let mass = Self.mass(
        [1, 1, 1, 0.5], law: .uniform(AxisRange(lower: Rational(0), upper: Rational(2))), lower: lower,
        upper: upper)
      let share = Double(width) * 0x1p-53
      #expect(mass.inside >= 0 && mass.outside >= 0)
      #expect(mass.inside + mass.outside <= share * share * share * share * (1 + 1e-12))
    }
  }
}
