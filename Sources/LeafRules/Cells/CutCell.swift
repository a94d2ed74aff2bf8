import RigorousArithmetic
import VerificationProblem

/// Least values of linear functions on the points of a cell that lie in the region's balls.
///
/// Theorem. Let `x_i = m_i + rho_i t_i` with `|t_i| <= 1` be a point of the cell, and let the coordinates of a ball have
/// `|x - c| <= r`. For every vector `v`,
///
///     sum g_i t_i = sum (g_i - v_i rho_i) t_i + sum v_i (x_i - c_i) - sum v_i (m_i - c_i)
///                >= -sum |g_i - v_i rho_i| - r |v|* - sum v_i (m_i - c_i)
///
/// over these coordinates, where `|v|*` is the dual norm: the largest magnitude for l1, the Euclidean length for l2
/// (Hoelder's inequality). Other coordinates add `-|g_i|` each. So any `v` gives a lower bound; `v = 0` is that of the box,
/// and `v_i = g_i / rho_i` that of the ball. Which one is best is looked for in plain arithmetic, and the bound of the one
/// that was found is computed in rounded arithmetic.
///
/// The best `v` belongs to the point of cell and ball at which the function is least, by the conditions of Karush, Kuhn and
/// Tucker: in l2 there is a number `s` with `x_i = c_i - s g_i / rho_i`, cut to the range of the cell, and
/// `v = (c - x) / s`; in l1 the coordinates with the greatest `|g_i| / rho_i` are at an end of their range, until the
/// radius is used up.
///
/// Rounding. A computed `g_i - v_i rho_i` is off by at most `u` times itself and `u |v_i rho_i|`; each `m_i - c_i` is given
/// as a double and a bound of its error; sums of `n` terms are inflated, or `gamma` times the sum of their magnitudes is
/// added. What underflow may lose is less than `slack` in each sum, and less than `2^-1060 n` under the root.
struct CutCell {
  private struct Part {
    let ball: CompiledBall
    /// About `m_i - c_i`, and bounds of its error.
    var offsets: [Double] = []
    var spreads: [Double] = []
    /// About the ends of the cell's range minus `c_i`.
    var low: [Double] = []
    var high: [Double] = []
    /// About `c_i`.
    var centre: [Double] = []

    var count: Int { centre.count }
  }

  private let cell: Cell
  private let radii: [Double]
  /// Coordinates of no ball.
  private let free: [Int]
  private var parts: [Part] = []
  // Numbers in progress, as many as the largest ball has coordinates.
  private var slopes: [Double] = []
  private var weights: [Double] = []
  private var places: [Double] = []
  private var order: [Int] = []
  private var gathered: [Double]

  /// What cuts a cell; nil where the cell seems to lie in all balls, so that nothing is gained.
  init?(_ compiled: CompiledCase, cell: Cell) {
    let balls = compiled.balls.filter { !$0.seemsToCover(cell) }
    guard !balls.isEmpty else { return nil }
    self.cell = cell
    var isFree = [Bool](repeating: true, count: cell.lower.count)
    radii = cell.lower.indices.map {
      Cell.radius(
        cell.lower[$0], cell.upper[$0], centre: Cell.midpoint(cell.lower[$0], cell.upper[$0]))
    }
    for ball in balls {
      var part = Part(ball: ball)
      for (index, centre) in ball.centre.enumerated() {
        let axis = ball.start + index
        isFree[axis] = false
        let middle = Cell.midpoint(cell.lower[axis], cell.upper[axis])
        let low = Directed.subtractDown(middle, centre.upper)
        let high = Directed.subtractUp(middle, centre.lower)
        let offset = Cell.midpoint(low, high)
        part.offsets.append(offset)
        part.spreads.append(
          Swift.max(0, Swift.max(Directed.subtractUp(high, offset), Directed.subtractUp(offset, low))))
        let about = Cell.midpoint(centre.lower, centre.upper)
        part.centre.append(about)
        part.low.append(cell.lower[axis] - about)
        part.high.append(cell.upper[axis] - about)
      }
      parts.append(part)
    }
    free = isFree.indices.filter { isFree[$0] }
    let longest = parts.reduce(0) { Swift.max($0, $1.count) }
    slopes = [Double](repeating: 0, count: longest)
    weights = slopes
    places = slopes
    order = [Int](repeating: 0, count: longest)
    gathered = [Double](repeating: 0, count: cell.lower.count)
  }

