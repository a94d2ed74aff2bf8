import CellMasses
import Evidence
import Foundation
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Smooth functions: what is claimed of their values and derivatives, and the bounds that follow.
@Suite struct SmoothFunctionTests {
  private func points(_ function: SmoothFunction, count: Int) -> [Double] {
    var models = RandomModels(seed: UInt64(function.rawValue) &+ 77)
    return (0..<count).map { index in
      let scale = [0.01, 1, 4, 30, 300][index % 5]
      return models.generator.uniform(-scale, scale)
    }
  }

  @Test(arguments: SmoothFunction.allCases)
  func enclosuresHoldTheirPoints(function: SmoothFunction) {
    let points = points(function, count: 4_000)
    for (a, b) in zip(points, points.dropFirst()) {
      let range = Interval(min(a, b), max(a, b))
      let whole = function.enclosure(over: range)
      guard function.isDefined(on: range) else {
        #expect(whole == .entire)
        continue
      }
      for place in [a, b, range.midpoint, -1.278464542761074, -0.7517915246935645, -0.7524614220710162, 0]
      where range.contains(place) {
        let value = function.enclosure(over: Interval(place))
        #expect(whole.contains(value) || whole.lower <= value.upper && value.lower <= whole.upper)
        #expect(value.width <= 1e-13 * (1 + value.magnitude) || !value.isFinite)
      }
      // The range of a union is no narrower than that of its parts.
      let part = function.enclosure(over: Interval(range.lower, range.midpoint))
      #expect(whole.lower <= part.lower + 1e-12 && part.upper - 1e-12 * part.upper.magnitude <= whole.upper)
    }
  }

  @Test(arguments: SmoothFunction.allCases)
  func infiniteRangesAreEnclosed(function: SmoothFunction) {
    for place in [-40.0, -1.3, -0.75, 0, 2.5, 40] {
      let value = function.enclosure(over: Interval(place))
      for range in [Interval.entire, Interval(-.infinity, place), Interval(place, .infinity)] {
        let whole = function.enclosure(over: range)
        #expect(whole.lower <= value.upper && value.lower <= whole.upper, "\(function) \(range)")
      }
    }
  }

  /// The remainder of linear interpolation at the middle is at most an eighth of the curvature times the width squared.
  @Test(arguments: SmoothFunction.allCases)
  func curvatureBoundsTheRemainder(function: SmoothFunction) {
    let points = points(function, count: 4_000)
    for (index, a) in points.enumerated() {
      let b = a + [0.05, 0.5, 2, 6][index % 4]
      let range = Interval(a, b)
      let middle = range.midpoint
      guard middle - a == b - middle, function.isDefined(on: range) else { continue }
      let ends = function.enclosure(over: Interval(a)) + function.enclosure(over: Interval(b))
      let remainder = (function.enclosure(over: Interval(middle)) - ends / Interval(2)).absoluteValue()
      let limit = function.curvature(over: range) * (b - a) * (b - a) / 8
      #expect(remainder.lower <= limit * (1 + 1e-12) + 1e-300, "\(function) \(range)")
    }
  }

  @Test(arguments: SmoothFunction.allCases)
  func derivativesAreThoseOfTheValues(function: SmoothFunction) {
    for x in stride(from: -6.0, through: 6, by: 0.37) {
      let step = 0x1p-20
      guard function.isDefined(on: Interval(x - step, x + step)) else { continue }
      let rise =
        function.enclosure(over: Interval(x + step)) - function.enclosure(over: Interval(x - step))
      let slope = rise.midpoint / (2 * step)
      #expect(abs(slope - function.derivative(at: x)) <= 1e-7 * (1 + abs(slope)))
    }
  }

