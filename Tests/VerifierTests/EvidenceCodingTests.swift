import Evidence
import Testing

/// Files of evidence: one spelling of every tree, about a byte a leaf.
@Suite struct EvidenceCodingTests {
  /// A random tree of `splits` splits along axes below a bound, mostly of one rule.
  private func nodes(splits: Int, axes: Int, seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var left = splits
    var nodes: [UInt8] = []
    var pending = 1
    while pending > 0 {
      pending -= 1
      // Where only one node is to come and splits are left, it is one.
      if left > 0, pending == 0 || next(2) == 0 {
        left -= 1
        nodes += SplitTree.split(next(axes))
        pending += 2
      } else {
        nodes.append(next(8) == 0 ? [0x80, 0x84, 0x8F][next(3)] : 0x81)
      }
    }
    return nodes
  }

  private func evidence(_ nodes: [UInt8], annexes: [UInt8] = []) -> ProofEvidence {
    .trees([SplitTree(lower: [-1, 0.5], upper: [1, 2], nodes: nodes, annexes: annexes)])
  }

  @Test(arguments: [1, 2, 31, 32, 127, 128, 400])
  func treesSurviveAndAreSmall(axes: Int) throws {
    for seed in 0..<60 {
      let splits = [0, 1, 2, 7, 100, 3_000][seed % 6]
      let nodes = nodes(splits: splits, axes: axes, seed: UInt64(seed))
      let original = evidence(nodes, annexes: [1, 0, 0, 0, 9])
      let bytes = original.encoded
      #expect(try ProofEvidence(decoding: bytes) == original)
      // The rest of a file: its head, a corner each, and the counts of two blocks.
      let rest = 17 + 1 + 8 + 8 + 32 + 1 + 8 + 8 + 5
      #expect(bytes.count <= nodes.count + rest)
      if axes <= 31, splits == 3_000 { #expect(Double(bytes.count - rest) <= 1.3 * Double(splits + 1)) }
    }
  }

  /// What is no tree stays as it is, for the checker to refuse.
  @Test(
    arguments: [
      [], [0], [0x81, 0x81], [0, 0x81], [0, 0x81, 0x81, 0x81], [0x7F, 1], [0x7F, 3, 0, 0x81, 0x81],
      [0, 0, 0x81, 0x81],
    ] as [[UInt8]])
  func otherNodesStayAsTheyAre(nodes: [UInt8]) throws {
    #expect(try ProofEvidence(decoding: evidence(nodes).encoded) == evidence(nodes))
  }

  /// The file of the older format is read as the same evidence.
  @Test func theOlderFormatIsRead() throws {
    let nodes = nodes(splits: 40, axes: 5, seed: 3)
    let bytes = evidence(nodes).encoded
    func integer(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let corner = 17 + 1 + 8 + 8 + 32
    let older =
      Array("dspec evidence 2\n".utf8) + bytes[17..<corner] + integer(nodes.count) + nodes + integer(0)
    #expect(try ProofEvidence(decoding: older) == evidence(nodes))
    #expect(throws: EvidenceError.self) { try ProofEvidence(decoding: Array(older.dropLast())) }
  }

  /// Every change of a byte gives other evidence or none, so that no evidence has two files.
  @Test func noEvidenceHasTwoFiles() throws {
    let original = evidence(nodes(splits: 12, axes: 34, seed: 5))
    let bytes = original.encoded
    var read = 0
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << UInt8(bit)
        guard let other = try? ProofEvidence(decoding: changed) else { continue }
        read += 1
        #expect(other != original && other.encoded == changed, "byte \(index), bit \(bit)")
      }
      #expect(throws: EvidenceError.self) { try ProofEvidence(decoding: Array(bytes[..<index])) }
    }
    // Corners and rules of leaves, at least.
    #expect(read > 100)
  }

  /// A path that no tree may have is refused without being followed.
  @Test func depthIsLimited() {
    let head = Array(evidence([0x81]).encoded[..<(17 + 1 + 8 + 8 + 32)])
    let packed = [UInt8](repeating: 0x40, count: 100_000) + [0x80]
    let count = (0..<8).map { UInt8(truncatingIfNeeded: packed.count >> (8 * $0)) }
    #expect(throws: EvidenceError.self) {
      try ProofEvidence(decoding: head + [1, 0x81] + count + packed + [UInt8](repeating: 0, count: 8))
    }
  }
}
