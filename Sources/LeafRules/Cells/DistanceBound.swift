import RigorousArithmetic
import VerificationProblem

/// Bounds on the distance of the output to a fixed point.
///
/// Theorem (dual norm). For any vector `v`, `|x - p| >= (v · (x - p)) / |v|*`, where `|v|*` is the dual norm:
/// Euclidean for l2, the largest magnitude for l1. For linf every coordinate is a bound from below. From above,
/// `|x - p| <= |c - p| + |R|` where `R_i` bounds `|x_i - c_i|`.
///
/// `v` may be any vector of doubles; the choice `v = (c - p)` or its signs makes the bound tight on small cells,
/// since the error symbols of different pixels then cancel against each other where they really do.
extension ZonotopePropagation {
  func distanceBounds(start: Int, point: [Double], norm: Norm) -> Interval {
    let buffer = workspace.buffers[compiled.outputSlot]
    let count = point.count
    // Per pixel: offset from the point, radius, and magnitude of the affine part.
    let offsets = workspace.scratch(3 * count + buffer.stride)
    let radii = offsets + count
    let absolute = radii + count
    let sums = absolute + count
    var isActive = [Bool](repeating: buffer.activeCount == compiled.outputCount, count: compiled.outputCount)
    for row in buffer.activeRows { isActive[Int(row)] = true }
    for index in 0..<count {
      let row = start + index
      guard isActive[row] else {
        offsets[index] = -point[index]
        radii[index] = 0
        absolute[index] = point[index].magnitude
        continue
      }
      offsets[index] = buffer.values[row * buffer.stride] - point[index]
      radii[index] = buffer.radius(row)
      absolute[index] = radii[index] + offsets[index].magnitude
    }
    let coarse = coarseBounds(offsets, radii, count: count, norm: norm)
    guard coarse.isFinite, norm != .linf else { return coarse }

    let inflation = Rounding.inflation(2 * count + buffer.stride)
    let gamma = DotProductBound.gamma(count + 4)
    for column in 0..<buffer.stride { sums[column] = 0 }
    var centre = 0.0
    var lost = 0.0
    var dual = 0.0
    for index in 0..<count {
      let direction: Double
      switch norm {
      case .l2: direction = offsets[index]
      case .l1, .linf: direction = offsets[index] < 0 ? -1 : 1
      }
      dual = norm == .l2 ? dual + direction * direction : 1
      centre += direction * offsets[index]
      let size = direction.magnitude
      guard isActive[start + index] else {
        lost += size * gamma * absolute[index]
        continue
      }
      let row = start + index
      let base = buffer.values + row * buffer.stride
      for column in 1..<Swift.max(1, buffer.columns) { sums[column] += direction * base[column] }
      lost += size * (buffer.remainder[row] + gamma * absolute[index])
    }
    var spread = 0.0
    for column in 1..<Swift.max(1, buffer.columns) { spread += sums[column].magnitude }
    // Doubled, the terms with gamma also cover the rounding of the offsets and of the centre's own product.
    let below = (centre - (spread + 2 * lost) * inflation - Rounding.slack).nextDown
    guard below.isFinite, below > 0 else { return coarse }
    let length = norm == .l2 ? (dual * inflation + Rounding.slack).squareRoot().nextUp : 1
    let sharp = (below / length).nextDown
    return sharp > coarse.lower ? Interval(Swift.min(sharp, coarse.upper), coarse.upper) : coarse
  }

  /// Bounds from the centre's distance and the radii alone.
  private func coarseBounds(
    _ offsets: UnsafePointer<Double>, _ radii: UnsafePointer<Double>, count: Int, norm: Norm
  ) -> Interval {
    let inflation = Rounding.inflation(2 * count)
    var distance = 0.0
    var radius = 0.0
    var low = 0.0
    var high = 0.0
    for index in 0..<count {
      let offset = offsets[index].magnitude
      // Comparisons drop NaN, so that it must not reach them.
      guard offset + radii[index] < .infinity else { return .entire }
      switch norm {
      case .l1:
        distance += offset
        radius += radii[index]
      case .l2:
        distance += offset * offset
        radius += radii[index] * radii[index]
      case .linf:
        // The offset is rounded by at most half a unit in its last place.
        low = Swift.max(low, (offset.nextDown - radii[index]).nextDown)
        high = Swift.max(high, (offset.nextUp + radii[index]).nextUp)
      }
    }
    if norm == .linf { return high < .infinity ? Interval(Swift.max(0, low), high) : .entire }
    if norm == .l2 {
      // Squares that underflow are off by less than 2^-1000 in all, hence the root by less than 2^-500, which the
      // slack under the radius's root covers.
      distance = distance.squareRoot()
      radius = (radius * inflation + Rounding.slack).squareRoot().nextUp
    } else {
      radius = radius * inflation + Rounding.slack
    }
    // `inflation` also bounds the relative error of the computed distance, in both directions.
    let down = (distance * (2 - inflation)).nextDown - Rounding.slack
    let up = (distance * inflation + Rounding.slack).nextUp
    let lower = Swift.max(0, (down - radius).nextDown)
    let upper = (up + radius).nextUp
    return upper < .infinity ? Interval(lower, upper) : .entire
  }
}
