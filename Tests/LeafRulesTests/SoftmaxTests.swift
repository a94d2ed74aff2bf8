import CMPFR
import CellMasses
import Evidence
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Softmax: its values against multiple-precision arithmetic, its bounds at difficult cells, and how wide they are beside
/// those of the steps that it is made of.
@Suite struct SoftmaxTests {
  /// Values of one group at 300 bits, by the definition.
  private final class Precise {
    private var numbers: [UnsafeMutablePointer<__mpfr_struct>] = []

    init(_ group: [Double], isLogarithm: Bool) {
      let nearest = MPFR_RNDN
      func make() -> UnsafeMutablePointer<__mpfr_struct> {
        let pointer = UnsafeMutablePointer<__mpfr_struct>.allocate(capacity: 1)
        mpfr_init2(pointer, 300)
        return pointer
      }
      let (sum, greatest) = (make(), make())
      mpfr_set_d(greatest, group.max() ?? 0, nearest)
      mpfr_set_d(sum, 0, nearest)
      for value in group {
        let number = make()
        mpfr_set_d(number, value, nearest)
        mpfr_sub(number, number, greatest, nearest)
        numbers.append(number)
        let term = make()
        mpfr_exp(term, number, nearest)
        mpfr_add(sum, sum, term, nearest)
        mpfr_clear(term)
        term.deallocate()
      }
      mpfr_log(sum, sum, nearest)
      for number in numbers {
        mpfr_sub(number, number, sum, nearest)
        if !isLogarithm { mpfr_exp(number, number, nearest) }
      }
      for pointer in [sum, greatest] {
        mpfr_clear(pointer)
        pointer.deallocate()
      }
    }

    deinit {
      for pointer in numbers {
        mpfr_clear(pointer)
        pointer.deallocate()
      }
    }

    /// Whether a value lies in an interval.
    func isIn(_ interval: Interval, _ index: Int) -> Bool {
      mpfr_cmp_d(numbers[index], interval.lower) >= 0 && mpfr_cmp_d(numbers[index], interval.upper) <= 0
    }

    func value(_ index: Int) -> Double { mpfr_get_d(numbers[index], MPFR_RNDN) }
  }

