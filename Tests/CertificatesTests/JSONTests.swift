import Certificates
import SeededDraws
import Testing

private func canonical(_ text: String) throws -> String {
  String(decoding: try JSONValue.parse(Array(text.utf8)).canonicalBytes(), as: UTF8.self)
}

private func code(_ bytes: [UInt8], limits: JSONLimits = .standard) -> JSONError.Code? {
  do {
    _ = try JSONValue.parse(bytes, limits: limits)
    return nil
  } catch {
    return error.code
  }
}

@Suite struct CanonicalJSONTests {
  @Test(arguments: [
    ("{}", "{}"), (" [ ] ", "[]"),
    ("\t{ \"b\" : 1 ,\n\"a\":[true,false,null]}\r", "{\"a\":[true,false,null],\"b\":1}"),
    // Escapes of RFC 8785 section 3.2.2.2: two-letter forms, lower-case hex, nothing else.
    ("\"\\u0008\\u0009\\u000a\\u000C\\u000D\\u0022\\u005C\"", "\"\\b\\t\\n\\f\\r\\\"\\\\\""),
    ("\"\\u0000\\u001F\\u007f\\/\\u2028\"", "\"\\u0000\\u001f\u{7F}/\u{2028}\""),
    ("\"\\u20AC \\ud83d\\ude00\"", "\"€ 😀\""),
    ("[0,-1,9007199254740991,-9007199254740991]", "[0,-1,9007199254740991,-9007199254740991]"),
    // Names order by UTF-16 code units: a surrogate pair (0xD83D…) comes before U+FB33, though its scalar is larger.
    (
      "{\"\u{FB33}\":1,\"\u{1F600}\":2,\"\u{20AC}\":3,\"\\r\":4,\"1\":5,\"\u{80}\":6,\"ö\":7}",
      "{\"\\r\":4,\"1\":5,\"\u{80}\":6,\"ö\":7,\"€\":3,\"😀\":2,\"\u{FB33}\":1}"
    ),
    ("{\"aa\":1,\"a\":2,\"\":3,\"B\":4}", "{\"\":3,\"B\":4,\"a\":2,\"aa\":1}"),
    // Canonically equivalent names are two names, and stay as spelled.
    ("{\"\u{E9}\":1,\"e\u{301}\":2}", "{\"e\u{301}\":2,\"\u{E9}\":1}"),
  ])
  func canonicalForm(text: String, expected: String) throws {
    #expect(Array(try canonical(text).utf8) == Array(expected.utf8))
  }

  @Test func everySpellingHasOneCanonicalForm() throws {
    var generator = SeededGenerator(seed: 8785)
    for _ in 0..<1500 {
      let value = RandomJSON.value(depth: 4, &generator)
      let bytes = try value.canonicalBytes()
      #expect(try JSONValue.parse(bytes) == value)
      let other = try JSONValue.parse(Array(RandomJSON.spelling(of: value, &generator).utf8))
      #expect(other == value)
      #expect(other.hashValue == value.hashValue)
      #expect(try other.canonicalBytes() == bytes)
    }
  }

  @Test func integersOutsideTheRangeAreNotWritten() {
    for number in [JSONValue.largestInteger + 1, -JSONValue.largestInteger - 1, Int.max, Int.min] {
      #expect(throws: JSONError.self) { try JSONValue.integer(number).canonicalBytes() }
    }
  }

  @Test func deepValuesAreNotWritten() throws {
    var value: JSONValue = .null
    for _ in 0..<64 { value = .array([value]) }
    #expect(try value.canonicalBytes().count == 132)
    #expect(throws: JSONError.self) { try JSONValue.array([value]).canonicalBytes() }
  }
}

