/// Where the bytes of specification files come from: a folder, a bundle, memory.
package protocol SourceLoader: Sendable {
  /// The bytes of the file at `path`, or nil where there is none.
  ///
  /// Paths use `/`, hold no `.` parts and no `..` part after another part.
  func bytes(at path: String) -> [UInt8]?
  /// The names of the standard library's modules, for what a misspelt one may mean.
  var modules: [String] { get }
}

extension SourceLoader {
  package var modules: [String] { [] }
}

/// Files in memory.
package struct InMemoryLoader: SourceLoader {
  private let files: [String: [UInt8]]

  /// Makes a loader for texts by path.
  package init(_ texts: [String: String]) {
    files = texts.mapValues { Array($0.utf8) }
  }

  /// Makes a loader for bytes by path.
  package init(bytes: [String: [UInt8]]) {
    files = bytes
  }

  package func bytes(at path: String) -> [UInt8]? { files[path] }
}

/// Paths with `/` between parts.
package enum SourcePath {
  /// `path` as seen from the folder of `file`, without `.` parts and with `..` parts resolved.
  package static func resolve(_ path: String, from file: String) -> String {
    let isAbsolute = path.hasPrefix("/") || file.hasPrefix("/")
    let folder = path.hasPrefix("/") ? [] : file.split(separator: "/").dropLast()
    var parts: [Substring] = []
    for part in folder + path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !isAbsolute {
        parts.append(part)
      }
    }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }

  /// The folder of the standard library as a part of paths; no other file lies in it.
  package static let standardLibrary = "@std"

  /// The path of a module of the standard library, `std.hazards.i2p` for example; nil for any other name.
  package static func standardLibrary(_ names: [String]) -> String? {
    guard names.count > 1, names.first == "std" else { return nil }
    return standardLibrary + "/" + names.dropFirst().joined(separator: "/") + ".dspec"
  }

  /// The file name without its folder and extension.
  package static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return String(name.split(separator: ".").first ?? name)
  }
}
