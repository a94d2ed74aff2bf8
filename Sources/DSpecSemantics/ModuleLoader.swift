import DSpecSyntax
import Diagnostics

/// A file of a specification after parsing, with what its imports name.
struct LoadedModule {
  /// The path by which the loader knows it.
  let path: String
  let source: SourceID
  let syntax: FileSyntax
  /// What stands before the names of its declarations: empty for the root, else aliases with dots.
  var prefix: String
  /// The imported modules by alias; nil for an import that failed.
  var imports: [String: Int?] = [:]
  /// Where the aliases are written.
  var aliasSpans: [String: SourceSpan] = [:]

  /// The name of a declaration in the whole specification.
  func qualified(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }
}

/// Reads a root file and all that it imports.
struct ModuleLoader {
  private let loader: any SourceLoader
  private(set) var sources = SourceMap()
  private(set) var modules: [LoadedModule] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var indices: [String: Int] = [:]

  /// The greatest number of files of a specification.
  static let maximumFileCount = 1000

  init(_ loader: any SourceLoader) {
    self.loader = loader
  }

  /// Reads everything, breadth first, so that each file bears the shortest alias path as its prefix.
  mutating func load(root: String) {
    let path = SourcePath.resolve(root, from: "")
    guard let bytes = loader.bytes(at: path) else {
      let id = sources.add(SourceFile(name: path, utf8: []))
      diagnostics.append(
        Diagnostic(
          .unreadableImport, "cannot read `\(path)`", at: SourceSpan(source: id, lower: 0, upper: 0)))
      return
    }
    add(path: path, bytes: bytes, prefix: "")
    var next = 0
    while next < modules.count {
      loadImports(of: next)
      next += 1
    }
    reportCycles()
  }

  private mutating func add(path: String, bytes: [UInt8], prefix: String) {
    let file = SourceFile(name: path, utf8: bytes)
    let source = sources.add(file)
    let parsed = Parser.parse(file, source: source)
    diagnostics += parsed.diagnostics
    indices[path] = modules.count
    modules.append(LoadedModule(path: path, source: source, syntax: parsed.syntax, prefix: prefix))
    checkHeader(parsed, source: source)
  }

  private mutating func checkHeader(_ parsed: ParsedFile, source: SourceID) {
    guard let header = parsed.syntax.header else {
      // A file that cannot be read has other problems first, and its header may be among what was skipped.
      guard !parsed.diagnostics.hasErrors else { return }
      let start = SourceSpan(source: source, lower: 0, upper: 0)
      diagnostics.append(
        Diagnostic(
          .missingHeader, "the file does not say in which version of the language it is written",
          at: start, help: "begin it with `dspec 1.0`",
          fixIts: [FixIt("insert `dspec 1.0`", replace: start, with: "dspec 1.0\n")]))
      return
    }
    guard header.version != SpecificationChecker.languageVersion else { return }
    diagnostics.append(
      Diagnostic(
        .unsupportedVersion, "version `\(header.version)` of the language is not supported",
        at: header.span, help: "this program reads version `1.0`",
        fixIts: [FixIt("write `1.0`", replace: header.span, with: "1.0")]))
  }

  private mutating func loadImports(of index: Int) {
    for item in modules[index].syntax.imports {
      guard let alias = alias(of: item) else { continue }
      let span = item.alias?.span ?? item.targetSpan
      if let first = modules[index].aliasSpans[alias] {
        diagnostics.append(
          Diagnostic(
            .duplicateName, "two imports are called `\(alias)`", at: span,
            notes: [DiagnosticNote("first used here", at: first)], help: "give one of them another name"))
        continue
      }
      if Vocabulary.reservedNames.contains(alias) { reportReserved(alias, item, at: span) }
      modules[index].aliasSpans[alias] = span
      modules[index].imports[alias] = .some(load(item, alias: alias, from: index))
    }
  }

  private mutating func reportReserved(_ alias: String, _ item: ImportSyntax, at span: SourceSpan) {
    let target = sources.text(item.targetSpan)
    diagnostics.append(
      Diagnostic(
        .reservedName, "`\(alias)` has a meaning of its own in the language", at: span,
        help: item.alias == nil
          ? "give the import another name, as in `import \(target) as m`" : "choose another name"))
  }

