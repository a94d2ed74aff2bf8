import DSpecSemantics
import Diagnostics
import Testing

@Suite struct ExplanationExampleTests {
  /// Codes that the checker does not raise, with the reason; their wrong snippets are sound specifications to it.
  static let raisedElsewhere = [
    "D0102": "a solver decides whether an antecedent can hold",
    "D0104": "a solver compares two properties",
    "D0105": "a solver decides whether a condition can fail",
    "D0107": "a solver compares two properties",
    "D0202": "the mass of the law is computed after checking",
    "D0304": "files are read after checking",
    "D0404": "the statistics of the sample are computed after checking",
  ]

  /// Values from the command line for the wrong and the right snippet.
  static let parameters: [String: (wrong: [String: String], right: [String: String])] = [
    "D0821": (["tua": "40%"], ["tau": "40%"])
  ]

  private func codes(
    _ text: String, parameters: [String: String]
  ) -> (codes: Set<String>, hasErrors: Bool, shown: String) {
    let files = ["example.dspec": text, "common.dspec": "dspec 1.0\nparam limit: Prob = 50%\n"]
    let checked = SpecificationChecker.check(
      root: "example.dspec", loader: InMemoryLoader(files), parameters: parameters)
    return (
      Set(checked.diagnostics.map(\.code.rawValue)), checked.diagnostics.hasErrors,
      TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
    )
  }

  @Test func thePreludeRaisesNothing() {
    let found = codes(Explanation.prelude, parameters: [:])
    #expect(found.codes.isEmpty, "\(found.shown)")
  }

  @Test func exceptionsAreExplained() {
    let known = Set(Explanation.all.map(\.code))
    for code in [String](Self.raisedElsewhere.keys) + [String](Self.parameters.keys) {
      #expect(known.contains(code))
    }
  }

  @Test(arguments: Explanation.all)
  func wrongRaisesTheCode(explanation: Explanation) {
    let parameters = Self.parameters[explanation.code]?.wrong ?? [:]
    let found = codes(explanation.file(explanation.wrong), parameters: parameters)
    if Self.raisedElsewhere[explanation.code] != nil {
      #expect(found.codes.isEmpty, "\(found.shown)")
    } else {
      #expect(found.codes.contains(explanation.code), "\(found.shown)")
      let severity = DiagnosticCode(rawValue: explanation.code)?.severity
      #expect(found.hasErrors == (severity == .error), "\(found.shown)")
    }
  }

  @Test(arguments: Explanation.all)
  func rightRaisesNothing(explanation: Explanation) {
    let parameters = Self.parameters[explanation.code]?.right ?? [:]
    let found = codes(explanation.file(explanation.right), parameters: parameters)
    #expect(found.codes.isEmpty, "\(found.shown)")
  }
}
