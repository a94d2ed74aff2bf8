/// A bundle whose envelope parses; nothing in it is believed yet.
package struct UnverifiedCertificate: Sendable {
  /// The bundle folder.
  package let folder: String
  let envelope: Envelope
  let limits: BundleLimits

  /// Reads the envelope of a bundle folder.
  ///
  /// - Throws: `CertificateError` READ, PATH, SIZE, TRUNCATED, JSON_…, ENVELOPE, BASE64, PAYLOAD_TYPE, or
  ///   SIGNATURE when it bears no signature.
  package init(bundle folder: String, limits: BundleLimits = BundleLimits()) throws(CertificateError) {
    var trimmed = folder[...]
    while trimmed.utf8.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    self.folder = String(trimmed)
    self.limits = limits
    let place = BundleLayout.certificate
    let descriptor = try FileReading.open(place, below: self.folder, followingLinks: false)
    let size = try FileReading.size(of: descriptor, place: place)
    guard size <= limits.certificateBytes else {
      throw CertificateError(
        .size, at: place, "the certificate has \(size) bytes, more than \(limits.certificateBytes)",
        fix: "raise the limit if you trust the issuer")
    }
    var text: [UInt8] = []
    text.reserveCapacity(size)
    try FileReading.read(descriptor, size: size, place: place) { text.append(contentsOf: $0) }
    envelope = try Envelope(json: text, place: place, limits: JSONLimits(bytes: limits.certificateBytes))
  }

  /// SHA-256 of the signed bytes, see `CertificateContents`.
  package var payloadDigest: ContentDigest { ContentDigest(of: envelope.payload) }

  /// The payload digest of what is a certificate by its statement; files and signatures are not looked at.
  ///
  /// - Throws: `CertificateError` of the statement.
  package func statedDigest() throws(CertificateError) -> ContentDigest {
    _ = try stated()
    return payloadDigest
  }

  /// The statement, of which only the form is checked.
  ///
  /// - Throws: `CertificateError` of the statement.
  package func stated() throws(CertificateError) -> Statement {
    try Statement(payload: envelope.payload, limits: JSONLimits(bytes: limits.certificateBytes))
  }

  /// The key identifiers that the signatures claim; hints only.
  package var claimedKeyIDs: [String] { envelope.claimedKeyIDs }

  /// Checks the structure of the statement and the digests of all files, and says which candidates signed.
  ///
  /// - Parameters:
  ///   - candidates: Keys to try; none of them is thereby trusted.
  ///   - models: A folder in which to look for the model files instead of the bundle's.
  ///   - data: A folder in which to look for the data files instead of the bundle's.
  /// - Throws: `CertificateError` of any kind but those of trust.
  package func check(
    candidates: [VerificationKey] = [], models: String? = nil, data: String? = nil
  ) throws(CertificateError) -> CertificateContents {
    let statement = try Statement(
      payload: envelope.payload, limits: JSONLimits(bytes: limits.certificateBytes))
    if let models {
      // A folder that is not there says nothing of the certificate.
      guard POSIX.isFolder(models) else {
        throw CertificateError(
          .read, at: models, "there is no such folder",
          fix: "give with `--models` the folder below which the model files lie by their recorded names")
      }
    }
    var roots: [BundleGroup: BundleFiles.FileRoot] = [:]
    for group in BundleGroup.allCases {
      roots[group] = BundleFiles.FileRoot(folder: "\(folder)/\(group.rawValue)", followsLinks: false)
    }
    if let models { roots[.models] = BundleFiles.FileRoot(folder: models, followsLinks: true) }
    if let data { roots[.data] = BundleFiles.FileRoot(folder: data, followsLinks: true) }
    let files = BundleFiles(predicate: statement.predicate, roots: roots)
    try files.check(bundle: folder, limits: limits)
    return CertificateContents(
      statement: statement, envelope: envelope, files: files,
      validSigners: envelope.signers(among: candidates))
  }
}
