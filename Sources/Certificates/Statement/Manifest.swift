/// The list of the files of a group: the one content that a statement's subject names.
///
/// One subject per file would let a generic verifier accept a subset or an exchange of names, so the subject is
/// the digest of the list.
package struct Manifest: Hashable, Sendable {
  /// The files, ordered by name.
  package let files: [FileRecord]

  /// Makes a manifest of files in any order.
  package init(files: [FileRecord]) {
    self.files = files.sorted { $0.name < $1.name }
  }

  /// Canonical JSON `{"files":[{path, sha256, size}…],"manifestVersion":1}`.
  ///
  /// - Throws: `CertificateError` JSON_INTEGER_RANGE for a size beyond 2^53 − 1.
  package func bytes() throws(CertificateError) -> [UInt8] {
    let list = files.map { file -> JSONValue in
      ["path": .string(file.name.text), "sha256": .string(file.digest.hex), "size": .integer(file.size)]
    }
    let value: JSONValue = ["files": .array(list), "manifestVersion": 1]
    do {
      return try value.canonicalBytes()
    } catch {
      throw CertificateError(error, at: "manifest")
    }
  }
}
