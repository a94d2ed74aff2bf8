/// A file by name, content and size.
package struct FileRecord: Hashable, Sendable {
  /// Where the file lies in its group, or for evidence what it is called.
  package let name: RelativePath
  /// SHA-256 of its bytes.
  package let digest: ContentDigest
  /// Its size in bytes.
  package let size: Int

  /// Makes a record.
  package init(name: RelativePath, digest: ContentDigest, size: Int) {
    self.name = name
    self.digest = digest
    self.size = size
  }

  /// Makes the record of a content.
  package init(name: RelativePath, content: [UInt8]) {
    self.init(name: name, digest: ContentDigest(of: content), size: content.count)
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["name", "sha256", "size"])
    name = try reader.path("name")
    digest = try reader.digest("sha256")
    size = try reader.count("size")
  }

  /// `{name, sha256, size}`.
  package var json: JSONValue {
    ["name": .string(name.text), "sha256": .string(digest.hex), "size": .integer(size)]
  }
}
