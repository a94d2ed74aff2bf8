package import Certificates

/// The files of a log by their paths below its folder.
package protocol LogStorage {
  /// The content of a file; nil where there is none.
  ///
  /// - Throws: `CertificateError` READ, PATH or SIZE.
  func read(_ path: String, limit: Int) throws(CertificateError) -> [UInt8]?

  /// Puts a content at a path in one step.
  ///
  /// - Throws: `CertificateError` WRITE.
  func write(_ bytes: [UInt8], to path: String) throws(CertificateError)

  /// Removes a folder of files that nothing refers to any more; what cannot be removed stays.
  func removeFolder(_ path: String)

  /// A path as a reader sees it.
  func place(_ path: String) -> String
}

/// A log in a folder that any web server can serve.
package struct FolderStorage: LogStorage {
  /// The folder without trailing slashes.
  package let folder: String

  /// Names a folder, which need not exist.
  package init(_ folder: String) {
    var trimmed = folder[...]
    while trimmed.utf8.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    self.folder = String(trimmed)
  }

  package func place(_ path: String) -> String { "\(folder)/\(path)" }

  package func read(_ path: String, limit: Int) throws(CertificateError) -> [UInt8]? {
    try SharedFile.content(of: place(path), limit: limit)
  }

  package func write(_ bytes: [UInt8], to path: String) throws(CertificateError) {
    // One name for all, since one process writes at a time: what an interrupted one left is overwritten.
    try SharedFile.replace(place(path), with: bytes, staging: place(".new"))
  }

  package func removeFolder(_ path: String) { SharedFile.removeFolder(place(path)) }
}
