import LeafRules
import VerificationProblem

/// Along which axis an open cell of a claim about every point is halved.
///
/// Each cell is halved along the axis that leads in its error, as long as no other axis has been halved `lead` times fewer
/// on the way to it. So every axis of an open cell is halved again and again, and cells shrink to points, whatever the
/// choice of leading axes: a search that halved one axis for ever would not end.
struct SplitAxes {
  /// How many halvings an axis may be ahead of another: far more than an axis that matters alone needs.
  private static let lead = 12

  /// Widths of the root.
  private let widths: [Double]

  init(root: Cell) { widths = zip(root.lower, root.upper).map { $1 - $0 } }

  /// The axes to try, the first that is no point is taken.
  func inOrder(of cell: Cell, leading: Int?) -> [Int] {
    var (widest, leastHalved) = (0, 0)
    var (width, greatest) = (-1.0, -1.0)
    for axis in cell.lower.indices {
      let extent = cell.upper[axis] - cell.lower[axis]
      if extent > width { (widest, width) = (axis, extent) }
      let share = part(of: axis, cell)
      if share > greatest { (leastHalved, greatest) = (axis, share) }
    }
    guard let leading else { return [widest] }
    let isAhead = part(of: leading, cell) < greatest / Double(1 << SplitAxes.lead)
    return isAhead ? [leastHalved, leading, widest] : [leading, widest]
  }

  private func part(of axis: Int, _ cell: Cell) -> Double {
    widths[axis] > 0 ? (cell.upper[axis] - cell.lower[axis]) / widths[axis] : 0
  }
}
