import BuiltPrograms
import Certificates
import Evidence
import Foundation
import Replay
import Tampering
import Testing

/// Chunks of trees, their root, and replays of some of them.
@Suite struct EvidenceChunkTests {
  private func digest(_ bytes: [UInt8]) -> [UInt8] { ContentDigest(of: bytes).bytes }

  /// A tree of one axis with `count` leaves of a rule: a comb whose lower parts are leaves.
  private func comb(_ count: Int, rule: UInt8 = 0x81) -> SplitTree {
    // A comb deeper than a path may be is not needed: complete subtrees of 64 leaves hang in it.
    func complete(_ depth: Int) -> [UInt8] {
      depth == 0 ? [rule] : [0] + complete(depth - 1) + complete(depth - 1)
    }
    var nodes: [UInt8] = []
    var left = count
    while left > 64 {
      nodes += [0] + complete(6)
      left -= 64
    }
    for _ in 1..<left { nodes += [0, rule] }
    return SplitTree(lower: [0], upper: [1], nodes: nodes + [rule])
  }

  @Test(arguments: [(1, 1), (4_095, 1), (4_096, 1), (4_097, 2), (8_192, 2), (8_193, 3)])
  func everyTreeIsCutByItself(leaves: Int, chunks: Int) throws {
    #expect(try EvidenceChunks([comb(leaves)]).hashes.count == chunks)
    #expect(try EvidenceChunks([comb(leaves), comb(1)]).hashes.count == chunks + 1)
  }

