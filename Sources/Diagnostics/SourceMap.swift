/// The source files of one run, in the order in which they were added.
package struct SourceMap: Hashable, Sendable {
  /// The files; a file's position is its `SourceID`.
  package private(set) var files: [SourceFile] = []

  /// Makes an empty map.
  package init() {}

  /// Adds a file and returns its identity.
  package mutating func add(_ file: SourceFile) -> SourceID {
    files.append(file)
    return SourceID(index: files.count - 1)
  }

  /// The file of an identity, or nil where the map has none.
  package subscript(id: SourceID) -> SourceFile? {
    files.indices.contains(id.index) ? files[id.index] : nil
  }

  /// The text a span covers; empty where the map has no such file.
  package func text(_ span: SourceSpan) -> String {
    self[span.source]?.text(in: span.lower..<span.upper) ?? ""
  }
}
