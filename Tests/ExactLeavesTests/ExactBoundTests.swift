import Evidence
import ExactLeaves
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Exact bounds of a cell, looked at from the outside: no point of the cell may lie beyond them.
@Suite struct ExactBoundTests {
  /// The value lies beyond the bounds for certain.
  private func isBeyond(_ value: Interval, _ bounds: Interval) -> Bool {
    value.upper < bounds.lower || value.lower > bounds.upper
  }

  private func examine(_ graph: Graph, _ models: inout RandomGraphs, _ inputs: Int, rounds: Int) throws -> Int
  {
    let exact = try ExactCase(RandomGraphs.elements(graph), region: nil)
    var followed = 0
    for round in 0..<rounds {
      let (lower, upper) = models.cell(inputs)
      for (refines, substitutes) in [(false, false), (false, true), (true, true)] {
        guard
          let bounds = try? exact.ranges(
            on: Cell(lower: lower, upper: upper), refines: refines, substitutes: substitutes)
        else { continue }
        followed += 1
        for draw in 0..<6 {
          let point = models.point(in: lower, upper)
          // Rational numbers of deep graphs are long.
          if graph.isPiecewiseLinear, draw == 0 {
            let value = try graph.evaluate([point.map { Rational(dyadic: $0) }])[0]
            for index in value.indices {
              #expect(bounds[index].contains(value[index]), "round \(round), \(refines), \(substitutes)")
            }
          } else {
            let value = try graph.evaluate([point.map { Interval($0) }])[0]
            for index in value.indices {
              #expect(!isBeyond(value[index], bounds[index]), "round \(round), \(refines), \(substitutes)")
            }
          }
        }
      }
    }
    return followed
  }

  @Test(arguments: Middle.allCases)
  func valuesLieInsideForEveryOperator(middle: Middle) throws {
    var models = RandomGraphs(seed: Middle.allCases.firstIndex(of: middle) ?? 0)
    var followed = 0
    for inputs in [1, 2, 4] {
      for _ in 0..<3 {
        let graph = try models.graph(around: middle, inputs: inputs)
        followed += try examine(graph, &models, inputs, rounds: 4)
      }
    }
    // What cannot be followed would pass unseen.
    #expect(followed > 54)
  }

  @Test(arguments: 0..<24)
  func valuesLieInsideOfDeepGraphs(seed: Int) throws {
    var models = RandomGraphs(seed: 500 + seed)
    let kinds: [Middle] =
      seed % 2 == 0
      ? [.relu, .clip, .maximum, .add, .sparse, .concat, .divide]
      : [.smooth(.silu), .smooth(.tanh), .smooth(.gelu), .relu, .multiply, .softmax, .smooth(.sigmoid)]
    let graph = try models.deep(inputs: 1 + seed % 4, operators: 4, of: kinds)
    #expect(try examine(graph, &models, 1 + seed % 4, rounds: 6) > 0)
  }

