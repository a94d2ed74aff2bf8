package import RigorousArithmetic

/// The points that a claim under forall speaks of: those of a box that lie in all of some balls.
///
/// The balls have no coordinate in common.
package struct InputRegion: Hashable, Sendable {
  /// The range of each coordinate.
  package let box: [AxisRange]
  /// The balls, by their first coordinates.
  package let balls: [Ball]

  /// Makes a region; whether it makes sense is examined with the obligation.
  package init(box: [AxisRange], balls: [Ball] = []) {
    self.box = box
    self.balls = balls
  }

  /// Number of coordinates.
  package var dimension: Int { box.count }

  /// Whether a point lies in the region, exactly.
  package func contains(_ point: [Rational]) -> Bool {
    point.count == box.count && zip(point, box).allSatisfy { $1.lower <= $0 && $0 <= $1.upper }
      && balls.allSatisfy { $0.contains(point) }
  }

  /// The point that doubles stand for, see `AxisRange.exact(_:)`; nil where it is none of the region.
  package func point(_ values: [Double]) -> [Rational]? {
    guard values.count == box.count else { return nil }
    var point: [Rational] = []
    point.reserveCapacity(values.count)
    for (value, range) in zip(values, box) {
      guard let exact = range.exact(value) else { return nil }
      point.append(exact)
    }
    return balls.allSatisfy { $0.contains(point) } ? point : nil
  }

  /// Why a list of balls over a box is no region with points; nil where it is one.
  package var problem: String? {
    var end = 0
    for ball in balls {
      guard ball.norm != .linf else { return "has a ball of the largest magnitude, which is a box" }
      guard !ball.centre.isEmpty, ball.start >= end, ball.start <= box.count,
        ball.centre.count <= box.count - ball.start
      else { return "has balls that do not fit its coordinates" }
      guard ball.radius >= .zero, ball.meets(box) else { return "speaks of no point: its region is empty" }
      end = ball.coordinates.upperBound
    }
    return nil
  }
}
