import RigorousArithmetic
import Testing

/// Comments that state verdicts are read completely or not at all.
@Suite struct VerdictStatementTests {
  @Test func statementsAreRead() throws {
    let text = """
      // the rule
      dspec 1.0

      // RESULT: proved or unknown (holds) within [0.1, 1/3]
      // VALUE: [0.15, 0.16]
      // Because.
      property A {
      }
      // RESULT: refuted
      // VALUE: 1/2
      // One.
      // Two.
      property B {
      """
    let statements = try VerdictStatement.all(in: text)
    #expect(statements.map(\.property) == ["A", "B"])
    #expect(statements.map(\.verdicts) == [["proved", "unknown (holds)"], ["refuted"]])
    #expect(statements.map(\.reasons) == [["Because."], ["One.", "Two."]])
    #expect(statements.map(\.truth) == [true, false])
    #expect(statements[0].within?.upper == Rational(description: "1/3"))
    #expect(statements[0].value?.lower == Rational(decimal: "0.15"))
    #expect(statements[1].value?.lower == statements[1].value?.upper)
  }

  @Test(arguments: [
    "property A {", "// Because.\nproperty A {", "// RESULT: maybe\nproperty A {",
    "// RESULT: unknown\nproperty A {", "// RESULT: proved\n\nproperty A {",
    "// RESULT: proved within [1, 0]\nproperty A {", "// RESULT: proved within [0, one]\nproperty A {",
    "// RESULT: proved\n// VALUE: about 1\nproperty A {",
  ])
  func damagedStatementsAreRefused(text: String) {
    #expect(throws: VerdictStatement.Malformed.self) { try VerdictStatement.all(in: text) }
  }

  /// An open claim of either truth states none.
  @Test func verdictsThatDisagreeStateNoTruth() throws {
    let text = "// RESULT: proved or vacuous\n// So.\nproperty A {\n// RESULT: vacuous\n// So.\nproperty B {"
    #expect(try VerdictStatement.all(in: text).map(\.truth) == [true, nil])
  }

  @Test(arguments: [
    "chain | tighten_below | x <= 1 => x < 2 | A refuted",
    "chain | widen | box(0, 1) => ball(0, 2) | A refuted",
    "chain | negate | x < 1 => x >= 1 | A refuted", "chain | exchange | a, b => a, c | A refuted",
    "chain | unheard_of | a => b | A refuted", "chain | drop_where | where x => nothing | A refuted",
    "chain | loosen_below | x <= 1 => x <= 1 | A refuted", "chain | negate | x => not (x)",
  ])
  func changesThatAreNoInstanceOfTheirOperatorAreRefused(line: String) {
    #expect(throws: Mutant.Malformed.self) { try Mutant(line) }
  }
}
