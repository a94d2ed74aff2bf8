#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A hidden folder beside a destination, filled first and then moved into its place in one step.
///
/// Whoever is interrupted leaves the destination as it was; the hidden folder of a process that no longer runs
/// is removed by the next one.
struct StagingFolder {
  /// The destination without trailing slashes.
  let destination: String
  /// The hidden folder.
  let path: String
  private let parent: String
  private let prefix: String

  /// Makes the hidden folder.
  ///
  /// - Throws: `CertificateError` WRITE when the folder of the destination cannot be written to.
  init(for destination: String) throws(CertificateError) {
    var trimmed = destination[...]
    while trimmed.utf8.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    let name = trimmed.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    guard !name.isEmpty, name != ".", name != ".." else {
      throw CertificateError(
        .write, at: destination, "the path does not name a folder to make",
        fix: "give a path like `NAME.dcert`")
    }
    let before = trimmed.dropLast(name.count)
    parent = before.isEmpty ? "." : String(before)
    self.destination = String(trimmed)
    prefix = ".\(name).partial-"
    var attempt = 0
    while true {
      let candidate = (before.isEmpty ? "" : String(before)) + "\(prefix)\(POSIX.processID)-\(attempt)"
      do {
        try POSIX.makeFolder(candidate)
        path = candidate
        return
      } catch {
        attempt += 1
        guard error.isExisting, attempt < 1000 else {
          throw CertificateError(
            .write, at: destination, "the folder cannot be made in `\(parent)` (\(error.words))",
            fix: "choose a place you may write to")
        }
      }
    }
  }

  /// Writes a file below the folder and its folders on the way, and brings it to the disk.
  func write(
    _ name: RelativePath, _ fill: (borrowing Descriptor) throws(CertificateError) -> Void
  ) throws(CertificateError) {
    do throws(SystemFailure) {
      var folder = path
      for component in name.components.dropLast() {
        folder += "/" + component
        do {
          try POSIX.makeFolder(folder)
        } catch {
          guard error.isExisting else { throw error }
        }
      }
    } catch {
      throw Self.failure(error, at: "\(destination)/\(name)")
    }
    let descriptor: Descriptor
    do {
      descriptor = try POSIX.open("\(path)/\(name)", flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
    } catch {
      throw Self.failure(error, at: "\(destination)/\(name)")
    }
    try fill(descriptor)
    do {
      try POSIX.synchronise(descriptor)
    } catch {
      throw Self.failure(error, at: "\(destination)/\(name)")
    }
  }

  static func failure(_ failure: SystemFailure, at place: String) -> CertificateError {
    CertificateError(
      .write, at: place, "the file cannot be written (\(failure.words))",
      fix: "free space on the disk, or choose a place you may write to")
  }

  /// Moves the folder into place, and removes what `replacing` allowed to be replaced.
  func commit(replacing: Bool) throws(CertificateError) {
    do throws(SystemFailure) {
      try Self.synchroniseFolders(below: path)
      if !replacing {
        try POSIX.move(path, to: destination)
      } else if !POSIX.exchange(path, destination) {
        let old = path + ".old"
        try POSIX.move(destination, to: old)
        do {
          try POSIX.move(path, to: destination)
        } catch {
          try? POSIX.move(old, to: destination)
          throw error
        }
        Self.remove(old)
      }
      try Self.synchroniseFolder(parent)
    } catch {
      throw CertificateError(
        .write, at: destination, "the finished bundle cannot be moved into place (\(error.words))",
        fix: "choose a place you may write to")
    }
    Self.remove(path)
    // Only now: before, a hidden folder may have been all that an interrupted exchange had left.
    Self.removeStale(prefix: prefix, in: parent)
  }

  /// Removes the hidden folder.
  func discard() {
    Self.remove(path)
  }

  private static func synchroniseFolders(below folder: String) throws(SystemFailure) {
    for name in try POSIX.names(in: folder, limit: .max) ?? [] {
      let path = folder + "/" + String(decoding: name, as: UTF8.self)
      if try POSIX.kind(of: path) == .folder { try synchroniseFolders(below: path) }
    }
    try synchroniseFolder(folder)
  }

  private static func synchroniseFolder(_ folder: String) throws(SystemFailure) {
    let descriptor = try POSIX.open(folder, flags: O_RDONLY | O_DIRECTORY)
    try POSIX.synchronise(descriptor)
  }

  private static func removeStale(prefix: String, in parent: String) {
    guard let names = (try? POSIX.names(in: parent, followingLinks: true, limit: 1_000_000)) ?? nil else {
      return
    }
    for name in names {
      let text = String(decoding: name, as: UTF8.self)
      guard text.hasPrefix(prefix), let digits = text.dropFirst(prefix.count).split(separator: "-").first,
        let process = Int32(digits), process > 0, !POSIX.isRunning(process: process)
      else { continue }
      remove("\(parent)/\(text)")
    }
  }

  /// Removes a folder and all in it without following links; what cannot be removed stays.
  private static func remove(_ folder: String) {
    for name in (try? POSIX.names(in: folder, limit: .max)) ?? [] {
      let path = folder + "/" + String(decoding: name, as: UTF8.self)
      if (try? POSIX.kind(of: path)) == .folder { remove(path) } else { try? POSIX.removeFile(path) }
    }
    try? POSIX.removeFolder(folder)
  }
}
