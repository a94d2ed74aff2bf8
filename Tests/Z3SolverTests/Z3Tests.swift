import Foundation
import RigorousArithmetic
import SMT
import SMTDraws
import TensorGraph
import Testing
import VerificationProblem
import Z3Solver

@Suite struct Z3Tests {
  /// With all free symbols fixed, Z3 and the exact evaluator decide the same.
  @Test(arguments: 0..<30)
  func evaluationAgreesWithZ3(seed: UInt64) throws {
    var random = try RandomTerms(seed: seed &+ 300, steps: 60)
    let x = [random.generator.rational(), random.generator.rational()]
    let p = [Bool.random(using: &random.generator), Bool.random(using: &random.generator)]
    var query = Query(terms: random.store)
    for (symbol, value) in zip(random.reals, x) {
      query.assert(query.terms.equal(symbol.term, query.terms.real(value)), like: "fixed")
    }
    for (symbol, value) in zip(random.formulas, p) {
      query.assert(value ? symbol.term : query.terms.not(symbol.term), like: "fixed")
    }
    for (term, value) in random.formulas.suffix(8) {
      var asked = query
      asked.assert(term, like: "asked")
      let answer = try Z3().check(asked, timeout: patience)
      #expect((answer == .unsat) == !value(x, p))
      if case .unknown(let reason) = answer { Issue.record("\(reason)") }
    }
  }

  /// Values that no double has come back as they are.
  @Test func modelsAreExact() throws {
    var query = Query()
    let x = try query.terms.realVariable("x")
    let flag = try query.terms.booleanVariable("flag")
    let numerator = BigInteger(7).power(60)
    let denominator = BigInteger(10).power(50) + .one
    let value = -Rational(numerator, over: denominator)
    let third = query.terms.scaled(fraction(1, 3), x)
    query.assert(query.terms.equal(third, query.terms.real(value * fraction(1, 3))), like: "x")
    query.assert(query.terms.not(flag), like: "flag")
    let expected = Assignment(reals: [x: value], booleans: [flag: false])
    #expect(try Z3().check(query, timeout: patience) == .sat(expected))
  }

  /// Terms nested by the thousand neither exhaust Z3's stack nor escape its clock.
  @Test func depthIsBroken() throws {
    var query = Query()
    let x = try query.terms.realVariable("x")
    var chain = query.terms.compare(x, .less, Rational(0))
    for index in 0..<5_000 {
      let below = query.terms.compare(x, .less, Rational(index % 7))
      chain = query.terms.or([query.terms.not(chain), below])
    }
    query.assert(query.terms.equal(x, query.terms.real(Rational(3))), like: "x")
    query.assert(chain, like: "chain")
    let values = try Evaluation([], [chain], in: query.terms, under: Assignment([x], at: [Rational(3)]))
    let answer = try Z3().check(query, timeout: patience)
    #expect(answer == (values[chain] ? .sat(Assignment([x], at: [Rational(3)])) : .unsat))
    // Nested n times, |x + 1| + 1 and so on exceed n - 1 unless x is -1.
    var sum = x
    for _ in 0..<60 { sum = query.terms.magnitude(query.terms.sum([sum, query.terms.real(.one)])) }
    var nested = Query(terms: query.terms)
    nested.assert(nested.terms.compare(sum, .lessOrEqual, Rational(59)), like: "sum")
    #expect(try Z3().check(nested, timeout: patience) == .sat(Assignment([x], at: [Rational(-1)])))
    nested.assert(nested.terms.compare(sum, .less, Rational(59)), like: "sum")
    #expect(try Z3().check(nested, timeout: patience) == .unsat)
  }

  @Test func anEmptyQueryHasTheEmptyModel() throws {
    #expect(try Z3().check(Query(), timeout: patience) == .sat(Assignment()))
    var query = Query()
    query.assert(query.terms.boolean(false), like: "false")
    #expect(try Z3().check(query, timeout: patience) == .unsat)
  }

  @Test func aScriptThatCannotBeReadIsAnError() {
    for script in ["(assert", "(assert (< y 1))", "(declare-fun x () Real)\n(assert (+ x 1))", "\u{0}(", "|"]
    {
      #expect(throws: SolverError.self) { try Z3().verdict(onScript: script, timeout: patience) }
    }
  }

  /// A question that takes far longer than the limits below: the exact maximum of a wide network.
  static func hardQuery() throws -> Query {
    var graphs = RandomGraphs(seed: 11)
    let graph = try graphs.graph(inputs: 6, width: 40, outputs: 1)
    let region = [AxisRange](repeating: AxisRange(lower: Rational(-4), upper: Rational(4)), count: 6)
    let most = try graph.evaluate([[Double](repeating: 0.5, count: 6)])[0][0] + 200
    return try encoding(
      graph, .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(dyadic: most)))), region
    ).violation
  }

  @Test func limitsGiveUnknown() throws {
    let query = try Self.hardQuery()
    #expect(try Z3(resourceLimit: 1000).check(query, timeout: patience) == .unknown(.resourceLimit))
    #expect(try Z3().check(query, timeout: .milliseconds(20)) == .unknown(.timeout))
    #expect(try Z3().check(query, timeout: .zero) == .unknown(.timeout))
  }

  @Test func interruptionStopsACheck() throws {
    let query = try Self.hardQuery()
    let early = Interruption()
    early.interrupt()
    #expect(try Z3().check(query, timeout: .seconds(60), interruption: early) == .unknown(.cancelled))
    let late = Interruption()
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.3)
      late.interrupt()
    }
    #expect(try Z3().check(query, timeout: .seconds(60), interruption: late) == .unknown(.cancelled))
    late.interrupt()
  }

  /// Interruptions at any moment are kept, those between the building of terms and the search among them.
  @Test func noInterruptionIsLost() throws {
    let query = try Self.hardQuery()
    for step in 0..<12 {
      let interruption = Interruption()
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: Double(step) * 0.004)
        interruption.interrupt()
      }
      let answer = try Z3().check(query, timeout: .seconds(60), interruption: interruption)
      #expect(answer == .unknown(.cancelled))
    }
  }

  @Test func cancellationStopsACheck() async throws {
    let query = try Self.hardQuery()
    let task = Task { try await Z3().answer(to: query, timeout: .seconds(60)) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(try await task.value == .unknown(.cancelled))
  }

  @Test func theVersionIsThatOfTheLibrary() {
    #expect(Z3.version.split(separator: ".").count == 4)
  }
}
