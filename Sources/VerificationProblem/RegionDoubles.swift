import RigorousArithmetic

/// The doubles that stand for points of a region, and a way from any doubles to such ones.
///
/// INVARIANT: `lower` and `upper` are the extreme doubles of the box's ranges, and `settle` leaves doubles that stand for a
/// point of the region: those for which a bound of the distance rounded upwards, or exact arithmetic, says so.
package struct RegionDoubles: Hashable, Sendable {
  /// The least and the greatest double of each coordinate.
  package let lower: [Double]
  package let upper: [Double]
  private let region: InputRegion
  private let balls: [Shape]

  /// A ball in doubles.
  private struct Shape: Hashable {
    let ball: Ball
    /// About the centre, and the nearest doubles of the box, which stand for a point of the ball.
    let centre: [Double]
    let anchor: [Double]
    /// Not above the radius.
    let radius: Double
    /// What rounding of the centre and of differences from it, and underflow of their squares, may add to a distance.
    let slack: Double
  }

  /// Nil when a range holds no double, or none near a ball's centre stand for a point of the ball.
  package init?(_ region: InputRegion) {
    var lower: [Double] = []
    var upper: [Double] = []
    for range in region.box {
      guard let ends = range.doubles else { return nil }
      lower.append(ends.lower)
      upper.append(ends.upper)
    }
    var balls: [Shape] = []
    for ball in region.balls {
      let centre = ball.centre.map(\.enclosure.midpoint)
      let anchor = zip(ball.coordinates, centre).map { Swift.min(Swift.max($1, lower[$0]), upper[$0]) }
      var whole = lower
      whole.replaceSubrange(ball.coordinates, with: anchor)
      guard RegionDoubles.isExactly(whole[...], in: ball, region.box) else { return nil }
      let size = centre.reduce(ball.radius.roundedUp) { $0 + $1.magnitude }
      balls.append(
        Shape(
          ball: ball, centre: centre, anchor: anchor, radius: ball.radius.roundedDown,
          slack: size * 0x1p-51 + 0x1p-500))
    }
    self.lower = lower
    self.upper = upper
    self.region = region
    self.balls = balls
  }

  /// Moves doubles to ones that stand for a point of the region; those that do already stay where they are.
  ///
  /// - Parameter offset: Where the point starts in `values`.
  package func settle(_ values: inout [Double], at offset: Int = 0) {
    for axis in lower.indices {
      let value = values[offset + axis]
      let inside = value.isNaN ? lower[axis] / 2 + upper[axis] / 2 : value
      values[offset + axis] = Swift.min(Swift.max(inside, lower[axis]), upper[axis])
    }
    for shape in balls { settle(&values, offset, shape) }
  }

  /// Points of each ball as far from its centre as one coordinate lets them be; none where there are many coordinates.
  package var vertices: [[Double]] {
    var points: [[Double]] = []
    for shape in balls where shape.centre.count <= 32 {
      for axis in shape.ball.coordinates {
        for end in [lower[axis], upper[axis]] {
          var point = lower.indices.map { lower[$0] / 2 + upper[$0] / 2 }
          for other in balls { point.replaceSubrange(other.ball.coordinates, with: other.anchor) }
          point[axis] = end
          settle(&point)
          points.append(point)
        }
      }
    }
    return points
  }

  private func settle(_ values: inout [Double], _ offset: Int, _ shape: Shape) {
    let place = offset + shape.ball.start
    let distance = RegionDoubles.distance(values, place, shape)
    if RegionDoubles.isSurely(distance, in: shape) { return }
    // Nearer to the sphere than rounding can tell, exact arithmetic does.
    if distance <= shape.radius * (1 + 0x1p-30) + 2 * shape.slack,
      RegionDoubles.isExactly(values[offset..<offset + lower.count], in: shape.ball, region.box)
    {
      return
    }
    let old = Array(values[place..<place + shape.centre.count])
    // Towards the anchor; where that is the centre, the first step gets there. Else the distance is convex on the way.
    let isCentred = shape.anchor == shape.centre
    var kept = isCentred ? Swift.max(0, shape.radius - 2 * shape.slack) / distance * (1 - 0x1p-40) : 0.5
    var (low, high) = (0.0, 1.0)
    for step in 0..<48 {
      move(&values, place, shape, from: old, keeping: kept)
      if RegionDoubles.isSurely(RegionDoubles.distance(values, place, shape), in: shape) {
        if isCentred || step >= 40 { return }
        low = kept
      } else {
        high = kept
      }
      kept = isCentred ? kept * (1 - 0x1p-36) : low / 2 + high / 2
    }
    move(&values, place, shape, from: old, keeping: isCentred ? 0 : low)
    if !RegionDoubles.isSurely(RegionDoubles.distance(values, place, shape), in: shape) {
      values.replaceSubrange(place..<place + shape.centre.count, with: shape.anchor)
    }
  }

  private func move(
    _ values: inout [Double], _ place: Int, _ shape: Shape, from old: [Double], keeping part: Double
  ) {
    for index in old.indices {
      let axis = shape.ball.start + index
      let moved = shape.anchor[index] + part * (old[index] - shape.anchor[index])
      values[place + index] = Swift.min(Swift.max(moved, lower[axis]), upper[axis])
    }
  }

  /// About the distance from the centre.
  private static func distance(_ values: [Double], _ place: Int, _ shape: Shape) -> Double {
    var sum = 0.0
    for index in shape.centre.indices {
      let part = values[place + index] - shape.centre[index]
      sum += shape.ball.norm == .l2 ? part * part : part.magnitude
    }
    return shape.ball.norm == .l2 ? sum.squareRoot() : sum
  }

  /// Whether a computed distance is within the radius whatever rounding did.
  ///
  /// A sum of `n` terms, squares or not, and its root are off by less than `(n + 4) u` times themselves, and each
  /// difference by `u (|x - c| + |c|)` with `|x - c|` within the computed distance.
  private static func isSurely(_ distance: Double, in shape: Shape) -> Bool {
    let count = Double(shape.centre.count + 8)
    return distance * (1 + 4 * count * 0x1p-53) + shape.slack <= shape.radius
  }

  private static func isExactly(_ values: ArraySlice<Double>, in ball: Ball, _ box: [AxisRange]) -> Bool {
    var point: [Rational] = []
    for (value, range) in zip(values, box) {
      guard let exact = range.exact(value) else { return false }
      point.append(exact)
    }
    return ball.contains(point)
  }
}
