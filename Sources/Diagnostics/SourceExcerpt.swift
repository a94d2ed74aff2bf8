/// A line of source text with carets below the part that a span covers, clipped to a width.
struct SourceExcerpt {
  /// The line from 1.
  let line: Int
  /// The text to print.
  let text: String
  /// Spaces and carets to print below the text.
  let carets: String

  /// The excerpt of the first line of a span, at most about `width` columns wide.
  ///
  /// The window keeps the start of the span in view; `…` stands for what is cut on either side.
  init(of span: SourceSpan, in file: SourceFile, width: Int) {
    let start = min(span.lower, file.utf8.count)
    let index = file.lineIndex(at: start)
    let range = file.lineRange(index)
    line = index + 1
    let anchor = min(start, range.upperBound)
    let end = min(max(span.upper, anchor), range.upperBound)
    let before = Self.cells(file.utf8[range.lowerBound..<anchor])
    let marked = Self.cells(file.utf8[anchor..<end])
    let after = Self.cells(file.utf8[end..<range.upperBound])

    let limit = max(20, width)
    let total = Self.columns(before) + Self.columns(marked) + Self.columns(after)
    guard total > limit else {
      text = Self.join(before) + Self.join(marked) + Self.join(after)
      carets = Self.underline(after: Self.columns(before), width: Self.columns(marked))
      return
    }
    let lead = Self.suffix(before, columns: limit / 3)
    let body = Self.prefix(marked, columns: limit - Self.columns(lead))
    let remaining = limit - Self.columns(lead) - Self.columns(body)
    let tail = body.count == marked.count ? Self.prefix(after, columns: remaining) : []
    let isCutLeft = lead.count < before.count
    let isCutRight = body.count < marked.count || tail.count < after.count
    text =
      (isCutLeft ? "…" : "") + Self.join(lead) + Self.join(body) + Self.join(tail) + (isCutRight ? "…" : "")
    carets = Self.underline(
      after: Self.columns(lead) + (isCutLeft ? 1 : 0), width: Self.columns(body))
  }

  private static func underline(after lead: Int, width: Int) -> String {
    String(repeating: " ", count: lead) + String(repeating: "^", count: max(1, width))
  }

  private static func cells(_ bytes: ArraySlice<UInt8>) -> [DisplayCell] {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.map(DisplayCell.init)
  }

  private static func columns(_ cells: some Sequence<DisplayCell>) -> Int {
    cells.reduce(0) { $0 + $1.width }
  }

  private static func join(_ cells: some Sequence<DisplayCell>) -> String {
    cells.map(\.text).joined()
  }

  private static func prefix(_ cells: [DisplayCell], columns limit: Int) -> ArraySlice<DisplayCell> {
    var used = 0
    return cells.prefix { cell in
      used += cell.width
      return used <= limit
    }
  }

  private static func suffix(_ cells: [DisplayCell], columns limit: Int) -> ArraySlice<DisplayCell> {
    cells.suffix(prefix(cells.reversed(), columns: limit).count)
  }
}
