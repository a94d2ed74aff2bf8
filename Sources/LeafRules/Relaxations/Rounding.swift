/// The unit roundoff of binary64 and the small factors with which computed error bounds are rounded upwards.
///
/// A sum of `n` nonnegative terms, each the result of at most a few operations, computed in round-to-nearest and
/// in any order, is at least `(1 - (n + 8) u)` of its true value. Multiplying by `inflation(n) = 1 + 4 (n + 8) u`
/// therefore gives an upper bound, for every `n` below 2^40. What underflow may lose is far below `slack`.
enum Rounding {
  /// `u = 2^-53`.
  static let unit = 0x1p-53
  /// Added to every error bound.
  ///
  /// A product that underflows is off by at most 2^-1074, and fewer than 2^60 of
  /// them meet in one bound.
  static let slack = 0x1p-1000
  /// Added to an error bound before it is multiplied by weights, which may be huge: what the bound's own product
  /// with a unit roundoff lost to underflow.
  ///
  /// Normal, so that it costs no time.
  static let underflow = 0x1p-1022

  /// What underflow may take from one coefficient of a backward product of fewer than 2^30 rows, bounded above: at most
  /// 2^-1044.
  ///
  /// So much larger, since this number times the bound of a tensor's element is to be normal: processors take a hundred
  /// times longer to multiply subnormal numbers.
  static let backwardUnderflow = 0x1p-1000

  /// At least `x.nextUp`, for every finite `x`, without a branch.
  ///
  /// The step added is at least `3 u |x|` in the normal range, more than the distance to the next double, and at least
  /// `slack` below it; rounding is monotone.
  @inline(__always)
  static func above(_ x: Double) -> Double { x + (x.magnitude * 0x1p-51 + slack) }

  /// At most `x.nextDown`, for every finite `x`.
  @inline(__always)
  static func below(_ x: Double) -> Double { x - (x.magnitude * 0x1p-51 + slack) }

  /// The factor that turns a computed sum of `count` nonnegative terms into an upper bound.
  @inline(__always)
  static func inflation(_ count: Int) -> Double { 1 + Double(4 * (count + 8)) * unit }
}

/// Whether a propagation carries its rounding errors.
///
/// Bounds are only ever read from `TrackedRounding`. The other policy exists to measure what tracking costs; its
/// results are not handed out.
protocol RoundingPolicy {
  static var isTracked: Bool { get }
}

enum TrackedRounding: RoundingPolicy {
  static var isTracked: Bool { true }
}

enum IgnoredRounding: RoundingPolicy {
  static var isTracked: Bool { false }
}