  private func graph(_ softmax: Softmax, rows: Int) throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([rows]))
    let y = try builder.apply(.softmax(softmax), [x])
    return try builder.build(outputs: [y])
  }

  @Test(arguments: [false, true])
  func valuesAreThoseOfTheDefinition(isLogarithm: Bool) throws {
    var models = RandomModels(seed: isLogarithm ? 31 : 30)
    for round in 0..<400 {
      let size = [1, 2, 3, 7, 20][round % 5]
      let scale = [1e-9, 1, 10, 300, 1e5, 1e285][round % 6]
      let point = (0..<size).map { _ in models.generator.uniform(-scale, scale) }
      let graph = try graph(Softmax(size: size, isLogarithm: isLogarithm), rows: size)
      let enclosures = try graph.evaluate([point.map { Interval($0) }])[0]
      let values = try graph.evaluate([point])[0]
      let precise = Precise(point, isLogarithm: isLogarithm)
      for index in 0..<size {
        #expect(precise.isIn(enclosures[index], index), "\(point) \(index)")
        let width = enclosures[index].width
        #expect(width <= 1e-12 * (1 + enclosures[index].magnitude), "\(point) \(enclosures[index])")
        #expect(precise.value(index).isFinite)
        #expect(abs(values[index] - precise.value(index)) <= 1e-12 * (1 + abs(values[index])))
      }
    }
  }

  /// Ties, points, tiny, wide and huge ranges: no value of the cell lies beyond the bounds of any rule.
  @Test(arguments: 0..<24)
  func boundsEncloseDifficultCells(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 40_927 &+ 6)
    for round in 0..<14 {
      let size = [1, 2, 3, 5, 8][(seed + round) % 5]
      let rows = size * (1 + round % 2)
      let softmax = try Softmax(size: size, isLogarithm: seed % 2 == 1)
      let inputs = 1 + round % 3
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([inputs]))
      let gain = [1, 1e-6, 30, 1e4, 0][round % 5]
      var value = try builder.apply(.linear(models.linear(rows, inputs, gain: gain)), [x])
      // Rows that are zero, and operands with errors of their own.
      if round % 3 == 1 { value = try builder.apply(.relu, [value]) }
      var result = try builder.apply(.softmax(softmax), [value])
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

  /// Operands so far apart that exponentials overflow leave bounds that hold, or none.
  @Test func overflowDecidesNothingWrong() throws {
    for (lower, upper) in [(-800.0, 800.0), (-1e300, 1e300), (1e300, 1e301), (-3, 1e10)] {
      for isLogarithm in [false, true] {
        let graph = try graph(Softmax(size: 3, isLogarithm: isLogarithm), rows: 3)
        let evaluator = CellEvaluator(try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)))
        let cell = Cell(lower: [lower, lower, 0], upper: [upper, upper, 1])
        for rule in LeafRule.allCases where rule.bounds {
          let bounds = evaluator.bounds(on: cell, rule: rule)
          for point in [[lower, upper, 0], [upper, lower, 1], [lower, lower, 1], [upper, upper, 0.5]] {
            let precise = Precise(point, isLogarithm: isLogarithm)
            for index in 0..<3 {
              #expect(
                bounds[index].range == .entire || precise.isIn(bounds[index].range, index),
                "\(rule) \(point) \(index) \(bounds[index].range)")
            }
          }
        }
      }
    }
  }

  /// The same function from sums, exponentials and a reciprocal or a logarithm.
  private func steps(_ softmax: Softmax, rows: Int, _ value: Int, _ builder: inout GraphBuilder) throws -> Int
  {
    var pairs: [(Int, Int)] = []
    for row in 0..<rows {
      let start = row / softmax.size * softmax.size
      for other in start..<start + softmax.size where other != row { pairs.append((row, other)) }
    }
    let differences = try builder.apply(
      .sparse(
        SparseMap(
          shape: Shape([pairs.count]), inputCount: rows, rows: pairs.map { [($0.1, 1), ($0.0, -1)] })),
      [value])
    let others = softmax.size - 1
    let sums = try builder.apply(
      .sparse(
        SparseMap(
          shape: Shape([rows]), inputCount: pairs.count,
          rows: (0..<rows).map { row in (row * others..<(row + 1) * others).map { ($0, 1) } },
          bias: [Double](repeating: 1, count: rows))), [builder.apply(.smooth(.exp), [differences])])
    guard softmax.isLogarithm else { return try builder.apply(.smooth(.reciprocal), [sums]) }
    return try builder.apply(.scale(-1), [builder.apply(.smooth(.log), [sums])])
  }

  /// Bounds behind a softmax are on average no wider than those behind the steps, for every rule and size of cell.
  @Test func boundsAreNoWiderThanThoseOfTheSteps() throws {
    let rules = [LeafRule.interval, .zonotope, .linearBounds, .fullLinearBounds]
    for isLogarithm in [false, true] {
      for radius in [0.01, 0.1, 0.5, 2] {
        var models = RandomModels(seed: 91)
        var logarithms = [Double](repeating: 0, count: rules.count)
        var count = 0.0
        for round in 0..<40 {
          let size = [2, 3, 5, 9][round % 4]
          let softmax = try Softmax(size: size, isLogarithm: isLogarithm)
          let inputs = 2 + round % 3
          let layers = try (
            models.linear(8, inputs), models.linear(size, 8, gain: round % 3 == 0 ? 3 : 1),
            models.linear(3, size)
          )
          let box = models.cell(dimension: inputs, radius: radius)
          let cell = Cell(lower: box.lower, upper: box.upper)
          var widths: [[Double]] = []
          for isWhole in [true, false] {
            var builder = GraphBuilder()
            let x = try builder.input("x", shape: Shape([inputs]))
            var value = try builder.apply(.relu, [builder.apply(.linear(layers.0), [x])])
            value = try builder.apply(.linear(layers.1), [value])
            value =
              isWhole
              ? try builder.apply(.softmax(softmax), [value])
              : try steps(softmax, rows: size, value, &builder)
            if round % 2 == 0 { value = try builder.apply(.linear(layers.2), [value]) }
            let graph = try builder.build(outputs: [value])
            let evaluator = CellEvaluator(try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)))
            widths.append(
              rules.map { rule in
                evaluator.bounds(on: cell, rule: rule).reduce(0) { $0 + $1.range.width }
              })
          }
          for index in rules.indices { logarithms[index] += logarithm(widths[0][index] / widths[1][index]) }
          count += 1
        }
        let ratios = logarithms.map { Interval($0 / count).exp().midpoint }
        print(
          "softmax, logarithm \(isLogarithm), radius \(radius): width beside that of the steps",
          zip(rules, ratios).map { "\($0) \(($1 * 1000).rounded() / 1000)" })
        for (rule, ratio) in zip(rules, ratios) {
          #expect(ratio <= 1 + 1e-9, "\(rule) \(radius) \(isLogarithm)")
        }
      }
    }
  }

  private func logarithm(_ x: Double) -> Double { Interval(x).log().midpoint }

  @Test func groupsThatDoNotFitAreErrors() throws {
    #expect(throws: GraphError.self) { try Softmax(size: 0) }
    #expect(throws: GraphError.self) { try Softmax(size: -3) }
    let softmax = try Softmax(size: 3)
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([4]))
    #expect(throws: GraphError.self) { try builder.apply(.softmax(softmax), [x]) }
    // Too many pairs for a table of their bounds.
    let wide = try Softmax(size: 1 << 13)
    let graph = try graph(wide, rows: 1 << 13)
    #expect(throws: GraphError.self) { try CompiledCase(ZonotopeSoundnessTests.elementCase(graph)) }
  }
}
