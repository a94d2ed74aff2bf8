#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension POSIX {
  /// Exchanges what lies at two paths in one step; false where the system or the file system cannot.
  ///
  /// The C library's header hides `renameat2` from plain importers, so the symbol is looked up.
  static func exchange(_ path: String, _ other: String) -> Bool {
    #if os(Linux)
    typealias Rename =
      @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    let exchangeFlag: UInt32 = 2  // RENAME_EXCHANGE of linux/fs.h
    return unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, path, AT_FDCWD, other, exchangeFlag) == 0
    #else
    return false
    #endif
  }
}
