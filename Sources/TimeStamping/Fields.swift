import Certificates
import SwiftASN1

/// Why DER is not the structure that was expected.
struct Malformed: Error {
  let words: String

  init(_ words: String) { self.words = words }
}

/// The parts of a constructed DER value, taken one after another; what is left over at the end is an error.
struct Fields {
  private let name: String
  private var nodes: [ASN1Node]
  private var position = 0

  /// Opens a value.
  ///
  /// - Parameter name: What it is, for messages.
  init(_ node: ASN1Node, _ name: String, identifier: ASN1Identifier = .sequence) throws {
    guard node.identifier == identifier, case .constructed(let parts) = node.content else {
      throw Malformed("\(name) is not where it should be")
    }
    self.name = name
    nodes = Array(parts)
  }

  /// Opens DER bytes.
  init(der bytes: [UInt8], _ name: String) throws {
    let node: ASN1Node
    do {
      node = try DER.parse(bytes)
    } catch {
      throw Malformed("\(name) is not DER")
    }
    try self.init(node, name)
  }

  /// The next part, whatever it is.
  mutating func next() throws -> ASN1Node {
    guard position < nodes.count else { throw Malformed("\(name) ends early") }
    defer { position += 1 }
    return nodes[position]
  }

  /// The next part where it has the identifier.
  mutating func optional(_ identifier: ASN1Identifier) -> ASN1Node? {
    guard position < nodes.count, nodes[position].identifier == identifier else { return nil }
    defer { position += 1 }
    return nodes[position]
  }

  /// The next part where it has the context-specific tag.
  mutating func optional(tag: UInt) -> ASN1Node? {
    optional(ASN1Identifier(tagWithNumber: tag, tagClass: .contextSpecific))
  }

  /// The next part as a value of the library.
  mutating func value<Value: DERParseable>(_: Value.Type = Value.self) throws -> Value {
    let node = try next()
    do {
      return try Value(derEncoded: node)
    } catch {
      throw Malformed("\(name) holds something of another kind")
    }
  }

  /// The next part opened.
  mutating func fields(_ name: String, identifier: ASN1Identifier = .sequence) throws -> Fields {
    try Fields(try next(), name, identifier: identifier)
  }

  /// The content of an explicit tag.
  static func inside(_ node: ASN1Node, _ name: String) throws -> ASN1Node {
    var fields = try Fields(node, name, identifier: node.identifier)
    let content = try fields.next()
    try fields.end()
    return content
  }

  /// Whether all parts were taken.
  var isAtEnd: Bool { position == nodes.count }

  /// The number of parts left.
  var left: Int { nodes.count - position }

  /// Refuses parts that were not taken.
  func end() throws {
    guard isAtEnd else { throw Malformed("\(name) holds more than it should") }
  }
}

extension ASN1Node {
  /// The content of a primitive value.
  func primitive(_ name: String) throws -> [UInt8] {
    guard case .primitive(let bytes) = content else { throw Malformed("\(name) is not primitive") }
    return Array(bytes)
  }
}

/// An algorithm with its parameters.
struct AlgorithmIdentifier: Equatable {
  let name: ASN1ObjectIdentifier
  /// DER of the parameters; nil where they are absent.
  let parameters: ASN1Node?

  init(_ node: ASN1Node) throws {
    var fields = try Fields(node, "an algorithm")
    name = try fields.value()
    parameters = fields.isAtEnd ? nil : try fields.next()
    try fields.end()
  }

  static func == (left: AlgorithmIdentifier, right: AlgorithmIdentifier) -> Bool {
    left.name == right.name && left.parameters?.encodedBytes == right.parameters?.encodedBytes
  }

  /// Whether the parameters are absent or NULL.
  var isPlain: Bool { parameters.map { $0.identifier == .null } ?? true }
}
