import Certificates
import Foundation

/// Where text goes and whether it may be coloured.
enum Terminal {
  /// Whether standard output is a terminal that takes colours.
  static var usesColor: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Whether standard error is a terminal that takes colours.
  static var errorUsesColor: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Whether progress may be drawn on standard error.
  static var showsProgress: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Writes a line to standard error.
  static func error(_ text: String) {
    StandardStreams.writeError(text.hasSuffix("\n") ? text : text + "\n")
  }

  /// Text in a colour, where colours are in use.
  static func colored(_ text: String, _ color: Color) -> String {
    usesColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Color: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case dim = 2
  }
}
