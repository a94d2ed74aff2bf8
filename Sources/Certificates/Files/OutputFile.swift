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
  /// it leads; into a device, a pipe or an open descriptor of this process as they are.
  ///
  /// - Throws: `CertificateError` WRITE.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(CertificateError) {
    do throws(SystemFailure) {
      if let descriptor = ownDescriptor(path) {
        try write(bytes, toOpen: descriptor)
        return
      }
      let target = resolved(path)
      switch try? POSIX.kind(of: target) {
      case .other:
        // A link that leads nowhere yet makes the file there.
        try POSIX.write(bytes, to: try POSIX.open(target, flags: O_WRONLY | O_CREAT, mode: 0o666))
      case .regular, .folder, nil: try put(bytes, in: target)
      }
    } catch {
      throw StagingFolder.failure(error, at: path)
    }
  }

  private static func put(_ bytes: [UInt8], in target: String) throws(SystemFailure) {
    let staging = SharedFile.fresh(beside: target)
    let descriptor = try POSIX.open(staging, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
    do throws(SystemFailure) {
      var status = stat()
      if stat(target, &status) == 0 { try POSIX.setMode(status.st_mode & 0o7777, of: descriptor) }
      try POSIX.write(bytes, to: descriptor)
      try POSIX.synchronise(descriptor)
      try POSIX.move(staging, to: target)
    } catch {
      try? POSIX.removeFile(staging)
      throw error
    }
  }

  /// Behind what was printed before, where that is standard output.
  private static func write(_ bytes: [UInt8], toOpen descriptor: Int32) throws(SystemFailure) {
    guard descriptor == STDOUT_FILENO else {
      try POSIX.write(bytes, toRaw: descriptor)
      return
    }
    StandardStreams.write(bytes)
  }

  /// The descriptor of this process that a path names, if it names one: what it was opened for stays as it is.
  private static func ownDescriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default: break
    }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  /// The path that links lead to; the path itself where that cannot be told.
  static func resolved(_ path: String) -> String {
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }
}