  /// What a function that bends one way claims of its derivative: it encloses difference quotients, as the mean value
  /// theorem has it, and rises with its argument just where the function is convex.
  @Test(arguments: SmoothFunction.allCases)
  func bendsAreThoseOfTheValues(function: SmoothFunction) {
    for (index, a) in points(function, count: 2_000).enumerated() {
      let range = Interval(a, a + [0.05, 0.5, 2, 6][index % 4])
      guard let bend = function.bend(over: range), range.upper < 200 else { continue }
      let ends = (function.enclosure(over: Interval(a)), function.enclosure(over: Interval(range.upper)))
      let quotient = (ends.1 - ends.0) / (Interval(range.upper) - Interval(a))
      let slopes = function.slope(over: range)
      #expect(slopes.lower <= quotient.upper && quotient.lower <= slopes.upper, "\(function) \(range)")
      let (first, last) = (function.slope(over: Interval(a)), function.slope(over: Interval(range.upper)))
      switch bend {
      case .convex: #expect(first.lower <= last.upper, "\(function) \(range)")
      case .concave: #expect(first.upper >= last.lower, "\(function) \(range)")
      }
      guard slopes != .entire else { continue }
      let place = function.argument(ofSlope: function.derivative(at: range.midpoint), near: a)
      #expect(
        abs(place - range.midpoint) <= 1e-3 * (1 + abs(range.midpoint)) || function == .softplus
          || function == .exp)
    }
  }

  /// SiLU and both forms of GELU fall up to their floor and rise from there.
  @Test func floorsAreWhereTheDerivativeVanishes() {
    func silu(_ x: Double) -> Interval {
      let s = Interval(x).sigmoid()
      return s * (.one + Interval(x) * (.one - s))
    }
    func gelu(_ x: Double) -> Interval {
      Interval(x).normalCDF() + Interval(x) * Interval(x).normalPDF()
    }
    #expect(silu(-1.27846454276108).upper < 0 && silu(-1.27846454276107).lower > 0)
    #expect(gelu(-0.75179152469357).upper < 0 && gelu(-0.75179152469356).lower > 0)
    func tanhGELU(_ x: Double) -> Interval {
      let (k, c) = (
        Interval(2) * (Interval(2) / .pi).squareRoot(), Interval(0.044715.nextDown, 0.044715.nextUp)
      )
      let s = (k * Interval(x) * (.one + c * Interval(x).squared())).sigmoid()
      return s * (.one + Interval(x) * (.one - s) * k * (.one + Interval(3) * c * Interval(x).squared()))
    }
    #expect(tanhGELU(-0.75246142207102).upper < 0 && tanhGELU(-0.75246142207101).lower > 0)
    let pairs: [(SmoothFunction, Double)] = [
      (.silu, -1.2784645427610738), (.gelu, -0.7517915246935645), (.tanhGELU, -0.7524614220710163),
      (.quotientGELU, -0.7517915118272005), (.productGELU, -0.7517915375599285),
    ]
    for (function, floor) in pairs {
      let value = function.enclosure(over: Interval(floor))
      let whole = function.enclosure(over: Interval(-5, 5))
      #expect(whole.lower <= value.lower && value.lower - whole.lower < 1e-14)
    }
  }

  /// What exporters write, operation by operation; the constants are those that single precision has.
  @Test func writtenGELUsAreTheirFormulas() {
    #expect(SmoothFunction.singleRootOfTwo == Double(Float(2).squareRoot()))
    #expect(SmoothFunction.singleRootOfHalf == Double(Float(0.5.squareRoot())))
    for x in stride(from: -12.0, through: 12, by: 0.0371) {
      let point = Interval(x)
      for (function, argument) in [
        (SmoothFunction.quotientGELU, point / Interval(SmoothFunction.singleRootOfTwo)),
        (.productGELU, point * Interval(SmoothFunction.singleRootOfHalf)),
      ] {
        let formula = point * (.one + argument.erf()) / Interval(2)
        let value = function.enclosure(over: point)
        #expect(value.lower <= formula.upper && formula.lower <= value.upper, "\(function) \(x)")
        #expect(formula.width < 1e-13)
      }
      // The three differ where single precision tells them apart.
      if x.magnitude > 0.5, x.magnitude < 3 {
        let values = [SmoothFunction.gelu, .quotientGELU, .productGELU].map { $0.enclosure(over: point) }
        #expect(values[2].upper < values[0].lower && values[0].upper < values[1].lower, "\(x)")
      }
    }
  }

  /// Far out GELU is neither its operand nor zero, though no double lies between.
  @Test(arguments: [SmoothFunction.gelu, .quotientGELU, .productGELU])
  func tailsOfGELUAreNotNothing(function: SmoothFunction) {
    for x in [9.5, 12, 38, 1e3] {
      let (right, left) = (function.enclosure(over: Interval(x)), function.enclosure(over: Interval(-x)))
      #expect(right.lower < x && right.upper >= x && right.width < 1e-12)
      #expect(left.lower < 0 && left.upper >= 0 && left.width < 1e-12)
    }
  }

  /// The second derivative of GELU in its approximate form, in intervals on pieces that cover what `TanhGELU` says of it.
  @Test func approximateGELUBendsNoMore() {
    let (k, c) = (
      Interval(2) * (Interval(2) / .pi).squareRoot(), Interval(0.044715.nextDown, 0.044715.nextUp)
    )
    func second(_ x: Interval) -> Interval {
      let s = (k * x * (.one + c * x.squared())).sigmoid()
      let rise = k * (.one + Interval(3) * c * x.squared())
      // Not negative; `|x| tanh(|a| / 2)` is `x (2 s - 1)`.
      let bend =
        Interval(2) * rise + Interval(6) * k * c * x.squared() - x * (Interval(2) * s - .one) * rise.squared()
      return s * (.one - s) * bend
    }
    let pieces = 1 << 13
    for index in 0..<pieces {
      let piece = Interval(2.5 * Double(index) / Double(pieces), 2.5 * Double(index + 1) / Double(pieces))
      #expect(second(piece).magnitude <= 0.8, "\(piece)")
    }
    // Further out the difference of a number near one from one is not known well enough.
    for x in stride(from: 2.5, through: 5.5, by: 0.01) {
      #expect(second(Interval(x)).magnitude <= SmoothFunction.tanhGELU.curvature(over: Interval(x, x + 1)))
    }
  }

  /// One neuron alone: the linear bounds of every rule enclose the function, and are not much wider than it.
  @Test(arguments: SmoothFunction.allCases)
  func relaxationsEncloseAndAreTight(function: SmoothFunction) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let y = try builder.apply(.smooth(function), [x])
    let graph = try builder.build(outputs: [y])
    let evaluator = CellEvaluator(try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)))
    for centre in stride(from: -7.0, through: 7, by: 0.61) {
      for radius in [1e-9, 1e-3, 0.3, 2, 9.0] {
        let cell = Cell(lower: [centre - radius], upper: [centre + radius])
        let truth = function.enclosure(over: Interval(centre - radius, centre + radius))
        guard function.isDefined(on: Interval(centre - radius, centre + radius)) else {
          for rule in LeafRule.allCases {
            #expect(evaluator.bounds(on: cell, rule: rule).allSatisfy { $0.range == .entire }, "\(rule)")
          }
          continue
        }
        for rule in [LeafRule.zonotope, .linearBounds] {
          let bounds = evaluator.bounds(on: cell, rule: rule, wantsAffine: true)[0]
          let affine = try #require(bounds.affine)
          for step in 0...40 {
            let point = min(max(centre + radius * (Double(step) / 20 - 1), cell.lower[0]), cell.upper[0])
            let value = function.enclosure(over: Interval(point))
            let low = ZonotopeSoundnessTests.value(affine.lower, at: [point], in: cell)
            let high = ZonotopeSoundnessTests.value(affine.upper, at: [point], in: cell)
            #expect(low.lower <= value.upper && value.lower <= high.upper, "\(rule) \(cell) \(point)")
          }
          #expect(bounds.range.width >= truth.width * (1 - 1e-9) - 1e-12)
          #expect(bounds.range.width <= 3 * truth.width + 1e-12, "\(rule) \(cell)")
        }
      }
    }
  }

  /// Ranges far beyond what samples cover: enclosed at points near every end and turn, and no wider than the limits of the
  /// functions ask for.
  @Test(arguments: VectorFunctionTests.functions)
  func wideRangesAreEnclosed(function: SmoothFunction) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let y = try builder.apply(.smooth(function), [x])
    let evaluator = CellEvaluator(
      try CompiledCase(ZonotopeSoundnessTests.elementCase(try builder.build(outputs: [y]))))
    let ends = [-1e300, -1e9, -301.0, -300, -41, -9, -1.3, -0.0, 0.5, 2.4, 8, 40, 300, 300.5, 1e4, 1e200]
    let places =
      ends + [
        -1.278464542761074, 1.278464542761074, -0.7517915, -0.7524614, 0.7517915, -700, 700, -1e-9, 1e-9,
      ]
    for (index, lower) in ends.enumerated() {
      for upper in ends[(index + 1)...] {
        let cell = Cell(lower: [lower], upper: [upper])
        for rule in [LeafRule.zonotope, .linearBounds] {
          let bounds = evaluator.bounds(on: cell, rule: rule, wantsAffine: true)[0]
          let affine = try #require(bounds.affine)
          for place in places + [lower / 2 + upper / 2] where place >= lower && place <= upper {
            let value = function.enclosure(over: Interval(place))
            let low = ZonotopeSoundnessTests.value(affine.lower, at: [place], in: cell)
            let high = ZonotopeSoundnessTests.value(affine.upper, at: [place], in: cell)
            #expect(low.lower <= value.upper && value.lower <= high.upper, "\(rule) \(cell) \(place)")
          }
          let truth = function.enclosure(over: Interval(lower, upper))
          if upper - lower < 1e6 {
            #expect(bounds.range.width <= 3 * truth.width + 1, "\(rule) \(cell) \(bounds.range)")
          }
        }
      }
    }
  }

  /// Ranges that end, begin or turn at the points where the functions change their bend: enclosed at many points, and of
  /// narrow ranges no wider than the best lines by more than about a tenth.
  @Test(arguments: VectorFunctionTests.functions)
  func bendsEncloseAndAreTight(function: SmoothFunction) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let y = try builder.apply(.smooth(function), [x])
    let graph = try builder.build(outputs: [y])
    let evaluator = CellEvaluator(try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)))
    var models = RandomModels(seed: UInt64(function.rawValue) &+ 901)
    let turns = [-2.4, -2.399, -1.4186, -1.41422, -1.41421, 0, 1.41421, 1.4185, 1.4186, 2.399, 2.4]
    for round in 0..<1_500 {
      let width = pow(10, models.generator.uniform(-14, 1.2))
      var ends: (Double, Double)
      switch round % 4 {
      case 0:
        let start = turns[round / 4 % turns.count]
        ends = (start, start + width)
      case 1:
        let end = turns[round / 4 % turns.count]
        ends = (end - width, end)
      default:
        let centre = models.generator.uniform(-8, 8)
        ends = (centre - width / 2, centre + width / 2)
      }
      let (lower, upper) = ends
      guard lower < upper else { continue }
      let cell = Cell(lower: [lower], upper: [upper])
      // The greatest distance from the chord: what two parallel lines leave between them at least.
      let chord =
        (function.enclosure(over: Interval(upper)).midpoint
          - function.enclosure(over: Interval(lower)).midpoint)
        / (upper - lower)
      var residuals = (Double.infinity, -Double.infinity)
      for rule in [LeafRule.zonotope, .linearBounds] {
        let affine = try #require(evaluator.bounds(on: cell, rule: rule, wantsAffine: true)[0].affine)
        for step in 0...64 {
          let point = min(max(lower + (upper - lower) * (Double(step) / 64), lower), upper)
          let value = function.enclosure(over: Interval(point))
          let low = ZonotopeSoundnessTests.value(affine.lower, at: [point], in: cell)
          let high = ZonotopeSoundnessTests.value(affine.upper, at: [point], in: cell)
          #expect(low.lower <= value.upper && value.lower <= high.upper, "\(rule) \(cell) \(point)")
          let residual = value.midpoint - chord * (point - lower)
          residuals = (min(residuals.0, residual), max(residuals.1, residual))
        }
        // The zonotope's range may end a little beyond a turn.
        guard rule == .zonotope, width > 1e-4, width < 2,
          !turns.contains(where: { lower <= $0 && $0 <= upper })
        else { continue }
        let between =
          ZonotopeSoundnessTests.value(affine.upper, at: [lower], in: cell)
          - ZonotopeSoundnessTests.value(affine.lower, at: [lower], in: cell)
        // The tail of the tanh form falls by e^8 in a unit, more than eight tangents follow.
        let part = function == .tanhGELU ? 1.15 : 1.1
        #expect(between.upper <= part * (residuals.1 - residuals.0) + 1e-11, "\(cell)")
      }
    }
  }

  /// An identically zero operand has the constant value of the function at zero, rounding included.
  @Test(arguments: SmoothFunction.allCases)
  func zeroRowsHaveTheValueAtZero(function: SmoothFunction) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let dead = try builder.apply(.clip(Clip(lower: 0, upper: 0)), [x])
    let y = try builder.apply(.smooth(function), [dead])
    let graph = try builder.build(outputs: [y])
    let evaluator = CellEvaluator(try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)))
    let value = function.enclosure(over: Interval(0))
    guard function.isDefined(on: .zero) else {
      for rule in LeafRule.allCases {
        for bounds in evaluator.bounds(on: Cell(lower: [-1, 0], upper: [1, 2]), rule: rule) {
          #expect(bounds.range == .entire)
        }
      }
      return
    }
    for rule in LeafRule.allCases where rule.bounds {
      for bounds in evaluator.bounds(on: Cell(lower: [-1, 0], upper: [1, 2]), rule: rule) {
        #expect(bounds.range.contains(value) || value.isPoint && bounds.range.contains(value.lower))
        #expect(bounds.range.width < 1e-12, "\(rule)")
      }
    }
  }
}
