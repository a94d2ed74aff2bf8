/// What a program says when it cannot do what it was asked for.
///
/// A person reads it on standard error. A program that asked for JSON finds one object on standard output besides,
/// `{"error": {"exitCode": …, "message": …}}`, so that its standard output is JSON whatever happened.
package enum FailureMessage {
  /// Whether a command line asks for JSON; it may be one that does not parse.
  package static func wantsJSON(_ arguments: [String]) -> Bool {
    arguments.dropFirst().prefix { $0 != "--" }.contains("--json")
  }

  /// Tells of a failure.
  ///
  /// - Parameters:
  ///   - text: What happened and what mends it.
  ///   - explanation: What standard error says in its place, such as usage; `error:` and the text by default.
  ///   - code: The exit code of the program.
  ///   - json: Whether standard output gets the object, which has had nothing else.
  package static func write(_ text: String, explanation: String? = nil, code: Int32, json: Bool) {
    StandardStreams.writeError(VisibleText.onLines(explanation ?? "error: \(text)") + "\n")
    guard json else { return }
    let answer: JSONValue = ["error": value(text, code: code)]
    guard let bytes = try? answer.canonicalBytes() else { return }
    print(String(decoding: bytes, as: UTF8.self))
  }

  /// A failure as the member `error` of an answer.
  package static func value(_ text: String, code: Int32) -> JSONValue {
    ["exitCode": .integer(Int(code)), "message": .string(VisibleText.onLines(text))]
  }
}
