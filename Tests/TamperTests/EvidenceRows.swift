import Certificates
import Evidence
import Tampering

/// Rows on trees and witnesses: 10 to 16 and 21.
enum EvidenceRows {
  static let trees: [Row] = [
    Row(10, "the last one", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeTree(of: "NeverUnsafe") { $0.with(nodes: Array($0.nodes.dropLast())) }
    },
    // A broken tree is not packed, and its file may be the longer for it.
    Row(10, "the last one", by: .anybody, .refusedAs(["TRUNCATED", "SIZE"])) {
      try $0.changeTree(of: "NeverUnsafe") { $0.with(nodes: Array($0.nodes.dropLast())) }
    },
    // The last node stands before the length of the annexes, of which there are none.
    Row(10, "another one instead", by: .anybody, .refused("EVIDENCE_DIGEST")) {
      try $0.changeBytes(of: "NeverUnsafe") { $0[$0.count - 9] ^= 1 }
    },
    Row(
      10, "all of a tree", by: .keyHolder, .refused("TREE_SHAPE"), each: ["NeverUnsafe", "RarelySuspicious"]
    ) {
      try $0.changeTree(of: $1) { $0.with(nodes: []) }
    },
    Row(10, "a tree", by: .keyHolder, .refused("TREE_SHAPE"), each: ["NeverUnsafe", "RarelySuspicious"]) {
      try $0.changeTrees(of: $1) { Array($0.dropLast()) }
    },
    Row(10, "a tree of a box", .unsat, by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeTrees(of: "claim.vnnlib") { Array($0.dropLast()) }
    },
    Row(10, "a leaf of phases", .phases, by: .keyHolder, .refusedAs(["BOUND_NOT_MET", "TREE_SHAPE"])) {
      try $0.changeAnnex { Array($0.dropLast()) }
    },
    Row(11, "at the end", by: .keyHolder, .refused("TREE_SHAPE"), each: ["NeverUnsafe", "RarelySuspicious"]) {
      try $0.changeTree(of: $1) { $0.with(nodes: $0.nodes + [0x81]) }
    },
    Row(11, "at the end", by: .anybody, .refused("SIZE")) {
      try $0.changeTree(of: "NeverUnsafe") { $0.with(nodes: $0.nodes + [0x81]) }
    },
    Row(11, "a tree", by: .keyHolder, .refused("TREE_SHAPE"), each: ["NeverUnsafe", "RarelySuspicious"]) {
      try $0.changeTrees(of: $1) { $0 + $0.suffix(1) }
    },
    Row(11, "a byte after the annexes", .phases, by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeTree(of: "claim.vnnlib") {
        SplitTree(lower: $0.lower, upper: $0.upper, nodes: $0.nodes, annexes: $0.annexes + [0])
      }
    },
    Row(11, "another number of leaves", by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("leaves", of: .neverUnsafe, 1_000_000)
    },
    Row(12, "a gap of one unit in the last place", by: .keyHolder, .refused("COVERAGE")) {
      try $0.changeTree(of: "NeverUnsafe") { $0.with(lower: [$0.lower[0].nextUp, $0.lower[1]]) }
    },
    Row(12, "half of the region", by: .keyHolder, .refused("COVERAGE")) {
      try $0.changeTree(of: "NeverUnsafe") { $0.with(upper: [$0.upper[0], 0]) }
    },
    Row(12, "the trees of two boxes exchanged", .unsat, by: .keyHolder, .refused("COVERAGE")) {
      try $0.changeTrees(of: "claim.vnnlib") { $0.reversed() }
    },
    Row(12, "a disc cut off", by: .keyHolder, .refused("COVERAGE")) {
      try $0.changeTree(of: "InDisc") { $0.with(lower: [-1.5, -1.5], upper: [1.5, 1.5]) }
    },
    Row(
      13, "an axis that does not exist", by: .keyHolder, .refused("TREE_SHAPE"),
      each: [[2, 0x81, 0x81], [0x7F, 44, 1, 0x81, 0x81], [0x7F, 0], [0x7E, 0x81, 0x81]] as [[UInt8]]
    ) { attempt, nodes in try attempt.changeTree(of: "NeverUnsafe") { $0.with(nodes: nodes) } },
    Row(
      13, "a rule that does not exist", by: .keyHolder, .refused("TREE_SHAPE"),
      each: [0x88, 0x90, 0xFF] as [UInt8]
    ) {
      attempt, code in
      try attempt.changeTree(of: "NeverUnsafe") { $0.with(nodes: [code]) }
    },
    Row(13, "in a longer spelling of the same axis", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeTree(of: "RarelySuspicious") {
        $0.with(nodes: [0x7F, $0.nodes[0], 0] + $0.nodes.dropFirst())
      }
    },
    Row(13, "of a point", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeTree(of: "RarelySuspicious") { _ in
        SplitTree(lower: [1, -1], upper: [1, 1], nodes: [0, 0x81, 0x81])
      }
    },
    Row(13, "deeper than any path may be", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeTree(of: "RarelySuspicious") {
        $0.with(nodes: [UInt8](repeating: 0, count: 5_000) + [UInt8](repeating: 0x81, count: 5_001))
      }
    },
    Row(13, "between neighbours", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeTree(of: "RarelySuspicious") { _ in
        SplitTree(lower: [1, -1], upper: [(1.0).nextUp, 1], nodes: [0, 0x81, 0x81])
      }
    },
    Row(13, "of a neuron that is fixed", .phases, by: .keyHolder, .refused("BOUND_NOT_MET")) {
      // The first neuron, and on its first side the same once more.
      try $0.changeAnnex { _ in [1, 0, 0, 1, 0, 0, 2, 2, 2] }
    },
    Row(13, "of a neuron that does not exist", .phases, by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.changeAnnex { _ in [1, 0xFF, 0xFF, 2, 2] }
    },
  ]

