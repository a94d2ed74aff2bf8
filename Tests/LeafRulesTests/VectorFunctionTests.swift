import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing

/// What is said of eight values at once, against intervals.
@Suite struct VectorFunctionTests {
  static let functions = SmoothFunction.allCases.filter { VectorFunction($0) != nil }

  /// Arguments about zero, the turns and the domain's ends, and many between.
  private static let points: [Double] = {
    var generator = SeededGenerator(seed: 17)
    var points = [
      0, -0.0, 1e-300, -1e-300, 1e-9, -1e-9, 300, -300, 299.9, -299.9, 9, -9, 30, -30, 8.99, -9.01,
    ]
    for turn in [1.41421, 1.41422, 1.4185, 1.4186, 2, 2.399, 2.4, 0.75, 1.28] { points += [turn, -turn] }
    for k in 0...160 {
      let knot = (Double(k) + 0.5) / 16
      points += [knot.nextDown, knot, knot.nextUp, -knot]
    }
    for _ in 0..<6_000 {
      let scale = [1e-6, 1, 3, 12, 300][Int(generator.next() % 5)]
      points.append(Double.random(in: -scale...scale, using: &generator))
    }
    return points
  }()

  /// Derivatives of the first and second order, in intervals.
  private static func derivatives(_ function: SmoothFunction, _ x: Double) -> (
    first: Interval, second: Interval
  ) {
    let x = Interval(x)
    let one = Interval.one
    switch function {
    case .sigmoid, .tanh, .silu:
      let scale = Interval(function == .tanh ? 2 : 1)
      // Of t and 1 - t the smaller is known well.
      let (t, rest) = ((scale * x).sigmoid(), (-(scale * x)).sigmoid())
      let slope = t * rest
      let bend = slope * (rest - t)
      if function == .silu { return (t + x * slope, Interval(2) * slope + x * bend) }
      if function == .tanh { return (Interval(4) * slope, Interval(8) * bend) }
      return (slope, bend)
    case .tanhGELU:
      let factor = Interval(2) * (Interval(2) / Interval.pi).squareRoot()
      let cubic = Interval(0.044715.nextDown, 0.044715.nextUp)
      let a = factor * x * (one + cubic * x.squared())
      let rise = factor * (one + Interval(3) * cubic * x.squared())
      let (t, rest) = (a.sigmoid(), (-a).sigmoid())
      let slope = t * rest
      let second = Interval(6) * factor * cubic * x
      return (
        t + x * rise * slope,
        slope * (Interval(2) * rise + x * second) + x * slope * (rest - t) * rise.squared()
      )
    default:
      let root = Interval(2).squareRoot()
      let scale =
        function == .gelu
        ? one
        : function == .quotientGELU
          ? root / Interval(SmoothFunction.singleRootOfTwo) : root * Interval(SmoothFunction.singleRootOfHalf)
      let y = scale * x
      let density = y.normalPDF()
      let gate = Interval(NormalMass.cdf(y.lower).lower, NormalMass.cdf(y.upper).upper)
      return (gate + y * density, scale * density * (Interval(2) - y.squared()))
    }
  }

  @Test(arguments: functions)
  func valuesAndDerivativesAreWithinTheirErrors(function: SmoothFunction) throws {
    let vector = try #require(VectorFunction(function))
    let unit = 2 * VectorLogistic.relativeError
    var worst = (value: 0.0, derivative: 0.0)
    for start in stride(from: 0, to: Self.points.count - 7, by: 8) {
      let x = SIMD8<Double>((0..<8).map { Self.points[start + $0] })
      let known = vector.values(x)
      for lane in 0..<8 {
        let place = x[lane]
        let truth = function.enclosure(over: Interval(place))
        let weight = truth.magnitude + vector.excess(reach: place.magnitude)
        let allowed = unit * weight + truth.width + 0x1p-1000
        let error = (Interval(known.value[lane]) - truth).magnitude
        #expect(error <= allowed, "\(function) at \(place)")
        if weight > 0 { worst.value = max(worst.value, error / allowed) }

        let derivative = Self.derivatives(function, place).first
        // T of a range that ends here.
        let steepness = [.sigmoid, .silu].contains(function) ? Interval(place).sigmoid().upper : 1
        let limit = 2 * unit * steepness * (1 + place.magnitude)
        let off = (Interval(known.derivative[lane]) - derivative).magnitude
        #expect(off <= limit + derivative.width, "\(function)' at \(place)")
        worst.derivative = max(worst.derivative, off / (limit + derivative.width))
        #expect(
          derivative.magnitude <= steepness * (1 + place.magnitude) * (1 + 1e-12), "\(function)' at \(place)")
        if lane == 7, steepness != 1 { #expect(known.steepness >= steepness * (1 - 1e-13)) }
      }
    }
    #expect(worst.value > 0 && worst.derivative > 0)
  }

