// The streams of C are variables that nothing here or elsewhere changes.
#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
@preconcurrency import Darwin
#endif

/// Standard output and standard error of a program, which may be closed or full.
///
/// Neither ends the program; what standard output lost is told at the end, since an answer that nobody can read is none.
package enum StandardStreams {
  /// Writes a text to standard output, after what was printed before.
  package static func write(_ text: String) { print(text, terminator: "") }

  /// Writes bytes to standard output, after what was printed before.
  package static func write(_ bytes: [UInt8]) { _ = fwrite(bytes, 1, bytes.count, stdout) }

  /// Writes a text to standard error; where that is closed, nobody is told.
  package static func writeError(_ text: String) {
    try? POSIX.write(Array(text.utf8), toRaw: STDERR_FILENO)
  }

  /// Brings out what was printed.
  ///
  /// - Returns: Whether all of it went out; where it did not, standard error says so.
  package static func finish() -> Bool {
    let isFlushed = fflush(stdout) == 0
    let code = errno
    guard isFlushed, ferror(stdout) == 0 else {
      let words = isFlushed ? "" : " (\(SystemFailure(code: code).words))"
      writeError("error: standard output could not be written\(words)\n")
      return false
    }
    return true
  }
}
