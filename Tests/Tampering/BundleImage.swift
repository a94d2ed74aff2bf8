package import Certificates
import Foundation

/// A bundle folder in memory: what lies at every path in it.
///
/// Nothing here is checked, so that any folder can be written, also one that no honest program makes.
package struct BundleImage: Hashable, Sendable {
  /// What lies at a path.
  package enum Entry: Hashable, Sendable {
    /// A regular file.
    case file([UInt8])
    /// A regular file of so many bytes, all zero and none of them on the disk.
    case sparse(Int)
    /// A symbolic link with its target.
    case link(String)
    /// An empty folder.
    case folder
  }

  /// The entries by path below the folder; folders on the way are implied.
  package var entries: [String: Entry]

  /// The path of the envelope.
  package static let certificate = "certificate.json"

  /// An image of what lies in a folder: its regular files.
  package init(at folder: String) throws {
    entries = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      var isFolder: ObjCBool = false
      let path = folder + "/" + name
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      entries[name] = .file(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    }
  }

  /// The paths in order.
  package var paths: [String] { entries.keys.sorted() }

  /// The bytes of a regular file; assigning makes one, nil removes whatever lies there.
  package subscript(_ path: String) -> [UInt8]? {
    get {
      if case .file(let bytes)? = entries[path] { bytes } else { nil }
    }
    set { entries[path] = newValue.map { .file($0) } }
  }

  /// The envelope as an object; nil where it is none.
  package var envelope: JSONObject? {
    get {
      guard let bytes = self[Self.certificate] else { return nil }
      return (try? JSONValue.parse(bytes))?.objectValue
    }
    set {
      guard let object = newValue, let bytes = try? JSONValue.object(object).canonicalBytes() else { return }
      self[Self.certificate] = bytes
    }
  }

  /// The signed bytes that the envelope holds; nil where it holds none.
  package var payload: [UInt8]? {
    envelope?["payload"]?.stringValue.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
  }

  /// The path of the file of evidence with given bytes.
  package static func evidencePath(_ bytes: [UInt8]) -> String {
    "evidence/sha256/\(ContentDigest(of: bytes).hex)"
  }
}

/// A folder on the disk that shows one image after another and rewrites only what differs.
package struct BundleFolder {
  /// The folder.
  package let path: String
  private var shown: [String: BundleImage.Entry] = [:]

  /// Makes the folder, which must not exist.
  package init(path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Makes the folder look like an image.
  ///
  /// - Throws: an error of the file system, as for a name that it cannot hold; the folder is then empty.
  package mutating func show(_ image: BundleImage) throws {
    let stale = shown.filter { image.entries[$0.key] != $0.value }
    for (name, _) in stale { try FileManager.default.removeItem(atPath: path + "/" + name) }
    shown = shown.filter { stale[$0.key] == nil }
    do {
      try removeEmptyFolders(below: Set(stale.keys), keeping: image)
      for (name, entry) in image.entries where shown[name] == nil {
        try write(entry, to: name)
        shown[name] = entry
      }
    } catch {
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      shown = [:]
      throw error
    }
  }

  /// Removes the folder.
  package func remove() { try? FileManager.default.removeItem(atPath: path) }

  private func removeEmptyFolders(below names: Set<String>, keeping image: BundleImage) throws {
    for name in names {
      var components = name.split(separator: "/").dropLast()
      while !components.isEmpty {
        let folder = components.joined(separator: "/")
        let isNeeded = image.entries.keys.contains { $0.hasPrefix(folder + "/") || $0 == folder }
        let full = path + "/" + folder
        guard !isNeeded || image.entries[folder] != nil,
          (try? FileManager.default.contentsOfDirectory(atPath: full).isEmpty) == true
        else { break }
        try FileManager.default.removeItem(atPath: full)
        components = components.dropLast()
      }
    }
  }

  private func write(_ entry: BundleImage.Entry, to name: String) throws {
    let full = path + "/" + name
    let above = URL(fileURLWithPath: full).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true)
    switch entry {
    case .file(let bytes):
      guard FileManager.default.createFile(atPath: full, contents: Data(bytes)) else {
        throw CocoaError(.fileWriteUnknown)
      }
    case .sparse(let size):
      guard FileManager.default.createFile(atPath: full, contents: nil),
        let handle = FileHandle(forWritingAtPath: full)
      else { throw CocoaError(.fileWriteUnknown) }
      try handle.truncate(atOffset: UInt64(size))
      try handle.close()
    case .link(let target):
      try FileManager.default.createSymbolicLink(atPath: full, withDestinationPath: target)
    case .folder:
      try FileManager.default.createDirectory(atPath: full, withIntermediateDirectories: true)
    }
  }
}
