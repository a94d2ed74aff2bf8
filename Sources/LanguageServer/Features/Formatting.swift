extension Session {
  /// Answers `textDocument/formatting` with one edit of the lines that differ, or with none.
  func formatting(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(parameters)
    guard let format else { throw ResponseError(.methodNotFound, "this server has no formatter") }
    let old = document.map.bytes
    guard let text = format(String(decoding: old, as: UTF8.self)) else {
      throw ResponseError(.requestFailed, "the document has syntax errors and cannot be formatted")
    }
    let new = Array(text.utf8)
    guard new != old else { return [] }
    // Whole lines are replaced, so that no edit begins or ends within a character or a line end.
    let prefix = Self.commonLines(old, new)
    var suffix = 0
    let limit = min(old.count, new.count) - prefix
    var candidate = 0
    while candidate < limit, old[old.count - 1 - candidate] == new[new.count - 1 - candidate] {
      candidate += 1
      let (i, j) = (old.count - candidate, new.count - candidate)
      let beginsLine = (i == prefix || old[i - 1] == 0x0A) && (j == prefix || new[j - 1] == 0x0A)
      if beginsLine { suffix = candidate }
    }
    let replaced = prefix..<(old.count - suffix)
    return [
      [
        "range": document.map.range(replaced),
        "newText": .string(String(decoding: new[prefix..<(new.count - suffix)], as: UTF8.self)),
      ]
    ]
  }

  /// The length of the whole lines with which both texts begin.
  private static func commonLines(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var result = 0
    for (offset, (a, b)) in zip(left, right).enumerated() {
      guard a == b else { break }
      if a == 0x0A { result = offset + 1 }
    }
    return result
  }
}
