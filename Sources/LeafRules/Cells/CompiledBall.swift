import RigorousArithmetic
package import VerificationProblem

/// A ball of the region in doubles, for rules that must decide about cells.
///
/// Theorem (outside). Let `d_i` be a lower bound of the distance from `c_i` to the range of coordinate `i` of a cell. Every
/// point of the cell is at least `sum d_i` from the centre in l1 and `sqrt(sum d_i^2)` in l2. If the first exceeds the
/// radius, or `sum d_i^2` its square, no point of the cell lies in the ball, so that whatever is claimed of the region's
/// points in the cell is true. All sums are rounded downwards and the radius upwards; a cell that touches the ball in one
/// point is at no greater distance than the radius, and so never outside.
///
/// Theorem (contraction). A point of both has `|x_i - c_i| <= r - sum_{j != i} d_j` in l1, and
/// `(x_i - c_i)^2 <= r^2 - sum_{j != i} d_j^2` in l2. So it lies in the part of the cell whose coordinates meet this.
struct CompiledBall: Sendable {
  let start: Int
  let norm: Norm
  /// Enclosures of the centre's coordinates.
  let centre: [Interval]
  /// At least the radius, and its square.
  let radius: Double
  let squaredRadius: Double

  init(_ ball: Ball) {
    start = ball.start
    norm = ball.norm
    centre = ball.centre.map(\.enclosure)
    radius = ball.radius.roundedUp
    squaredRadius = (ball.radius * ball.radius).roundedUp
  }

  /// At least the radius to the power that the norm adds up.
  private var limit: Double { norm == .l2 ? squaredRadius : radius }

  /// Lower bound of the distance from a coordinate of the centre to a range, to the power that the norm adds up.
  @inline(__always)
  private func lowerPart(_ index: Int, _ lower: Double, _ upper: Double) -> Double {
    let distance = Swift.max(
      0,
      Swift.max(
        Directed.subtractDown(lower, centre[index].upper), Directed.subtractDown(centre[index].lower, upper)))
    return norm == .l2 ? Directed.multiplyDown(distance, distance) : distance
  }

  /// Lower bound of the distance from the centre to a cell, to the power that the norm adds up.
  private func lowerDistance(_ cell: Cell) -> Double {
    var sum = 0.0
    for index in centre.indices {
      let axis = start + index
      sum = Directed.addDown(sum, lowerPart(index, cell.lower[axis], cell.upper[axis]))
    }
    return sum
  }

  /// Whether certainly no point of a cell lies in the ball.
  func misses(_ cell: Cell) -> Bool { lowerDistance(cell) > limit }

  /// Whether every point of a cell lies in the ball, as far as plain arithmetic tells; only for the choice of what to
  /// compute.
  func seemsToCover(_ cell: Cell) -> Bool {
    var sum = 0.0
    for index in centre.indices {
      let axis = start + index
      let distance = Swift.max(cell.upper[axis] - centre[index].lower, centre[index].upper - cell.lower[axis])
      sum += norm == .l2 ? distance * distance : distance
    }
    return sum <= limit
  }

  /// Shrinks a cell to a part that still has all of its points in the ball.
  func contract(_ cell: inout Cell) {
    let total = lowerDistance(cell)
    guard total <= limit else { return }
    for index in centre.indices {
      let axis = start + index
      let (lower, upper) = (cell.lower[axis], cell.upper[axis])
      // At least the distance from a coordinate of the centre to the range.
      let own = Swift.max(
        0,
        Swift.max(
          Directed.subtractUp(lower, centre[index].lower), Directed.subtractUp(centre[index].upper, upper)))
      let others = Swift.max(
        0, Directed.subtractDown(total, norm == .l2 ? Directed.multiplyUp(own, own) : own))
      var room = Directed.subtractUp(limit, others)
      guard room >= 0 else { continue }
      if norm == .l2 { room = Directed.squareRootUp(room) }
      let low = Swift.max(lower, Directed.subtractDown(centre[index].lower, room))
      let high = Swift.min(upper, Directed.addUp(centre[index].upper, room))
      guard low <= high else { continue }
      cell.lower[axis] = low
      cell.upper[axis] = high
    }
  }
}

extension CompiledCase {
  /// Whether certainly no point of a cell lies in the region, by `CompiledBall`.
  package func misses(_ cell: Cell) -> Bool { balls.contains { $0.misses(cell) } }

  /// A part of a cell that has all of its points in the region.
  func contracted(_ cell: Cell) -> Cell {
    guard !balls.isEmpty else { return cell }
    var result = cell
    for ball in balls { ball.contract(&result) }
    return result
  }
}
