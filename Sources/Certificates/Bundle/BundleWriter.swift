/// Writes bundle folders.
package enum BundleWriter {
  /// Writes a certificate with its files into a folder that appears whole or not at all.
  ///
  /// An older bundle at the destination is replaced once the new one is complete; anything else there is left
  /// alone. Every file is compared with what the certificate declares while it is copied.
  ///
  /// - Throws: `CertificateError` EXISTS for a destination that is no bundle, WRITE, READ, those of the statement,
  ///   and …_MANIFEST, …_DIGEST, SIZE, TRUNCATED or EVIDENCE_… for files that are not as declared.
  package static func write(
    _ envelope: Envelope, _ content: BundleContent, to destination: String
  ) throws(CertificateError) {
    let statement = try Statement(payload: envelope.payload)
    let plan = try plan(statement, envelope, content)
    let staging = try StagingFolder(for: destination)
    do {
      let isReplacing = try checkDestination(staging.destination)
      for entry in plan { try write(entry, into: staging) }
      try staging.commit(replacing: isReplacing)
    } catch {
      staging.discard()
      throw error
    }
  }

  /// Adds a signature to the certificate of a bundle, whose envelope is replaced in one step.
  ///
  /// The bundle is checked first: whoever signs states what is in it.
  ///
  /// - Returns: The number of signatures now.
  /// - Throws: `CertificateError` of the bundle, of the signer, or WRITE.
  package static func countersign(
    _ bundle: String, with signer: any Signer, models: String? = nil
  ) throws(CertificateError) -> Int {
    let unverified = try UnverifiedCertificate(bundle: bundle)
    let envelope = try unverified.check(models: models).envelope.countersigned(by: signer)
    // Beside the bundle, not in it, where a file left behind by an interrupt would be one too many.
    let staging = try StagingFolder(for: unverified.folder)
    defer { staging.discard() }
    guard let name = RelativePath(BundleLayout.certificate) else { return envelope.signatures.count }
    let json = try envelope.json()
    try staging.write(name) { (output: borrowing Descriptor) throws(CertificateError) in
      try put(json, to: output, place: name.text)
    }
    let place = "\(unverified.folder)/\(name)"
    do {
      try POSIX.move("\(staging.path)/\(name)", to: place)
    } catch {
      throw StagingFolder.failure(error, at: place)
    }
    return envelope.signatures.count
  }

  private struct Entry {
    let name: RelativePath
    let source: BundleSource
    let record: FileRecord
    let digestCode: CertificateError.Code
  }

  private static func plan(
    _ statement: Statement, _ envelope: Envelope, _ content: BundleContent
  ) throws(CertificateError) -> [Entry] {
    var tops: [(String, [UInt8])] = [(BundleLayout.certificate, try envelope.json())]
    for (name, manifest) in statement.manifests { tops.append((name, try manifest.bytes())) }
    var plan: [Entry] = []
    for (text, bytes) in tops {
      guard let name = RelativePath(text) else { continue }
      plan.append(
        Entry(
          name: name, source: .bytes(bytes), record: FileRecord(name: name, content: bytes),
          digestCode: .write))
    }
    for group in BundleGroup.allCases {
      guard let sources = content.sources(group) else { continue }
      let records = group.files(of: statement.predicate)
      for record in records {
        guard let source = sources[record.name], let name = RelativePath("\(group.rawValue)/\(record.name)")
        else {
          throw CertificateError(
            group.missingCode, at: "\(group.rawValue)/\(record.name)",
            "the certificate lists a file that was not given or whose path is too long", fix: "give the file")
        }
        plan.append(Entry(name: name, source: source, record: record, digestCode: group.digestCode))
      }
      let listed = Set(records.map(\.name))
      for name in sources.keys.sorted() where !listed.contains(name) {
        throw CertificateError(
          group.surplusCode, at: "\(group.rawValue)/\(name)", "the certificate does not list this file",
          fix: "leave it out, or list it")
      }
    }
    return plan
  }

  /// Whether a bundle can be written to a path, before the work for it; nothing is left there.
  ///
  /// - Throws: `CertificateError` EXISTS for a destination that is no bundle, WRITE.
  package static func checkDestination(of path: String) throws(CertificateError) {
    let staging = try StagingFolder(for: path)
    defer { staging.discard() }
    _ = try checkDestination(staging.destination)
  }

  /// Whether something lies at the destination that may be replaced.
  private static func checkDestination(_ path: String) throws(CertificateError) -> Bool {
    let kind: FileKind
    do {
      kind = try POSIX.kind(of: path)
    } catch {
      if error.isMissing { return false }
      throw StagingFolder.failure(error, at: path)
    }
    let refusal = CertificateError(
      .exists, at: path, "something other than a certificate bundle lies there",
      fix: "choose another path, or move it away")
    guard kind == .folder else { throw refusal }
    let names = try FolderListing.names(in: path, limit: 1 << 16)
    let known = BundleLayout.files + BundleLayout.folders
    guard names.isEmpty || names.contains(BundleLayout.certificate), names.allSatisfy(known.contains) else {
      throw refusal
    }
    // Folders of these names may be a project's, and a damaged certificate has its manifest.
    guard
      names.isEmpty || names.contains(Statement.specManifestName)
        || (try? UnverifiedCertificate(bundle: path)) != nil
    else { throw refusal }
    return true
  }

  private static func write(_ entry: Entry, into staging: StagingFolder) throws(CertificateError) {
    let place = "\(staging.destination)/\(entry.name)"
    var hasher = ContentHasher()
    try staging.write(entry.name) { (output: borrowing Descriptor) throws(CertificateError) in
      switch entry.source {
      case .bytes(let bytes):
        hasher.update(bytes)
        try put(bytes, to: output, place: place)
      case .file(let path):
        let input = try FileReading.open(path, followingLinks: true)
        let size = try FileReading.size(of: input, place: path)
        guard size == entry.record.size else { throw changed(entry, at: path) }
        // Noncopyable values are borrowed anew for every piece, so the raw number is what the closure holds.
        let raw = output.raw
        try FileReading.read(input, size: size, place: path) { (piece) throws(CertificateError) in
          hasher.update(piece)
          do throws(SystemFailure) {
            try POSIX.write(piece, toRaw: raw)
          } catch {
            throw StagingFolder.failure(error, at: place)
          }
        }
      }
    }
    guard hasher.finish() == entry.record.digest else { throw changed(entry, at: entry.name.text) }
  }

  private static func put(
    _ bytes: [UInt8], to output: borrowing Descriptor, place: String
  ) throws(CertificateError) {
    do {
      try POSIX.write(bytes, to: output)
    } catch {
      throw StagingFolder.failure(error, at: place)
    }
  }

  private static func changed(_ entry: Entry, at place: String) -> CertificateError {
    CertificateError(
      entry.digestCode, at: place,
      "the file is not the one that was certified; it may have changed meanwhile",
      fix: "verify it again")
  }
}
