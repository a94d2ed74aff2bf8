#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files that other programs read while they change: each is replaced in one step and never seen half written.
package enum SharedFile {
  /// The content of a regular file; nil where nothing lies at the path.
  ///
  /// - Throws: `CertificateError` READ, PATH for what is no regular file, or SIZE above `limit`.
  package static func content(of path: String, limit: Int) throws(CertificateError) -> [UInt8]? {
    do {
      _ = try POSIX.kind(of: path)
    } catch {
      if error.isMissing { return nil }
    }
    return try FileReading.content(of: path, limit: limit)
  }

  /// Whether anything lies at a path.
  package static func exists(_ path: String) -> Bool {
    (try? POSIX.kind(of: path)) != nil
  }

  /// Puts a content at a path in one step, and makes the folders on the way.
  ///
  /// The bytes are on the disk before their name is, so whoever is interrupted leaves the old file or the new one.
  ///
  /// - Parameter staging: A path on the same file system where the bytes are gathered first, and what lies there is lost; a new
  ///   one beside `path` by default.
  /// - Throws: `CertificateError` WRITE.
  package static func replace(
    _ path: String, with bytes: [UInt8], staging: String? = nil
  ) throws(CertificateError) {
    let parent = folder(of: path)
    do throws(SystemFailure) {
      try makeFolders(parent)
      let own = fresh(beside: path)
      let descriptor = try POSIX.open(
        staging ?? own, flags: O_WRONLY | O_CREAT | O_NOFOLLOW | (staging == nil ? O_EXCL : O_TRUNC),
        mode: 0o644)
      do throws(SystemFailure) {
        try POSIX.write(bytes, to: descriptor)
        try POSIX.synchronise(descriptor)
        try POSIX.move(staging ?? own, to: path)
      } catch {
        if staging == nil { try? POSIX.removeFile(own) }
        throw error
      }
      try POSIX.synchronise(try POSIX.open(parent, flags: O_RDONLY | O_DIRECTORY))
    } catch {
      throw StagingFolder.failure(error, at: path)
    }
  }

  /// Whether a content could be put at a path; nothing stays there.
  ///
  /// - Throws: `CertificateError` WRITE.
  package static func probe(_ path: String) throws(CertificateError) {
    let own = fresh(beside: path)
    do throws(SystemFailure) {
      _ = try POSIX.open(own, flags: O_WRONLY | O_CREAT | O_NOFOLLOW | O_EXCL, mode: 0o600)
      try POSIX.removeFile(own)
    } catch {
      throw StagingFolder.failure(error, at: path)
    }
  }

  /// A path beside another where nothing lies.
  static func fresh(beside path: String) -> String {
    "\(path).\(POSIX.processID).\(UInt32.random(in: 0...(.max))).new"
  }

  /// Makes a folder and those above it; one that exists is left as it is.
  ///
  /// - Throws: `CertificateError` WRITE.
  package static func makeFolder(_ path: String) throws(CertificateError) {
    do {
      try makeFolders(path)
    } catch {
      throw StagingFolder.failure(error, at: path)
    }
  }

  /// Removes a folder of plain files; what cannot be removed stays.
  package static func removeFolder(_ path: String) {
    for name in (try? POSIX.names(in: path, limit: 1 << 16)) ?? [] {
      try? POSIX.removeFile("\(path)/" + String(decoding: name, as: UTF8.self))
    }
    try? POSIX.removeFolder(path)
  }

  private static func makeFolders(_ path: String) throws(SystemFailure) {
    do {
      try POSIX.makeFolder(path)
    } catch {
      if error.isExisting { return }
      guard error.isMissing, path.contains("/") else { throw error }
      try makeFolders(folder(of: path))
      do {
        try POSIX.makeFolder(path)
      } catch {
        guard error.isExisting else { throw error }
      }
    }
  }

  /// The folder that holds a path.
  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// The right to change a folder, held by one process at a time and given up with its owner or its process.
package struct FolderLock: ~Copyable {
  private let descriptor: Descriptor

  /// Takes the lock of a folder, by its file `.lock`.
  ///
  /// - Parameter patience: How often to try, a tenth of a second apart.
  /// - Throws: `CertificateError` WRITE where it cannot be had.
  package init(folder: String, patience: Int = 100) throws(CertificateError) {
    descriptor = try Self.acquire("\(folder)/.lock", patience)
  }

  private static func acquire(_ path: String, _ patience: Int) throws(CertificateError) -> Descriptor {
    let descriptor: Descriptor
    do {
      descriptor = try POSIX.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o644)
    } catch {
      throw StagingFolder.failure(error, at: path)
    }
    var attempt = 1
    while flock(descriptor.raw, LOCK_EX | LOCK_NB) != 0 {
      guard attempt < patience else {
        throw CertificateError(
          .write, at: path, "another program is changing the folder", fix: "wait until it has finished")
      }
      attempt += 1
      usleep(100_000)
    }
    return descriptor
  }
}
