#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files that a user names for results, which take the place of what lay there.
package enum OutputFile {
  /// Puts bytes where a user wants them: in one step in place of a regular file or of nothing, and through a link to where
  /// it leads; into a device or a pipe as they are.
  ///
  /// - Throws: `CertificateError` WRITE.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(CertificateError) {
    let target = resolved(path)
    do throws(SystemFailure) {
      if isStream(target) {
        try POSIX.write(bytes, to: try POSIX.open(target, flags: O_WRONLY))
        return
      }
      let staging = "\(target).\(POSIX.processID).new"
      do throws(SystemFailure) {
        let descriptor = try POSIX.open(staging, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        try POSIX.write(bytes, to: descriptor)
        try POSIX.synchronise(descriptor)
        try POSIX.move(staging, to: target)
      } catch {
        try? POSIX.removeFile(staging)
        throw error
      }
    } catch {
      throw StagingFolder.failure(error, at: path)
    }
  }

  /// The path that links lead to; the path itself where that cannot be told.
  private static func resolved(_ path: String) -> String {
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }

  /// Whether a device, a pipe or a socket lies at a path.
  private static func isStream(_ path: String) -> Bool {
    guard let kind = try? POSIX.kind(of: path) else { return false }
    return kind == .other
  }
}
