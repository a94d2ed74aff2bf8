import Certificates
import SeededDraws
import Tampering

/// Mutations of the statement as a value, of which every part may be anything.
enum StatementMutation {
  private static let words: [JSONValue?] = [
    nil, .null, 0, 1, -1, .integer(JSONValue.largestInteger), "", "x", [], .object([:]), true, false,
    "proved", "refuted",
    "supported", "unknown", "vacuous", "proof", "bound", "sampled", "derived", "real", "f32-any-order",
    "0x0p+0",
    "0x1p+0", "-0x1p+1023", "0x1.fffffffffffffp+1023", "nan", "inf", "1/2", "../x", "/x", "vnnlib-1.0",
    "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", [[[[[]]]]],
  ]

  /// Changes one or a few values.
  static func apply(to statement: JSONValue, _ generator: inout SeededGenerator) -> JSONValue {
    var statement = statement
    for _ in 0...(generator.once(in: 3) ? generator.below(4) : 0) {
      let paths = statement.paths
      guard let path = generator.pick(paths), let old = statement.value(at: path) else { return statement }
      let new: JSONValue?
      switch generator.below(4) {
      case 0: new = generator.pick(words) ?? nil
      case 1: new = generator.pick(paths).flatMap { statement.value(at: $0) }
      default: new = near(old, &generator)
      }
      try? statement.set(path, new)
    }
    return statement
  }

  /// A value of the same kind.
  private static func near(_ value: JSONValue, _ generator: inout SeededGenerator) -> JSONValue? {
    switch value {
    case .integer(let number): return .integer(number &+ generator.below(5) &- 2)
    case .bool(let flag): return .bool(!flag)
    case .string(let text):
      if let number = Double(text), text.hasPrefix("0x") || text.hasPrefix("-0x") {
        let changed = generator.double(near: number)
        return PropertyBounds(lower: changed, upper: nil)?.json.value(at: "lower") ?? "nan"
      }
      return .string(
        String(decoding: ByteMutation.apply(to: Array(text.utf8), donors: [], &generator), as: UTF8.self))
    case .array(var list):
      guard let place = generator.pick(Array(list.indices)) else { return [.null] }
      switch generator.below(3) {
      case 0: list.remove(at: place)
      case 1: list.append(list[place])
      default: list.swapAt(place, generator.below(list.count))
      }
      return .array(list)
    case .object(var object):
      guard let name = generator.pick(object.names) else { return nil }
      if generator.once(in: 2) {
        object[name] = nil
      } else {
        object[name + "x"] = object[name]
      }
      return .object(object)
    case .null: return 0
    }
  }
}
