import Certificates

/// Files that a user asks for besides certificates.
enum ResultFile {
  /// Writes a file in one step; see `OutputFile`.
  ///
  /// - Throws: `CommandFailure`.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try OutputFile.replace(path, with: bytes)
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
