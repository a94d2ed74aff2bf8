/// A position as the protocol counts: lines from 0, and UTF-16 code units from 0 within the line.
package struct TextPosition: Hashable, Comparable, Sendable {
  /// The line, from 0.
  package let line: Int
  /// The UTF-16 code units before the position in its line.
  package let character: Int

  /// Makes a position.
  package init(line: Int, character: Int) {
    self.line = line
    self.character = character
  }

  package static func < (left: TextPosition, right: TextPosition) -> Bool {
    (left.line, left.character) < (right.line, right.character)
  }
}

/// The correspondence between UTF-8 offsets of a text and positions of the protocol.
///
/// Lines end at `\n`, `\r\n` and `\r` (LSP 3.17, Text Documents). A byte that belongs to no UTF-8 sequence
/// counts as one code unit. Positions beyond a line or the text mean its end, a position between the
/// halves of a surrogate pair the start of the pair, and an offset within a sequence its start.
package struct PositionMap: Hashable, Sendable {
  /// The bytes of the text.
  package let bytes: [UInt8]
  private let lines: [Line]

  private struct Line: Hashable {
    /// The offsets without the line end.
    let range: Range<Int>
    /// Whether offsets and code units within the line agree.
    let isASCII: Bool
  }

  /// Reads the lines of a text.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var lines: [Line] = []
    var start = 0
    var offset = 0
    var isASCII = true
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      isASCII = isASCII && byte < 0x80
      guard byte == 0x0A || byte == 0x0D else { continue }
      lines.append(Line(range: start..<(offset - 1), isASCII: isASCII))
      isASCII = true
      if byte == 0x0D, offset < bytes.count, bytes[offset] == 0x0A { offset += 1 }
      start = offset
    }
    lines.append(Line(range: start..<bytes.count, isASCII: isASCII))
    self.lines = lines
  }

  /// The number of lines; a text without line ends has one.
  package var lineCount: Int { lines.count }

  /// The offset of a position.
  package func offset(of position: TextPosition) -> Int {
    guard position.line >= 0 else { return 0 }
    guard position.line < lines.count else { return bytes.count }
    let line = lines[position.line].range
    if lines[position.line].isASCII { return line.lowerBound + min(max(0, position.character), line.count) }
    var offset = line.lowerBound
    var units = 0
    while offset < line.upperBound {
      let scalar = Self.scalar(at: offset, in: bytes)
      guard units + scalar.units <= position.character else { break }
      offset += scalar.length
      units += scalar.units
    }
    return offset
  }

  /// The position of an offset; one within a line end is that of the end of the line.
  package func position(of offset: Int) -> TextPosition {
    let bounded = min(max(0, offset), bytes.count)
    let index = lineIndex(at: bounded)
    let line = lines[index].range
    let end = min(bounded, line.upperBound)
    if lines[index].isASCII { return TextPosition(line: index, character: end - line.lowerBound) }
    var position = line.lowerBound
    var units = 0
    while position < end {
      let scalar = Self.scalar(at: position, in: bytes)
      guard position + scalar.length <= end else { break }
      position += scalar.length
      units += scalar.units
    }
    return TextPosition(line: index, character: units)
  }

  private func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lines.count
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if lines[middle].range.lowerBound <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The length in bytes and in UTF-16 code units of the sequence at `offset` (Unicode, table 3-7).
  private static func scalar(at offset: Int, in bytes: [UInt8]) -> (length: Int, units: Int) {
    let first = bytes[offset]
    guard first >= 0xC2, first <= 0xF4 else { return (1, 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard offset + length <= bytes.count,
      bytes[(offset + 1)..<(offset + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
    else { return (1, 1) }
    let second = bytes[offset + 1]
    switch first {
    case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90,
      0xF4 where second > 0x8F:
      return (1, 1)
    default: return (length, length == 4 ? 2 : 1)
    }
  }
}
