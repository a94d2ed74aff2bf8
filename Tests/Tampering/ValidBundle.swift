package import Certificates
import Foundation

/// A bundle that replays, with what is needed to change it and to replay it.
package struct ValidBundle: Sendable {
  /// Its files.
  package let image: BundleImage
  /// Whoever signed it.
  package let holder: KeyHolder
  /// What it states.
  package let statement: JSONValue

  /// Seconds since 1970 at which every bundle here is issued: 2027-01-15T08:00:00Z.
  package static let issuedAt = 1_800_000_000
  /// A moment within the period of every bundle here.
  package static let moment = "2027-06-01T00:00:00Z"

  /// Reads a bundle that a key holder has written.
  package init(at folder: String, holder: KeyHolder) throws {
    image = try BundleImage(at: folder)
    self.holder = holder
    statement = try JSONValue.parse(image.payload ?? [])
  }

  /// A bundle of changed files and statement.
  package init(sealing image: BundleImage, _ statement: JSONValue, by holder: KeyHolder) throws {
    self.image = try holder.sealed(image, statement)
    self.holder = holder
    self.statement = try JSONValue.parse(self.image.payload ?? [])
  }

  /// The number of the record of a property.
  package func index(of property: String) throws -> Int {
    let list = statement.value(at: "predicate/properties")?.arrayValue ?? []
    guard let index = list.firstIndex(where: { $0.value(at: "id") == .string(property) }) else {
      throw EditFailure("no record of `\(property)`")
    }
    return index
  }

  /// The path of a property's evidence.
  package func evidencePath(of property: String) throws -> String {
    let path = "predicate/properties/\(try index(of: property))/evidence/0/sha256"
    guard let digest = statement.value(at: path)?.stringValue else {
      throw EditFailure("`\(property)` has no evidence")
    }
    return "evidence/sha256/\(digest)"
  }

  /// Makes something in a folder of its own, which is removed afterwards.
  package static func inTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws
    -> Result
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
  }

  static func holder() throws -> KeyHolder {
    KeyHolder(try SigningKey(seed: [UInt8](repeating: 7, count: 32)))
  }
}
