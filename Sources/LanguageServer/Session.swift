package import DSpecSemantics
import DSpecSyntax
import Diagnostics

/// The state of one client: a value that takes messages and gives messages, without input or output.
///
/// Positions are counted in UTF-16 code units, which every client understands. Answers depend on the
/// messages so far and the files that `disk` serves, and on nothing else.
package struct Session: Sendable {
  /// How far the life of the session is (LSP 3.17, lifecycle messages).
  package enum Phase: Hashable, Sendable {
    case uninitialized, running, shutDown
    /// The client asked to exit; the code is 0 after an orderly shutdown, else 1.
    case exited(code: Int32)
  }

  /// How far the life of the session is.
  package private(set) var phase = Phase.uninitialized
  /// The open documents by path.
  package internal(set) var documents: [String: OpenDocument] = [:]
  /// The names of the open documents and all that they import.
  package internal(set) var index = WorkspaceIndex()
  /// The results of checking each open document as the root of a specification, by path.
  var checks: [String: CheckedSpecification] = [:]
  /// The diagnostics that the client has, by path.
  var published: [String: JSONValue] = [:]
  var isIndexStale = false
  /// Whether the client shows symbols as a tree.
  private(set) var hasSymbolTree = false
  /// Whether the client fills in snippets.
  private(set) var hasSnippets = false
  /// The formatter: the new text, or nil where the text cannot be formatted.
  let format: (@Sendable (String) -> String?)?
  private let disk: any SourceLoader

  /// Begins a session over the files of `disk`; without `format` it offers no formatting.
  package init(disk: any SourceLoader, format: (@Sendable (String) -> String?)? = nil) {
    self.disk = disk
    self.format = format
  }

  /// The exit code of the process, once the client has asked to exit.
  package var exitCode: Int32? {
    if case .exited(let code) = phase { code } else { nil }
  }

  var loader: BufferFirstLoader { BufferFirstLoader(buffers: documents, disk: disk) }

  /// The address of a document, as the client writes it if it is open.
  func uri(of path: String) -> String { documents[path]?.uri ?? FileURI.uri(of: path) }

  /// Takes the content of a message and returns the messages to send.
  package mutating func handle(content: [UInt8]) -> [JSONValue] {
    do throws(JSONError) {
      return handle(try JSONParser.parse(content))
    } catch {
      let problem = ResponseError(.parseError, "no JSON text: \(error.message) at byte \(error.offset)")
      return [problem.response(to: .null)]
    }
  }

  /// Takes a message and returns the messages to send.
  package mutating func handle(_ message: JSONValue) -> [JSONValue] {
    let id = message["id"]
    let hasUsableID =
      switch id {
      case .integer, .number, .string: true
      default: false
      }
    guard message.objectValue != nil, id == nil || id == .null || hasUsableID else {
      return [ResponseError(.invalidRequest, "a message is an object with a proper id").response(to: .null)]
    }
    guard let method = message["method"]?.stringValue else {
      // A response; the server asks nothing, so there is nothing that it could answer.
      if message["method"] == nil, message["result"] != nil || message["error"] != nil { return [] }
      return [ResponseError(.invalidRequest, "a message needs a method").response(to: id ?? .null)]
    }
    let parameters = message["params"] ?? .null
    guard let id, hasUsableID else {
      return notify(method, parameters)
    }
    do throws(ResponseError) {
      return [["jsonrpc": "2.0", "id": id, "result": try answer(method, parameters)]]
    } catch {
      return [error.response(to: id)]
    }
  }
}

// MARK: Notifications

extension Session {
  private mutating func notify(_ method: String, _ parameters: JSONValue) -> [JSONValue] {
    if method == "exit" {
      phase = .exited(code: phase == .shutDown ? 0 : 1)
      return []
    }
    guard phase == .running else { return [] }
    switch method {
    case "textDocument/didOpen": return didOpen(parameters)
    case "textDocument/didChange": return didChange(parameters)
    case "textDocument/didClose": return didClose(parameters)
    case "textDocument/didSave", "workspace/didChangeWatchedFiles": return recheckAll()
    default: return []
    }
  }

  private mutating func didOpen(_ parameters: JSONValue) -> [JSONValue] {
    let item = parameters["textDocument"]
    guard let uri = item?["uri"]?.stringValue, let text = item?["text"]?.stringValue else {
      return [Self.complaint("a document was opened without an address or a text")]
    }
    let path = FileURI.path(of: uri)
    documents[path] = OpenDocument(uri: uri, version: item?["version"]?.integerValue, text: text)
    return recheck(after: path)
  }

  private mutating func didChange(_ parameters: JSONValue) -> [JSONValue] {
    guard let uri = parameters["textDocument"]?["uri"]?.stringValue,
      let changes = parameters["contentChanges"]?.arrayValue
    else { return [Self.complaint("a change has no address or no list of changes")] }
    let path = FileURI.path(of: uri)
    let version = parameters["textDocument"]?["version"]?.integerValue
    guard documents[path]?.apply(changes, version: version) == true else {
      return [Self.complaint("a change of `\(uri)` is malformed or the document is not open")]
    }
    return recheck(after: path)
  }

