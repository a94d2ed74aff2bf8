import ArgumentParser
import Certificates
import Diagnostics
import Foundation

/// Prints the long text of a diagnostic.
struct Explain: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract:
      "Explain a diagnostic or a checker's reason, as in `dspec explain D0102`; without a code list them all."
  )

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
              ),
              (
                "reasons",
                .array(
                  CheckerCode.all.map {
                    JSONOutput.object([("code", .string($0.name)), ("meaning", .string($0.meaning))])
                  })
              ),
            ])))
      } else {
        for row in rows { print("\(row.rawValue)  \(row.severity.rawValue)  \(row.title)") }
        print("\nWhy certificates and files beside them are refused:")
        let width = CheckerCode.all.map(\.name.count).max() ?? 0
        for row in CheckerCode.all {
          print(row.name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + row.meaning)
        }
      }
      return .holds
    }
    if let reason = CheckerCode.of(code) {
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object([
              ("code", .string(reason.name)), ("meaning", .string(reason.meaning)),
              ("advice", .string(reason.advice)),
            ])))
      } else {
        print("\(reason.name)\n\n\(reason.meaning)\n\(reason.advice)")
      }
      return .holds
    }
    guard let explanation = Explanation.of(code) else {
      let codes = DiagnosticCode.allCases.map(\.rawValue) + CheckerCode.all.map(\.name)
      let meant = SpellingSuggestion.nearest(to: code.uppercased(), among: codes)
      throw CommandFailure(
        "there is no code `\(code)`"
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