  static let bounds: [Row] = [
    Row(
      14, "the whole region as one cell", by: .keyHolder, .refused("BOUND_NOT_MET"),
      each: [0x80, 0x81] as [UInt8]
    ) {
      attempt, code in
      try attempt.changeTree(of: "NeverUnsafe") { $0.with(nodes: [code]) }
    },
    Row(
      14, "leaves of phases without phases", .phases, by: .keyHolder, .refused("BOUND_NOT_MET"),
      each: [[2], []] as [[UInt8]]
    ) {
      attempt, annex in
      try attempt.changeAnnex { _ in annex }
    },
    Row(
      14, "a leaf that a search kept open", .phases, by: .keyHolder, .refused("BOUND_NOT_MET"),
      each: [[6], [7], [5]] as [[UInt8]]
    ) { attempt, annex in
      try attempt.changeAnnex { _ in annex }
    },
    Row(14, "cells called outside of a region without balls", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.changeTree(of: "NeverUnsafe") { $0.with(nodes: [0x8E]) }
    },
    Row(14, "a disc called outside of itself", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.changeTree(of: "InDisc") { $0.with(nodes: [0x8E]) }
    },
    Row(14, "a margin of zero", .unsat, by: .keyHolder, .refused("BOUND_NOT_MET")) {
      // The distance attains it.
      try $0.replace(Array("2.6".utf8), Array("2.5".utf8), in: "spec/claim.vnnlib")
      try $0.derive()
    },
    Row(14, "a tightened record, upper", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.tighten("upper", of: .rarely) { $0.nextDown }
    },
    Row(14, "a tightened record, lower", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.tighten("lower", of: .rarely) { $0.nextUp }
    },
    Row(14, "a tightened record of a proof", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.tighten("upper", of: .neverUnsafe) { $0.nextDown }
    },
    Row(14, "a record where nothing bounds", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.set("bounds", of: .neverBright, ["upper": "0x1p+0"])
    },
    Row(14, "a tightened record", by: .anybody, .refused("SIGNATURE")) {
      try $0.tighten("upper", of: .rarely) { $0.nextDown }
      try $0.keepSignatures()
    },
    Row(
      14, "a point that does not violate the claim", by: .keyHolder, .refused("WITNESS_INVALID"),
      each: [[-3, 3], [(3.0).nextUp, 0], [100, 100], [0], [0, 0, 0], []] as [[Double]]
    ) { attempt, point in
      try attempt.changeEvidence(of: "NeverBright") { _ in .witness(caseIndex: 0, point: point) }
    },
    Row(14, "a point of no case", by: .keyHolder, .refused("WITNESS_INVALID"), each: [1, 1 << 40]) {
      attempt, index in
      try attempt.changeEvidence(of: "NeverBright") {
        guard case .witness(_, let point) = $0 else { return $0 }
        return .witness(caseIndex: index, point: point)
      }
    },
    Row(
      14, "a point of no box, or of none at all", .sat, by: .keyHolder, .refused("WITNESS_INVALID"),
      each: [0, 2, 7]
    ) {
      attempt, box in
      try attempt.changeEvidence(of: "claim.vnnlib") { _ in .witness(caseIndex: box, point: [9, 0]) }
    },
    Row(14, "an input that another network maps elsewhere", .sat, by: .keyHolder, .refused("WITNESS_INVALID"))
    {
      try $0.replace(FileRows.doubleBytes(1), FileRows.doubleBytes(0.5), in: "models/net.onnx")
      try $0.derive()
    },
    Row(14, "an input that does not meet the formula", .sat, by: .keyHolder, .refused("WITNESS_INVALID")) {
      try $0.changeEvidence(of: "claim.vnnlib") { _ in .witness(caseIndex: 0, point: [0, 0]) }
    },
    Row(15, "a negative multiplier", .phases, by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.changeAnnex { _ in [1, 0, 0, 0, 0x80, 0xBF, 0, 0x80, 0xBF] }
    },
    Row(
      15, "a multiplier that is no number", .phases, by: .keyHolder, .refused("BOUND_NOT_MET"),
      each: [[0x80, 0x7F], [0xC0, 0x7F], [0xC0, 0xFF]] as [[UInt8]]
    ) { attempt, bits in
      try attempt.changeAnnex { _ in [1, 0, 0, 0] + bits + [0] + bits }
    },
    Row(
      15, "weights, multipliers and slopes", .weighted, by: .keyHolder, .refused("BOUND_NOT_MET"),
      each: [-1, .nan, .infinity, -.infinity, 1e308, -0x1p-1074] as [Double]
    ) { attempt, number in
      try attempt.changeAnnex { EvidenceRows.withNumbers($0, number) }
    },
    Row(16, "a root without an end", by: .keyHolder, .refused("TREE_SHAPE"), each: [Double.nan, .infinity]) {
      attempt, value in
      try attempt.changeTree(of: "NeverUnsafe") { $0.with(upper: [value, 3]) }
    },
    Row(16, "a root whose ends are crossed", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeTree(of: "RarelySuspicious") { $0.with(lower: $0.upper, upper: $0.lower) }
    },
    Row(
      16, "a point that is no number", by: .keyHolder, .refused("TREE_SHAPE"), each: [Double.nan, -.infinity]
    ) {
      attempt, value in
      try attempt.changeEvidence(of: "NeverBright") { _ in .witness(caseIndex: 0, point: [value, 0]) }
    },
    Row(21, "in the record", by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.set("arithmetic/claim", "f32-any-order")
    },
    Row(21, "in the record", by: .anybody, .refused("SIGNATURE")) {
      try $0.set("arithmetic/claim", "f32-any-order")
      try $0.keepSignatures()
    },
    Row(21, "in the specification", .tight, by: .keyHolder, .refused("RECORD_MISMATCH")) {
      try $0.replace("  evidence: proof", "  arithmetic: float32(any_order)\n  evidence: proof")
    },
    Row(21, "in the specification, with its question", .tight, by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.replace("  evidence: proof", "  arithmetic: float32(any_order)\n  evidence: proof")
      try $0.derive()
    },
  ]

