/// DER by hand, so that tests can write what no library would.
enum DERWriter {
  static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    switch content.count {
    case ..<0x80: [tag, UInt8(content.count)] + content
    case ..<0x100: [tag, 0x81, UInt8(content.count)] + content
    default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }
  }

  static func sequence(_ parts: [UInt8]...) -> [UInt8] { value(0x30, parts.flatMap { $0 }) }

  /// A set in the order of its elements' bytes, as DER has it.
  static func set(_ parts: [[UInt8]], tag: UInt8 = 0x31) -> [UInt8] {
    value(tag, parts.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
  }

  static func tagged(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { value(0xA0 | number, content) }

  static func integer(_ number: UInt8) -> [UInt8] { value(0x02, [number]) }

  static func octets(_ bytes: [UInt8]) -> [UInt8] { value(0x04, bytes) }

  static func bits(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] { value(0x03, [unused] + bytes) }

  static func text(_ text: String) -> [UInt8] { value(0x0C, Array(text.utf8)) }

  static func time(_ text: String) -> [UInt8] { value(0x18, Array(text.utf8)) }

  static let yes: [UInt8] = [0x01, 0x01, 0xFF]

  /// An object identifier whose first two numbers are `first` and `second`.
  static func name(_ numbers: UInt...) -> [UInt8] {
    var content: [UInt8] = []
    for number in [numbers[0] * 40 + numbers[1]] + numbers.dropFirst(2) {
      var groups = [UInt8(number & 0x7F)]
      var rest = number >> 7
      while rest > 0 {
        groups.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
      }
      content += groups.reversed()
    }
    return value(0x06, content)
  }
}
