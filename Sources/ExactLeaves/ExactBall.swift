import RigorousArithmetic
import VerificationProblem

// Theorem (outside, contraction). Let d_i be the distance from c_i to the range of coordinate i, to the power p that the norm
// adds up, and r that of the radius. A point of box and ball has sum d_i <= r and |x_i - c_i|^p <= r - sum over j != i of d_j.
// The norm of the largest magnitude adds nothing up: there each d_i <= r, and |x_i - c_i| <= r.
// Theorem (cut; Hoelder). With x_i = m_i + rho_i t_i, |t_i| <= 1, and any numbers v_i, at every point of box and ball
// sum g_i t_i >= - sum |g_i - v_i rho_i| - R |v|* - sum v_i (m_i - c_i), with |v|* the dual norm and R the radius.

/// A ball of the region, exact, and its coordinates in the grid.
struct ExactBall: Sendable {
  let ball: Ball
  /// The centre from below, and whether it is in the grid.
  private let centre: [(floor: BigInteger, isExact: Bool)]
  /// The radius from above.
  private let radius: BigInteger
  /// About centre and radius, to choose by.
  private let guess: (centre: [Double], radius: Double)

  init(_ ball: Ball) {
    self.ball = ball
    centre = ball.centre.map {
      let floor = Grid.floor($0)
      return (floor, floor == Grid.ceil($0))
    }
    radius = Grid.ceil(ball.radius)
    guess = (ball.centre.map(\.roundedDown), ball.radius.roundedDown)
  }

  /// Distance to a range, to the power that the norm adds up.
  private func part(_ centre: Rational, _ lower: Rational, _ upper: Rational) -> Rational {
    let distance = max(Rational.zero, max(lower - centre, centre - upper))
    return ball.norm == .l2 ? distance * distance : distance
  }

  /// The part of a box that may have points in the ball; nil where it has none.
  func contracted(_ box: [AxisRange]) -> [AxisRange]? {
    let limit = ball.norm == .l2 ? ball.radius * ball.radius : ball.radius
    let parts = zip(ball.centre, box[ball.coordinates]).map { part($0, $1.lower, $1.upper) }
    let isSum = ball.norm != .linf
    let total = parts.reduce(Rational.zero) { isSum ? $0 + $1 : max($0, $1) }
    guard total <= limit else { return nil }
    var result = box
    for (index, centre) in ball.centre.enumerated() {
      var room = isSum ? limit - total + parts[index] : limit
      if ball.norm == .l2 {
        let square = Grid.ceil(room).shiftedLeft(by: Grid.bits)
        let root = square.floorRoot
        room = Rational(root * root == square ? root : root + .one, over: Grid.one)
      }
      let axis = ball.start + index
      let lower = max(box[axis].lower, centre - room)
      let upper = min(box[axis].upper, centre + room)
      if lower <= upper { result[axis] = AxisRange(lower: lower, upper: upper) }
    }
    return result
  }

  /// A lower bound of `sum g_i t_i` over the ball's coordinates, at points of box and ball.
  ///
  /// - Parameter g: One number for each of the ball's coordinates, in the grid.
  func least(_ g: [BigInteger], middle: ArraySlice<BigInteger>, radii: ArraySlice<BigInteger>) -> BigInteger {
    let whole = -g.reduce(BigInteger.zero) { $0 + $1.magnitude }
    guard !whole.isZero else { return whole }
    let (middle, radii) = (Array(middle), Array(radii))
    let chosen = choose(g, middle, radii).compactMap { Grid.floor($0) }
    guard chosen.count == g.count else { return whole }
    // In units of 2^-144 up to the end.
    var sum = BigInteger.zero
    for index in g.indices {
      let v = chosen[index]
      sum = sum - (g[index].shiftedLeft(by: Grid.bits) - v * radii[index]).magnitude
      sum = sum - v * (middle[index] - centre[index].floor)
      if !centre[index].isExact { sum = sum - v.magnitude }
    }
    let dual: BigInteger
    switch ball.norm {
    case .l1: dual = chosen.reduce(.zero) { max($0, $1.magnitude) }
    case .l2: dual = chosen.reduce(BigInteger.zero) { $0 + $1 * $1 }.floorRoot + .one
    case .linf: dual = chosen.reduce(.zero) { $0 + $1.magnitude }
    }
    return max(whole, (sum - radius * dual).floorShifted(by: Grid.bits))
  }

  /// Numbers `v`, of which any do; good ones are those of the dual problem's solution, found in plain doubles.
  private func choose(_ g: [BigInteger], _ middle: [BigInteger], _ radii: [BigInteger]) -> [Double] {
    let m = middle.map(Grid.roundedDown)
    let rho = radii.map(Grid.roundedDown)
    let a = g.indices.map { rho[$0] > 0 ? Grid.roundedDown(g[$0]) / rho[$0] : 0 }
    let (c, r) = guess
    if ball.norm == .l1 {
      func bound(_ limit: Double) -> Double {
        a.indices.reduce(-r * limit) { sum, index in
          let v = min(max(a[index], -limit), limit)
          return sum - abs(a[index] - v) * rho[index] - v * (m[index] - c[index])
        }
      }
      // The bound is concave in the limit.
      var (low, high) = (0.0, a.reduce(0) { max($0, abs($1)) })
      for _ in 0..<60 {
        let third = (high - low) / 3
        if bound(low + third) < bound(high - third) { low += third } else { high -= third }
      }
      return a.map { min(max($0, -high), high) }
    }
    func place(_ s: Double) -> [Double] {
      a.indices.map { min(max(c[$0] - s * a[$0], m[$0] - rho[$0]), m[$0] + rho[$0]) }
    }
    func distance(_ x: [Double]) -> Double {
      zip(x, c).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let size = a.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard size > 0, r > 0 else { return a }
    var (low, high) = (0.0, 1e6 * (r + 1) / size)
    guard distance(place(high)) > r else { return a.map { _ in 0 } }
    for _ in 0..<60 {
      let s = low / 2 + high / 2
      if distance(place(s)) > r { high = s } else { low = s }
    }
    guard high > 0 else { return a }
    return zip(place(high), c).map { ($1 - $0) / high }
  }
}