@Suite struct JSONParserTests {
  @Test(arguments: [
    ("{\"a\":1,\"a\":1}", JSONError.Code.duplicateKey), ("{\"a\":1,\"\\u0061\":2}", .duplicateKey),
    ("[{\"x\":{\"k\":0,\"j\":1,\"k\":0}}]", .duplicateKey), ("{\"\":1,\"\":1}", .duplicateKey),
    ("{\"\\ud83d\\ude00\":1,\"😀\":1}", .duplicateKey),
    ("\u{FEFF}{}", .byteOrderMark), ("NaN", .nonFinite), ("[Infinity]", .nonFinite),
    ("-Infinity", .nonFinite),
    ("9007199254740992", .integerRange), ("-9007199254740992", .integerRange),
    ("123456789012345678901234567890", .integerRange), ("1.0", .number), ("1e3", .number), ("0E0", .number),
    ("-0", .number), ("123456789012345678901234567890.5", .number), ("01", .syntax), ("-01", .syntax),
    ("00", .syntax), ("+1", .syntax), (".5", .syntax), ("-", .truncated), ("- 1", .syntax),
    ("0x1", .trailingData),
    ("", .truncated), ("  ", .truncated), ("[", .truncated), ("[1", .truncated), ("[1,", .truncated),
    ("{", .truncated), ("{\"a", .truncated), ("{\"a\"", .truncated), ("{\"a\":", .truncated),
    ("tru", .truncated),
    ("\"\\", .truncated), ("\"\\u12", .truncated), ("\"\\ud800", .truncated), ("\"\\ud800\\", .truncated),
    ("[1,]", .syntax), ("{\"a\":1,}", .syntax), ("{a:1}", .syntax), ("{'a':1}", .syntax), ("[1 2]", .syntax),
    ("{\"a\" 1}", .syntax), ("True", .syntax), ("nul1", .syntax), ("\"\\x\"", .syntax),
    ("\"\\u00g0\"", .syntax),
    ("\"\n\"", .syntax), ("\"\u{0}\"", .syntax), ("\u{A0}1", .syntax), ("// c\n1", .syntax),
    ("{} {}", .trailingData), ("1 2", .trailingData), ("[]]", .trailingData), ("null\u{0}", .trailingData),
    ("\"\\ud800\"", .surrogate), ("\"\\udc00\"", .surrogate), ("\"\\ud800\\ud800\"", .surrogate),
    ("\"\\ud800x\"", .surrogate), ("\"\\ud800\\n\"", .surrogate), ("\"\\udc00\\ud800\"", .surrogate),
  ])
  func refusesText(text: String, expected: JSONError.Code) {
    #expect(code(Array(text.utf8)) == expected)
  }

  @Test(
    arguments: [
      [0xFF], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC1, 0xBF, 0x22], [0x22, 0xE0, 0x80, 0x80, 0x22],
      [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xED, 0xBF, 0xBF, 0x22], [0x22, 0xF0, 0x80, 0x80, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22],
      [0x22, 0xE2, 0x82], [0x22, 0xC3, 0x22], [0xFE, 0xFF, 0x00, 0x22],
    ] as [[UInt8]])
  func refusesBytes(bytes: [UInt8]) {
    #expect(code(bytes) == .notUTF8)
  }

  @Test func offsetsPointAtTheProblem() {
    #expect(throws: JSONError(.duplicateKey, at: 8, "the object names `a` twice")) {
      try JSONValue.parse(Array("{\"a\": 1,\"a\":2}".utf8))
    }
    #expect(throws: JSONError(.notUTF8, at: 2, "the text is not valid UTF-8")) {
      try JSONValue.parse([0x22, 0x61, 0xFF, 0x22])
    }
  }

  @Test func depthAndSizeAreBounded() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(code(nested(64)) == nil)
    #expect(code(nested(65)) == .depth)
    #expect(code(nested(1_000_000)) == .depth)
    #expect(code(Array(String(repeating: "{\"a\":", count: 10_000).utf8)) == .depth)
    #expect(code(Array("[1]".utf8), limits: JSONLimits(bytes: 2)) == .size)
    #expect(code(Array("[[]]".utf8), limits: JSONLimits(depth: 1)) == .depth)
  }

  @Test func mutatedTextNeverTrapsAndNeverMakesTwoReadings() throws {
    var generator = SeededGenerator(seed: 7493)
    var accepted = 0
    for _ in 0..<6000 {
      let value = RandomJSON.value(depth: 3, &generator)
      var bytes = Array(RandomJSON.spelling(of: value, &generator).utf8)
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
        case 1 where position < bytes.count: bytes.remove(at: position)
        case 2 where position < bytes.count:
          bytes[position] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 3: bytes.removeSubrange(position...)
        default:
          let other = Int.random(in: 0...bytes.count, using: &generator)
          bytes.insert(contentsOf: bytes[min(position, other)..<max(position, other)], at: position)
        }
      }
      guard let parsed = try? JSONValue.parse(bytes) else { continue }
      accepted += 1
      #expect(try JSONValue.parse(try parsed.canonicalBytes()) == parsed)
    }
    #expect(accepted > 200)
  }

  @Test func objectsKeepOrderAndDistinguishScalars() {
    var object: JSONObject = ["b": 1, "a": 2]
    object["c"] = 3
    object["b"] = 4
    #expect(object.names == ["b", "a", "c"])
    #expect(object["b"] == 4)
    object["a"] = nil
    #expect(object.count == 2)
    object["\u{E9}"] = 1
    object["e\u{301}"] = 2
    #expect(object.count == 4)
    #expect(JSONObject([("x", 1), ("y", 2)]) == JSONObject([("y", 2), ("x", 1)]))
    #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
  }
}
