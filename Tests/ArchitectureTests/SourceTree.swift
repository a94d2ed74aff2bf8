import Foundation

/// The files of this repository.
enum SourceTree {
  /// Folder of the manifest.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Text of a file.
  ///
  /// - Parameter path: relative to `root`.
  /// - Throws: the file system's error.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Names of the folders directly in a folder, sorted; none where the folder does not exist.
  static func folders(in path: String) -> [String] {
    entries(of: path).filter(\.isFolder).map(\.name)
  }

  /// Paths of the files in a folder and below, relative to `root`, sorted.
  ///
  /// Links are not followed.
  ///
  /// - Parameter skip: whether to leave out a file or folder, by its path.
  static func files(in path: String, skip: (String) -> Bool = { _ in false }) -> [String] {
    entries(of: path).flatMap { entry -> [String] in
      let child = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
      if skip(child) { return [] }
      return entry.isFolder ? files(in: child, skip: skip) : [child]
    }
  }

  /// Paths of the Swift files in a folder and below.
  static func swiftFiles(in path: String) -> [String] {
    files(in: path).filter { $0.hasSuffix(".swift") }
  }

  private static func entries(of path: String) -> [(name: String, isFolder: Bool)] {
    let keys: Set<URLResourceKey> = [.isDirectoryKey, .isSymbolicLinkKey]
    let found = try? FileManager.default.contentsOfDirectory(
      at: root.appending(path: path), includingPropertiesForKeys: Array(keys))
    return (found ?? []).compactMap { url -> (name: String, isFolder: Bool)? in
      guard let values = try? url.resourceValues(forKeys: keys), values.isSymbolicLink != true else {
        return nil
      }
      return (url.lastPathComponent, values.isDirectory == true)
    }.sorted { $0.name < $1.name }
  }
}
