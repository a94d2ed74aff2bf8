import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// A smooth function over a range, known at nodes and bounded between them.
///
/// Theorem. Let `f` have `|f''| <= M` on `[lower, upper]`, let nodes from `lower` to `upper` be at most `h` apart, and
/// let `g(x) = f(x) - s x`. Between two nodes `g` differs from the line through its values there by at most
/// `M h^2 / 8` (the remainder of linear interpolation), and the line lies between these values. So `g` stays within
/// `M h^2 / 8` of the range of its values at the nodes.
struct SmoothSamples: Residuals {
  private let function: SmoothFunction
  private let nodes: [Double]
  private let values: [Interval]
  /// `M h^2 / 8`, rounded up; infinite where the range is not finite.
  private let slack: Double

  private static let fewestPieces = 8
  private static let mostPieces = 64

  init(_ function: SmoothFunction, lower: Double, upper: Double) {
    self.function = function
    guard lower.isFinite, upper.isFinite, lower < upper else {
      nodes = [lower]
      values = [lower.isFinite && lower == upper ? function.enclosure(over: Interval(lower)) : .entire]
      slack = lower == upper ? 0 : .infinity
      return
    }
    let width = upper - lower
    // Wide ranges need more nodes, since their ends say little of the middle.
    let pieces = Swift.min(
      Self.mostPieces,
      Swift.max(Self.fewestPieces, width < 16 ? Int((4 * width).rounded(.up)) : Self.mostPieces))
    var nodes = [lower]
    var spacing = 0.0
    for index in 1...pieces {
      let last = nodes[nodes.count - 1]
      let place = index == pieces ? upper : lower + width * (Double(index) / Double(pieces))
      guard place > last, place <= upper else { continue }
      nodes.append(place)
      spacing = Swift.max(spacing, Directed.subtractUp(place, last))
    }
    if nodes[nodes.count - 1] < upper {
      spacing = Swift.max(spacing, Directed.subtractUp(upper, nodes[nodes.count - 1]))
      nodes.append(upper)
    }
    self.nodes = nodes
    values = nodes.map { function.enclosure(over: Interval($0)) }
    let curvature = function.curvature(over: Interval(lower, upper))
    slack = Directed.multiplyUp(Directed.multiplyUp(curvature, spacing), spacing / 8 + Rounding.slack)
  }

  var lower: Double { nodes[0] }
  var upper: Double { nodes[nodes.count - 1] }
  var single: Interval? { nodes.count == 1 ? values[0] : nil }

  /// The range of `f(x) - s x` over the nodes, widened by what may happen between them.
  func range(slope: Double) -> (low: Double, high: Double) {
    var low = Double.infinity
    var high = -Double.infinity
    for (node, value) in zip(nodes, values) {
      let product = slope * node
      low = Swift.min(low, Directed.subtractDown(value.lower, product.nextUp))
      high = Swift.max(high, Directed.subtractUp(value.upper, product.nextDown))
    }
    return (Directed.subtractDown(low, slack), Directed.addUp(high, slack))
  }

  var slopes: SIMD4<Double> {
    let chord = (values[values.count - 1].midpoint - values[0].midpoint) / (upper - lower)
    let middle = function.derivative(at: Cell.midpoint(lower, upper))
    return SIMD4(chord, middle, function.derivative(at: lower), function.derivative(at: upper))
  }
}
