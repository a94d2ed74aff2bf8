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
  /// Puts something in the place of streams that are closed, before any file is opened.
  ///
  /// Else the first file would get the number of one of them, and what is printed would stand in it. Reading and writing
  /// fail there as they would have on the closed stream, so that a lost answer is told.
  package static func occupy() {
    for (stream, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(stream, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number, which is this one since those below are open.
      _ = open("/dev/null", mode)
    }
  }

  /// Prints one line, in which nothing that a file states can pass for a line of the program's own: a line break within is
  /// shown as `␊`.
  package static func line(_ text: String) { print(VisibleText.onOneLine(text)) }

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
