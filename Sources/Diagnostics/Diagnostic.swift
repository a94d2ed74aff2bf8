/// How much a diagnostic matters.
package enum Severity: String, Hashable, Sendable, CaseIterable {
  /// The text cannot be used.
  case error
  /// The text can be used, but likely does not say what its author means.
  case warning
  /// Information.
  case note
}

/// A further place that a diagnostic refers to.
package struct DiagnosticNote: Hashable, Sendable {
  /// What the place has to do with the problem.
  package let message: String
  /// The place.
  package let span: SourceSpan

  /// Makes a note.
  package init(_ message: String, at span: SourceSpan) {
    self.message = message
    self.span = span
  }
}

/// One replacement of a span by text.
package struct TextEdit: Hashable, Sendable {
  /// What is replaced; empty for an insertion.
  package let span: SourceSpan
  /// What replaces it.
  package let replacement: String

  /// Makes an edit.
  package init(span: SourceSpan, replacement: String) {
    self.span = span
    self.replacement = replacement
  }
}

/// A change of the text that removes the diagnostic.
package struct FixIt: Hashable, Sendable {
  /// What the change does, as an imperative.
  package let title: String
  /// The edits; they do not overlap.
  package let edits: [TextEdit]

  /// Makes a fix-it.
  package init(_ title: String, edits: [TextEdit]) {
    self.title = title
    self.edits = edits
  }

  /// Makes a fix-it of one replacement.
  package init(_ title: String, replace span: SourceSpan, with replacement: String) {
    self.init(title, edits: [TextEdit(span: span, replacement: replacement)])
  }

  /// The bytes of `file`, which has identity `source`, after the edits that concern it.
  ///
  /// Edits that overlap an earlier one or leave the file are skipped.
  package func applied(to file: SourceFile, source: SourceID) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    let concerned = edits.filter { $0.span.source == source }
    for edit in concerned.sorted(by: { $0.span.lower < $1.span.lower }) {
      guard edit.span.lower >= position, edit.span.upper <= file.utf8.count else { continue }
      result += file.utf8[position..<edit.span.lower]
      result += Array(edit.replacement.utf8)
      position = edit.span.upper
    }
    return result + file.utf8[position...]
  }
}

/// One message about a source text.
package struct Diagnostic: Hashable, Sendable {
  /// Which kind of problem it is.
  package let code: DiagnosticCode
  /// How much it matters.
  package let severity: Severity
  /// The problem: lower case, no full stop, user text in backticks.
  package let message: String
  /// The place of the problem.
  package let span: SourceSpan
  /// Further places.
  package let notes: [DiagnosticNote]
  /// What to do about it, if there is something to say.
  package let help: String?
  /// Changes that would remove it; each alone suffices.
  package let fixIts: [FixIt]

  /// Makes a diagnostic with the severity of its code.
  package init(
    _ code: DiagnosticCode, _ message: String, at span: SourceSpan, notes: [DiagnosticNote] = [],
    help: String? = nil, fixIts: [FixIt] = []
  ) {
    self.code = code
    self.severity = code.severity
    self.message = message
    self.span = span
    self.notes = notes
    self.help = help
    self.fixIts = fixIts
  }
}

extension Sequence<Diagnostic> {
  /// The diagnostics in order of file, place and code, without repetitions.
  package func inSourceOrder() -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    let unique = filter { seen.insert($0).inserted }
    return unique.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.span.source != b.span.source { return a.span.source < b.span.source }
      if a.span.lower != b.span.lower { return a.span.lower < b.span.lower }
      if a.code != b.code { return a.code.rawValue < b.code.rawValue }
      return left.offset < right.offset
    }.map(\.element)
  }

  /// Whether some diagnostic is an error.
  package var hasErrors: Bool { contains { $0.severity == .error } }
}
