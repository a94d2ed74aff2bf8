import RigorousArithmetic
import SMT
import SMTDraws
import TensorGraph
import Testing
import VerificationProblem

@Suite struct GraphEncodingTests {
  /// Terms and graph, both in exact arithmetic, at thirds and at the multiples of an eighth where kinks lie.
  @Test(arguments: 0..<16)
  func termsHaveTheValuesOfTheGraph(seed: UInt64) throws {
    var random = RandomGraphs(seed: seed)
    let graph = try random.graph(inputs: 2, width: 4, outputs: 3)
    var store = TermStore()
    let encoding = try GraphEncoding(graph, in: &store)
    for _ in 0..<20 {
      let point = (0..<2).map { _ in random.generator.rational(-16...16, over: [3, 8, 8]) }
      let values = try Evaluation(
        encoding.outputs[0], in: store, under: Assignment(encoding.inputs[0], at: point))
      #expect(encoding.outputs[0].map { values[$0] } == (try graph.evaluate([point])[0]))
    }
  }

  @Test(arguments: [
    (-0.75, -0.5), (-0.5, -0.5), (-0.25, -0.25), (0, 0), (0.75, 0.75), (0.875, 0.75),
  ])
  func clipKinks(x: Double, y: Double) throws {
    var builder = GraphBuilder()
    let input = try builder.input("x", shape: Shape([1]))
    let output = try builder.apply(.clip(Clip(lower: -0.5, upper: 0.75)), [input])
    var store = TermStore()
    let encoding = try GraphEncoding(try builder.build(outputs: [output]), in: &store)
    let assignment = Assignment(encoding.inputs[0], at: [Rational(dyadic: x)])
    #expect(try Evaluation(encoding.outputs[0], in: store, under: assignment)[encoding.outputs[0][0]] == y)
  }

  @Test func concatOnAnInnerAxisKeepsRowMajorOrder() throws {
    var builder = GraphBuilder()
    let a = try builder.input("a", shape: Shape([2, 1]))
    let b = try builder.input("b", shape: Shape([2, 2]))
    let result = try builder.apply(.concat(axis: 1), [a, b])
    let graph = try builder.build(outputs: [result])
    var store = TermStore()
    let encoding = try GraphEncoding(graph, in: &store)
    #expect(
      encoding.outputs[0].compactMap { store.node($0).symbol } == ["a_0", "b_0", "b_1", "a_1", "b_2", "b_3"])
  }

  @Test func everyNeuronHasASymbol() throws {
    var random = RandomGraphs(seed: 1)
    let graph = try random.graph(inputs: 2, width: 3, outputs: 1)
    var store = TermStore()
    let encoding = try GraphEncoding(graph, in: &store)
    for (node, elements) in zip(graph.nodes, encoding.elements) {
      switch node.operation {
      case .linear, .relu, .clip, .add: #expect(elements.allSatisfy { store.node($0).symbol != nil })
      default: break
      }
    }
  }

  @Test func namesOfInputsCannotBreakTheScript() throws {
    var builder = GraphBuilder()
    let a = try builder.input("a|\n(assert false)", shape: Shape([1]))
    let b = try builder.input("a__(assert false)", shape: Shape([1]))
    let result = try builder.apply(.add, [a, b])
    let graph = try builder.build(outputs: [result])
    var query = Query()
    let encoding = try GraphEncoding(graph, in: &query.terms)
    query.assert(query.terms.compare(encoding.outputs[0][0], .less, Rational(0)), like: "sum")
    #expect(query.text.contains("(declare-fun |a__(assert false)_0| () Real)\n"))
    #expect(query.text.contains("(declare-fun |a__(assert false)_0_2| () Real)\n"))
  }

  @Test func sigmoidIsNamedInTheError() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let result = try builder.apply(.smooth(.sigmoid), [x])
    let graph = try builder.build(outputs: [result])
    var store = TermStore()
    let error = #expect(throws: EncodingError.self) { try GraphEncoding(graph, in: &store) }
    guard case .unsupportedOperator("Sigmoid", 1, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func gatherTakesAConstantIndexOnly() throws {
    var builder = GraphBuilder()
    let table = try builder.input("table", shape: Shape([3, 2]))
    let fixed = builder.constant(try Tensor(shape: Shape([1]), values: [2]))
    let free = try builder.input("index", shape: Shape([1]), kind: .index)
    let row = try builder.apply(.gather, [table, fixed])
    var store = TermStore()
    var inner = GraphBuilder()
    let innerTable = try inner.input("table", shape: Shape([3, 2]))
    let innerIndex = inner.constant(try Tensor(shape: Shape([1]), values: [2]))
    let innerRow = try inner.apply(.gather, [innerTable, innerIndex])
    let encoding = try GraphEncoding(try inner.build(outputs: [innerRow]), in: &store)
    #expect(encoding.outputs[0] == Array(encoding.inputs[0][4...]))
    let dependent = try builder.apply(.gather, [table, free])
    let graph = try builder.build(outputs: [row, dependent])
    #expect(throws: EncodingError.self) { try GraphEncoding(graph, in: &store) }
  }
}