  /// `f(x) - s x` for the slope in the middle, where bounds are as tight as lines are.
  @Test(arguments: SmoothFunction.allCases)
  func linesHold(function: SmoothFunction) throws {
    for width in [0.1, 0.35, 0.6, 0.9, 2.3, 3.9] {
      for start in [-3.1, -1.9, -0.7, 0.01, 0.3, 1.7] {
        let range = Interval(start, start + width)
        guard function.isDefined(on: range) else { continue }
        let slope = (function.derivative(at: range.midpoint) * 0x1p40).rounded(.towardZero) * 0x1p-40
        var builder = GraphBuilder()
        let x = try builder.input("x", shape: Shape([1]))
        let value = try builder.apply(.smooth(function), [x])
        let line = try builder.apply(.scale(-slope), [x])
        let sum = try builder.apply(.add, [value, line])
        let graph = try builder.build(outputs: [sum])
        let exact = try ExactCase(RandomGraphs.elements(graph), region: nil)
        for substitutes in [false, true] {
          let bounds = try #require(
            try exact.ranges(
              on: Cell(lower: [range.lower], upper: [range.upper]), refines: false, substitutes: substitutes))
          for step in 0...150 {
            let point = min(range.upper, start + width * Double(step) / 150)
            let value = try graph.evaluate([[Interval(point)]])[0][0]
            #expect(!isBeyond(value, bounds[0]), "\(function.name) at \(point) of \(range)")
          }
        }
      }
    }
  }

  /// Zero in the real numbers, not as computed, and spread by steep clips.
  @Test func cancellationLosesNothing() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    func row(_ weights: [Double]) throws -> TensorGraph.Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([1, weights.count]), values: weights),
          bias: Tensor(shape: Shape([1]), values: [0])))
    }
    let sum = try builder.apply(row([0.1, 1e15]), [x])
    let parts = try builder.apply(
      .add, [builder.apply(row([-0.1, 0]), [x]), builder.apply(row([0, -1e15]), [x])])
    let difference = try builder.apply(.add, [sum, parts])
    let result = try builder.apply(row([1e12]), [difference])
    let graph = try builder.build(outputs: [result])
    let bounds = try #require(
      try ExactCase(RandomGraphs.elements(graph), region: nil).ranges(
        on: Cell(lower: [-1, -1], upper: [1, 1]), refines: false, substitutes: false))
    #expect(bounds[0].contains(0.0) && bounds[0].width < 1e-8)
  }

  /// Sums of rectifiers with weights that are not negative attain their bound where all operands are one, whichever symbols
  /// are kept and whichever are boxed on the way.
  @Test(arguments: 1..<5, [30, 48])
  func reductionLosesNothing(rows: Int, inputs: Int) throws {
    var models = RandomGraphs(seed: 2_000 + 100 * rows + inputs)
    func linear(_ values: [Double], _ columns: Int) throws -> TensorGraph.Operation {
      let count = values.count / columns
      return .linear(
        try Linear(
          weights: Tensor(shape: Shape([count, columns]), values: values),
          bias: Tensor(shape: Shape([count]), values: [Double](repeating: 0, count: count))))
    }
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([inputs]))
    let positive = try builder.apply(.relu, [x])
    let weights = (0..<rows * inputs).map { _ in models.generator.uniform(0, 1) }
    let latent = try builder.apply(linear(weights, inputs), [positive])
    let result = try builder.apply(linear([Double](repeating: 1, count: rows), rows), [latent])
    let graph = try builder.build(outputs: [result])
    let ones = [Double](repeating: 1, count: inputs)
    let bounds = try #require(
      try ExactCase(RandomGraphs.elements(graph), region: nil).ranges(
        on: Cell(lower: ones.map { -$0 }, upper: ones), refines: false, substitutes: false))
    let value = try graph.evaluate([ones])[0][0]
    #expect(bounds[0].upper >= value && bounds[0].upper <= value * (1 + 1e-9), "\(bounds[0]), \(value)")
  }

  /// Bounds by two codes enclose the same numbers, so that they overlap, and they are about as tight.
  @Test(arguments: 0..<16)
  func leafRulesAgree(seed: Int) throws {
    var models = RandomGraphs(seed: 900 + seed)
    let inputs = 1 + seed % 3
    let graph = try models.deep(
      inputs: inputs, operators: 3, of: seed % 2 == 0 ? [.relu] : [.relu, .smooth(.silu), .smooth(.tanh)])
    let item = RandomGraphs.elements(graph)
    let evaluator = CellEvaluator(try CompiledCase(item))
    let exact = try ExactCase(item, region: nil)
    for (rule, refines, substitutes, slack) in [
      (LeafRule.zonotope, false, false, 1.1), (.fullLinearBounds, true, true, 1.5),
    ] {
      for _ in 0..<4 {
        let lower = (0..<inputs).map { _ in models.generator.uniform(-1, 1) }
        let upper = lower.map { $0 + models.generator.uniform(0.05, 0.4) }
        let theirs = evaluator.bounds(on: Cell(lower: lower, upper: upper), rule: rule, decides: false)
        let ours = try #require(
          try exact.ranges(on: Cell(lower: lower, upper: upper), refines: refines, substitutes: substitutes))
        for (index, bounds) in ours.enumerated() {
          let range = theirs[index].range
          #expect(range.intersection(bounds) != nil)
          // Where an atom is decided nothing more is done.
          if bounds.contains(0.0) {
            #expect(bounds.width <= range.width * slack + 1e-9, "\(rule): \(bounds), \(range)")
          }
        }
      }
    }
  }

  @Test(arguments: [Norm.l1, .l2, .linf], 0..<8)
  func pointsOfBallsLieInside(norm: Norm, seed: Int) throws {
    var models = RandomGraphs(seed: 1_300 + seed)
    // An affine graph has bounds that are nearly attained.
    let graph = try models.deep(inputs: 3, operators: seed % 2 == 0 ? 0 : 2, of: [.relu, .smooth(.tanh)])
    let centre = (0..<3).map { _ in models.generator.uniform(-0.5, 0.5) }
    let radius = models.generator.uniform(0.2, 1)
    let ball = Ball(
      start: 0, centre: centre.map { Rational(dyadic: $0) }, radius: Rational(dyadic: radius), norm: norm)
    let box = centre.map {
      AxisRange(lower: Rational(dyadic: $0 - radius), upper: Rational(dyadic: $0 + radius))
    }
    let region = InputRegion(box: box, balls: [ball])
    let item = RandomGraphs.elements(graph)
    let exact = try ExactCase(item, region: region)
    let whole = try ExactCase(item, region: InputRegion(box: box))
    let (lower, upper) = (centre.map { $0 - radius }, centre.map { $0 + radius })
    let bounds = try #require(
      try exact.ranges(on: Cell(lower: lower, upper: upper), refines: true, substitutes: true))
    let wider = try #require(
      try whole.ranges(on: Cell(lower: lower, upper: upper), refines: false, substitutes: false))
    // A ball of the largest magnitude is the box.
    #expect(norm == .linf || zip(bounds, wider).contains { $0.width < $1.width })
    var inside = 0
    for round in 0..<6 {
      // The whole, then cells whose middles lie beside the centre.
      let from = centre.map { $0 - radius * (round == 0 ? 1 : models.generator.uniform(-0.5, 1)) }
      let to = zip(centre, from).map {
        round == 0 ? $0 + radius : max($1, $0 + radius * models.generator.uniform(0.3, 1))
      }
      let bounds = try exact.ranges(
        on: Cell(lower: from, upper: to), refines: round % 2 == 0, substitutes: true)
      for _ in 0..<200 {
        let point = models.point(in: from, to)
        guard region.contains(point.map { Rational(dyadic: $0) }) else { continue }
        inside += 1
        // A cell that is said to have no points of the region has none.
        let found = try #require(bounds)
        let value = try graph.evaluate([point.map { Interval($0) }])[0]
        for index in value.indices { #expect(!isBeyond(value[index], found[index])) }
      }
    }
    #expect(inside > 20)
  }

  @Test(arguments: [Norm.l1, .l2, .linf], 0..<6)
  func distancesLieInside(norm: Norm, seed: Int) throws {
    var models = RandomGraphs(seed: 1_700 + seed)
    let graph = try models.deep(inputs: 2, operators: 2, outputs: 4, of: [.relu])
    let fixed = (0..<3).map { _ in models.generator.uniform(-1, 1) }
    let quantity = Quantity.distance(start: 1, point: fixed, norm: norm)
    let item = ObligationCase(
      label: "", weight: .one, graph: graph,
      predicate: .atom(Atom(quantity, .greaterOrEqual, .rational(Rational(1)))))
    let exact = try ExactCase(item, region: nil)
    for _ in 0..<4 {
      let (lower, upper) = models.cell(2)
      let bounds = try #require(
        try exact.ranges(on: Cell(lower: lower, upper: upper), refines: true, substitutes: true))
      for _ in 0..<6 {
        let point = models.point(in: lower, upper)
        let value = quantity.value(of: try graph.evaluate([point.map { Interval($0) }])[0])
        #expect(!isBeyond(value, bounds[0]))
      }
    }
  }
}

extension ExactCase {
  fileprivate func ranges(on cell: Cell, refines: Bool, substitutes: Bool) throws(ExactFailure) -> [Interval]?
  {
    try bounds(on: cell, refines: refines, substitutes: substitutes)?.map(\.range)
  }
}
