import RigorousArithmetic
import SMT
import SMTDraws
import Testing
import VerificationProblem

/// The constructors' folding and the evaluator together, against plain recursion over closures.
@Suite struct EvaluationTests {
  @Test(arguments: 0..<40)
  func valuesAreThoseOfPlainRecursion(seed: UInt64) throws {
    var random = try RandomTerms(seed: seed, steps: 60)
    for _ in 0..<4 {
      let x = [random.generator.rational(), random.generator.rational()]
      let p = [Bool.random(using: &random.generator), Bool.random(using: &random.generator)]
      var assignment = Assignment(random.reals[..<2].map(\.term), at: x)
      for (symbol, value) in zip(random.formulas, p) { assignment.booleans[symbol.term] = value }
      let values = try Evaluation(
        random.reals.map(\.term), random.formulas.map(\.term), in: random.store, under: assignment)
      for (term, value) in random.reals { #expect(values[term] == value(x, p)) }
      for (term, value) in random.formulas { #expect(values[term] == value(x, p)) }
    }
  }

  @Test func equalTermsAreOneTerm() throws {
    var store = TermStore()
    let x = try store.realVariable("x")
    let a = store.sum([x, store.real(.one)])
    let count = store.nodes.count
    #expect(try store.realVariable("x") == x)
    #expect(store.sum([x, store.real(.one)]) == a)
    #expect(store.nodes.count == count)
  }

  @Test func aSymbolHasOneMeaning() throws {
    var store = TermStore()
    let x = try store.realVariable("x")
    #expect(throws: TermError.takenSymbol("x")) { try store.booleanVariable("x") }
    let d = store.define(like: "x", store.scaled(Rational(2), x))
    #expect(store.node(d).symbol == "x_2")
    #expect(throws: TermError.takenSymbol("x_2")) { try store.realVariable("x_2") }
  }

  @Test func aMissingValueIsAnError() throws {
    var store = TermStore()
    let x = try store.realVariable("x")
    let y = try store.realVariable("y")
    let sum = store.sum([x, y])
    let error = #expect(throws: EvaluationError.self) {
      try Evaluation([sum], in: store, under: Assignment([x], at: [.one]))
    }
    #expect(error?.symbol == "y")
    let values = try Evaluation([x], in: store, under: Assignment([x], at: [.one]))
    #expect(values[x] == .one)
  }

  @Test func aDefinedSymbolTakesItsDefinition() throws {
    var store = TermStore()
    let x = try store.realVariable("x")
    let d = store.define(like: "d", store.scaled(Rational(3), x))
    let assignment = Assignment(reals: [x: Rational(2), d: Rational(5)])
    #expect(try Evaluation([d], in: store, under: assignment)[d] == Rational(6))
  }

  @Test func anAnswerIsOnlyAsGoodAsItsModel() throws {
    var query = Query()
    let x = try query.terms.realVariable("x")
    query.assert(query.terms.compare(x, .less, Rational(1)), like: "below one")
    #expect(query.answer(claiming: Assignment([x], at: [.zero])) == .sat(Assignment([x], at: [.zero])))
    #expect(
      query.answer(claiming: Assignment([x], at: [.one]))
        == .unknown(.modelRejected("assertion `below one` fails at the solver's model")))
    #expect(
      query.answer(claiming: Assignment())
        == .unknown(.modelRejected("the solver's model leaves symbol `x` open")))
  }
}
