import RigorousArithmetic
import TensorGraph

/// A function of `VectorFunction` over a range, known at nodes, eight at once, and bounded between them.
///
/// Theorem. Let `g(x) = f(x) - s x` with nodes from `lower` to `upper`. Between two nodes at most `h` apart, `g` stays within
/// `M h^2 / 8` of the range of its values there (the remainder of linear interpolation), where `|f''| <= M` between them:
/// the bend at the node nearer to zero, or the greatest of all where zero lies between the nodes.
///
/// Rounding: with `e = VectorLogistic.relativeError`, the computed `f` is off by at most `2 e` times `|f|` and its excess,
/// see `VectorFunction`, the computed `s x` by `u |s x|`, and the difference by `u` times itself: in all by at most `2 e`
/// times the sum of these magnitudes.
struct VectorSamples: Residuals {
  let lower: Double
  let upper: Double
  var single: Interval? { nil }
  private let count: Int
  /// Nodes, ascending, the last one repeated.
  private let nodes: UnsafeMutablePointer<Double>
  private let values: UnsafeMutablePointer<Double>
  /// `M h^2 / 8` of the piece that ends at each node, rounded up; for the first node that of no piece.
  private let slacks: UnsafeMutablePointer<Double>
  /// What the error of a value is proportional to beside its magnitude.
  private let excess: Double
  let slopes: SIMD4<Double>

  private static let most = 32

  /// Nil for other functions, and for ranges that are a single number or too wide.
  static func with<Result>(
    _ function: SmoothFunction, lower: Double, upper: Double, _ body: (VectorSamples) -> Result
  ) -> Result? {
    guard let function = VectorFunction(function), lower < upper, lower >= -VectorFunction.domain,
      upper <= VectorFunction.domain
    else { return nil }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * most) { room in
      guard let start = room.baseAddress else { return nil }
      return body(VectorSamples(function, lower: lower, upper: upper, room: start))
    }
  }

  private init(_ function: VectorFunction, lower: Double, upper: Double, room: UnsafeMutablePointer<Double>) {
    self.lower = lower
    self.upper = upper
    let width = upper - lower
    count = width < 6 ? 16 : VectorSamples.most
    nodes = room
    values = room + VectorSamples.most
    slacks = room + 2 * VectorSamples.most
    excess = function.excess(reach: Swift.max(lower.magnitude, upper.magnitude))
    let step = width / Double(count - 1)
    let first = SIMD8<Double>(0, 1, 2, 3, 4, 5, 6, 7)
    let (least, greatest) = (SIMD8<Double>(repeating: lower), SIMD8<Double>(repeating: upper))
    var start = 0
    var (previousNode, previousBend) = (lower, 0.0)
    var derivatives = (lower: 0.0, middle: 0.0, upper: 0.0)
    while start < count {
      var x = least + (first + Double(start)) * step
      x = x.replacing(with: greatest, where: x .> greatest)
      if start + 8 == count { x[7] = upper }
      let known = function.values(x)
      for lane in 0..<8 {
        let index = start + lane
        nodes[index] = x[lane]
        values[index] = known.value[lane]
        let isAcross = previousNode < 0 && x[lane] > 0
        let bend = isAcross ? function.greatestBend : Swift.max(previousBend, known.bend[lane])
        let gap = Rounding.above(x[lane] - previousNode)
        slacks[index] = index == 0 ? 0 : Rounding.above(Rounding.above(bend * gap) * gap / 8)
        previousNode = x[lane]
        previousBend = known.bend[lane]
      }
      if start == 0 { derivatives.lower = known.derivative[0] }
      if start == count / 2 { derivatives.middle = known.derivative[0] }
      if start + 8 == count { derivatives.upper = known.derivative[7] }
      start += 8
    }
    let chord = (values[count - 1] - values[0]) / width
    slopes = SIMD4(chord, derivatives.middle, derivatives.lower, derivatives.upper)
  }

  func range(slope: Double) -> (low: Double, high: Double) {
    let unit = 4 * VectorLogistic.relativeError
    var low = SIMD8<Double>(repeating: .infinity)
    var high = SIMD8<Double>(repeating: -.infinity)
    var (lastLow, lastHigh) = (Double.infinity, -Double.infinity)
    var start = 0
    while start < count {
      let x = UnsafeRawPointer(nodes + start).loadUnaligned(as: SIMD8<Double>.self)
      let value = UnsafeRawPointer(values + start).loadUnaligned(as: SIMD8<Double>.self)
      let slack = UnsafeRawPointer(slacks + start).loadUnaligned(as: SIMD8<Double>.self)
      let product = slope * x
      let size =
        value.replacing(with: -value, where: value .< 0)
        + product.replacing(with: -product, where: product .< 0)
      let error = unit * (size + excess) + Rounding.slack
      let residual = value - product
      let (bottom, top) = (residual - error, residual + error)
      // A piece's range is that of its two ends, widened by its slack.
      var before = SIMD8<Double>(
        lastLow, bottom[0], bottom[1], bottom[2], bottom[3], bottom[4], bottom[5], bottom[6])
      before = bottom.replacing(with: before, where: before .< bottom) - slack
      low = low.replacing(with: before, where: before .< low)
      var after = SIMD8<Double>(lastHigh, top[0], top[1], top[2], top[3], top[4], top[5], top[6])
      after = top.replacing(with: after, where: after .> top) + slack
      high = high.replacing(with: after, where: after .> high)
      (lastLow, lastHigh) = (bottom[7], top[7])
      start += 8
    }
    return (Rounding.below(low.min()), Rounding.above(high.max()))
  }
}