  /// The least and the greatest value of `sum g_i t_i`, rounded outwards, for the row of a zonotope.
  ///
  /// - Parameters:
  ///   - columns: The row's columns in use.
  ///   - axisColumns: The column of each `g_i`; 0 where it is zero.
  mutating func range(
    _ row: UnsafePointer<Double>, columns: Int, axisColumns: [Int]
  ) -> (lower: Double, upper: Double) {
    for (axis, column) in axisColumns.enumerated() {
      gathered[axis] = column > 0 && column < columns ? row[column] : 0
    }
    let values = gathered
    return values.withUnsafeBufferPointer { buffer in
      guard let place = buffer.baseAddress else { return (-.infinity, .infinity) }
      return (least(place, stride: 1), -least(place, stride: 1, sign: -1))
    }
  }

  /// A lower bound of `sum g_i t_i`; minus infinity where nothing is known.
  ///
  /// - Parameters:
  ///   - values: `g_i`, each `stride` doubles after the one before.
  ///   - sign: 1, or -1 for the function's negative.
  mutating func least(_ values: UnsafePointer<Double>, stride: Int, sign: Double = 1) -> Double {
    var sum = 0.0
    for axis in free { sum += values[axis * stride].magnitude }
    var least = -(sum * Rounding.inflation(free.count) + Rounding.slack)
    for index in parts.indices {
      least = Directed.addDown(least, leastPart(index, values, stride: stride, sign: sign))
    }
    return least.isFinite ? least : -.infinity
  }

  /// A point of the cell, within the balls but for rounding, at which the function is about least.
  mutating func leastPoint(
    _ values: UnsafePointer<Double>, stride: Int, into point: UnsafeMutablePointer<Double>, pointStride: Int
  ) {
    for axis in free {
      point[axis * pointStride] = values[axis * stride] > 0 ? cell.lower[axis] : cell.upper[axis]
    }
    for index in parts.indices {
      _ = leastPart(index, values, stride: stride, sign: 1)
      let part = parts[index]
      for place in 0..<part.count {
        let axis = part.ball.start + place
        // Drawn in a little, so that rounding leaves it in the ball.
        let value = part.centre[place] + places[place] * (1 - 0x1p-40)
        point[axis * pointStride] = Swift.min(Swift.max(value, cell.lower[axis]), cell.upper[axis])
      }
    }
  }

  private mutating func leastPart(
    _ index: Int, _ values: UnsafePointer<Double>, stride: Int, sign: Double
  ) -> Double {
    let start = parts[index].ball.start
    var box = 0.0
    for place in 0..<parts[index].count {
      let axis = start + place
      let value = sign * values[axis * stride]
      box += value.magnitude
      slopes[place] = radii[axis] > 0 ? value / radii[axis] : 0
    }
    let plain = -(box * Rounding.inflation(parts[index].count) + Rounding.slack)
    let isCut = parts[index].ball.norm == .l2 ? findEuclidean(parts[index]) : findAbsolute(parts[index])
    guard isCut else { return plain }
    let cut = -bound(parts[index], values, stride: stride, sign: sign)
    return cut > plain ? cut : plain
  }

