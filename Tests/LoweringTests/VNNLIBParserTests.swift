import Lowering
import RigorousArithmetic
import Testing

/// VNN-LIB files are read strictly, with exact numbers.
@Suite struct VNNLIBParserTests {
  private static let names = """
    (declare-const X_0 Real) (declare-const X_1 Real)
    (declare-const Y_0 Real) (declare-const Y_1 Real)

    """

  private func parse(_ text: String) throws(VNNLIBError) -> VNNLIBProblem {
    try VNNLIBParser.parse(Array(text.utf8), file: "p.vnnlib")
  }

  /// SMT-LIB ends a comment at either character of a line end, so that what follows is part of the formula.
  @Test(arguments: ["\n", "\r", "\r\n"])
  func commentsEndWithTheirLine(end: String) throws {
    let problem = try parse(Self.names + "(assert (or (>= Y_0 9) ; a comment\(end)(>= Y_0 0)\n))")
    guard case .any(let parts) = problem.assertions[0] else {
      Issue.record("a disjunction")
      return
    }
    #expect(parts.count == 2)
  }

  /// The numbers of SMT-LIB, with a minus and an exponent as the competition's files have them, and no others.
  @Test(arguments: ["1_000", "+9", "1e", "1e401", ".5", "0x10", "nan", "--1"])
  func otherNumbersAreRefused(number: String) {
    #expect(throws: VNNLIBError.self) { try parse(Self.names + "(assert (<= X_0 \(number)))") }
  }

  @Test func numbersBeyondTheLimitSaySo() throws {
    let long = "0." + String(repeating: "1", count: 400)
    let error = #expect(throws: VNNLIBError.self) { try parse(Self.names + "(assert (<= X_0 \(long)))") }
    #expect(error?.description.contains("400 digits") == true)
    let product = "(* " + String(repeating: "1e400 ", count: 3_000) + ")"
    let wide = #expect(throws: VNNLIBError.self) { try parse(Self.names + "(assert (<= X_0 \(product)))") }
    #expect(wide?.description.contains("bits") == true)
  }

  @Test func numbersAreExact() throws {
    let problem = try parse(
      Self.names + "; a comment (\n(assert (<= X_0 0.1))\n(assert (>= (+ Y_0 (* -2 Y_1) 1) 3e-1))")
    #expect(problem.inputCount == 2)
    #expect(problem.outputCount == 2)
    guard case .constraint(let bound) = problem.assertions[0],
      case .constraint(let linear) = problem.assertions[1]
    else {
      Issue.record("two constraints")
      return
    }
    #expect(bound.coefficients == [.input(0): Rational(1)])
    #expect(bound.constant == Rational(decimal: "-0.1"))
    #expect(bound.comparison == .lessOrEqual)
    #expect(linear.coefficients == [.output(0): Rational(1), .output(1): Rational(-2)])
    #expect(linear.constant == Rational(decimal: "0.7"))
    #expect(linear.comparison == .greaterOrEqual)
    #expect(linear.line == 5)
  }

  @Test func connectivesNest() throws {
    let problem = try parse(
      Self.names + "(assert (or (and (<= X_0 1) (not (< Y_0 2))) (= Y_1 0)))")
    guard case .any(let parts) = problem.assertions[0], case .all(let first) = parts[0],
      case .constraint(let negated) = first[1], case .all(let equality) = parts[1]
    else {
      Issue.record("a disjunction of a conjunction and an equation")
      return
    }
    #expect(negated.comparison == .greaterOrEqual)
    #expect(equality.count == 2)
  }

  @Test(arguments: [
    ("(assert (<= X_0 1)", "p.vnnlib:4: `(` is never closed; add `)`"),
    (")", "p.vnnlib:4: `)` closes nothing"),
    ("word", "p.vnnlib:4: a command such as `(assert …)` is needed"),
    ("(check-sat)", "p.vnnlib:4: `check-sat` is no command of VNN-LIB; it has `declare-const` and `assert`"),
    (
      "(declare-network f (declare-input X Real [1]))",
      "p.vnnlib:4: `declare-network` belongs to VNN-LIB 2.0, which is not read; state the question in VNN-LIB 1.0: one "
        + "network, inputs `X_i`, outputs `Y_i`"
    ),
    ("(declare-const X_0 Real)", "p.vnnlib:4: `X_0` is declared twice"),
    ("(declare-const X_2 Int)", "p.vnnlib:4: `X_2` is not declared as `Real`"),
    ("(declare-const Z_0 Real)", "p.vnnlib:4: `Z_0` is neither an input `X_i` nor an output `Y_i`"),
    ("(declare-const X_01 Real)", "p.vnnlib:4: `X_01` is neither an input `X_i` nor an output `Y_i`"),
    ("(assert (<= X_7 1))", "p.vnnlib:4: `X_7` is not declared; add `(declare-const X_7 Real)` before"),
    ("(assert (<= X_0 one))", "p.vnnlib:4: `one` is neither a number nor a variable"),
    ("(assert (<= X_0 0x10))", "p.vnnlib:4: `0x10` is neither a number nor a variable"),
    ("(assert (<= X_0 inf))", "p.vnnlib:4: `inf` is neither a number nor a variable"),
    ("(assert (<= X_0 1 2))", "p.vnnlib:4: `<=` takes two terms"),
    ("(assert (<= (* X_0 X_1) 2))", "p.vnnlib:4: a product of variables is not linear"),
    (
      "(assert (<= (/ X_0 2) 2))",
      "p.vnnlib:4: `/` is no operation of linear terms; they have `+`, `-` and `*`"
    ),
    ("(assert (or))", "p.vnnlib:4: `or` of nothing"),
    (
      "(assert (xor (<= X_0 1) (<= X_1 1)))",
      "p.vnnlib:4: `xor` is no condition of VNN-LIB; it has `and`, `or`, `not` and comparisons"
    ),
    ("(assert)", "p.vnnlib:4: `assert` takes one condition"),
    ("", "p.vnnlib: asserts nothing"),
    (
      "(declare-const X_3 Real) (assert (<= X_0 1))",
      "p.vnnlib: declares 3 variables `X_i`, but not `X_2`; number them from 0 without gaps"
    ),
  ])
  func badFilesAreNamed(text: String, message: String) {
    let error = #expect(throws: VNNLIBError.self) { try parse(Self.names + "\n" + text) }
    #expect(error?.description == message)
  }

  @Test func hostileFilesAreRefused() {
    let deep = Self.names + "(assert " + String(repeating: "(and ", count: 100_000)
    #expect(throws: VNNLIBError.self) { try parse(deep) }
    #expect(throws: VNNLIBError.self) { try VNNLIBParser.parse([0xFF, 0xFE], file: "p") }
    for byte in UInt8(0)...0x20 where !" \t\r\n".utf8.contains(byte) {
      #expect(throws: VNNLIBError.self) { try VNNLIBParser.parse([0x28, byte, 0x29], file: "p") }
    }
    #expect(throws: VNNLIBError.self) { try parse("(assert (<= 1 2))") }
    #expect(throws: VNNLIBError.self) { try parse("(declare-const X_99999999999999999999 Real)") }
  }
}
