#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reading of regular files whose size is settled before the first byte is read.
package enum FileReading {
  private static let block = 1 << 20

  /// The whole content of a file that a user named; links are followed.
  ///
  /// - Throws: `CertificateError` READ, or SIZE above `limit`.
  package static func content(of path: String, limit: Int) throws(CertificateError) -> [UInt8] {
    try content(of: try open(path, followingLinks: true), path, limit: limit, fix: "give another file")
  }

  private static func content(
    of descriptor: borrowing Descriptor, _ path: String, limit: Int, fix: String
  ) throws(CertificateError) -> [UInt8] {
    let size = try size(of: descriptor, place: path)
    guard size <= limit else {
      throw CertificateError(.size, at: path, "the file has \(size) bytes, more than \(limit)", fix: fix)
    }
    var content: [UInt8] = []
    content.reserveCapacity(size)
    try read(descriptor, size: size, place: path) { content.append(contentsOf: $0) }
    return content
  }

  /// The whole content of a file that nobody but the user can have written; nil where nothing lies at the path.
  ///
  /// - Throws: `CertificateError` READ, also for the file of another user, one that others can write, or a link; PATH for
  ///   what is no regular file; SIZE above `limit`.
  package static func ownContent(of path: String, limit: Int) throws(CertificateError) -> [UInt8]? {
    let descriptor: Descriptor
    do {
      descriptor = try POSIX.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    } catch {
      if error.isMissing { return nil }
      throw unreadable(path, error)
    }
    guard (try? POSIX.isOwn(descriptor)) == true else {
      throw CertificateError(
        .read, at: path, "the file belongs to another user or can be written by others",
        fix: "remove it to start afresh")
    }
    return try content(of: descriptor, path, limit: limit, fix: "remove it to start afresh")
  }

  /// Opens a file below a folder, or a path as it stands when `folder` is nil.
  static func open(
    _ path: String, below folder: String? = nil, followingLinks: Bool
  ) throws(CertificateError) -> Descriptor {
    let place = folder.map { "\($0)/\(path)" } ?? path
    guard let folder, !followingLinks else {
      do {
        return try POSIX.open(place, flags: O_RDONLY | O_NONBLOCK)
      } catch {
        throw unreadable(place, error)
      }
    }
    var current = try openFolder(folder)
    do {
      // Component by component, so that no link on the way leads out of the folder.
      let components = path.split(separator: "/").map(String.init)
      for component in components.dropLast() {
        current = try POSIX.open(component, in: current.raw, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      }
      return try POSIX.open(
        components.last ?? path, in: current.raw, flags: O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    } catch {
      if error.isLink {
        throw CertificateError(
          .path, at: place, "the file or a folder on the way is a symbolic link",
          fix: "copy the bundle with its links resolved")
      }
      throw unreadable(place, error)
    }
  }

  private static func unreadable(_ place: String, _ failure: SystemFailure) -> CertificateError {
    CertificateError(
      .read, at: place, "the file cannot be read (\(failure.words))",
      fix: "check the path and its permissions")
  }

  /// Opens a folder that a user named; links are followed.
  private static func openFolder(_ path: String) throws(CertificateError) -> Descriptor {
    do {
      return try POSIX.open(path, flags: O_RDONLY | O_DIRECTORY)
    } catch {
      guard error.isLink else {
        throw CertificateError(
          .read, at: path, "the folder cannot be read (\(error.words))",
          fix: "check the path and its permissions")
      }
      throw CertificateError(.read, at: path, "this is no folder", fix: "give the folder of a bundle")
    }
  }

  /// The size of a regular file.
  static func size(of descriptor: borrowing Descriptor, place: String) throws(CertificateError) -> Int {
    do {
      if case .regular(let size) = try POSIX.kind(of: descriptor) { return size }
    } catch {
      throw CertificateError(
        .read, at: place, "the file cannot be read (\(error.words))",
        fix: "check the path and its permissions")
    }
    throw CertificateError(.path, at: place, "the path is not a regular file", fix: "give a regular file")
  }

  /// Hands over the content in pieces of at most 1 MiB and makes sure that it has exactly `size` bytes.
  static func read(
    _ descriptor: borrowing Descriptor, size: Int, place: String,
    _ body: ([UInt8]) throws(CertificateError) -> Void
  ) throws(CertificateError) {
    var left = size
    while left > 0 {
      let piece = try next(descriptor, count: min(block, left), place: place)
      guard !piece.isEmpty else {
        throw CertificateError(
          .truncated, at: place, "the file ends \(left) bytes early", fix: "obtain the file again")
      }
      left -= piece.count
      try body(piece)
    }
    guard try next(descriptor, count: 1, place: place).isEmpty else {
      throw CertificateError(
        .size, at: place, "the file is larger than its \(size) bytes", fix: "obtain the file again")
    }
  }

  private static func next(
    _ descriptor: borrowing Descriptor, count: Int, place: String
  ) throws(CertificateError) -> [UInt8] {
    do {
      return try POSIX.read(descriptor, count: count)
    } catch {
      throw CertificateError(
        .read, at: place, "the file cannot be read (\(error.words))", fix: "check the disk and try again")
    }
  }
}
