/// Something the verdicts rest on.
package struct Assumption: Hashable, Sendable {
  /// A short name, unique in the certificate.
  package let id: String
  /// The assumption in words.
  package let text: String
  /// Whether it was shown rather than assumed.
  package let isDischarged: Bool

  /// Makes an assumption.
  package init(id: String, text: String, isDischarged: Bool) {
    self.id = id
    self.text = text
    self.isDischarged = isDischarged
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["discharged", "id", "text"])
    id = try reader.string("id")
    text = try reader.string("text")
    isDischarged = try reader.flag("discharged")
  }

  /// `{discharged, id, text}`.
  package var json: JSONValue {
    ["discharged": .bool(isDischarged), "id": .string(id), "text": .string(text)]
  }
}