  /// The bend at an argument bounds the second derivative there and at every greater magnitude.
  @Test(arguments: functions)
  func bendsBoundTheSecondDerivative(function: SmoothFunction) throws {
    let vector = try #require(VectorFunction(function))
    var greatest = 0.0
    for step in stride(from: 3_000, through: 0, by: -1) {
      let x = Double(step) / 100
      let pair = vector.values(SIMD8(x, -x, 0, 0, 0, 0, 0, 0)).bend
      for (lane, place) in [(0, x), (1, -x)] {
        let second = Self.derivatives(function, place).second
        greatest = max(greatest, second.lower, -second.upper)
        #expect(pair[lane] >= greatest, "\(function)'' at \(place): \(pair[lane]), \(greatest)")
        #expect(pair[lane] <= vector.greatestBend)
      }
    }
    #expect(vector.greatestBend >= greatest)
    #expect(vector.greatestBend <= 1.01 * greatest || function == .tanhGELU || function == .sigmoid)
  }

  /// The sign of the second derivative close to where a function is said to turn, and away from there.
  @Test(arguments: functions)
  func functionsBendAsSaid(function: SmoothFunction) {
    var said = (convex: 0, concave: 0, neither: 0)
    for step in -4_000...4_000 {
      let x = Double(step) * 0.002
      let second = Self.derivatives(function, x).second
      switch function.bend(over: Interval(x)) {
      case .convex?:
        said.convex += 1
        #expect(second.upper >= 0, "\(function) at \(x)")
      case .concave?:
        said.concave += 1
        #expect(second.lower <= 0, "\(function) at \(x)")
      case nil: said.neither += 1
      }
    }
    #expect(said.convex > 600 && said.concave > 600 && said.neither < 10)
    for turn in [1.41421, 1.41422, 1.4185, 1.4186, 2.399, 2.4] {
      for x in [turn.nextDown, turn] {
        for place in [x, -x] {
          let second = Self.derivatives(function, place).second
          switch function.bend(over: Interval(place)) {
          case .convex?: #expect(second.lower > 0, "\(function) at \(place)")
          case .concave?: #expect(second.upper < 0, "\(function) at \(place)")
          case nil: break
          }
        }
      }
    }
    #expect(function.bend(over: Interval(-3, 3)) == nil)
  }

  @Test func normalDistributionIsWithinItsError() {
    var worst = 0.0
    for start in stride(from: 0, to: Self.points.count - 7, by: 8) {
      let y = SIMD8<Double>((0..<8).map { Self.points[start + $0] })
      let computed = VectorNormal.distribution(y)
      for lane in 0..<8 {
        let error = (Interval(computed[lane]) - NormalMass.cdf(y[lane])).magnitude
        worst = max(worst, error)
      }
    }
    #expect(worst <= VectorNormal.absoluteError / 4)
    #expect(worst > 0)
    let edges = VectorNormal.distribution(
      SIMD8(
        .nan, -.nan, .signalingNaN, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, 0, -0.0))
    #expect(edges[0].isNaN && edges[1].isNaN && edges[2].isNaN)
    #expect(edges[3] == 1 && edges[4] < 1e-18 && edges[5] == 1)
    #expect(abs(edges[6] - 0.5) <= 0x1p-50 && edges[6] == edges[7])
  }
}
