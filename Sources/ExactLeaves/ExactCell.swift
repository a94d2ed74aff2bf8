import RigorousArithmetic
import VerificationProblem

/// An element of a function's results, by its step and its place there.
struct Site: Hashable, Sendable {
  let step: Int
  let row: Int
}

/// A box with the balls that cut it, in the grid, and the signs of operands that it is about.
struct ExactCell: Sendable {
  /// The middle of each coordinate's range, and half its width from above.
  let middle: [BigInteger]
  let radii: [BigInteger]
  let balls: [ExactBall]
  /// Functions of which only those points are spoken of where the operand is not negative (true), or not positive.
  let signs: [Site: Bool]

  /// A cell of doubles; nil where these are not finite.
  init?(_ cell: Cell) {
    var (middle, radii) = ([BigInteger](), [BigInteger]())
    for (lower, upper) in zip(cell.lower, cell.upper) {
      let centre = Cell.midpoint(lower, upper)
      let radius = Cell.radius(lower, upper, centre: centre)
      guard let place = Grid.floor(centre), let reach = Grid.ceil(radius) else { return nil }
      middle.append(place)
      radii.append(place == Grid.ceil(centre) ? reach : reach + .one)
    }
    (self.middle, self.radii, balls, signs) = (middle, radii, [], [:])
  }

  /// What a linear function of the symbols changes by, at most, where `x_i = c_i + r_i t_i` with the doubles of
  /// `Cell.midpoint` and `Cell.radius` in place of middles and radii; in units of the slopes.
  ///
  /// The middle is less than a unit below `c_i` and the radius `rho_i` less than two above `r_i`, so that
  /// `(x_i - middle_i) / rho_i` and `t_i` differ by less than `3 / rho_i`.
  func drift(_ slopes: [BigInteger]) -> BigInteger {
    zip(slopes, radii).reduce(.zero) { sum, axis in
      let (slope, radius) = axis
      return radius.isZero ? sum : sum + (BigInteger(3) * slope.magnitude).ceilDivided(by: radius)
    }
  }

  init(_ box: [AxisRange], balls: [ExactBall], signs: [Site: Bool] = [:]) {
    let ends = box.map { (low: Grid.floor($0.lower), high: Grid.ceil($0.upper)) }
    middle = ends.map { ($0.low + $0.high).floorShifted(by: 1) }
    radii = zip(ends, middle).map { max($0.high - $1, $1 - $0.low) }
    (self.balls, self.signs) = (balls, signs)
  }

  /// A lower bound of `sum g_i t_i` at the points of box and balls, `x_i = middle_i + radii_i t_i`; in the grid.
  func least(_ g: [BigInteger]) -> BigInteger {
    var sum = BigInteger.zero
    var next = 0
    for ball in balls {
      let range = ball.ball.coordinates
      for index in next..<range.lowerBound { sum = sum - g[index].magnitude }
      sum = sum + ball.least(Array(g[range]), middle: middle[range], radii: radii[range])
      next = range.upperBound
    }
    for index in next..<g.count { sum = sum - g[index].magnitude }
    return sum
  }
}
