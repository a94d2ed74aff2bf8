/// One source text: its name, its bytes as they came, and where its lines start.
package struct SourceFile: Hashable, Sendable {
  /// The name to show, usually a path.
  package let name: String
  /// The bytes, which need not be valid UTF-8.
  package let utf8: [UInt8]
  /// The offset of the first byte of each line; never empty, first element 0.
  package let lineStarts: [Int]

  /// Makes a source file from its bytes.
  package init(name: String, utf8: [UInt8]) {
    self.name = name
    self.utf8 = utf8
    var starts = [0]
    for (offset, byte) in utf8.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// Makes a source file from text.
  package init(name: String, text: String) {
    self.init(name: name, utf8: Array(text.utf8))
  }

  /// The index, from 0, of the line that holds `offset`; offsets beyond the text give the last line.
  package func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The offsets of line `index` without its line terminator (`\n` or `\r\n`).
  package func lineRange(_ index: Int) -> Range<Int> {
    guard lineStarts.indices.contains(index) else { return utf8.count..<utf8.count }
    let lower = lineStarts[index]
    var upper = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : utf8.count
    if upper > lower, utf8[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
    return lower..<max(lower, upper)
  }

  /// The line and column of `offset`, both from 1; the column counts Unicode scalars.
  package func location(at offset: Int) -> SourceLocation {
    let bounded = min(max(0, offset), utf8.count)
    let line = lineIndex(at: bounded)
    let before = utf8[lineStarts[line]..<bounded]
    let column = String(decoding: before, as: UTF8.self).unicodeScalars.count
    return SourceLocation(line: line + 1, column: column + 1)
  }

  /// The text of a range of offsets, clamped to the file, with invalid bytes as U+FFFD.
  package func text(in range: Range<Int>) -> String {
    let lower = min(max(0, range.lowerBound), utf8.count)
    let upper = min(max(lower, range.upperBound), utf8.count)
    return String(decoding: utf8[lower..<upper], as: UTF8.self)
  }
}

/// A place for people: line and column, both from 1, the column in Unicode scalars.
package struct SourceLocation: Hashable, Sendable {
  /// The line, from 1.
  package let line: Int
  /// The column, from 1, in Unicode scalars.
  package let column: Int

  /// Makes a location.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