  private mutating func alias(of item: ImportSyntax) -> String? {
    if let alias = item.alias { return alias.text }
    guard case .file(let path) = item.target else {
      guard case .module(let module) = item.target else { return nil }
      return module.names.last?.text
    }
    let stem = SourcePath.stem(path)
    let isName =
      stem.utf8.first.map { $0 == 0x5F || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A } ?? false
      && stem.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    if isName { return stem }
    diagnostics.append(
      Diagnostic(
        .unreadableImport, "the file name `\(stem)` cannot serve as a name", at: item.targetSpan,
        help: "name the import, as in `import \"\(path)\" as m`"))
    return nil
  }

  /// The path of the file that an import names, or nil after a report.
  private mutating func path(of item: ImportSyntax, from index: Int) -> (path: String, help: String)? {
    switch item.target {
    case .file(let relative):
      let path = SourcePath.resolve(relative, from: modules[index].path)
      return (path, "the path is taken from the folder of this file")
    case .module(let module):
      guard let path = SourcePath.standardLibrary(module.names.map(\.text)) else {
        diagnostics.append(
          Diagnostic(
            .unreadableImport, "there is no module `\(module.text)`", at: item.targetSpan,
            help: meant(by: module.text).map { "did you mean `\($0)`?" }
              ?? "modules of the standard library begin with `std.`; "
              + "import a file as in `import \"other.dspec\" as m`"))
        return nil
      }
      let meant = meant(by: module.text)
      return (
        path,
        "the standard library has no such module; "
          + (meant.map { "did you mean `\($0)`?" } ?? "`dspec doc modules` lists those it has")
      )
    }
  }

  /// The module of the standard library whose name, or whose last part of it, is nearest.
  private func meant(by name: String) -> String? {
    let known = loader.modules
    if let near = SpellingSuggestion.nearest(to: name, among: known) { return near }
    let last = name.split(separator: ".").last ?? ""
    return known.first { $0.split(separator: ".").last == last }
  }

  private func name(of item: ImportSyntax, path: String) -> String {
    switch item.target {
    case .file: "`\(path)`"
    case .module(let module): "the module `\(module.text)`"
    }
  }

  private mutating func load(_ item: ImportSyntax, alias: String, from index: Int) -> Int? {
    guard let (path, help) = path(of: item, from: index) else { return nil }
    if let known = indices[path] { return known }
    guard modules.count < Self.maximumFileCount, let bytes = loader.bytes(at: path) else {
      diagnostics.append(
        Diagnostic(
          .unreadableImport, "cannot read \(name(of: item, path: path))", at: item.targetSpan, help: help))
      return nil
    }
    add(path: path, bytes: bytes, prefix: modules[index].qualified(alias))
    return modules.count - 1
  }

  /// Reports each import that closes a cycle, found by a depth-first walk with an explicit stack.
  private mutating func reportCycles() {
    enum Mark { case open, done }
    var marks: [Int: Mark] = [:]
    var stack: [(module: Int, pending: [(alias: String, target: Int)])] = []
    func edges(_ module: Int) -> [(alias: String, target: Int)] {
      modules[module].imports.compactMap { alias, target in target.map { (alias, $0) } }
        .sorted { $0.0 > $1.0 }
    }
    guard !modules.isEmpty else { return }
    stack.append((0, edges(0)))
    marks[0] = .open
    while var top = stack.popLast() {
      guard let edge = top.pending.popLast() else {
        marks[top.module] = .done
        order.append(top.module)
        continue
      }
      stack.append(top)
      switch marks[edge.target] {
      case .done: continue
      case .open:
        if let span = modules[top.module].aliasSpans[edge.alias] {
          diagnostics.append(
            Diagnostic(
              .importCycle, "`\(modules[edge.target].path)` imports itself through this import", at: span,
              help: "move what both files need into a third one"))
        }
      case nil:
        marks[edge.target] = .open
        stack.append((edge.target, edges(edge.target)))
      }
    }
  }

  /// The modules with every imported module before those that import it.
  private(set) var order: [Int] = []
}
