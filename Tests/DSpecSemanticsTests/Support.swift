import DSpecSemantics
import Diagnostics
import RigorousArithmetic
import Testing

/// Checks one text, with further files beside it.
func check(
  _ text: String, files: [String: String] = [:], parameters: [String: String] = [:]
) -> CheckedSpecification {
  SpecificationChecker.check(
    root: "t.dspec", loader: InMemoryLoader(files.merging(["t.dspec": text]) { $1 }), parameters: parameters)
}

/// The exact number of a decimal literal.
func q(_ text: String) -> Rational {
  Rational(decimal: text) ?? Rational(0)
}

/// The specification of a text that has no errors.
func spec(_ text: String, parameters: [String: String] = [:]) throws -> TypedSpec {
  let checked = check(text, parameters: parameters)
  let messages = TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
  return try #require(checked.spec, "\(messages)")
}

/// A text without its markers, and the diagnostics that the markers announce.
///
/// A marker `⟪D0301⟫` announces a diagnostic of that code whose span starts right after it.
func readMarkers(_ marked: String) -> (text: String, expected: [String]) {
  var text = ""
  var expected: [String] = []
  var rest = marked[...]
  while let open = rest.firstIndex(of: "⟪"), let close = rest[open...].firstIndex(of: "⟫") {
    text += rest[..<open]
    expected.append("\(rest[rest.index(after: open)..<close])@\(text.utf8.count)")
    rest = rest[rest.index(after: close)...]
  }
  return (text + rest, expected.sorted())
}

/// Diagnostics in the form of `readMarkers`.
func summary(_ diagnostics: [Diagnostic]) -> [String] {
  diagnostics.map { "\($0.code.rawValue)@\($0.span.lower)" }.sorted()
}
