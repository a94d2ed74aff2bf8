import Certificates
import SeededDraws
import Testing
import TransparencyLog

/// The entries and hashes with which implementations of Certificate Transparency test themselves.
private enum Vectors {
  static let entries: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], Array(0x40...0x43), Array(0x50...0x57),
    Array(0x60...0x6F),
  ]
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]
  static let firstOfEight = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  ]
}

@Suite("Merkle trees")
struct MerkleTests {
  @Test("the roots of the published vectors", arguments: 0...8)
  func roots(count: Int) {
    let leaves = Vectors.entries.prefix(count).map { MerkleTree.leaf($0) }
    #expect(MerkleTree.root(of: leaves).hex == Vectors.roots[count])
    #expect(definedRoot(leaves[...]).hex == Vectors.roots[count])
  }

  @Test("the published proof of the first of eight entries")
  func published() throws {
    let proof = try Vectors.firstOfEight.map { try present(ContentDigest(hex: $0)) }
    let root = try present(ContentDigest(hex: Vectors.roots[8]))
    let leaf = MerkleTree.leaf(Vectors.entries[0])
    #expect(MerkleProof.provesInclusion(of: leaf, at: 0, in: 8, by: proof, root: root))
    #expect(!MerkleProof.provesInclusion(of: leaf, at: 1, in: 8, by: proof, root: root))
  }

  @Test("every proof of trees up to 70 entries holds, and none that was altered")
  func all() throws {
    let largest = 70
    var generator = SeededGenerator(seed: 6962)
    let leaves = try Sample.entries(0..<largest).map { try $0.leaf() }
    let roots = (0...largest).map { definedRoot(leaves[..<$0]) }
    let storage = try Sample.log(largest, pieces: 1)
    for size in 0...largest {
      // Shorter tiles of every size are kept until the tile is full.
      var tree = TileTree(storage, size: size)
      #expect(try tree.root() == roots[size])
      for index in 0..<size {
        let proof = try tree.inclusionProof(of: index)
        func holds(
          _ leaf: ContentDigest, _ index: Int, _ proof: [ContentDigest], _ root: ContentDigest
        ) -> Bool {
          MerkleProof.provesInclusion(of: leaf, at: index, in: size, by: proof, root: root)
        }
        #expect(holds(leaves[index], index, proof, roots[size]))
        for altered in alterations(of: proof, &generator) {
          #expect(!holds(leaves[index], index, altered, roots[size]))
        }
        #expect(!holds(leaves[(index + 1) % largest], index, proof, roots[size]))
        #expect(!holds(leaves[index], index, proof, roots[(size + 1) % largest]))
        for other in [-1, size, (index + 1) % size, index ^ 1] where other != index {
          #expect(!holds(leaves[index], other, proof, roots[size]))
        }
      }
      for old in 0...size {
        let proof = try tree.consistencyProof(from: old)
        func holds(
          _ old: Int, _ oldRoot: ContentDigest, _ proof: [ContentDigest], _ root: ContentDigest
        ) -> Bool {
          MerkleProof.provesConsistency(of: old, oldRoot, with: size, root, by: proof)
        }
        #expect(holds(old, roots[old], proof, roots[size]))
        for altered in alterations(of: proof, &generator) {
          #expect(!holds(old, roots[old], altered, roots[size]))
        }
        #expect(!holds(old, roots[(old + 1) % largest], proof, roots[size]))
        // Every tree extends the empty one, so only its own root is asked of it.
        if old > 0 { #expect(!holds(old, roots[old], proof, roots[(size + 1) % largest])) }
        #expect(!holds(old - size - 1, roots[old], proof, roots[size]))
        #expect(!holds(size + 1, roots[old], proof, roots[size]))
      }
    }
  }

  @Test("proofs around full tiles hold", arguments: [255, 256, 257, 511, 512, 513])
  func tiles(size: Int) throws {
    let storage = try Sample.log(size, pieces: 97)
    try check(storage, size: size, indices: [0, 1, 96, 127, 128, 254, 255, 256, 257, size - 2, size - 1])
  }

  @Test("proofs around full tiles of two levels hold, and the files are those of C2SP tlog-tiles")
  func levels() throws {
    let storage = try Sample.log(65_535)
    let writer = LogWriter(storage, signer: try Sample.key())
    let indices = [0, 255, 256, 32_767, 32_768, 65_279, 65_280, 65_534, 65_535, 65_536, 69_999]
    try check(storage, size: 65_535, indices: indices)
    for end in [65_536, 65_537, 70_000] {
      let start = try LogReader(storage).checkpoint().size
      _ = try writer.append(Sample.entries(start..<end))
      try check(storage, size: end, indices: indices)
    }
    func count(_ prefix: String, _ isPartial: Bool) -> Int {
      storage.files.keys.filter { $0.hasPrefix(prefix) && $0.contains(".p/") == isPartial }.count
    }
    #expect(count("tile/0/", false) == 273 && count("tile/entries/", false) == 273)
    #expect(count("tile/1/", false) == 1)
    #expect(storage.files["tile/0/273.p/112"]?.count == 112 * 32)
    #expect(storage.files["tile/1/001.p/17"]?.count == 17 * 32)
    #expect(storage.files["tile/2/000.p/1"]?.count == 32)
    #expect(count("tile/0/272.p", true) == 0, "what a full tile replaces is removed")
    // A reader of an old checkpoint whose shorter tiles are gone finds their hashes in the full ones.
    for size in [1, 255, 65_535, 65_537] {
      var tree = TileTree(storage, size: size)
      #expect(try tree.root() == definedRoot(try Sample.entries(0..<size).map { try $0.leaf() }[...]))
    }
  }

  private func check(_ storage: MemoryStorage, size: Int, indices: [Int]) throws {
    let leaves = try Sample.entries(0..<size).map { try $0.leaf() }
    let root = definedRoot(leaves[...])
    let checkpoint = try LogReader(storage).checkpoint()
    #expect(checkpoint.size == size && checkpoint.root == root)
    var tree = TileTree(storage, size: size)
    for index in indices where index >= 0 && index < size {
      let proof = try tree.inclusionProof(of: index)
      #expect(
        MerkleProof.provesInclusion(of: leaves[index], at: index, in: size, by: proof, root: root))
      #expect(
        MerkleProof.provesConsistency(
          of: index, definedRoot(leaves[..<index]), with: size, root,
          by: try tree.consistencyProof(from: index)))
    }
  }

  /// Proofs with a hash changed, left out, added or exchanged.
  private func alterations(
    of proof: [ContentDigest], _ generator: inout SeededGenerator
  ) -> [[ContentDigest]] {
    let stray = ContentDigest(of: [UInt8(generator.next() & 0xFF)])
    var altered = [proof + [stray], [stray] + proof]
    guard !proof.isEmpty else { return altered }
    altered += [Array(proof.dropFirst()), Array(proof.dropLast()), proof + [proof[0]]]
    for position in proof.indices {
      var other = proof
      other[position] = stray
      altered.append(other)
      guard position > 0 else { continue }
      other = proof
      other.swapAt(position - 1, position)
      altered.append(other)
    }
    return altered
  }
}
