/// The files of a certificate, each read anew and compared with its declared size and digest.
///
/// Reading verifies again, so a file that was exchanged after the bundle was checked is refused here.
package struct BundleFiles: Sendable {
  let predicate: CompliancePredicate
  let roots: [BundleGroup: FileRoot]

  /// Where the files of a group lie.
  struct FileRoot: Sendable {
    let folder: String
    /// A folder of the reviewer's own may hold links (model caches do); a bundle may not.
    let followsLinks: Bool
  }

  /// The bytes of a specification file.
  ///
  /// - Throws: `CertificateError` SPEC_MANIFEST when it is not listed, else as for any file.
  package func spec(_ name: RelativePath) throws(CertificateError) -> [UInt8] {
    try content(name, of: .spec)
  }

  /// The bytes of a model file.
  ///
  /// - Throws: `CertificateError` MODEL_MANIFEST when it is not listed, else as for any file.
  package func model(_ name: RelativePath) throws(CertificateError) -> [UInt8] {
    try content(name, of: .models)
  }

  /// The bytes of a data file.
  ///
  /// - Throws: `CertificateError` DATA_MANIFEST when it is not listed, else as for any file.
  package func data(_ name: RelativePath) throws(CertificateError) -> [UInt8] {
    try content(name, of: .data)
  }

  /// The bytes of a file of evidence.
  ///
  /// - Throws: `CertificateError` EVIDENCE_MISSING when it is not listed, else as for any file.
  package func evidence(_ digest: ContentDigest) throws(CertificateError) -> [UInt8] {
    guard let name = RelativePath("sha256/\(digest.hex)") else { return [] }
    return try content(name, of: .evidence)
  }

  /// The folder in which the model files lie by name, for readers that open files themselves; whoever reads
  /// there must compare digests again.
  package var modelFolder: String { roots[.models]?.folder ?? "" }

  private func content(_ name: RelativePath, of group: BundleGroup) throws(CertificateError) -> [UInt8] {
    guard let record = group.files(of: predicate).first(where: { $0.name == name }) else {
      throw CertificateError(
        group.missingCode, at: "\(group.rawValue)/\(name)", "the certificate does not list this file",
        fix: "make a certificate that covers it")
    }
    var content: [UInt8] = []
    content.reserveCapacity(record.size)
    let digest = try read(record, of: group) { content.append(contentsOf: $0) }
    guard digest == record.digest else { throw changed(record, of: group) }
    return content
  }

  func changed(_ record: FileRecord, of group: BundleGroup) -> CertificateError {
    CertificateError(
      group.digestCode, at: "\(group.rawValue)/\(record.name)",
      "the file is not the one that was certified: its digest differs",
      fix: "give the certified file, or verify the changed one anew")
  }

  /// Hands over the content of a listed file after its size was compared, and returns its digest.
  ///
  /// - Throws: `CertificateError` TRUNCATED, SIZE, PATH, READ or that of an absent file.
  func read(
    _ record: FileRecord, of group: BundleGroup, size expected: Int? = nil,
    _ body: ([UInt8]) throws(CertificateError) -> Void
  ) throws(CertificateError) -> ContentDigest {
    let expected = expected ?? record.size
    let place = "\(group.rawValue)/\(record.name)"
    guard let root = roots[group] else {
      throw CertificateError(
        group.missingCode, at: place, "the file is absent", fix: "obtain the bundle again")
    }
    let descriptor = try open(record, below: root, group: group, place: place)
    let size = try FileReading.size(of: descriptor, place: place)
    guard size >= expected else {
      throw CertificateError(
        .truncated, at: place, "the file has \(size) bytes and \(expected) are declared",
        fix: "obtain the file again")
    }
    guard size <= expected else {
      throw CertificateError(
        .size, at: place, "the file has \(size) bytes and \(expected) are declared",
        fix: "obtain the file again")
    }
    var hasher = ContentHasher()
    try FileReading.read(descriptor, size: expected, place: place) { (piece) throws(CertificateError) in
      hasher.update(piece)
      try body(piece)
    }
    return hasher.finish()
  }

  private func open(
    _ record: FileRecord, below root: FileRoot, group: BundleGroup, place: String
  ) throws(CertificateError) -> Descriptor {
    do {
      return try FileReading.open(record.name.text, below: root.folder, followingLinks: root.followsLinks)
    } catch {
      guard error.code == .read, (try? POSIX.kind(of: "\(root.folder)/\(record.name)")) == nil else {
        throw error
      }
      throw CertificateError(
        group.missingCode, at: place, "the file is absent from `\(root.folder)`",
        fix: group == .models
          ? "give with `--models` the folder below which the model files lie by these names"
          : "obtain the bundle again")
    }
  }
}
