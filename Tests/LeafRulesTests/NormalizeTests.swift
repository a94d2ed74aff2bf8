import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Normalization: its values against exact rational numbers, its bounds at difficult cells, and how wide they are beside
/// those of the steps that it is made of.
@Suite struct NormalizeTests {
  private func graph(_ normalization: Normalization, rows: Int) throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([rows]))
    let y = try builder.apply(.normalize(normalization), [x])
    return try builder.build(outputs: [y])
  }

  /// The values' squares with their signs: rational numbers.
  private func signedSquares(_ group: [Rational], _ epsilon: Double) -> [Rational] {
    let count = Rational(group.count)
    let sum = group.reduce(Rational(0)) { $0 + $1 }
    let deviations = group.map { count * $0 - sum }
    let total = deviations.reduce(Rational(0)) { $0 + $1 * $1 }
    // `n^2` times variance and epsilon.
    let square = total.divided(by: count) ?? Rational(0)
    let root = square + count * count * Rational(dyadic: epsilon)
    return deviations.map { ($0.sign() * $0 * $0).divided(by: root) ?? Rational(0) }
  }

  private func isIn(_ interval: Interval, signedSquare value: Rational) -> Bool {
    func square(_ x: Double) -> Rational {
      let number = Rational(dyadic: x)
      return number.sign() * number * number
    }
    return square(interval.lower) <= value && value <= square(interval.upper)
  }

  @Test func valuesAreThoseOfTheDefinition() throws {
    var models = RandomModels(seed: 51)
    for round in 0..<300 {
      let size = [1, 2, 3, 7, 16][round % 5]
      let epsilon = Double(Float([1e-5, 0.25, 3, 1e-12][round % 4]))
      let scale = [1e-6, 1, 30, 1e8][round / 5 % 4]
      let offset = round % 3 == 0 ? models.generator.uniform(-100, 100) : 0
      let point = (0..<size).map { _ in offset + models.generator.uniform(-scale, scale) }
      let graph = try graph(Normalization(size: size, epsilon: epsilon), rows: size)
      let enclosures = try graph.evaluate([point.map { Interval($0) }])[0]
      let exact = signedSquares(point.map { Rational(dyadic: $0) }, epsilon)
      for index in 0..<size {
        #expect(isIn(enclosures[index], signedSquare: exact[index]), "\(point) \(index)")
        if offset == 0 { #expect(enclosures[index].width <= 1e-9, "\(point) \(enclosures[index])") }
      }
    }
  }

  /// Equal elements, points, tiny, wide and huge ranges: no value of the cell lies beyond the bounds of any rule.
  @Test(arguments: 0..<24)
  func boundsEncloseDifficultCells(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 30_011 &+ 8)
    for round in 0..<14 {
      let size = [1, 2, 3, 5, 8][(seed + round) % 5]
      let rows = size * (1 + round % 3)
      let epsilon = Double(Float([1e-5, 0.25, 1e-12, 2][(seed + round) % 4]))
      let inputs = 1 + round % 3
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([inputs]))
      let gain = [1, 1e-6, 30, 1e4, 0][round % 5]
      var value = try builder.apply(.linear(models.linear(rows, inputs, gain: gain)), [x])
      if round % 3 == 1 { value = try builder.apply(.relu, [value]) }
      // A group of equal elements, whose variance is zero everywhere.
      if round % 7 == 6 { value = try builder.apply(.scale(0), [value]) }
      var result = try builder.apply(.normalize(Normalization(size: size, epsilon: epsilon)), [value])
      if round % 4 == 3 { result = try builder.apply(.linear(models.linear(2, rows)), [result]) }
      let graph = try builder.build(outputs: [result])
      let fixed: Set<Int> = inputs > 1 && round % 4 == 0 ? [0] : []
      let evaluator = CellEvaluator(
        try CompiledCase(ZonotopeSoundnessTests.elementCase(graph), fixed: fixed))
      let box = models.mixedCell(dimension: inputs)
      let cell = Cell(lower: box.lower, upper: box.upper)
      for rule in LeafRule.allCases where rule.bounds {
        let bounds = evaluator.bounds(on: cell, rule: rule, wantsAffine: true, attributes: true)
        for _ in 0..<6 {
          let point = models.point(in: box.lower, box.upper)
          let values = try graph.evaluate([point.map { Interval($0) }])[0]
          for (index, value) in values.enumerated() {
            let range = bounds[index].range
            #expect(range.isFinite, "\(rule) \(cell)")
            #expect(range.lower <= value.upper && value.lower <= range.upper, "\(rule) \(cell) \(index)")
            guard let affine = bounds[index].affine else { continue }
            let low = ZonotopeSoundnessTests.value(affine.lower, at: point, in: cell)
            let high = ZonotopeSoundnessTests.value(affine.upper, at: point, in: cell)
            #expect(low.lower <= value.upper && value.lower <= high.upper, "\(rule) \(cell) \(index)")
          }
        }
      }
    }
  }

  /// Without an epsilon a group of equal elements has no value, and bounds of cells that may hold one prove nothing.
  @Test func variancesOfZeroProveNothing() throws {
    let graph = try graph(Normalization(size: 2, epsilon: 0), rows: 2)
    let evaluator = CellEvaluator(try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)))
    for rule in LeafRule.allCases where rule.bounds {
      for cell in [Cell(lower: [1, 1], upper: [1, 1]), Cell(lower: [0, 0], upper: [1, 1])] {
        #expect(evaluator.bounds(on: cell, rule: rule).allSatisfy { $0.range == .entire }, "\(rule)")
      }
      // Ranges alone do not know that two numbers that lie apart have a variance.
      guard rule != .interval, rule != .attained else { continue }
      let apart = evaluator.bounds(on: Cell(lower: [0, 2], upper: [1, 3]), rule: rule)
      #expect(apart.allSatisfy { $0.range.isFinite }, "\(rule)")
      #expect(apart[0].range.lower <= -1 && apart[0].range.upper >= -1)
    }
    #expect(throws: GraphError.self) { try graph.evaluate([[Interval(1), Interval(1)]]) }
  }

  /// The same function from sums, squares, roots and quotients.
  private func steps(
    _ normalization: Normalization, rows: Int, _ value: Int, _ builder: inout GraphBuilder
  ) throws -> Int {
    let size = normalization.size
    let groups = rows / size
    func spread(_ sign: Double) throws -> TensorGraph.Operation {
      .sparse(
        try SparseMap(shape: Shape([rows]), inputCount: groups, rows: (0..<rows).map { [($0 / size, sign)] }))
    }
    let sum = TensorGraph.Operation.sparse(
      try SparseMap(
        shape: Shape([groups]), inputCount: rows,
        rows: (0..<groups).map { group in (group * size..<(group + 1) * size).map { ($0, 1) } }))
    let scaled = try builder.apply(.scale(Double(size)), [value])
    let deviations = try builder.apply(
      .add, [scaled, builder.apply(spread(-1), [builder.apply(sum, [value])])])
    let squares = try builder.apply(sum, [builder.apply(.smooth(.square), [deviations])])
    let moved = builder.constant(
      try Tensor(shape: Shape([groups]), values: [Double](repeating: normalization.moved, count: groups)))
    let variance = try builder.apply(
      .add, [builder.apply(.divide(Divisor(Double(size))), [squares]), moved])
    let inverse = try builder.apply(.smooth(.reciprocal), [builder.apply(.smooth(.sqrt), [variance])])
    let product = try builder.apply(.multiply, [deviations, builder.apply(spread(1), [inverse])])
    return try builder.apply(
      .clip(Clip(lower: -normalization.limit, upper: normalization.limit)), [product])
  }

  /// Bounds behind a normalization are on average no wider than those behind the steps, for every rule and size of cell.
  @Test func boundsAreNoWiderThanThoseOfTheSteps() throws {
    let rules = [LeafRule.interval, .zonotope, .linearBounds, .fullLinearBounds]
    for radius in [0.01, 0.1, 0.5, 2] {
      var models = RandomModels(seed: 92)
      var logarithms = [Double](repeating: 0, count: rules.count)
      var counts = logarithms
      for round in 0..<40 {
        let size = [2, 4, 8, 16][round % 4]
        let normalization = try Normalization(size: size, epsilon: Double(Float(1e-5)))
        let rows = size * (round % 2 + 1)
        let inputs = 2 + round % 3
        let layers = try (
          models.linear(8, inputs), models.linear(rows, 8, gain: round % 3 == 0 ? 3 : 1),
          models.linear(3, rows)
        )
        let box = models.cell(dimension: inputs, radius: radius)
        let cell = Cell(lower: box.lower, upper: box.upper)
        var widths: [[Double]] = []
        for isWhole in [true, false] {
          var builder = GraphBuilder()
          let x = try builder.input("x", shape: Shape([inputs]))
          var value = try builder.apply(.smooth(.silu), [builder.apply(.linear(layers.0), [x])])
          value = try builder.apply(.linear(layers.1), [value])
          value =
            isWhole
            ? try builder.apply(.normalize(normalization), [value])
            : try steps(normalization, rows: rows, value, &builder)
          if round % 2 == 0 { value = try builder.apply(.linear(layers.2), [value]) }
          let graph = try builder.build(outputs: [value])
          let evaluator = CellEvaluator(try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)))
          widths.append(
            rules.map { rule in evaluator.bounds(on: cell, rule: rule).reduce(0) { $0 + $1.range.width } })
        }
        for index in rules.indices where widths[0][index].isFinite && widths[1][index].isFinite {
          logarithms[index] += Interval(widths[0][index] / widths[1][index]).log().midpoint
          counts[index] += 1
        }
        for index in rules.indices { #expect(widths[0][index].isFinite || !widths[1][index].isFinite) }
      }
      let ratios = zip(logarithms, counts).map { Interval($0 / $1).exp().midpoint }
      print(
        "normalization, radius \(radius): width beside that of the steps",
        zip(rules, ratios).map { "\($0) \(($1 * 1000).rounded() / 1000)" })
      for (rule, ratio) in zip(rules, ratios) { #expect(ratio <= 1 + 1e-9, "\(rule) \(radius)") }
    }
  }

  @Test func groupsThatDoNotFitAreErrors() throws {
    for size in [0, -1, Normalization.largestSize + 1] {
      #expect(throws: GraphError.self) { try Normalization(size: size, epsilon: 1) }
    }
    for epsilon in [-1.0, .nan, .infinity] {
      #expect(throws: GraphError.self) { try Normalization(size: 3, epsilon: epsilon) }
    }
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([4]))
    let normalization = try Normalization(size: 3, epsilon: 1)
    #expect(throws: GraphError.self) { try builder.apply(.normalize(normalization), [x]) }
  }
}