  /// The annex with every number of full precision after the first code of a leaf with weights replaced.
  private static func withNumbers(_ annex: [UInt8], _ number: Double) -> [UInt8] {
    guard let start = annex.firstIndex(of: 8) else { return annex }
    let count = (annex.count - start - 1) / 8
    return Array(annex[...start]) + (0..<count).flatMap { _ in FileRows.doubleBytes(number) }
      + annex[(start + 1 + 8 * count)...]
  }
}

extension Attempt {
  /// Changes the list of trees.
  mutating func changeTrees(of property: String, _ change: ([SplitTree]) -> [SplitTree]) throws {
    try changeEvidence(of: property) { evidence in
      guard case .trees(let trees) = evidence else { throw EditFailure("no trees") }
      return .trees(change(trees))
    }
  }

  /// Changes the first annex of the proof about a network, without its length.
  mutating func changeAnnex(_ change: ([UInt8]) -> [UInt8]) throws {
    try changeTree(of: "claim.vnnlib") { tree in
      guard let range = try? tree.annex(at: 0) else { return tree }
      let annexes = SplitTree.annex(change(Array(tree.annexes[range]))) + tree.annexes[range.upperBound...]
      return SplitTree(lower: tree.lower, upper: tree.upper, nodes: tree.nodes, annexes: annexes)
    }
  }

  /// Changes a recorded bound.
  mutating func tighten(_ side: String, of property: PipelineProperty, _ change: (Double) -> Double) throws {
    guard let text = try value("bounds/" + side, of: property).stringValue, let old = Double(text) else {
      throw EditFailure("`\(property.rawValue)` has no bound")
    }
    guard let bounds = PropertyBounds(lower: change(old), upper: nil),
      let new = bounds.json.value(at: "lower")
    else {
      return
    }
    try set("bounds/" + side, of: property, new)
  }
}
