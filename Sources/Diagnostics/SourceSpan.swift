/// The identity of one source file inside a `SourceMap`.
package struct SourceID: Hashable, Comparable, Sendable {
  /// The position of the file in its map, from 0.
  package let index: Int

  /// Makes the identity of the file at `index` of a map.
  package init(index: Int) {
    self.index = index
  }

  package static func < (left: SourceID, right: SourceID) -> Bool {
    left.index < right.index
  }
}

/// A half-open range of UTF-8 offsets `lower..<upper` in one source file.
///
/// Invariant: `0 <= lower <= upper`.
package struct SourceSpan: Hashable, Sendable {
  /// The file.
  package let source: SourceID
  /// The offset of the first byte.
  package let lower: Int
  /// The offset after the last byte.
  package let upper: Int

  /// Makes a span; offsets out of order or negative are clamped to an empty span.
  package init(source: SourceID, lower: Int, upper: Int) {
    self.source = source
    self.lower = max(0, lower)
    self.upper = max(self.lower, upper)
  }

  /// Whether the span covers no byte.
  package var isEmpty: Bool { lower == upper }

  /// The smallest span that covers both; the receiver where the files differ.
  package func union(_ other: SourceSpan) -> SourceSpan {
    guard other.source == source else { return self }
    return SourceSpan(source: source, lower: min(lower, other.lower), upper: max(upper, other.upper))
  }

  /// The empty span at the start.
  package var start: SourceSpan { SourceSpan(source: source, lower: lower, upper: lower) }

  /// The empty span at the end.
  package var end: SourceSpan { SourceSpan(source: source, lower: upper, upper: upper) }
}
