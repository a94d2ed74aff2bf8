package import Diagnostics

/// Why a property has no obligation.
package enum LoweringError: Error, Sendable {
  /// The claim is meaningful, but no engine decides claims of this kind; the verdict is unknown.
  case noBackEnd(String, SourceSpan)
  /// A file does not fit what the specification declares.
  case mismatch(String, SourceSpan)
  /// A file cannot be read or is not what its format asks.
  case file(String, SourceSpan)
}

/// Where artifacts are read from: a folder, or a bundle.
package protocol ArtifactSource: Sendable {
  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - path: relative to the root specification's folder, `/` between parts, without `..`.
  ///   - role: what it is read as; a certificate may hold a network and a dataset under one name.
  /// - Throws: any error whose description says what is wrong and where.
  func bytes(at path: String, as role: ArtifactRole) throws -> [UInt8]
}

/// What a file is read as.
package enum ArtifactRole: Hashable, Sendable {
  /// A network.
  case network
  /// A dataset.
  case dataset
}
