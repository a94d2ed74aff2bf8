/// What a part of a certificate is evidence towards in a framework of rules.
///
/// A certificate shows properties and no compliance, so the text says `evidence towards` and nothing more.
package struct MappingRecord: Hashable, Sendable {
  /// How every text begins.
  package static let opening = "evidence towards "

  /// The framework: `EU AI Act`.
  package let framework: String
  /// The place in it: `Annex IV(2)(g)`.
  package let reference: String
  /// What the properties are evidence towards.
  package let text: String
  /// The properties by name, in the certificate's order; at least one.
  package let properties: [String]

  /// Makes a record.
  package init(framework: String, reference: String, text: String, properties: [String]) {
    self.framework = framework
    self.reference = reference
    self.text = text
    self.properties = properties
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: place, fields: ["framework", "properties", "reference", "text"])
    framework = try reader.string("framework")
    reference = try reader.string("reference")
    text = try reader.string("text")
    properties = try reader.strings("properties")
    guard text.utf8.starts(with: Self.opening.utf8) else {
      throw reader.refuse(.fieldValue, "text", "the text does not begin with `\(Self.opening)`")
    }
    guard !properties.isEmpty, Set(properties).count == properties.count else {
      throw reader.refuse(.fieldValue, "properties", "at least one property is named, and each once")
    }
  }

  /// The record as an object.
  package var json: JSONValue {
    [
      "framework": .string(framework), "properties": .array(properties.map { .string($0) }),
      "reference": .string(reference), "text": .string(text),
    ]
  }
}

/// A network that the specification takes as the judge of what a pipeline yields.
package struct OracleRecord: Hashable, Sendable {
  /// Its name in the specification.
  package let name: String
  /// Its file, one of the models.
  package let file: RelativePath

  /// Makes a record.
  package init(name: String, file: RelativePath) {
    self.name = name
    self.file = file
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["file", "name"])
    name = try reader.string("name")
    file = try reader.path("file")
  }

  /// `{file, name}`.
  package var json: JSONValue { ["file": .string(file.text), "name": .string(name)] }
}