@Suite struct ObligationEncodingTests {
  static func identity() throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let result = try builder.apply(.scale(1), [x])
    return try builder.build(outputs: [result])
  }

  static let unit = [AxisRange](repeating: AxisRange(lower: Rational(0), upper: Rational(1)), count: 2)

  static func encode(_ predicate: Predicate) throws -> ObligationEncoding {
    let item = ObligationCase(
      label: "s = light", weight: Rational(1), graph: try identity(), predicate: predicate)
    return try ObligationEncoding(
      Obligation(name: "p", question: .forall(region: unit), cases: [item]), caseAt: 0)
  }

  @Test func aEuclideanDistanceIsRefused() {
    #expect(throws: EncodingError.self) {
      try Self.encode(
        .atom(Atom(.distance(start: 0, point: [0, 0], norm: .l2), .less, .rational(Rational(2)))))
    }
  }

  @Test func aProbabilityIsRefused() throws {
    let item = ObligationCase(
      label: "", weight: Rational(1), graph: try Self.identity(), predicate: .all([]))
    let obligation = try Obligation(
      name: "p", question: .measure(law: Self.unit.map { .uniform($0) }, bounds: []), cases: [item])
    #expect(throws: EncodingError.self) { try ObligationEncoding(obligation, caseAt: 0) }
  }

  @Test func aLogitIsEnclosedAndOneHalfIsExact() throws {
    let half = Rational(BigInteger(1), over: BigInteger(2))
    let exact = try Self.encode(.atom(Atom(.element(0), .less, .logit(half))))
    #expect(exact.certainViolation == nil)
    let third = Rational(BigInteger(1), over: BigInteger(3))
    let enclosed = try Self.encode(.atom(Atom(.element(0), .less, .logit(third))))
    #expect(enclosed.certainViolation != nil)
    let enclosure = ThresholdEnclosure(.logit(third))
    let (lower, upper) = (try #require(enclosure.lower), try #require(enclosure.upper))
    #expect(lower < upper)
    #expect(upper - lower < Rational(dyadic: 0x1p-48))
  }

  /// Decisions with a threshold in [1, 2] must be those of every threshold there.
  @Test(arguments: [Comparison.less, .lessOrEqual, .greater, .greaterOrEqual])
  func decisionsHoldForAllThresholdsOfTheEnclosure(comparison: Comparison) throws {
    let probability = Rational(BigInteger(1), over: BigInteger(3))
    let enclosure = ThresholdEnclosure(.logit(probability))
    let (lower, upper) = (try #require(enclosure.lower), try #require(enclosure.upper))
    let middle = (lower + upper) * Rational(dyadic: 0.5)
    for value in [lower - .one, lower, middle, upper, upper + .one] {
      let answers = Set([lower, middle, upper].map { comparison.holds(value, $0) })
      // The threshold is irrational, so that it lies strictly between the end points.
      let expected: Bool? =
        value <= lower ? comparison.boundsAbove : value >= upper ? !comparison.boundsAbove : nil
      let decision = enclosure.decides(value, comparison)
      if let decision { #expect(decision == expected) }
      if answers.count == 1 { #expect(decision == answers.first) }
    }
  }

  @Test func boundsAreNamedAndMustFit() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let result = try builder.apply(.relu, [x])
    let graph = try builder.build(outputs: [result])
    let item = ObligationCase(
      label: "", weight: Rational(1), graph: graph,
      predicate: .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(1)))))
    let bounds = ProvedBounds([1: [Interval(0, 1), Interval(0, .infinity)]])
    let encoding = try ObligationEncoding(item, of: "p", over: InputRegion(box: Self.unit), bounds: bounds)
    let names = encoding.violation.assertions.map(\.name)
    #expect(
      names.filter { $0.hasPrefix("bound") } == [
        "bound relu1_0 lower", "bound relu1_0 upper", "bound relu1_1 lower",
      ])
    #expect(
      encoding.violation.notes.contains(
        "3 assertions named `bound` were proved elsewhere; unsat relies on them."))
    for wrong in [[7: [Interval(0, 1)]], [-1: [Interval(0, 1)]], [1: [Interval(0, 1)]]] {
      #expect(throws: EncodingError.self) {
        try ObligationEncoding(item, of: "p", over: InputRegion(box: Self.unit), bounds: ProvedBounds(wrong))
      }
    }
  }

  /// A solver that answers what it is told to, whatever is asked.
  struct Oracle: Solver {
    let answer: @Sendable (Query) -> Answer
    func check(_ query: Query, timeout: Duration) throws(SolverError) -> Answer { answer(query) }
  }

  @Test func aFalseModelIsNoViolation() throws {
    let encoding = try Self.encode(.atom(Atom(.element(0), .lessOrEqual, .rational(Rational(1)))))
    for point in [[Rational(1), Rational(0)], [Rational(2), Rational(0)]] {
      let model = Assignment(encoding.coordinates, at: point)
      let answer = try encoding.decide(with: Oracle { _ in .sat(model) }, timeout: .seconds(1))
      guard case .unknown(.modelRejected) = answer else {
        Issue.record("\(answer)")
        return
      }
    }
    let empty = try encoding.decide(with: Oracle { _ in .sat(Assignment()) }, timeout: .seconds(1))
    guard case .unknown(.modelRejected) = empty else {
      Issue.record("\(empty)")
      return
    }
  }
}
