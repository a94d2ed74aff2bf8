/// An import declaration of a source file.
struct ImportDeclaration: Hashable {
  /// Target whose file it is in.
  let target: String
  /// Path of the file, relative to the repository.
  let file: String
  /// What is imported.
  let module: String

  /// Every import of every target under `Sources`, in the order of the files.
  ///
  /// - Throws: the file system's error.
  static func all() throws -> [ImportDeclaration] {
    let reader = ImportReader()
    return try SourceTree.folders(in: "Sources").flatMap { target in
      try SourceTree.swiftFiles(in: "Sources/\(target)").flatMap { file in
        try SourceTree.text(file).split(whereSeparator: \.isNewline).compactMap { line in
          reader.module(in: line).map { ImportDeclaration(target: target, file: file, module: $0) }
        }
      }
    }
  }
}

/// Reads import declarations; made once for many lines, since a pattern is compiled at its first use.
struct ImportReader {
  private let declaration =
    /\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:typealias|struct|class|actor|enum|protocol|let|var|func)\s+)?(\w+).*/

  /// The module that a line imports; nil where the line is no import.
  func module(in line: Substring) -> String? {
    line.wholeMatch(of: declaration).map { String($0.1) }
  }
}

/// A directed graph on names.
struct ImportGraph {
  private let successors: [String: [String]]

  /// The graph with these arrows.
  init(_ arrows: [String: Set<String>]) {
    successors = arrows.mapValues { $0.sorted() }
  }

  /// The graph of the imports.
  init(_ imports: [ImportDeclaration]) {
    var arrows: [String: Set<String>] = [:]
    for item in imports { arrows[item.target, default: []].insert(item.module) }
    self.init(arrows)
  }

  /// A shortest chain of arrows from `start` to each name that it reaches, `start` at its head.
  func chains(from start: String) -> [String: [String]] {
    var chains = [start: [start]]
    var queue = [start][...]
    while let name = queue.popFirst() {
      for next in successors[name] ?? [] where chains[next] == nil {
        chains[next] = (chains[name] ?? []) + [next]
        queue.append(next)
      }
    }
    return chains
  }

  /// A cycle, its first name repeated at its end; nil where there is none.
  var cycle: [String]? {
    for name in successors.keys.sorted() {
      for next in successors[name] ?? [] {
        if let back = chains(from: next)[name] { return [name] + back }
      }
    }
    return nil
  }
}
