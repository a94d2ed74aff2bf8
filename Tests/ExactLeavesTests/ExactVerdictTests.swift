import ExactLeaves
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// What is said of leaves: true claims are shown where they hold by a margin, and a false one never is.
@Suite struct ExactVerdictTests {
  private func bounded(_ graph: Graph, _ comparison: Comparison, _ limit: Double) -> ObligationCase {
    ObligationCase(
      label: "", weight: .one, graph: graph,
      predicate: .atom(Atom(.element(0), comparison, .rational(Rational(dyadic: limit)))))
  }

  /// Cells of few axes are cut along them, and of many by the signs of what functions are applied to.
  @Test(arguments: 0..<40, [2, 10])
  func forgedLeavesAreNeverShown(seed: Int, inputs: Int) throws {
    var models = RandomGraphs(seed: 2_100 + seed)
    let kinds: [Middle] = seed % 2 == 0 ? [.relu, .clip, .maximum] : [.relu, .smooth(.silu), .multiply]
    let graph = try models.deep(inputs: inputs, operators: 2, outputs: 1, of: kinds)
    let (lower, upper) = models.cell(inputs)
    var greatest = -Double.infinity
    for _ in 0..<200 {
      let point = models.point(in: lower, upper)
      greatest = max(greatest, try graph.evaluate([point.map { Interval($0) }])[0][0].lower)
    }
    // False at the point that was found, and true nowhere by much.
    let forged = try ExactCase(bounded(graph, .less, greatest), region: nil)
    #expect(forged.judge(.holds, on: Cell(lower: lower, upper: upper)) != .shown)
    let honest = try ExactCase(bounded(graph, .less, greatest + 100), region: nil)
    #expect(honest.judge(.holds, on: Cell(lower: lower, upper: upper)) == .shown)
    let grossly = try ExactCase(bounded(graph, .greater, greatest + 100), region: nil)
    guard case .contradicted(let point) = grossly.judge(.holds, on: Cell(lower: lower, upper: upper)) else {
      Issue.record("a claim that is false everywhere is not contradicted")
      return
    }
    #expect(zip(point, zip(lower, upper)).allSatisfy { $1.0 <= $0 && $0 <= $1.1 })
  }

