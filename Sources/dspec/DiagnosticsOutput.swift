import Certificates
import Diagnostics

/// How a person or a program is told what is wrong with a specification.
enum DiagnosticsOutput {
  /// Diagnostics of one run that a person is shown.
  private static let most = 100

  /// Prints diagnostics with their excerpts to standard error, in the order of the source; of too many, errors before the
  /// others.
  static func show(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
    guard !diagnostics.isEmpty else { return }
    let errors = diagnostics.filter { $0.severity == .error }
    let others = diagnostics.filter { $0.severity != .error }
    let shown =
      diagnostics.count <= most ? diagnostics : Array((errors + others).prefix(most)).inSourceOrder()
    Terminal.error(TerminalRenderer(sources: sources, usesColor: Terminal.errorUsesColor).render(shown))
    if shown.count < diagnostics.count {
      Terminal.error(
        "note: \(diagnostics.count - shown.count) more are not shown; `dspec check --json` has them all")
    }
  }

  /// An object of diagnostics, in the order and form that they have for every program, and further members.
  static func json(
    _ diagnostics: [Diagnostic], _ sources: SourceMap, _ more: [(String, JSONValue)] = []
  ) -> String {
    // No text of JSON holds a line feed: those of the renderer, and the blanks behind them, stand between its elements.
    let list = JSONRenderer(sources: sources).render(diagnostics).split(separator: "\n").map {
      $0.drop { $0 == " " }
    }.joined()
    let members = more.map { ",\"\($0.0)\":\(JSONOutput.text($0.1))" }.joined()
    return "{\"diagnostics\":\(list)\(members)}"
  }

  /// Tells why a file is refused.
  ///
  /// - Returns: The failure to end with, which is in the output already.
  static func refusal(_ message: String, _ diagnostics: [Diagnostic], _ sources: SourceMap) -> CommandFailure
  {
    let failure = CommandFailure(message, isInOutput: true)
    if JSONOutput.isAsked {
      print(
        json(
          diagnostics, sources,
          [("error", FailureMessage.value(failure.message, code: failure.code.rawValue))]))
    } else {
      show(diagnostics, sources)
    }
    return failure
  }
}
