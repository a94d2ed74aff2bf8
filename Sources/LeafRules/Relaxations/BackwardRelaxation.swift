/// A line on one side of `f(x) = min(max(x, a), b)` over a range, for the backward pass.
///
/// Theorem. `f(x) - s x` takes its extremes over `[lower, upper]` at the ends or at kinks inside. With `offset`
/// beyond all of them, `f(x) <= s x + offset` (or `>=`) there for the double `s`. The pass multiplies `s` by a
/// coefficient `c`, and the product it stores stands for a slope `s' = s (1 + e)`, `|e| <= u`, as long as it is not
/// subnormal. Then `|s' x - s x| <= u s max(|lower|, |upper|)`, which `offset` covers too. The slopes 0 and 1 give
/// exact products.
struct BackwardLine {
  let slope: Double
  let offset: Double

  /// `f(x) <= slope x + offset`.
  @inline(__always)
  static func above(lower: Double, upper: Double, a: Double, b: Double) -> BackwardLine {
    let slope: Double
    if upper <= b {
      slope = unit((upper - a) / (upper - lower))
    } else if lower >= a {
      slope = b - lower > upper - b ? 1 : 0
    } else {
      let steep = unit((b - a) / (b - lower))
      slope = a + steep * (upper - lower) - b < b - a ? steep : 0
    }
    var offset = -Double.infinity
    @inline(__always)
    func include(_ x: Double, _ image: Double) {
      offset = Swift.max(offset, Rounding.above(image - Rounding.below(slope * x)))
    }
    if slope == 0 { return BackwardLine(slope: 0, offset: Swift.min(upper, b)) }
    if slope == 1 { return BackwardLine(slope: 1, offset: Swift.max(0, Rounding.above(a - lower))) }
    include(lower, Swift.max(lower, a))
    include(upper, Swift.min(upper, b))
    if lower < a { include(a, a) }
    if upper > b { include(b, b) }
    return BackwardLine(slope: slope, offset: Rounding.above(offset + spread(slope, lower, upper)))
  }

  /// `f(x) >= slope x + offset`.
  @inline(__always)
  static func below(lower: Double, upper: Double, a: Double, b: Double) -> BackwardLine {
    // -f(-x) is the clip to [-b, -a].
    let mirrored = above(lower: -upper, upper: -lower, a: -b, b: -a)
    return BackwardLine(slope: mirrored.slope, offset: -mirrored.offset)
  }

  @inline(__always)
  private static func unit(_ slope: Double) -> Double { Swift.min(1, Swift.max(0, slope)) }

  /// What the product of the slope with a coefficient may be off by, times a member of the range.
  @inline(__always)
  static func spread(_ slope: Double, _ lower: Double, _ upper: Double) -> Double {
    2 * Rounding.unit * slope.magnitude * Swift.max(lower.magnitude, upper.magnitude) + Rounding.slack
  }
}
