package import RigorousArithmetic

/// A closed ball of consecutive coordinates, exact.
package struct Ball: Hashable, Sendable {
  /// The first coordinate.
  package let start: Int
  /// The centre, one number for each coordinate from `start` on.
  package let centre: [Rational]
  /// The radius, not negative.
  package let radius: Rational
  /// What measures the distance from the centre: `l1` or `l2`, since a ball of the largest magnitude is a box.
  package let norm: Norm

  /// Makes a ball; whether it fits a region is examined with the obligation.
  package init(start: Int, centre: [Rational], radius: Rational, norm: Norm) {
    self.start = start
    self.centre = centre
    self.radius = radius
    self.norm = norm
  }

  /// The coordinates that the ball speaks of.
  package var coordinates: Range<Int> { start..<start + centre.count }

  /// Whether a point of all coordinates lies in the ball.
  ///
  /// Squares are compared with squares, so that the answer is exact.
  package func contains(_ point: [Rational]) -> Bool {
    let distances = zip(point[coordinates], centre).map { ($0 - $1).magnitude }
    switch norm {
    case .l1: return distances.reduce(.zero) { $0 + $1 } <= radius
    case .l2: return distances.reduce(.zero) { $0 + $1 * $1 } <= radius * radius
    case .linf: return distances.allSatisfy { $0 <= radius }
    }
  }

  /// Whether some point of a box lies in the ball.
  ///
  /// Theorem. The coordinates of the box nearest to those of the centre make each part of the distance least at once, so
  /// that no point of the box is nearer in any of the norms.
  package func meets(_ box: [AxisRange]) -> Bool {
    var point = box.map(\.lower)
    for (axis, value) in zip(coordinates, centre) {
      point[axis] = Swift.min(Swift.max(value, box[axis].lower), box[axis].upper)
    }
    return contains(point)
  }
}
