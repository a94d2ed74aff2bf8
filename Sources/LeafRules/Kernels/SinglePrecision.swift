/// Upper bounds of sums of nonnegative products, computed in single precision at half the cost.
///
/// Error terms are tiny and need few digits. Theorem. Let weights and vector be rounded by `above`. A sum of `n` products
/// of such numbers, in any order and fused or not, is off by less than `(n + 2) 2^-24` of its true value, since nothing
/// cancels, and by at most `n 2^-149` from underflow. For `n <= maximumCount` the sum times `inflation(n)` plus `slack`
/// is an upper bound of the true sum. An overflow gives an infinity, which is an upper bound too.
enum SinglePrecision {
  /// Beyond this many terms double precision is used.
  static let maximumCount = 1 << 16

  /// What the products of one sum may lose to underflow, with room.
  static let slack = 0x1p-120

  /// A float that is at least a nonnegative double.
  ///
  /// The added parts exceed what the conversion rounds off: half a unit in the last place of a normal float.
  @inline(__always)
  static func above(_ x: Double) -> Float { Float(x + (x * 0x1p-22 + 0x1p-126)) }

  /// The factor that turns a computed sum of `count` terms into an upper bound.
  @inline(__always)
  static func inflation(_ count: Int) -> Double { 1 + Double(count + 8) * 0x1p-22 }
}