  /// `max(s, 0) - 0.3 s` for a mean of twelve coordinates is nowhere below zero, which no single line shows, and halves of
  /// axes would not in any time; `max(s, 0) + 0.3 s` is below it where `s` is.
  @Test(arguments: [Arithmetic.real, .float32AnyOrder])
  func manyAxesAreToldApartBySigns(arithmetic: Arithmetic) throws {
    func judged(_ factor: Double, above limit: Double) throws -> LeafFinding {
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([12]))
      let mean = try builder.apply(
        .linear(
          Linear(
            weights: Tensor(shape: Shape([1, 12]), values: [Double](repeating: 0.0625, count: 12)),
            bias: Tensor(shape: Shape([1]), values: [0.125]))), [x])
      let sum = try builder.apply(
        .add, [builder.apply(.relu, [mean]), builder.apply(.scale(factor), [mean])])
      let item = ObligationCase(
        label: "", weight: .one, graph: try builder.build(outputs: [sum]),
        predicate: .atom(Atom(.element(0), .greater, .rational(Rational(dyadic: limit)))),
        arithmetic: arithmetic)
      let cell = Cell(lower: [Double](repeating: -1, count: 12), upper: [Double](repeating: 1, count: 12))
      return try ExactCase(item, region: nil).judge(.holds, on: cell)
    }
    #expect(try judged(-0.3, above: -0x1p-10) == .shown)
    #expect(try judged(-0.3, above: 0) != .shown)
    // The mean is at least -0.625 and at most 0.875.
    #expect(try judged(0.3, above: -0.25) == .shown)
    #expect(try judged(0.3, above: -0.125) != .shown)
    #expect(try judged(-1.5, above: -0.5) == .shown)
    #expect(try judged(-1.5, above: -0.375) != .shown)
  }

  /// `|x|`, whose greatest value on [-1, 1] is attained.
  private func magnitude() throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let sides = try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([2, 1]), values: [1, -1]),
          bias: Tensor(shape: Shape([2]), values: [0, 0]))), [x])
    let sum = try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([1, 2]), values: [1, 1]),
          bias: Tensor(shape: Shape([1]), values: [0]))), [builder.apply(.relu, [sides])])
    return try builder.build(outputs: [sum])
  }

  @Test func strictnessIsKept() throws {
    let graph = try magnitude()
    let (lower, upper) = ([-1.0], [1.0])
    #expect(
      try ExactCase(bounded(graph, .lessOrEqual, 1), region: nil).judge(
        .holds, on: Cell(lower: lower, upper: upper))
        == .shown)
    #expect(
      try ExactCase(bounded(graph, .less, 1), region: nil).judge(.holds, on: Cell(lower: lower, upper: upper))
        == .contradicted([Rational(-1)]))
    let third = Rational(BigInteger(1), over: BigInteger(3))
    let region = InputRegion(box: [AxisRange(lower: -third, upper: third)])
    for (comparison, isTrue) in [(Comparison.lessOrEqual, true), (.less, false)] {
      let item = ObligationCase(
        label: "", weight: .one, graph: graph,
        predicate: .atom(Atom(.element(0), comparison, .rational(third))))
      let verdict = try ExactCase(item, region: region).judge(.holds, on: Cell(lower: lower, upper: upper))
      // A third is no number of the grid: the bound that it attains may stay open, and is never wrong.
      if isTrue {
        if case .contradicted = verdict { Issue.record("a true claim is contradicted") }
      } else {
        #expect(verdict != .shown)
      }
    }
  }

  @Test func leavesOutsideOfBalls() throws {
    let graph = try magnitude()
    let ball = Ball(start: 0, centre: [.zero], radius: Rational(1), norm: .l2)
    let region = InputRegion(
      box: [AxisRange(lower: Rational(-4), upper: Rational(4))], balls: [ball])
    let exact = try ExactCase(bounded(graph, .lessOrEqual, 1), region: region)
    #expect(exact.judge(.outside, on: Cell(lower: [1.0625], upper: [4])) == .shown)
    // The ball is closed.
    #expect(exact.judge(.outside, on: Cell(lower: [1], upper: [4])) != .shown)
    guard case .contradicted = exact.judge(.outside, on: Cell(lower: [0.5], upper: [4])) else {
      Issue.record("a cell with points of the region is said to be outside")
      return
    }
    #expect(exact.judge(.holds, on: Cell(lower: [-4], upper: [4])) == .shown)
  }

  /// At each point the first output or the second is above zero, on either side of a plane.
  @Test func clausesAreWeighed() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let result = try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([2, 2]), values: [0.75, -0.3125, -1.5, 0.625]),
          bias: Tensor(shape: Shape([2]), values: [0.001, 0.001]))), [x])
    let graph = try builder.build(outputs: [result])
    func clause(_ limit: Double) -> ObligationCase {
      let atoms = (0..<2).map {
        Predicate.atom(Atom(.element($0), .greater, .rational(Rational(dyadic: limit))))
      }
      return ObligationCase(label: "", weight: .one, graph: graph, predicate: .any(atoms))
    }
    let (lower, upper) = ([-1.0, -1], [1.0, 1])
    #expect(
      try ExactCase(clause(0), region: nil).judge(.holds, on: Cell(lower: lower, upper: upper)) == .shown)
    #expect(
      try ExactCase(clause(0.0015), region: nil).judge(.holds, on: Cell(lower: lower, upper: upper)) != .shown
    )
  }

  @Test func whatIsNotFollowedIsSaid() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let result = try builder.apply(.smooth(.reciprocal), [x])
    let inverse = try builder.build(outputs: [result])
    let exact = try ExactCase(bounded(inverse, .less, 100), region: nil)
    guard case .notShown(.some) = exact.judge(.holds, on: Cell(lower: [-1], upper: [1])) else {
      Issue.record("a function is followed across a point where it has no value")
      return
    }
    #expect(exact.judge(.holds, on: Cell(lower: [1], upper: [2])) == .shown)
    // Cells that are none.
    #expect(exact.judge(.holds, on: Cell(lower: [2], upper: [1])) == .notShown("the cell is no box"))
    #expect(exact.judge(.holds, on: Cell(lower: [.nan], upper: [1])) == .notShown("the cell is no box"))
  }

  /// A value that nothing refers to still has to be there: a softmax of one element is one, but not above the logarithm of
  /// a negative number, and not of what overflows.
  @Test func whatNothingRefersToIsFollowed() throws {
    func single(_ function: SmoothFunction) throws -> Graph {
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([1]))
      let value = try builder.apply(.smooth(function), [x])
      let one = try builder.apply(.softmax(Softmax(size: 1, isLogarithm: false)), [value])
      return try builder.build(outputs: [one])
    }
    func verdict(_ graph: Graph, _ arithmetic: Arithmetic, _ upper: Double) throws -> LeafFinding {
      let item = ObligationCase(
        label: "", weight: .one, graph: graph,
        predicate: .atom(Atom(.element(0), .greaterOrEqual, .rational(Rational(dyadic: 0.5)))),
        arithmetic: arithmetic)
      return try ExactCase(item, region: nil).judge(
        .holds, on: Cell(lower: [upper > 0 ? upper / 2 : upper * 2], upper: [upper]))
    }
    #expect(try verdict(single(.log), .real, 2) == .shown)
    #expect(try verdict(single(.log), .real, -1) != .shown)
    #expect(try verdict(single(.exp), .real, 200) == .shown)
    #expect(try verdict(single(.exp), .float32AnyOrder, 20) == .shown)
    #expect(try verdict(single(.exp), .float32AnyOrder, 200) != .shown)
  }

  /// Numbers that grow with every product, and columns without end, are given up at once.
  @Test(.timeLimit(.minutes(1)))
  func growthIsGivenUp() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    var (before, last) = (x, try builder.apply(.smooth(.square), [x]))
    for _ in 0..<60 { (before, last) = (last, try builder.apply(.multiply, [last, before])) }
    let tower = try builder.build(outputs: [last])
    let exact = try ExactCase(bounded(tower, .less, 1), region: nil)
    #expect(exact.judge(.holds, on: Cell(lower: [2], upper: [3])) != .shown)

    var wide = GraphBuilder()
    let many = try wide.input("x", shape: Shape([30_000]))
    let positive = try wide.apply(.relu, [many])
    let result = try wide.build(outputs: [positive])
    let verdict = try ExactCase(bounded(result, .less, 2), region: nil).judge(
      .holds,
      on: Cell(lower: [Double](repeating: 0, count: 30_000), upper: [Double](repeating: 1, count: 30_000)))
    // Intervals suffice.
    #expect(verdict == .shown)
    let wrong = try ExactCase(bounded(result, .less, 0.5), region: nil).judge(
      .holds,
      on: Cell(lower: [Double](repeating: 0, count: 30_000), upper: [Double](repeating: 1, count: 30_000)))
    #expect(wrong != .shown)
  }
}
