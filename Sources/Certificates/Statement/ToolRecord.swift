/// The program that made a certificate.
package struct ToolRecord: Hashable, Sendable {
  /// Its name.
  package let name: String
  /// Its version.
  package let version: String

  /// Makes a record.
  package init(name: String, version: String) {
    self.name = name
    self.version = version
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["name", "version"])
    name = try reader.string("name")
    version = try reader.string("version")
  }

  /// `{name, version}`.
  package var json: JSONValue { ["name": .string(name), "version": .string(version)] }
}