  /// The right side of the theorem, negated and rounded up, for `v` in `weights`; infinite or no number where it overflows.
  private func bound(
    _ part: Part, _ values: UnsafePointer<Double>, stride: Int, sign: Double
  ) -> Double {
    let count = part.count
    let inflation = Rounding.inflation(count + 4)
    var (rest, shift, shiftSize, spread, dual) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for place in 0..<count {
      let axis = part.ball.start + place
      let weight = weights[place]
      let product = weight * radii[axis]
      let difference = sign * values[axis * stride] - product
      rest += difference.magnitude + Rounding.unit * (difference.magnitude + product.magnitude)
      let moved = weight * part.offsets[place]
      shift += moved
      shiftSize += moved.magnitude
      spread += weight.magnitude * part.spreads[place]
      dual = part.ball.norm == .l2 ? dual + weight * weight : Swift.max(dual, weight.magnitude)
    }
    if part.ball.norm == .l2 {
      dual = Directed.squareRootUp(Directed.addUp(dual * inflation, Double(count) * 0x1p-1060))
    }
    var total = Directed.addUp(rest * inflation, Directed.multiplyUp(part.ball.radius, dual))
    total = Directed.addUp(total, shift)
    total = Directed.addUp(total, DotProductBound.gamma(count + 4) * (shiftSize * inflation) * inflation)
    return Directed.addUp(total, spread * inflation + Rounding.slack)
  }

  /// Finds `v` for an l2 ball; false where the point of the cell at which the function is least seems to lie in it.
  private mutating func findEuclidean(_ part: Part) -> Bool {
    let limit = part.ball.squaredRadius
    var (far, square) = (0.0, 0.0)
    for place in 0..<part.count {
      let slope = slopes[place]
      let end = slope > 0 ? part.low[place] : slope < 0 ? part.high[place] : nearest(part, place)
      places[place] = end
      far += end * end
      square += slope * slope
    }
    guard far > limit, square > 0, square.isFinite else { return false }
    var scale = (limit / square).squareRoot()
    var (low, high) = (0.0, Double.infinity)
    for _ in 0..<24 {
      var (clamped, open) = (0.0, 0.0)
      for place in 0..<part.count {
        let wanted = -scale * slopes[place]
        let value = Swift.min(Swift.max(wanted, part.low[place]), part.high[place])
        if value == wanted { open += slopes[place] * slopes[place] } else { clamped += value * value }
      }
      let used = clamped + scale * scale * open
      if (used - limit).magnitude <= 1e-9 * limit { break }
      if used > limit { high = scale } else { low = scale }
      let proposed = limit > clamped && open > 0 ? ((limit - clamped) / open).squareRoot() : .nan
      if proposed > low && proposed < high {
        scale = proposed
      } else {
        scale = high < .infinity ? low / 2 + high / 2 : 2 * low
      }
    }
    guard scale > 0, scale.isFinite else { return false }
    for place in 0..<part.count {
      let wanted = -scale * slopes[place]
      let value = Swift.min(Swift.max(wanted, part.low[place]), part.high[place])
      places[place] = value
      weights[place] = value == wanted ? slopes[place] : -value / scale
    }
    return true
  }

  /// Finds `v` for an l1 ball, likewise.
  private mutating func findAbsolute(_ part: Part) -> Bool {
    let limit = part.ball.radius
    var used = 0.0
    for place in 0..<part.count {
      places[place] = nearest(part, place)
      used += places[place].magnitude
      order[place] = place
    }
    let slopes = slopes
    order[0..<part.count].sort {
      let (a, b) = (slopes[$0].magnitude, slopes[$1].magnitude)
      return a == b ? $0 < $1 : a > b
    }
    var threshold = 0.0
    for place in order[0..<part.count] {
      let slope = slopes[place]
      let end = slope > 0 ? part.low[place] : slope < 0 ? part.high[place] : places[place]
      let cost = end.magnitude - places[place].magnitude
      if used + cost > limit {
        threshold = slope.magnitude
        // What is left of the radius.
        let step = Swift.max(0, limit - used)
        places[place] += slope > 0 ? -step : step
        break
      }
      used += cost
      places[place] = end
    }
    guard threshold > 0 else { return false }
    for place in 0..<part.count {
      let value = places[place]
      weights[place] =
        value == 0
        ? Swift.min(Swift.max(slopes[place], -threshold), threshold) : value > 0 ? -threshold : threshold
    }
    return true
  }

  /// The number of the range nearest to zero, seen from the centre.
  private func nearest(_ part: Part, _ place: Int) -> Double {
    Swift.min(Swift.max(0, part.low[place]), part.high[place])
  }
}
