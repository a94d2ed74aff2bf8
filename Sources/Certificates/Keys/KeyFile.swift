#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Key files on disk.
package enum KeyFile {
  private static let sizeLimit = 1 << 16

  /// Reads a public key.
  ///
  /// - Throws: `CertificateError` READ, SIZE or that of the key.
  package static func verificationKey(at path: String) throws(CertificateError) -> VerificationKey {
    try VerificationKey(pem: try FileReading.content(of: path, limit: sizeLimit), place: path)
  }

  /// Reads a private key.
  ///
  /// - Throws: `CertificateError` READ, SIZE or that of the key.
  package static func signingKey(at path: String) throws(CertificateError) -> SigningKey {
    try SigningKey(pem: try FileReading.content(of: path, limit: sizeLimit), place: path)
  }

  /// Writes a private key that only its owner may read (mode 0600).
  ///
  /// - Throws: `CertificateError` EXISTS when something lies at the path, WRITE when it cannot be written.
  package static func write(_ key: SigningKey, to path: String) throws(CertificateError) {
    try write(key.pem, mode: 0o600, to: path)
  }

  /// Writes a public key (mode 0644).
  ///
  /// - Throws: `CertificateError` EXISTS when something lies at the path, WRITE when it cannot be written.
  package static func write(_ key: VerificationKey, to path: String) throws(CertificateError) {
    try write(key.pem, mode: 0o644, to: path)
  }

  private static func write(_ text: String, mode: mode_t, to path: String) throws(CertificateError) {
    let descriptor: Descriptor
    do {
      // O_EXCL decides in one step, and fails on a link whatever it points at.
      descriptor = try POSIX.open(path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    } catch {
      if error.isExisting {
        throw CertificateError(
          .exists, at: path, "something lies there and keys are never overwritten",
          fix: "choose another path, or move the old key away")
      }
      throw CertificateError(
        .write, at: path, "the file cannot be made (\(error.words))", fix: "choose a folder you may write to")
    }
    do {
      try POSIX.setMode(mode, of: descriptor)
      try POSIX.write(Array(text.utf8), to: descriptor)
      try POSIX.synchronise(descriptor)
    } catch {
      try? POSIX.removeFile(path)
      throw CertificateError(
        .write, at: path, "the file cannot be written (\(error.words))", fix: "free space on the disk")
    }
  }
}