  private mutating func didClose(_ parameters: JSONValue) -> [JSONValue] {
    guard let uri = parameters["textDocument"]?["uri"]?.stringValue,
      documents.removeValue(forKey: FileURI.path(of: uri)) != nil
    else { return [] }
    checks[FileURI.path(of: uri)] = nil
    return recheck(after: FileURI.path(of: uri))
  }

  /// A message for the log of the client.
  private static func complaint(_ text: String) -> JSONValue {
    [
      "jsonrpc": "2.0", "method": "window/logMessage",
      "params": ["type": 1, "message": .string(text)],
    ]
  }
}

// MARK: Requests

extension Session {
  private mutating func answer(
    _ method: String, _ parameters: JSONValue
  ) throws(ResponseError) -> JSONValue {
    switch phase {
    case .uninitialized where method != "initialize":
      throw ResponseError(.serverNotInitialized, "`initialize` must come first")
    case .shutDown, .exited: throw ResponseError(.invalidRequest, "the server has been shut down")
    default: break
    }
    if isIndexStale { refreshIndex() }
    switch method {
    case "initialize": return try initialize(parameters)
    case "shutdown":
      phase = .shutDown
      return .null
    case "textDocument/hover": return try hover(parameters)
    case "textDocument/definition": return try definition(parameters)
    case "textDocument/references": return try references(parameters)
    case "textDocument/documentHighlight": return try highlights(parameters)
    case "textDocument/prepareRename": return try prepareRename(parameters)
    case "textDocument/rename": return try rename(parameters)
    case "textDocument/completion": return try completion(parameters)
    case "textDocument/formatting": return try formatting(parameters)
    case "textDocument/codeAction": return try codeActions(parameters)
    case "textDocument/semanticTokens/full": return try semanticTokens(parameters)
    case "textDocument/inlayHint": return try inlayHints(parameters)
    case "textDocument/documentSymbol": return try documentSymbols(parameters)
    default: throw ResponseError(.methodNotFound, "unknown method `\(method)`")
    }
  }

  private mutating func initialize(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    guard phase == .uninitialized else {
      throw ResponseError(.invalidRequest, "`initialize` may come only once")
    }
    let client = parameters["capabilities"]?["textDocument"]
    hasSymbolTree =
      client?["documentSymbol"]?["hierarchicalDocumentSymbolSupport"]?.booleanValue ?? false
    hasSnippets = client?["completion"]?["completionItem"]?["snippetSupport"]?.booleanValue ?? false
    phase = .running
    let full: JSONValue = ["legend": SemanticTokenLegend.json, "full": true]
    return [
      "capabilities": [
        "positionEncoding": "utf-16",
        "textDocumentSync": ["openClose": true, "change": 2, "save": true],
        "hoverProvider": true,
        "definitionProvider": true,
        "referencesProvider": true,
        "documentHighlightProvider": true,
        "renameProvider": ["prepareProvider": true],
        "completionProvider": ["triggerCharacters": [".", ":", "~"]],
        "documentFormattingProvider": .boolean(format != nil),
        "codeActionProvider": ["codeActionKinds": ["quickfix"]],
        "semanticTokensProvider": full,
        "inlayHintProvider": true,
        "documentSymbolProvider": true,
      ],
      "serverInfo": ["name": "dspec-lsp", "version": "1.0"],
    ]
  }

  mutating func refreshIndex() {
    index = WorkspaceIndex(roots: documents.keys.sorted(), loader: loader, previous: index)
    isIndexStale = false
  }

  /// The open document that a request names.
  func document(_ parameters: JSONValue) throws(ResponseError) -> DocumentIndex {
    guard let uri = parameters["textDocument"]?["uri"]?.stringValue else {
      throw ResponseError(.invalidParameters, "a request about a document needs its address")
    }
    let path = FileURI.path(of: uri)
    guard documents[path] != nil, let document = index.documents[path] else {
      throw ResponseError(.invalidParameters, "`\(uri)` is not open")
    }
    return document
  }

  /// The open document and the offset in it that a request names.
  func place(_ parameters: JSONValue) throws(ResponseError) -> (document: DocumentIndex, offset: Int) {
    let document = try document(parameters)
    guard let position = TextPosition(json: parameters["position"]) else {
      throw ResponseError(.invalidParameters, "a request about a place needs a position")
    }
    return (document, document.map.offset(of: position))
  }

  /// The name at the place that a request names and the symbol that it stands for.
  func symbol(
    _ parameters: JSONValue
  ) throws(ResponseError) -> (document: DocumentIndex, occurrence: Occurrence, symbol: Symbol)? {
    let (document, offset) = try place(parameters)
    guard let occurrence = index.occurrence(at: offset, in: document.path),
      let symbol = index.symbol(occurrence.symbol)
    else { return nil }
    return (document, occurrence, symbol)
  }

  /// A place in a document as a `Location`.
  func location(_ path: String, _ span: SourceSpan) -> JSONValue? {
    guard let document = index.documents[path] else { return nil }
    return ["uri": .string(uri(of: path)), "range": document.map.range(span)]
  }
}
