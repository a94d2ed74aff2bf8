import ArgumentParser
import Certificates
import Diagnostics

/// Prints the long text of a diagnostic.
struct Explain: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Explain a diagnostic, as in `dspec explain D0102`; without a code list them all.")

  @Argument(help: "The code.")
  var code: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    guard let code else {
      let rows = DiagnosticCode.allCases.sorted { $0.rawValue < $1.rawValue }
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object([
              (
                "codes",
                .array(
                  rows.map {
                    JSONOutput.object([
                      ("code", .string($0.rawValue)), ("severity", .string($0.severity.rawValue)),
                      ("title", .string($0.title)),
                    ])
                  })
              )
            ])))
      } else {
        for row in rows { print("\(row.rawValue)  \(row.severity.rawValue)  \(row.title)") }
      }
      return .holds
    }
    guard let explanation = Explanation.of(code) else {
      let codes = DiagnosticCode.allCases.map(\.rawValue)
      let meant = SpellingSuggestion.nearest(to: code.uppercased(), among: codes)
      throw CommandFailure(
        "there is no diagnostic `\(code)`"
          + (meant.map { "; did you mean `\($0)`?" } ?? "; `dspec explain` lists them all"))
    }
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object([
            ("code", .string(explanation.code)), ("meaning", .string(explanation.meaning)),
            ("why", .string(explanation.why)), ("wrong", .string(explanation.wrong)),
            ("right", .string(explanation.right)),
          ])))
    } else {
      print(explanation.text)
    }
    return .holds
  }
}
