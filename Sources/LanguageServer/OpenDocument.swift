/// A document that the client has opened.
package struct OpenDocument: Hashable, Sendable {
  /// The address as the client writes it.
  package let uri: String
  /// The version that the client gave to the text.
  package private(set) var version: Int?
  /// The text.
  package private(set) var map: PositionMap

  /// Opens a document.
  package init(uri: String, version: Int?, text: String) {
    self.uri = uri
    self.version = version
    map = PositionMap(Array(text.utf8))
  }

  /// The bytes of the text.
  package var bytes: [UInt8] { map.bytes }

  /// Applies the changes of a `didChange` notification in order, each to the text that the one before it
  /// made; false, and nothing changed, if one of them is malformed.
  package mutating func apply(_ changes: [JSONValue], version: Int?) -> Bool {
    var changed = map
    for change in changes {
      guard let text = change["text"]?.stringValue else { return false }
      guard let range = change["range"], range != .null else {
        changed = PositionMap(Array(text.utf8))
        continue
      }
      guard let start = TextPosition(json: range["start"]), let end = TextPosition(json: range["end"])
      else { return false }
      let lower = changed.offset(of: min(start, end))
      let upper = max(lower, changed.offset(of: max(start, end)))
      var bytes = changed.bytes
      bytes.replaceSubrange(lower..<upper, with: Array(text.utf8))
      changed = PositionMap(bytes)
    }
    map = changed
    self.version = version ?? self.version
    return true
  }
}
