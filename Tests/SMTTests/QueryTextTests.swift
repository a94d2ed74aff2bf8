import RigorousArithmetic
import SMT
import Testing
import VerificationProblem

@Suite struct QueryTextTests {
  @Test func aSmallQueryReadsAsExpected() throws {
    var query = Query()
    query.note("two lines\nof a note")
    let x = try query.terms.realVariable("a latent")
    let flag = try query.terms.booleanVariable("flag")
    let third = query.terms.scaled(Rational(BigInteger(-1), over: BigInteger(3)), x)
    let half = query.terms.real(Rational(BigInteger(1), over: BigInteger(2)))
    let y = query.terms.define(like: "y", query.terms.sum([third, half]))
    let isLow = query.terms.less(y, third)
    let choice = query.terms.ite(isLow, y, query.terms.real(Rational(-7)))
    query.assert(query.terms.implies(flag, query.terms.not(isLow)), like: "first")
    query.assert(query.terms.and([flag, query.terms.lessOrEqual(choice, x)]), like: "y")
    #expect(
      query.text == """
        ; two lines
        ; of a note
        ; unsat means that the assertions exclude each other, sat that they can all hold.
        (set-info :smt-lib-version 2.6)
        (set-logic QF_LRA)
        (declare-fun |a latent| () Real)
        (declare-fun flag () Bool)
        (define-fun t2 () Real (* (/ (- 1) 3) |a latent|))
        (declare-fun y () Real)
        (assert (= y (+ t2 (/ 1 2))))
        (define-fun t6 () Bool (< y t2))
        (assert (! (=> flag (not t6)) :named first))
        (assert (! (and flag (<= (ite t6 y (- 7)) |a latent|)) :named y_2))
        (check-sat)
        (exit)

        """)
  }

  @Test(arguments: [
    ("x", "x", true), ("x_0", "x_0", true), ("a b", "|a b|", true), ("0x", "|0x|", true),
    ("let", "|let|", true),
    ("and", "xand", false), ("a|b", "a_b", false), ("a\\b", "a_b", false), ("a\nb", "|a b|", false),
    ("é", "_", false), ("", "x", false), ("@a", "x@a", false), (".a", "x.a", false), ("+", "x+", false),
    ("[0]", "|[0]|", true), ("a;b", "|a;b|", true), ("a\"b", "|a\"b|", true),
  ])
  func symbolsAreQuotedWhereNeeded(name: String, written: String, isLegal: Bool) {
    #expect(Symbol.isLegal(name) == isLegal)
    let legal = Symbol.legalized(name)
    #expect(Symbol.isLegal(legal))
    if isLegal {
      #expect(legal == name)
      #expect(Symbol.written(name) == written)
    } else {
      #expect(throws: TermError.illegalSymbol(name)) {
        var store = TermStore()
        _ = try store.realVariable(name)
      }
    }
  }

  @Test func aNoteCannotLeaveItsComment() {
    var query = Query()
    query.note(
      "a\u{2028}(assert false)\r(assert false)\r\n(assert false)\u{85}(assert false)\u{B}(exit)\u{0}")
    for line in query.text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }).prefix(6) {
      #expect(line.first == UInt8(ascii: ";"))
    }
    #expect(query.assertions.isEmpty)
  }

  /// Each level uses the one below it twice, so that writing it out would take 2^60 symbols.
  @Test func sharedTermsAreWrittenOnce() throws {
    func length(_ levels: Int) throws -> Int {
      var query = Query()
      var term = try query.terms.realVariable("x")
      for _ in 0..<levels {
        term = query.terms.sum([
          term, query.terms.ite(query.terms.less(term, query.terms.real(.one)), term, term),
        ])
        term = query.terms.sum([term, query.terms.magnitude(term)])
      }
      query.assert(query.terms.compare(term, .less, Rational(1)), like: "end")
      return query.text.utf8.count
    }
    let (short, long) = (try length(30), try length(60))
    #expect(long < 2 * short + 200)
  }

  @Test func depthTakesNoStack() throws {
    var query = Query()
    let x = try query.terms.realVariable("x")
    var term = x
    let depth = 50_000
    for _ in 0..<depth { term = query.terms.magnitude(query.terms.sum([term, query.terms.real(.one)])) }
    var chain = query.terms.compare(x, .less, Rational(0))
    for index in 0..<depth {
      chain = query.terms.or([query.terms.not(chain), query.terms.compare(x, .less, Rational(index % 7))])
    }
    query.assert(query.terms.compare(term, .lessOrEqual, Rational(depth)), like: "end")
    query.assert(chain, like: "chain")
    #expect(try query.failure(under: Assignment([x], at: [.zero])) == nil)
    #expect(try query.failure(under: Assignment([x], at: [.one]))?.name == "end")
    var nesting = 0
    var deepest = 0
    for byte in query.text.utf8 {
      if byte == UInt8(ascii: "(") { nesting += 1 }
      if byte == UInt8(ascii: ")") { nesting -= 1 }
      deepest = max(deepest, nesting)
    }
    #expect(nesting == 0)
    #expect(deepest < 250)
  }

  @Test func generatedNamesAvoidTheUsers() throws {
    var query = Query()
    let t = try query.terms.realVariable("t3")
    let two = query.terms.scaled(Rational(2), t)
    query.assert(query.terms.less(two, query.terms.sum([two, two, t])), like: "t1")
    #expect(query.text.contains("(define-fun t_1 () Real (* 2 t3))"))
  }
}
