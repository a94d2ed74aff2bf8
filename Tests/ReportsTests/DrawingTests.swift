import LeafRules
import Reports
import Testing
import VerificationProblem

/// Partitions as rectangles.
@Suite struct DrawingTests {
  /// Leaves of a random bisection of the unit square with random tones.
  private func leaves(seed: UInt64, depth: Int) -> [(cell: Cell, depth: Int, tone: Int)] {
    var state = seed
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    var result: [(cell: Cell, depth: Int, tone: Int)] = []
    var pending = [(Cell(lower: [0, 0], upper: [1, 1]), 0)]
    while let (cell, level) = pending.popLast() {
      if level >= depth || (level > 2 && random(4) == 0) {
        result.append((cell, level, random(5) == 0 ? 1 : 0))
      } else if let halves = cell.split(along: Int(random(2))) {
        pending.append((halves.high, level + 1))
        pending.append((halves.low, level + 1))
      }
    }
    return result
  }

  private func tone(_ x: Double, _ y: Double, _ cells: [(Cell, Int)]) -> [Int] {
    cells.filter { $0.0.lower[0] < x && x < $0.0.upper[0] && $0.0.lower[1] < y && y < $0.0.upper[1] }.map(\.1)
  }

  @Test(arguments: 1...20)
  func mergedCellsCoverTheSame(seed: Int) {
    let leaves = leaves(seed: UInt64(seed), depth: 9)
    let drawing = TileDrawing(leaves: leaves, fineTone: 7, limit: 100_000)
    #expect(drawing.simplifiedFrom == nil && drawing.tiles.count < leaves.count)
    let (before, after) = (leaves.map { ($0.cell, $0.tone) }, drawing.tiles.map { ($0.cell, $0.tone) })
    for index in 0..<400 {
      // Not dyadic, so never on a face.
      let (x, y) = (Double(index % 20) / 20 + 0.017, Double(index / 20) / 20 + 0.0193)
      #expect(tone(x, y, after) == tone(x, y, before))
    }
  }

  @Test func simplificationKeepsToTheLimit() {
    let leaves = leaves(seed: 5, depth: 11)
    let full = TileDrawing(leaves: leaves, fineTone: 7, limit: 100_000)
    let drawing = TileDrawing(leaves: leaves, fineTone: 7, limit: full.tiles.count / 3)
    #expect(drawing.simplifiedFrom != nil && drawing.tiles.count <= full.tiles.count / 3)
    #expect(drawing.tiles.contains { $0.tone == 7 })
    let area = drawing.tiles.reduce(0) {
      $0 + ($1.cell.upper[0] - $1.cell.lower[0]) * ($1.cell.upper[1] - $1.cell.lower[1])
    }
    #expect(area == 1)
    // What keeps its tone is where it was.
    let cells = leaves.map { ($0.cell, $0.tone) }
    for tile in drawing.tiles where tile.tone != 7 {
      let (x, y) = (
        tile.cell.lower[0] + 0.37 * (tile.cell.upper[0] - tile.cell.lower[0]),
        tile.cell.lower[1] + 0.41 * (tile.cell.upper[1] - tile.cell.lower[1])
      )
      #expect(tone(x, y, cells) == [tile.tone])
    }
  }
}
