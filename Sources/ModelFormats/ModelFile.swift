import Foundation

/// Whole files as bytes, for the edges of the program.
package enum ModelFile {
  /// Largest file that is read: the limit of the protocol buffer format.
  package static let largestSize = 1 << 31

  /// Reads a file.
  ///
  /// - Throws: `ModelFormatError` with code `access` when it cannot be read, `tooLarge` beyond `largestSize`.
  package static func bytes(at path: String) throws(ModelFormatError) -> [UInt8] {
    let attributes: [FileAttributeKey: Any]
    do {
      let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      attributes = try FileManager.default.attributesOfItem(atPath: target)
    } catch {
      throw ModelFormatError(
        .access, file: path, problem: "cannot be opened", fix: "check the path and the permissions")
    }
    guard let type = attributes[.type] as? FileAttributeType, type == .typeRegular else {
      throw ModelFormatError(.access, file: path, problem: "is not a regular file")
    }
    if let size = attributes[.size] as? Int, size > largestSize {
      throw ModelFormatError(.tooLarge, file: path, problem: "has \(size) bytes, more than \(largestSize)")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ModelFormatError(
        .access, file: path, problem: "cannot be read", fix: "check the path and the permissions")
    }
    return [UInt8](data)
  }

  /// Writes a file, replacing what stood there at once.
  ///
  /// - Throws: `ModelFormatError` with code `access`.
  package static func write(_ bytes: [UInt8], to path: String) throws(ModelFormatError) {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ModelFormatError(
        .access, file: path, problem: "cannot be written", fix: "check that the folder exists and is writable"
      )
    }
  }
}
