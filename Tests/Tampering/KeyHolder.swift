package import Certificates
import Evidence
import Foundation
import Replay

/// Somebody who holds the key that reviewers trust, and states what he likes.
///
/// Every digest, size, identifier and signature is computed anew, without any of the checks of the program that makes honest
/// certificates: what is wrong with such a bundle can only be found by deriving its answers again.
package struct KeyHolder: Sendable {
  /// The key.
  package let key: SigningKey

  /// Makes a holder.
  package init(_ key: SigningKey) { self.key = key }

  /// A bundle whose files and statement were changed, made consistent and signed.
  ///
  /// A root of the model files is that of the files that lie in the image, and is a subject.
  /// Records of files get the digests and sizes of the files that lie in the image; a file of evidence moves to the path of
  /// its digest, and what named it names the new one.
  ///
  /// - Parameters:
  ///   - image: The changed files; its envelope is not looked at.
  ///   - statement: The changed statement.
  package func sealed(_ image: BundleImage, _ statement: JSONValue) throws -> BundleImage {
    var image = image
    var statement = statement
    if var predicate = statement.objectValue?["predicate"]?.objectValue {
      moveEvidence(in: &image, &predicate)
      describeFiles(of: image, in: &predicate)
      if predicate["models"]?.arrayValue?.isEmpty == true { predicate["model"] = nil }
      if var model = predicate["model"]?.objectValue, let root = Self.omsRoot(predicate) {
        model["omsRoot"] = root
        predicate["model"] = .object(model)
      }
      predicate["certificateId"] = nil
      let name = Self.identifier(try JSONValue.object(predicate).canonicalBytes())
      predicate["certificateId"] = .string(name)
      let manifests = try Self.manifests(predicate)
      for (name, bytes) in manifests { image[name] = bytes }
      if !manifests.contains(where: { $0.name == Statement.modelManifestName }) {
        image[Statement.modelManifestName] = nil
      }
      var object = statement.objectValue ?? JSONObject()
      object["predicate"] = .object(predicate)
      var subjects = manifests.map {
        StatementSubject(name: $0.name, digest: ContentDigest(of: $0.bytes)).json
      }
      if manifests.count > 1, let root = predicate["model"]?.value(at: "omsRoot") {
        subjects.insert(["digest": ["sha256": root], "name": .string(Statement.omsRootName)], at: 1)
      }
      object["subject"] = .array(subjects)
      statement = .object(object)
    }
    image[BundleImage.certificate] = try Envelope(signing: statement.canonicalBytes(), with: [key]).json()
    return image
  }

  /// A bundle with other signed bytes, signed as they stand.
  package func signed(_ image: BundleImage, payload: [UInt8]) throws -> BundleImage {
    var image = image
    image[BundleImage.certificate] = try Envelope(signing: payload, with: [key]).json()
    return image
  }

  /// The identifier that follows from a predicate's canonical bytes without it (RFC 9562, version 8).
  package static func identifier(_ body: [UInt8]) -> String {
    var bytes = Array(ContentDigest(of: body).bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return "urn:uuid:"
      + [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
  }

  private func moveEvidence(in image: inout BundleImage, _ predicate: inout JSONObject) {
    var moved: [String: [UInt8]] = [:]
    for path in image.paths where path.hasPrefix("evidence/sha256/") {
      guard let bytes = image[path] else { continue }
      let old = String(path.dropFirst("evidence/sha256/".count))
      image[path] = nil
      moved[old] = bytes
    }
    for bytes in moved.values { image[BundleImage.evidencePath(bytes)] = bytes }
    predicate["properties"] = Self.mapped(predicate["properties"]) { property in
      var changed: [UInt8]?
      property["evidence"] = Self.mapped(property["evidence"]) { record in
        guard let bytes = moved[record["sha256"]?.stringValue ?? ""] else { return }
        if record["sha256"] != .string(ContentDigest(of: bytes).hex) { changed = bytes }
        record["sha256"] = .string(ContentDigest(of: bytes).hex)
        record["size"] = .integer(bytes.count)
      }
      // Chunks of changed trees are theirs, so that not the root but the rule has to give the change away.
      if let changed, property["chunks"] != nil { property["chunks"] = Self.chunks(changed) }
    }
  }

  private static func chunks(_ evidence: [UInt8]) -> JSONValue? {
    guard case .trees(let trees)? = try? ProofEvidence(decoding: evidence) else { return nil }
    return (try? EvidenceChunks(trees))?.record?.json
  }

  private func describeFiles(of image: BundleImage, in predicate: inout JSONObject) {
    func described(_ list: JSONValue?, _ group: String) -> JSONValue? {
      Self.mapped(list) { record in
        guard let bytes = image["\(group)/\(record["name"]?.stringValue ?? "")"] else { return }
        record["sha256"] = .string(ContentDigest(of: bytes).hex)
        record["size"] = .integer(bytes.count)
      }
    }
    predicate["models"] = described(predicate["models"], "models")
    predicate["datasets"] = described(predicate["datasets"], "data")
    guard var spec = predicate["spec"]?.objectValue else { return }
    spec["sources"] = described(spec["sources"], "spec")
    predicate["spec"] = .object(spec)
  }

  private static func mapped(_ list: JSONValue?, _ change: (inout JSONObject) -> Void) -> JSONValue? {
    guard let elements = list?.arrayValue else { return list }
    return .array(
      elements.map { element in
        guard var object = element.objectValue else { return element }
        change(&object)
        return .object(object)
      })
  }

  /// The root over the recorded model files; nil where some record is none.
  private static func omsRoot(_ predicate: JSONObject) -> JSONValue? {
    var files: [FileRecord] = []
    for record in predicate["models"]?.arrayValue ?? [] {
      guard let name = record.value(at: "name")?.stringValue.flatMap({ RelativePath($0) }),
        let digest = record.value(at: "sha256")?.stringValue.flatMap({ ContentDigest(hex: $0) })
      else { return nil }
      files.append(FileRecord(name: name, digest: digest, size: 0))
    }
    return .string(ModelRecord.omsRoot(of: files).hex)
  }

  /// The manifests by name, for whatever records there are.
  private static func manifests(_ predicate: JSONObject) throws -> [(name: String, bytes: [UInt8])] {
    func manifest(_ list: JSONValue?) throws -> [UInt8] {
      let files = (list?.arrayValue ?? []).compactMap(\.objectValue).sorted {
        ($0["name"]?.stringValue ?? "").utf8.lexicographicallyPrecedes(($1["name"]?.stringValue ?? "").utf8)
      }
      let value: JSONValue = [
        "files": .array(
          files.map {
            [
              "path": $0["name"] ?? .null, "sha256": $0["sha256"] ?? .null, "size": $0["size"] ?? .null,
            ]
          }), "manifestVersion": 1,
      ]
      return try value.canonicalBytes()
    }
    var manifests: [(name: String, bytes: [UInt8])] = []
    if predicate["models"]?.arrayValue?.isEmpty == false {
      manifests.append((Statement.modelManifestName, try manifest(predicate["models"])))
    }
    manifests.append((Statement.specManifestName, try manifest(predicate["spec"]?.objectValue?["sources"])))
    return manifests
  }
}
