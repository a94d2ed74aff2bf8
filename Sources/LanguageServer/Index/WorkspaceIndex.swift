package import DSpecSemantics
import DSpecSyntax
import Diagnostics

/// The names of some documents and all that they import.
package struct WorkspaceIndex: Sendable {
  /// The documents by path.
  package private(set) var documents: [String: DocumentIndex] = [:]
  /// The names of each document that stand for symbols, in the order of the text.
  package private(set) var occurrences: [String: [Occurrence]] = [:]
  private var symbols: [SymbolKey: Symbol] = [:]

  /// The greatest number of documents.
  package static let maximumDocumentCount = 1000

  /// Makes an index of nothing.
  package init() {}

  /// Reads the documents at `roots` and all that they import; documents of `previous` whose bytes are
  /// the same are not read again.
  package init(roots: [String], loader: some SourceLoader, previous: WorkspaceIndex) {
    var pending = roots
    while let path = pending.popLast(), documents.count < Self.maximumDocumentCount {
      guard documents[path] == nil, let bytes = loader.bytes(at: path) else { continue }
      let known = previous.documents[path]
      let document = known?.file.utf8 == bytes ? known : nil
      let index = document ?? DocumentIndex(path: path, bytes: bytes)
      documents[path] = index
      pending += index.imports.values.sorted()
    }
    for document in documents.values {
      for symbol in document.symbols { symbols[symbol.key] = symbol }
    }
    for (path, document) in documents { occurrences[path] = resolveAll(document) }
  }

  /// The symbol of an identity.
  package func symbol(_ key: SymbolKey) -> Symbol? { symbols[key] }

  /// The name that stands for a symbol at `offset`; at the end of a name counts too.
  package func occurrence(at offset: Int, in path: String) -> Occurrence? {
    guard let found = occurrences[path] else { return nil }
    var low = 0
    var high = found.count
    while low < high {
      let middle = low + (high - low) / 2
      if found[middle].span.upper < offset { low = middle + 1 } else { high = middle }
    }
    // Two names may touch only if something of width one stands between them: take the one that begins here.
    guard low < found.count, found[low].span.lower <= offset else { return nil }
    if low + 1 < found.count, found[low + 1].span.lower == offset { return found[low + 1] }
    return found[low]
  }

  /// All names that stand for a symbol, by path in order.
  package func occurrences(of key: SymbolKey) -> [(path: String, occurrence: Occurrence)] {
    occurrences.keys.sorted().flatMap { path in
      (occurrences[path] ?? []).filter { $0.symbol == key }.map { (path, $0) }
    }
  }

  /// The symbols that a dotted name in a document goes through, as far as it can be followed.
  package func resolve(_ path: [String], in document: DocumentIndex) -> [Symbol] {
    guard let first = path.first, let symbol = document.globals[first] else { return [] }
    let rest = Array(path.dropFirst())
    switch symbol.kind {
    case .importAlias(let target, _):
      guard let name = rest.first, let other = documents[target] else { return [symbol] }
      // An import of an import is not visible.
      guard let found = other.globals[name] else { return [symbol] }
      if case .importAlias = found.kind { return [symbol] }
      return [symbol] + resolve(rest, in: other)
    case .declaration(.enum):
      guard let name = rest.first, let declaration = symbol.declaration,
        let item = document.cases[declaration]?[name]
      else { return [symbol] }
      return [symbol, item]
    default: return [symbol]
    }
  }

  /// The inputs of a sampler or network by name, those of a sampler as inputs of its denoiser if it has
  /// them too.
  func ports(of symbol: Symbol) -> [String: Symbol] {
    guard let document = documents[symbol.key.path], let declaration = symbol.declaration,
      let own = document.ports[declaration]
    else { return [:] }
    guard case .declaration(.sampler) = symbol.kind, let denoiser = document.denoisers[declaration],
      let network = resolve(denoiser.map(\.text), in: document).last,
      case .declaration(.network) = network.kind
    else { return own }
    let linked = ports(of: network)
    return own.merging(linked) { $1 }.filter { own[$0.key] != nil }
  }

  private func resolveAll(_ document: DocumentIndex) -> [Occurrence] {
    var found = document.variableUses
    var linked: [SymbolKey: SymbolKey] = [:]
    for symbol in document.symbols {
      guard case .declaration(.sampler) = symbol.kind else { continue }
      let canonical = ports(of: symbol)
      for (name, own) in symbol.declaration.flatMap({ document.ports[$0] }) ?? [:] {
        if let other = canonical[name], other.key != own.key { linked[own.key] = other.key }
      }
    }
    for symbol in document.symbols {
      let target = linked[symbol.key]
      found.append(
        Occurrence(span: symbol.span, symbol: target ?? symbol.key, isDefinition: target == nil))
    }
    for path in document.paths {
      for (name, symbol) in zip(path, resolve(path.map(\.text), in: document)) {
        found.append(Occurrence(span: name.span, symbol: symbol.key, isDefinition: false))
      }
    }
    for attribute in document.attributes {
      guard let sampler = resolve(attribute.sampler.map(\.text), in: document).last,
        let port = ports(of: sampler)[attribute.name.text]
      else { continue }
      found.append(Occurrence(span: attribute.name.span, symbol: port.key, isDefinition: false))
    }
    return found.sorted { ($0.span.lower, $0.span.upper) < ($1.span.lower, $1.span.upper) }
  }
}
