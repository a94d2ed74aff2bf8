#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An open file descriptor, closed with its owner.
struct Descriptor: ~Copyable {
  let raw: Int32

  init(_ raw: Int32) {
    self.raw = raw
  }

  deinit {
    _ = close(raw)
  }
}

/// What a call to the system failed with.
struct SystemFailure: Error {
  let code: Int32

  /// The last failure of this thread.
  static var last: SystemFailure { SystemFailure(code: errno) }

  var isMissing: Bool { code == ENOENT }
  var isExisting: Bool { code == EEXIST || code == ENOTEMPTY }
  /// What `O_NOFOLLOW` and `O_DIRECTORY` answer at a symbolic link.
  var isLink: Bool { code == ELOOP || code == ENOTDIR }

  /// The system's words, lower case start.
  var words: String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}

/// What lies at a path.
enum FileKind: Equatable {
  case regular(size: Int)
  case folder
  case other
}

/// The few calls to the system that bundles and keys need, without state of its own.
enum POSIX {
  static func open(
    _ path: String, in folder: Int32 = AT_FDCWD, flags: Int32, mode: mode_t = 0
  ) throws(SystemFailure) -> Descriptor {
    while true {
      let raw = openat(folder, path, flags | O_CLOEXEC, mode)
      if raw >= 0 { return Descriptor(raw) }
      guard errno == EINTR else { throw .last }
    }
  }

  static func kind(of descriptor: borrowing Descriptor) throws(SystemFailure) -> FileKind {
    var status = stat()
    guard fstat(descriptor.raw, &status) == 0 else { throw .last }
    return kind(status)
  }

  /// Whether an open file belongs to the user and can be written by nobody else.
  static func isOwn(_ descriptor: borrowing Descriptor) throws(SystemFailure) -> Bool {
    var status = stat()
    guard fstat(descriptor.raw, &status) == 0 else { throw .last }
    return status.st_uid == geteuid() && status.st_mode & (S_IWGRP | S_IWOTH) == 0
  }

  /// What lies at a path, a symbolic link itself counting as `other`.
  static func kind(of path: String, in folder: Int32 = AT_FDCWD) throws(SystemFailure) -> FileKind {
    var status = stat()
    guard fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw .last }
    return kind(status)
  }

  /// Whether a folder is there, perhaps through links.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return fstatat(AT_FDCWD, path, &status, 0) == 0 && kind(status) == .folder
  }

  private static func kind(_ status: stat) -> FileKind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .regular(size: Int(status.st_size))
    case S_IFDIR: .folder
    default: .other
    }
  }

  /// At most `count` bytes; fewer only at the end of the file.
  static func read(_ descriptor: borrowing Descriptor, count: Int) throws(SystemFailure) -> [UInt8] {
    var failure: SystemFailure?
    let raw = descriptor.raw
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = Self.read(
          raw, buffer.baseAddress.map { UnsafeMutableRawPointer($0 + filled) }, count - filled)
        if got == 0 { return }
        if got > 0 {
          filled += got
        } else if errno != EINTR {
          failure = .last
          return
        }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  private static func read(_ raw: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.read(raw, buffer, count)
    #elseif canImport(Musl)
    Musl.read(raw, buffer, count)
    #else
    Darwin.read(raw, buffer, count)
    #endif
  }

  static func write(_ bytes: [UInt8], to descriptor: borrowing Descriptor) throws(SystemFailure) {
    try write(bytes, toRaw: descriptor.raw)
  }

  /// Writes to the number of a descriptor that the caller keeps open.
  static func write(_ bytes: [UInt8], toRaw raw: Int32) throws(SystemFailure) {
    var failure: SystemFailure?
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let put = Self.write(raw, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if put >= 0 {
          done += put
        } else if errno != EINTR {
          failure = .last
          return
        }
      }
    }
    if let failure { throw failure }
  }

  private static func write(_ raw: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.write(raw, buffer, count)
    #elseif canImport(Musl)
    Musl.write(raw, buffer, count)
    #else
    Darwin.write(raw, buffer, count)
    #endif
  }

  static func synchronise(_ descriptor: borrowing Descriptor) throws(SystemFailure) {
    guard fsync(descriptor.raw) == 0 else { throw .last }
  }

  static func setMode(_ mode: mode_t, of descriptor: borrowing Descriptor) throws(SystemFailure) {
    guard fchmod(descriptor.raw, mode) == 0 else { throw .last }
  }

  static func makeFolder(_ path: String) throws(SystemFailure) {
    guard mkdir(path, 0o755) == 0 else { throw .last }
  }

  static func move(_ path: String, to other: String) throws(SystemFailure) {
    guard rename(path, other) == 0 else { throw .last }
  }

  static func removeFile(_ path: String) throws(SystemFailure) {
    guard unlink(path) == 0 else { throw .last }
  }

  static func removeFolder(_ path: String) throws(SystemFailure) {
    guard rmdir(path) == 0 else { throw .last }
  }

  static var processID: Int32 { getpid() }

  static func isRunning(process: Int32) -> Bool {
    kill(process, 0) == 0 || errno != ESRCH
  }

  /// The names in a folder as bytes, without `.` and `..`, in order; nil when there are more than `limit`.
  static func names(
    in path: String, of folder: Int32 = AT_FDCWD, followingLinks: Bool = false, limit: Int
  ) throws(SystemFailure) -> [[UInt8]]? {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW)
    let raw = openat(folder, path, flags, 0)
    guard raw >= 0 else { throw .last }
    guard let stream = fdopendir(raw) else {
      let failure = SystemFailure.last
      _ = close(raw)
      throw failure
    }
    defer { _ = closedir(stream) }
    var names: [[UInt8]] = []
    errno = 0
    while let entry = readdir(stream) {
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let start = UnsafeRawPointer(entry) + offset
      let name = Array(
        UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
      if name == [UInt8(ascii: ".")] || name == Array("..".utf8) { continue }
      guard names.count < limit else { return nil }
      names.append(name)
      errno = 0
    }
    guard errno == 0 else { throw .last }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
