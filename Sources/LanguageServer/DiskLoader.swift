import DSpecSemantics
import Glibc

/// Reads regular files by absolute path.
package struct DiskLoader: SourceLoader {
  /// The greatest length of a file; longer ones count as absent.
  package static let maximumLength = 16 << 20

  /// The folder of the standard library, if there is one.
  private let library: String?

  package let modules: [String]

  /// Makes a loader; `library` is the folder of the standard library, `modules` are the names of those in it.
  package init(library: String? = nil, modules: [String] = []) {
    self.library = library
    self.modules = modules
  }

  package func bytes(at name: String) -> [UInt8]? {
    var path = name
    let prefix = SourcePath.standardLibrary + "/"
    if let library, name.hasPrefix(prefix) { path = library + "/" + name.dropFirst(prefix.count) }
    guard path.hasPrefix("/"), !path.utf8.contains(0) else { return nil }
    // Without waiting: a pipe of that name must not stop the server.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
      information.st_size <= Self.maximumLength
    else { return nil }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0, result.count + count <= Self.maximumLength else { return nil }
      if count == 0 { return result }
      result += chunk[..<count]
    }
  }
}
