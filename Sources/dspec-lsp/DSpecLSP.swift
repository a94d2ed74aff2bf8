import DSpecSyntax
import Diagnostics
import Glibc
import LanguageServer
import SpecLibrary

/// The language server over standard input and output.
@main
enum DSpecLSP {
  static func main() {
    // A client that has gone away is noticed by the failing write.
    signal(SIGPIPE, SIG_IGN)
    let library = DiskLoader(library: StandardLibrary.folder, modules: StandardLibrary.modules())
    let session = Session(disk: library) { text in
      let file = SourceFile(name: "", text: text)
      return Formatter.format(Parser.parse(file, source: SourceID(index: 0))).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    exit(
      ServerLoop.run(
        session, read: readInput, write: writeOutput))
  }

  private static func readInput() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      return count > 0 ? Array(buffer[..<count]) : []
    }
  }

  private static func writeOutput(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