  /// The bytes as the document lists them, and the root as RFC 6962 does.
  @Test func hashesAreThoseOfTheDocument() throws {
    let tree = comb(1)
    func integer(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    func double(_ value: Double) -> [UInt8] { integer(Int(bitPattern: UInt(value.bitPattern))) }
    func chunk(_ index: Int) -> [UInt8] {
      let head = integer(13) + Array("dspec chunk 1".utf8) + integer(index) + integer(0) + integer(1)
      return digest([0] + head + integer(1) + double(0) + double(1) + integer(1) + [0x81] + integer(0))
    }
    let hashes = try EvidenceChunks([tree, tree, tree]).hashes.map(\.bytes)
    #expect(hashes == (0..<3).map(chunk))
    let root = digest([1] + digest([1] + chunk(0) + chunk(1)) + chunk(2))
    #expect(
      try EvidenceChunks([tree, tree, tree]).record
        == ChunkRecord(count: 3, root: #require(ContentDigest(bytes: root))))
    #expect(try EvidenceChunks([tree]).record?.root.bytes == chunk(0))
  }

  @Test func everyByteIsInTheRoot() throws {
    let annexed = SplitTree(
      lower: [0], upper: [1], nodes: [0, 0x85, 0x85],
      annexes: SplitTree.annex([1, 2]) + SplitTree.annex([]))
    let base = try #require(EvidenceChunks([annexed]).record)
    let others = [
      SplitTree(lower: [0], upper: [2], nodes: annexed.nodes, annexes: annexed.annexes),
      SplitTree(lower: [-1], upper: [1], nodes: annexed.nodes, annexes: annexed.annexes),
      SplitTree(
        lower: [0], upper: [1], nodes: annexed.nodes,
        annexes: SplitTree.annex([1, 3]) + SplitTree.annex([])),
      SplitTree(
        lower: [0], upper: [1], nodes: annexed.nodes,
        annexes: SplitTree.annex([1]) + SplitTree.annex([2])),
      SplitTree(lower: [0], upper: [1], nodes: [0, 0x85, 0x8f], annexes: SplitTree.annex([1, 2])),
    ]
    for other in others { #expect(try EvidenceChunks([other]).record?.root != base.root) }
  }

  @Test func malformedTreesHaveNoChunks() {
    for tree in [
      SplitTree(lower: [0], upper: [1], nodes: []), SplitTree(lower: [0], upper: [1], nodes: [0, 0x81]),
      SplitTree(lower: [0], upper: [1], nodes: [0x81, 0x81]),
      SplitTree(lower: [0], upper: [1], nodes: [0x85]),
      SplitTree(lower: [0], upper: [1], nodes: [0x81], annexes: [0]),
      SplitTree(lower: [0], upper: [1], nodes: [0x85], annexes: [255, 0, 0, 0]),
    ] {
      #expect(throws: EvidenceError.self) { _ = try EvidenceChunks([tree]) }
    }
  }

  // MARK: The choice

  @Test func theChoiceFollowsFromCertificateRootAndSalt() {
    let record = ChunkRecord(count: 1_000, root: ContentDigest(of: [1]))
    func chosen(_ number: Int, _ certificate: UInt8 = 1, _ salt: String = "") -> Set<Int> {
      DrawnChoice(.chunks, number, of: ContentDigest(of: [certificate]), salt: salt).positions(
        of: record.count, root: record.root)
    }
    for number in [1, 7, 999, 1_000, 5_000] { #expect(chosen(number).count == min(number, 1_000)) }
    #expect(chosen(20).isSuperset(of: chosen(10)))
    #expect(chosen(20) != chosen(20, 2) && chosen(20) != chosen(20, 1, "x"))
    #expect(chosen(999).allSatisfy { (0..<1_000).contains($0) })
    // The first draw, as the document says.
    let text = "dspec chunk choice 1\n\(ContentDigest(of: [1]).hex)\n\(record.root.hex)\n0\n\n"
    let draw = ContentDigest(of: Array(text.utf8)).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    #expect(chosen(1) == [Int(draw % 1_000)])
  }

  // MARK: Partial replays

  @Test(arguments: [Base.pipeline, .unsat, .sat, .phases])
  func aPartialReplayIsNeverValid(base: Base) async throws {
    let bundle = try await base.bundle
    for number in ["1", "2", "1000000"] {
      let result = try ReplayProgram.run(on: bundle.image, ["--chunks", number])
      #expect(result.code == 2, "\(result.output)\(result.errors)")
      #expect(result.output.split(separator: "\n").last?.hasPrefix("partial: ") == true)
      #expect(!result.output.split(separator: "\n").contains { $0.hasPrefix("valid") })
      let json = try ReplayProgram.run(on: bundle.image, ["--chunks", number, "--json"])
      #expect(json.code == 2 && json.output.contains("\"replay\":\"partial\""), "\(json.output)")
    }
  }

  /// A leaf that is not closed is found where its chunk is replayed, and the structure is checked where none is.
  @Test func whatIsReplayedIsReplayed() async throws {
    let bundle = try await Base.pipeline.bundle
    var attempt = Attempt(bundle)
    try attempt.replace("= 50%", "= 1%")
    try attempt.derive()
    let wrong = try ReplayProgram.run(on: try attempt.finished(by: .keyHolder), ["--chunks", "1000"])
    #expect(wrong.code == 1 && wrong.output.contains("BOUND_NOT_MET"), "\(wrong.output)")

    var cut = Attempt(bundle)
    try cut.changeTree(of: "RarelySuspicious") { $0.with(nodes: $0.nodes.dropLast()) }
    let cutResult = try ReplayProgram.run(on: try cut.finished(by: .keyHolder), ["--chunks", "1"])
    #expect(cutResult.code == 1 && cutResult.output.contains("TREE_SHAPE"), "\(cutResult.output)")
  }

  @Test func wrongUsageIsSaid() async throws {
    let bundle = try await Base.unsat.bundle
    for arguments in [["--chunks", "0"], ["--chunks", "-1"], ["--chunks", "x"], ["--chunk-seed", "x"]] {
      let result = try ReplayProgram.run(on: bundle.image, arguments)
      #expect(result.code == 3 && result.output.isEmpty, "\(arguments): \(result.output)")
    }
  }

  // MARK: States

  @Test func statesOfAReplayAreItsOwn() async throws {
    let bundle = try await Base.unsat.bundle
    let state = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: state) }
    let fresh = try ReplayProgram.run(on: bundle.image, ["--state", state])
    #expect(fresh.output.split(separator: "\n").last == "valid" || fresh.code == 0, "\(fresh.output)")
    #expect(!FileManager.default.fileExists(atPath: state))

    try Data("dspec replay state 1\n".utf8).write(to: URL(fileURLWithPath: state))
    let damaged = try ReplayProgram.run(on: bundle.image, ["--state", state])
    #expect(damaged.code == 3 && damaged.errors.contains("remove it to start afresh"), "\(damaged.errors)")
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: state)
    let shared = try ReplayProgram.run(on: bundle.image, ["--state", state])
    #expect(shared.code == 3 && shared.errors.contains("can be written by others"), "\(shared.errors)")
    try FileManager.default.removeItem(atPath: state)
    try FileManager.default.createSymbolicLink(atPath: state, withDestinationPath: "/etc/hostname")
    let link = try ReplayProgram.run(on: bundle.image, ["--state", state])
    #expect(link.code == 3 && link.output.isEmpty, "\(link.output)")
    for arguments in [["--chunks", "1"], ["--obligations", "x"], ["--receipt", "x", "--key", "x"]] {
      let both = try ReplayProgram.run(on: bundle.image, ["--state", state] + arguments)
      #expect(both.code == 3 && both.output.isEmpty, "\(both.output)")
    }
  }
}

extension SplitTree {
  fileprivate func with(nodes: ArraySlice<UInt8>) -> SplitTree { with(nodes: Array(nodes)) }
}
