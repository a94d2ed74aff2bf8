package import Diagnostics

/// A place in a source file for people and for programs; lines and columns count from 1, columns in Unicode scalars.
package struct SourcePlace: Hashable, Sendable {
  /// Name of the file within the bundle.
  package let file: String
  /// Where it starts.
  package let start: SourceLocation
  /// The location after its end.
  package let end: SourceLocation

  /// The place of a span; nil where the map has no such file.
  package init?(_ span: SourceSpan, in sources: SourceMap) {
    guard let source = sources[span.source] else { return nil }
    self.init(span.lower..<span.upper, of: source)
  }

  /// The first line of a file, for what speaks of the whole file.
  package init(firstLineOf source: SourceFile) {
    self.init(source.lineRange(0), of: source)
  }

  private init(_ range: Range<Int>, of source: SourceFile) {
    file = source.name
    start = source.location(at: range.lowerBound)
    end = source.location(at: range.upperBound)
  }
}
