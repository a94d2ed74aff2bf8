import BranchAndBound
import SeededDraws
import Testing
import VerificationProblem

/// Rounds of splits of which some cells were not evaluated.
@Suite struct SearchTreeTests {
  /// After a round is undone every leaf has been evaluated, then or before, its cell is what it was, and the leaves cover
  /// the root.
  @Test(arguments: 0..<60)
  func unfinishedRoundsAreUndone(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    func chance(_ part: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < part }
    var tree = SearchTree(dimension: 2)
    let root = tree.addRoot(caseIndex: 0, cell: Cell(lower: [0, 0], upper: [1, 1]))
    var evaluated: Set<Int> = []
    var cells: [Int: Cell] = [root: tree.cell(root)]
    var batch = [root]
    var splits: [Int] = []
    var undone = 0
    for _ in 0..<12 {
      let before = evaluated
      let missing = batch.filter { _ in chance(0.1) }
      let round = tree.undo(splits, missing: missing)
      evaluated.formUnion(Set(batch).subtracting(missing).subtracting(round.dropped))
      let leaves = tree.leaves(of: root)
      #expect(Set(leaves).isDisjoint(with: round.dropped))
      #expect(Set(leaves).subtracting(round.waiting).isSubset(of: evaluated))
      #expect(round.waiting.allSatisfy { leaves.contains($0) && missing.contains($0) })
      #expect(round.restored.allSatisfy { leaves.contains($0) && before.contains($0) })
      #expect(Set(round.restored).count == round.restored.count)
      if missing.isEmpty { #expect(round.restored.isEmpty && round.dropped.isEmpty) }
      undone += round.restored.count
      var volume = 0.0
      for leaf in leaves {
        let cell = tree.cell(leaf)
        #expect(cell == cells[leaf])
        volume += (cell.upper[0] - cell.lower[0]) * (cell.upper[1] - cell.lower[1])
      }
      #expect(volume == 1)
      // Leaves that wait are the next batch, as in a search; else some leaves are split, into halves or quarters.
      splits = []
      batch = round.waiting
      guard batch.isEmpty else { continue }
      func split(_ node: Int) throws -> [Int] {
        let parts = tree.split(node, along: Int(generator.next() % 2))
        let halves = try #require(parts)
        splits.append(node)
        for half in [halves.low, halves.high] { cells[half] = tree.cell(half) }
        return [halves.low, halves.high]
      }
      for leaf in leaves where leaves.count < 4 || chance(0.5) {
        let quartered = chance(0.5)
        for half in try split(leaf) { batch += quartered || chance(0.3) ? try split(half) : [half] }
      }
    }
    #expect(undone > 0)
  }
}
