import Certificates
import SeededDraws

/// Random JSON values and random spellings of them.
enum RandomJSON {
  private static let scalars: [Unicode.Scalar] =
    Array(
      "aZ09 _-\"\\/{}[]:,\u{0}\u{8}\u{9}\u{A}\u{C}\u{D}\u{1F}\u{7F}é\u{301}\u{FF}\u{20AC}\u{FB33}"
        .unicodeScalars)
    + ["\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{1F600}", "\u{10FFFF}"]

  static func text(_ generator: inout SeededGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      text.append(scalars.randomElement(using: &generator) ?? "a")
    }
    return String(text)
  }

  static func value(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2:
      return .integer(Int.random(in: -JSONValue.largestInteger...JSONValue.largestInteger, using: &generator))
    case 3: return .integer(Int.random(in: -20...20, using: &generator))
    case 4: return .string(text(&generator))
    case 5:
      let count = Int.random(in: 0...4, using: &generator)
      return .array((0..<count).map { _ in value(depth: depth - 1, &generator) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...5, using: &generator) {
        object[text(&generator)] = value(depth: depth - 1, &generator)
      }
      return .object(object)
    }
  }

  /// Another text of the same value: shuffled members, white space, surplus escapes.
  static func spelling(of value: JSONValue, _ generator: inout SeededGenerator) -> String {
    let space = ["", " ", "\n", "\t\r"].randomElement(using: &generator) ?? ""
    switch value {
    case .null: return space + "null" + space
    case .bool(let flag): return space + (flag ? "true" : "false") + space
    case .integer(let number): return space + String(number) + space
    case .string(let text): return space + spelling(of: text, &generator) + space
    case .array(let elements):
      return space + "[" + elements.map { spelling(of: $0, &generator) }.joined(separator: ",") + "]" + space
    case .object(let object):
      let members = object.members.shuffled(using: &generator).map {
        spelling(of: $0.name, &generator) + space + ":" + spelling(of: $0.value, &generator)
      }
      return space + "{" + space + members.joined(separator: "," + space) + "}" + space
    }
  }

  private static func spelling(of text: String, _ generator: inout SeededGenerator) -> String {
    var spelling = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
      if mustEscape || Bool.random(using: &generator) {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: Bool.random(using: &generator))
          spelling.append(
            contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
        }
      } else {
        spelling.append(scalar)
      }
    }
    spelling.append("\"")
    return String(spelling)
  }
}
