package import Evidence
import LeafRules
import VerificationProblem

/// Keeps the state of a search between two rounds: its trees with their open leaves.
///
/// A run that goes on from such trees takes nothing from them but the splits, and trees of phases, which their rule
/// examines; those that it does not close are gone on from in the same way. Every leaf is bounded again, so that what a
/// file claims cannot become a verdict.
package struct SearchCheckpoint: Sendable {
  /// The state that a run goes on from; nil for a fresh one.
  package let saved: [SplitTree]?
  /// Seconds between two states that are kept.
  package let interval: Double
  /// Keeps a state.
  package let write: @Sendable (ProofEvidence) -> Void

  /// Makes a checkpoint.
  package init(
    saved: [SplitTree]?, interval: Double = 10, write: @escaping @Sendable (ProofEvidence) -> Void
  ) {
    self.saved = saved
    self.interval = interval
    self.write = write
  }
}

/// When to keep a state next.
struct CheckpointClock {
  private let checkpoint: SearchCheckpoint?
  private var last = ContinuousClock.now

  init(_ checkpoint: SearchCheckpoint?) { self.checkpoint = checkpoint }

  /// Keeps the state of a tree, if it is time to or the search ends.
  mutating func keep(_ tree: SearchTree, isEnd: Bool = false) {
    guard let checkpoint, isEnd || (ContinuousClock.now - last).seconds >= checkpoint.interval else { return }
    checkpoint.write(.trees(tree.roots.indices.map { tree.evidence(of: $0, isState: true) }))
    last = ContinuousClock.now
  }

  /// Whether it is time to keep a state.
  var isDue: Bool { checkpoint.map { (ContinuousClock.now - last).seconds >= $0.interval } ?? false }

  var isKept: Bool { checkpoint != nil }
}

extension SearchTree {
  /// A leaf of a state that was kept.
  struct SavedLeaf {
    let node: Int
    /// The tree of phases that closed it; nil for another rule.
    let phases: ArraySlice<UInt8>?
  }

  /// The trees of a state, all of their leaves open, or fresh roots; each root must be the cell that a search starts with.
  ///
  /// - Throws: `EvidenceError.tree` where a tree is malformed or starts from another cell.
  init(restoring saved: [SplitTree]?, root: Cell, caseCount: Int) throws(EvidenceError) {
    self.init(dimension: root.lower.count)
    savedLeaves = []
    guard let saved else {
      for index in 0..<caseCount {
        savedLeaves.append(SavedLeaf(node: addRoot(caseIndex: index, cell: root), phases: nil))
      }
      return
    }
    guard saved.count == caseCount else {
      throw EvidenceError.tree("the state has \(saved.count) trees for \(caseCount) cases")
    }
    for (index, tree) in saved.enumerated() {
      guard tree.lower == root.lower, tree.upper == root.upper else {
        throw EvidenceError.tree("the state starts from another cell")
      }
      _ = try tree.validate()
      var pending = [addRoot(caseIndex: index, cell: root)]
      var position = 0
      var annexPosition = 0
      while let node = pending.popLast() {
        let byte = tree.nodes[position]
        if byte >= 0x80 {
          position += 1
          guard let rule = LeafRule(rawValue: byte) else {
            throw EvidenceError.tree("rule \(byte) is not known")
          }
          var phases: ArraySlice<UInt8>?
          if rule == .phases {
            let range = try tree.annex(at: annexPosition)
            annexPosition = range.upperBound
            phases = tree.annexes[range]
          }
          savedLeaves.append(SavedLeaf(node: node, phases: phases))
          continue
        }
        let axis: Int
        (axis, position) = try tree.axis(at: position)
        guard let halves = split(node, along: axis) else {
          throw EvidenceError.tree("a cell is split along an axis on which it is a point")
        }
        pending.append(halves.high)
        pending.append(halves.low)
      }
    }
  }

  /// A number for each node: given ones for the roots, and half of a node's for its children.
  func halved(fromRoots number: Double) -> [Double] {
    var numbers = [Double](repeating: number, count: nodes.count)
    for (index, node) in nodes.enumerated() where node.firstChild >= 0 {
      numbers[Int(node.firstChild)] = numbers[index] / 2
      numbers[Int(node.firstChild) + 1] = numbers[index] / 2
    }
    return numbers
  }
}
