/// The chunks of the trees of an answer, as a Merkle tree.
package struct ChunkRecord: Hashable, Sendable {
  /// How many chunks there are.
  package let count: Int
  /// The root over them.
  package let root: ContentDigest

  /// Makes a record.
  package init(count: Int, root: ContentDigest) {
    self.count = count
    self.root = root
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["count", "root"])
    count = try reader.count("count")
    root = try reader.digest("root")
    guard count > 0 else { throw reader.refuse(.fieldValue, "count", "trees have at least one chunk") }
  }

  /// `{count, root}`.
  package var json: JSONValue { ["count": .integer(count), "root": .string(root.hex)] }
}
