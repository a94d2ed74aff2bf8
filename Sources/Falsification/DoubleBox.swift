import RigorousArithmetic
import VerificationProblem

/// The doubles of an exact region.
///
/// INVARIANT: `lower` and `upper` are the extreme doubles of the exact ranges, so that the doubles between them are
/// exactly those that stand for coordinates of the region's box; what `settle` leaves stands for a point of the region.
struct DoubleBox: Hashable, Sendable {
  private let doubles: RegionDoubles
  /// Whether points of the box may lie outside the region.
  private let isCut: Bool

  /// Nil when a range holds no double, or a ball none near its centre.
  init?(_ region: InputRegion) {
    guard let doubles = RegionDoubles(region) else { return nil }
    self.doubles = doubles
    isCut = !region.balls.isEmpty
  }

  var lower: [Double] { doubles.lower }
  var upper: [Double] { doubles.upper }
  /// Points far from the centres of balls.
  var vertices: [[Double]] { doubles.vertices }

  /// Moves a point of the box, which starts at `offset`, into the region.
  func settle(_ points: inout [Double], at offset: Int) {
    if isCut { doubles.settle(&points, at: offset) }
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

  /// The point itself where it is one of the region, else one of the region near it.
  func clamp(_ point: [Double]) -> [Double] {
    var result = point.indices.map { clamp(point[$0], axis: $0) }
    settle(&result, at: 0)
    return result
  }
}
