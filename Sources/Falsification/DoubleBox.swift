import RigorousArithmetic
import VerificationProblem

/// The doubles of an exact box.
///
/// INVARIANT: `lower` and `upper` are the extreme doubles of the exact ranges, so that the doubles between them are
/// exactly those that stand for coordinates of the region.
struct DoubleBox: Hashable, Sendable {
  let lower: [Double]
  let upper: [Double]

  /// Nil when a range holds no double.
  init?(_ region: [AxisRange]) {
    var lower: [Double] = []
    var upper: [Double] = []
    for range in region {
      guard let ends = range.doubles else { return nil }
      lower.append(ends.lower)
      upper.append(ends.upper)
    }
    self.lower = lower
    self.upper = upper
  }

  var dimension: Int { lower.count }

  /// Length of a side; finite, and zero for a side of one double.
  func width(_ axis: Int) -> Double { min(upper[axis] - lower[axis], .greatestFiniteMagnitude) }

  /// The double of the range nearest to a value; the middle for NaN.
  func clamp(_ value: Double, axis: Int) -> Double {
    if value.isNaN { return middle(axis) }
    return min(max(value, lower[axis]), upper[axis])
  }

  /// A double near the middle of a side.
  func middle(_ axis: Int) -> Double {
    min(max(lower[axis] / 2 + upper[axis] / 2, lower[axis]), upper[axis])
  }

  /// The nearest point of the box.
  func clamp(_ point: [Double]) -> [Double] { point.indices.map { clamp(point[$0], axis: $0) } }
}
