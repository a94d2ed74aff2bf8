#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files that are made and never overwritten.
enum NewFile {
  /// Refuses a path to which `write` could not write, before any work goes into what is to be written; nothing stays there.
  ///
  /// - Throws: As `write`.
  static func probe(_ path: String, noun: String) throws(CertificateError) {
    try write([], mode: 0o600, to: path, noun: noun)
    try? POSIX.removeFile(path)
  }

  /// Writes a file that appears at a path where nothing lies; what is there is left alone.
  ///
  /// - Parameter noun: What is not overwritten, with its verb, for the message: `keys are`.
  /// - Throws: `CertificateError` EXISTS when something lies at the path, WRITE when it cannot be written.
  static func write(
    _ bytes: [UInt8], mode: mode_t, to path: String, noun: String
  ) throws(CertificateError) {
    let descriptor: Descriptor
    do {
      // O_EXCL decides in one step, and fails on a link whatever it points at.
      descriptor = try POSIX.open(path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    } catch {
      if error.isExisting {
        throw CertificateError(
          .exists, at: path, "something lies there and \(noun) never overwritten",
          fix: "choose another path, or move the old file away")
      }
      throw CertificateError(
        .write, at: path, "the file cannot be made (\(error.words))", fix: "choose a folder you may write to")
    }
    do {
      try POSIX.setMode(mode, of: descriptor)
      try POSIX.write(bytes, to: descriptor)
      try POSIX.synchronise(descriptor)
    } catch {
      try? POSIX.removeFile(path)
      throw CertificateError(
        .write, at: path, "the file cannot be written (\(error.words))", fix: "free space on the disk")
    }
  }
}
