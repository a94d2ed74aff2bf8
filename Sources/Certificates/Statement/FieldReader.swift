/// Strict access to the members of one object: every member must be expected, every required one present.
struct FieldReader {
  let place: String
  private let object: JSONObject

  /// Opens an object.
  ///
  /// - Throws: `CertificateError` FIELD_TYPE, UNKNOWN_FIELD or FIELD_MISSING.
  init(
    _ value: JSONValue, at place: String, fields: [String], optional: [String] = []
  ) throws(CertificateError) {
    guard let object = value.objectValue else {
      throw Self.wrongKind(place, wanted: "an object", found: value)
    }
    for name in object.names where !fields.contains(name) && !optional.contains(name) {
      throw CertificateError(
        .unknownField, at: "\(place).\(name)", "the field is not part of the format",
        fix: "use a checker that knows it, or put it under `extensions`")
    }
    for name in fields where object[name] == nil {
      throw CertificateError(
        .missingField, at: "\(place).\(name)", "the field is required and absent",
        fix: "obtain the certificate again from its issuer")
    }
    self.place = place
    self.object = object
  }

  func has(_ name: String) -> Bool { object[name] != nil }

  func at(_ name: String) -> String { "\(place).\(name)" }

  func refuse(_ code: CertificateError.Code, _ name: String, _ message: String) -> CertificateError {
    CertificateError(code, at: at(name), message, fix: "obtain the certificate again from its issuer")
  }

  static func wrongKind(_ place: String, wanted: String, found: JSONValue) -> CertificateError {
    CertificateError(
      .fieldKind, at: place, "expected \(wanted), found \(found.kind)",
      fix: "obtain the certificate again from its issuer")
  }

  func value(_ name: String) -> JSONValue { object[name] ?? .null }

  /// Text without control characters other than line breaks and tabs.
  func string(_ name: String) throws(CertificateError) -> String {
    try Self.string(value(name), at: at(name))
  }

  static func string(_ value: JSONValue, at place: String) throws(CertificateError) -> String {
    guard let text = value.stringValue else { throw wrongKind(place, wanted: "a string", found: value) }
    guard VisibleText.isClean(text, allowingLineBreaks: true) else {
      throw CertificateError(
        .fieldValue, at: place, "the text has control characters or turns the direction of writing",
        fix: "remove them")
    }
    return text
  }

  /// An integer from 0 to 2^53 − 1.
  func count(_ name: String) throws(CertificateError) -> Int {
    try Self.count(value(name), at: at(name))
  }

  static func count(_ value: JSONValue, at place: String) throws(CertificateError) -> Int {
    guard let number = value.integerValue else { throw wrongKind(place, wanted: "an integer", found: value) }
    guard number >= 0 else {
      throw CertificateError(.fieldValue, at: place, "the number is negative", fix: "give zero or more")
    }
    return number
  }

  func flag(_ name: String) throws(CertificateError) -> Bool {
    guard let flag = value(name).boolValue else {
      throw Self.wrongKind(at(name), wanted: "a truth value", found: value(name))
    }
    return flag
  }

  func list<Element>(
    _ name: String, _ decode: (JSONValue, String) throws(CertificateError) -> Element
  ) throws(CertificateError) -> [Element] {
    guard let elements = value(name).arrayValue else {
      throw Self.wrongKind(at(name), wanted: "an array", found: value(name))
    }
    var list: [Element] = []
    for (position, element) in elements.enumerated() {
      list.append(try decode(element, "\(at(name))[\(position)]"))
    }
    return list
  }

  /// A list that is left out where it is empty.
  func someOf<Element>(
    _ name: String, _ decode: (JSONValue, String) throws(CertificateError) -> Element
  ) throws(CertificateError) -> [Element] {
    guard has(name) else { return [] }
    let elements = try list(name, decode)
    guard !elements.isEmpty else { throw refuse(.fieldValue, name, "an empty list is left out") }
    return elements
  }

  func strings(_ name: String) throws(CertificateError) -> [String] {
    try list(name) { (value, place) throws(CertificateError) in try Self.string(value, at: place) }
  }

  /// An object of strings whose names are printable ASCII.
  func stringMap(_ name: String) throws(CertificateError) -> [String: String] {
    guard let object = value(name).objectValue else {
      throw Self.wrongKind(at(name), wanted: "an object", found: value(name))
    }
    var map: [String: String] = [:]
    for member in object.members {
      // ASCII names cannot be merged by the canonical equivalence of dictionary keys.
      guard !member.name.isEmpty, member.name.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        throw refuse(.fieldValue, name, "a name has characters outside printable ASCII")
      }
      map[member.name] = try Self.string(member.value, at: "\(at(name)).\(member.name)")
    }
    return map
  }

  func digest(_ name: String) throws(CertificateError) -> ContentDigest {
    try Self.digest(value(name), at: at(name))
  }

  static func digest(_ value: JSONValue, at place: String) throws(CertificateError) -> ContentDigest {
    guard let digest = ContentDigest(hex: try string(value, at: place)) else {
      throw CertificateError(
        .fieldValue, at: place, "a digest has 64 lower-case hexadecimal digits",
        fix: "obtain the certificate again from its issuer")
    }
    return digest
  }

  func path(_ name: String) throws(CertificateError) -> RelativePath {
    let text = value(name)
    guard let string = text.stringValue else {
      throw Self.wrongKind(at(name), wanted: "a string", found: text)
    }
    guard let path = RelativePath(string) else {
      throw refuse(
        .path, name, "the text is not a relative path without `..`, `\\`, `:` or control characters")
    }
    return path
  }

  func timestamp(_ name: String) throws(CertificateError) -> Timestamp {
    guard let moment = Timestamp(try string(name)) else {
      throw refuse(.fieldValue, name, "a time reads like `2026-11-22T20:00:00Z`")
    }
    return moment
  }

  func word<Word: RawRepresentable<String> & CaseIterable>(_ name: String) throws(CertificateError) -> Word {
    let text = try string(name)
    guard let word = Word(rawValue: text), word.rawValue.utf8.elementsEqual(text.utf8) else {
      let known = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      throw refuse(.fieldValue, name, "`\(text)` is none of \(known)")
    }
    return word
  }

  func hexFloat(_ name: String) throws(CertificateError) -> Double {
    try Self.hexFloat(value(name), at: at(name))
  }

  static func hexFloat(_ value: JSONValue, at place: String) throws(CertificateError) -> Double {
    let text = try string(value, at: place)
    do {
      return try HexFloat.value(text)
    } catch {
      switch error {
      case .nonFinite:
        throw CertificateError(
          .nonFinite, at: place, "the number is not finite or is minus zero",
          fix: "leave an unknown bound out")
      case .spelling:
        throw CertificateError(
          .number, at: place, "`\(text.prefix(40))` is not the one spelling of a double",
          fix: "write it like `0x1.8p-3`")
      }
    }
  }
}
