package import Certificates
package import Evidence
import LeafRules
import TensorGraph

/// The leaves of the trees of an answer in chunks, which are the leaves of a Merkle tree (RFC 6962, section 2.1).
///
/// A chunk is up to 4,096 consecutive leaves of one tree with the splits before them and their annexes. All bytes of all
/// nodes and annexes are in exactly one chunk.
package struct EvidenceChunks: Hashable, Sendable {
  /// The hash of each chunk, trees in order and leaves in pre-order.
  package let hashes: [ContentDigest]

  /// Cuts trees into chunks.
  ///
  /// - Throws: `EvidenceError` where a tree is malformed.
  package init(_ trees: [SplitTree]) throws(EvidenceError) {
    var hashes: [ContentDigest] = []
    for (index, tree) in trees.enumerated() {
      _ = try tree.validate()
      hashes += try Self.hashes(tree, index)
    }
    self.hashes = hashes
  }

  /// The record of them; nil where there are none, as of a question without cases.
  package var record: ChunkRecord? {
    hashes.isEmpty ? nil : ChunkRecord(count: hashes.count, root: Self.root(hashes[...]))
  }

  /// What a record says of the chunks of its evidence, if anything, is so.
  static func check(_ record: PropertyRecord, _ evidence: ProofEvidence?) throws(ReplayError) {
    guard let recorded = record.chunks else { return }
    guard case .trees(let trees)? = evidence else {
      throw ReplayError(.record, step: record.id, "chunks are recorded, and the answer rests on no trees")
    }
    guard recorded == (try EvidenceChunks(trees, step: record.id).record) else {
      throw ReplayError(.record, step: record.id, "number or root of the chunks is not that of the evidence")
    }
  }

  /// Cuts trees into chunks.
  ///
  /// - Throws: `ReplayError` where a tree is malformed.
  init(_ trees: [SplitTree], step: String) throws(ReplayError) {
    do {
      try self.init(trees)
    } catch {
      throw ReplayError(.treeShape, step: step, error.description)
    }
  }

  private static func hashes(_ tree: SplitTree, _ index: Int) throws(EvidenceError) -> [ContentDigest] {
    var hashes: [ContentDigest] = []
    var (position, annex, first, leaves) = (0, 0, 0, 0)
    var (chunkPosition, chunkAnnex) = (0, 0)
    while position < tree.nodes.count {
      let byte = tree.nodes[position]
      guard byte >= 0x80 else {
        position = try tree.axis(at: position).next
        continue
      }
      position += 1
      if byte == LeafRule.phases.rawValue { annex = try tree.annex(at: annex).upperBound }
      leaves += 1
      guard leaves - first == LeafWalk.chunk || position == tree.nodes.count else { continue }
      var writer = ByteWriter()
      writer.text("dspec chunk 1")
      writer.integer(index)
      writer.integer(first)
      writer.integer(leaves - first)
      writer.integer(tree.lower.count)
      for value in tree.lower { writer.double(value) }
      for value in tree.upper { writer.double(value) }
      writer.block(Array(tree.nodes[chunkPosition..<position]))
      writer.block(Array(tree.annexes[chunkAnnex..<annex]))
      hashes.append(ContentDigest(of: [0] + writer.bytes))
      (chunkPosition, chunkAnnex, first) = (position, annex, leaves)
    }
    guard annex == tree.annexes.count else { throw EvidenceError.tree("bytes follow the last annex") }
    return hashes
  }

  /// The root over hashes of leaves, RFC 6962: a list of more than one is cut at the largest power of two below its length.
  static func root(_ hashes: ArraySlice<ContentDigest>) -> ContentDigest {
    guard hashes.count > 1, let first = hashes.first else { return hashes.first ?? ContentDigest(of: []) }
    var size = 1
    while size * 2 < hashes.count { size *= 2 }
    guard size < hashes.count else { return first }
    let cut = hashes.startIndex + size
    return ContentDigest(of: [1] + root(hashes[..<cut]).bytes + root(hashes[cut...]).bytes)
  }
}

/// What a partial replay replays of an answer.
package enum ReplayedPart: Hashable, Sendable {
  /// All that it rests on, as with a witness.
  case whole
  /// Some of the chunks of its trees, and the structure of all.
  case chunks(Int, of: Int)
  /// The structure only: of samples and masses nothing is shown until all of them are replayed.
  case structure
}

/// The walk of a partial replay over the chunks of an answer.
package struct ChunkSelection: Hashable, Sendable {
  private let positions: Set<Int>
  /// The number of chunks.
  let count: Int
  /// Chunks that the walk has passed.
  private(set) var passed = 0
  /// Leaves that were replayed.
  private(set) var leaves = 0

  init?(_ choice: DrawnChoice, _ trees: [SplitTree], step: String) throws(ReplayError) {
    guard let record = try EvidenceChunks(trees, step: step).record else { return nil }
    positions = choice.positions(of: record.count, root: record.root)
    count = record.count
  }

  /// Passes the next chunk, of so many leaves; true where it is to be replayed.
  mutating func takes(_ chunk: Int) -> Bool {
    defer { passed += 1 }
    guard positions.contains(passed) else { return false }
    leaves += chunk
    return true
  }

  /// What is replayed after the last chunk.
  var part: ReplayedPart { .chunks(positions.count, of: count) }
}
