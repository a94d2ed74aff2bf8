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
  /// - Parameter path: relative to the root specification's folder, `/` between parts, without `..`.
  /// - Throws: any error whose description says what is wrong and where.
  func bytes(at path: String) throws -> [UInt8]
}
