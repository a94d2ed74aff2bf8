import Certificates
import Foundation

/// Files that a user asks for besides certificates.
enum ResultFile {
  /// Endings of files that are made once and that no result takes the place of.
  private static let kept = ["pem", "dspec", "onnx", "safetensors", "vnnlib"]

  /// Writes a result in one step, see `OutputFile`; not over a key, a specification or a model, nor into a certificate.
  ///
  /// - Throws: `CommandFailure`.
  static func create(_ bytes: [UInt8], at path: String) throws {
    try check(path)
    try write(bytes, to: path)
  }

  /// Refuses a place where a result would replace a key, a specification, a model, a signed statement or a trust file, or
  /// would lie in a certificate or a log.
  ///
  /// - Throws: `CommandFailure`.
  static func check(_ path: String) throws {
    let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
    guard !(kept.contains(ending) && FileManager.default.fileExists(atPath: path)),
      !OutputFile.isGuarded(path)
    else {
      throw CommandFailure("`\(path)` is not replaced by a result; name another file")
    }
  }

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
