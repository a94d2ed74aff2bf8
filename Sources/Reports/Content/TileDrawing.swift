package import VerificationProblem

/// Rectangles of a two-dimensional partition by tone, merged where neighbours have one tone.
package struct TileDrawing: Sendable {
  /// One rectangle.
  package struct Tile: Hashable, Sendable {
    /// Its cell.
    package var cell: Cell
    /// Index of its tone.
    package let tone: Int
  }

  /// The rectangles; they cover what the leaves cover.
  package let tiles: [Tile]
  /// The depth from which on cells were drawn in the tone for small cells; nil where all are drawn as they are.
  package let simplifiedFrom: Int?

  /// Draws leaves.
  ///
  /// Neighbours in pre-order are merged when they have one tone and their union is a rectangle, so that the union of all
  /// rectangles of a tone stays the same.
  ///
  /// - Parameters:
  ///   - leaves: cells of two coordinates with their depths and tones, in pre-order.
  ///   - fineTone: the tone of cells that are too small to draw.
  ///   - limit: the largest number of rectangles.
  package init(leaves: [(cell: Cell, depth: Int, tone: Int)], fineTone: Int, limit: Int) {
    var depth = leaves.map(\.depth).max() ?? 0
    var tiles = TileDrawing.merged(leaves, finer: nil, fineTone)
    var simplifiedFrom: Int?
    while tiles.count > limit, depth > 0 {
      simplifiedFrom = depth
      tiles = TileDrawing.merged(leaves, finer: depth, fineTone)
      depth -= 1
    }
    self.tiles = tiles
    self.simplifiedFrom = simplifiedFrom
  }

  private static func merged(
    _ leaves: [(cell: Cell, depth: Int, tone: Int)], finer depth: Int?, _ fineTone: Int
  ) -> [Tile] {
    var tiles: [Tile] = []
    for leaf in leaves {
      var tile = Tile(cell: leaf.cell, tone: depth.map { leaf.depth >= $0 } == true ? fineTone : leaf.tone)
      while let last = tiles.last, last.tone == tile.tone, let hull = union(last.cell, tile.cell) {
        tile.cell = hull
        tiles.removeLast()
      }
      tiles.append(tile)
    }
    return tiles
  }

  /// The union of two cells that touch, where it is a cell.
  private static func union(_ first: Cell, _ second: Cell) -> Cell? {
    for axis in 0..<2 {
      let other = 1 - axis
      let isAligned =
        first.lower[other] == second.lower[other] && first.upper[other] == second.upper[other]
      let touches = first.upper[axis] == second.lower[axis] || second.upper[axis] == first.lower[axis]
      if isAligned, touches {
        return Cell(
          lower: [min(first.lower[0], second.lower[0]), min(first.lower[1], second.lower[1])],
          upper: [max(first.upper[0], second.upper[0]), max(first.upper[1], second.upper[1])])
      }
    }
    return nil
  }
}
