#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the passphrase of an encrypted key comes from.
package enum PassphraseSource: Hashable, Sendable {
  /// Nowhere: an encrypted key is refused.
  case none
  /// The first line of a file.
  case file(String)
  /// Whoever sits at the terminal, asked without an echo; without a terminal, as `none`.
  case terminal

  private static let sizeLimit = 1 << 12

  /// The passphrase for a key; nil where there is nobody to ask.
  ///
  /// - Throws: `CertificateError` READ or SIZE of the file.
  package func passphrase(for place: String) throws(CertificateError) -> [UInt8]? {
    switch self {
    case .none: return nil
    case .file(let path):
      let content = try FileReading.content(of: path, limit: Self.sizeLimit)
      let line = content.prefix { $0 != UInt8(ascii: "\n") }
      return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    case .terminal: return Self.ask("passphrase of \(VisibleText.cleaned(place)): ")
    }
  }

  /// A new passphrase; at the terminal it is asked for twice.
  ///
  /// - Throws: `CertificateError` of the file, or KEY_PASSPHRASE where the two differ or nobody can be asked.
  package func newPassphrase() throws(CertificateError) -> [UInt8] {
    let first = try passphrase(for: "the new key")
    guard let first else {
      throw CertificateError(
        .keyPassphrase, at: "passphrase", "there is no terminal to ask for one",
        fix: "give `--passphrase-file`")
    }
    guard self == .terminal else { return first }
    guard Self.ask("once more: ") == first else {
      throw CertificateError(.keyPassphrase, at: "passphrase", "the two differ", fix: "type it again")
    }
    return first
  }

  private static func ask(_ prompt: String) -> [UInt8]? {
    guard let terminal = try? POSIX.open("/dev/tty", flags: O_RDWR) else { return nil }
    var settings = termios()
    guard tcgetattr(terminal.raw, &settings) == 0 else { return nil }
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    guard tcsetattr(terminal.raw, TCSAFLUSH, &silent) == 0 else { return nil }
    defer { _ = tcsetattr(terminal.raw, TCSAFLUSH, &settings) }
    try? POSIX.write(Array(prompt.utf8), to: terminal)
    var line: [UInt8] = []
    while line.count < sizeLimit, let byte = try? POSIX.read(terminal, count: 1).first,
      byte != UInt8(ascii: "\n")
    {
      line.append(byte)
    }
    try? POSIX.write([UInt8(ascii: "\n")], to: terminal)
    return line
  }
}
