/// A protocol buffer message put together by hand, so that the tests do not share the reader's schema.
struct Message {
  var bytes: [UInt8] = []

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  func int(_ field: Int, _ value: Int) -> Message {
    var copy = self
    copy.varint(UInt64(field << 3))
    copy.varint(UInt64(bitPattern: Int64(value)))
    return copy
  }

  func float(_ field: Int, _ value: Float) -> Message {
    var copy = self
    copy.varint(UInt64(field << 3 | 5))
    copy.bytes += Self.words([value.bitPattern])
    return copy
  }

  func block(_ field: Int, _ value: [UInt8]) -> Message {
    var copy = self
    copy.varint(UInt64(field << 3 | 2))
    copy.varint(UInt64(value.count))
    copy.bytes += value
    return copy
  }

  func text(_ field: Int, _ value: String) -> Message { block(field, Array(value.utf8)) }
  func message(_ field: Int, _ value: Message) -> Message { block(field, value.bytes) }
  func messages(_ field: Int, _ values: [Message]) -> Message {
    values.reduce(self) { $0.message(field, $1) }
  }

  static func words<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
    words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }
}

/// Pieces of ONNX files, with the field numbers of the specification.
enum ONNXPiece {
  static func floats(_ name: String, _ dims: [Int], _ values: [Float]) -> Message {
    dims.reduce(Message()) { $0.int(1, $1) }.int(2, 1).text(8, name)
      .block(9, Message.words(values.map(\.bitPattern)))
  }

  static func doubles(_ name: String, _ dims: [Int], _ values: [Double]) -> Message {
    dims.reduce(Message()) { $0.int(1, $1) }.int(2, 11).text(8, name)
      .block(9, Message.words(values.map(\.bitPattern)))
  }

  static func integers(_ name: String, _ dims: [Int], _ values: [Int]) -> Message {
    dims.reduce(Message()) { $0.int(1, $1) }.int(2, 7).text(8, name)
      .block(9, Message.words(values.map { UInt64(bitPattern: Int64($0)) }))
  }

  static func int(_ name: String, _ value: Int) -> Message {
    Message().text(1, name).int(3, value).int(20, 2)
  }
  static func real(_ name: String, _ value: Float) -> Message {
    Message().text(1, name).float(2, value).int(20, 1)
  }
  static func text(_ name: String, _ value: String) -> Message {
    Message().text(1, name).text(4, value).int(20, 3)
  }
  static func ints(_ name: String, _ values: [Int]) -> Message {
    values.reduce(Message().text(1, name)) { $0.int(8, $1) }.int(20, 7)
  }
  static func tensor(_ name: String, _ value: Message) -> Message {
    Message().text(1, name).message(5, value).int(20, 4)
  }

  static func node(
    _ operation: String, _ inputs: [String], _ output: String, _ attributes: [Message] = [],
    domain: String = ""
  ) -> Message {
    let message = node(operation, inputs, outputs: [output], attributes)
    return domain.isEmpty ? message : message.text(7, domain)
  }

  static func node(
    _ operation: String, _ inputs: [String], outputs: [String], _ attributes: [Message] = []
  ) -> Message {
    let named = inputs.reduce(Message()) { $0.text(1, $1) }
    return outputs.reduce(named) { $0.text(2, $1) }.text(4, operation).messages(5, attributes)
  }

  /// Quarters in a fixed disorder.
  static func ramp(_ count: Int, _ seed: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7 + seed * 3) % 11 - 5) / 4 }
  }

  /// A declaration; an extent of -1 is dynamic.
  static func info(_ name: String, _ extents: [Int], type: Int = 1) -> Message {
    let shape = extents.reduce(Message()) {
      $0.message(1, $1 < 0 ? Message().text(2, "N") : Message().int(1, $1))
    }
    return Message().text(1, name)
      .message(2, Message().message(1, Message().int(1, type).message(2, shape)))
  }

  static func model(
    _ nodes: [Message], inputs: [Message], outputs: [Message], weights: [Message] = [], operatorSet: Int = 13,
    format: Int = 7
  ) -> Message {
    let graph = Message().messages(1, nodes).text(2, "g").messages(5, weights).messages(11, inputs)
      .messages(12, outputs)
    return Message().int(1, format).message(7, graph).message(8, Message().int(2, operatorSet))
  }
}
