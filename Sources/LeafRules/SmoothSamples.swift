import RigorousArithmetic
import TensorGraph

/// A smooth function over a range, known at nodes and bounded between them.
///
/// Theorem. Let `f` have `|f''| <= M` on `[lower, upper]`, let nodes from `lower` to `upper` be at most `h` apart, and
/// let `g(x) = f(x) - s x`. Between two nodes `g` differs from the line through its values there by at most
/// `M h^2 / 8` (the remainder of linear interpolation), and the line lies between these values. So `g` stays within
/// `M h^2 / 8` of the range of its values at the nodes.
struct SmoothSamples {
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

  private var lower: Double { nodes[0] }
  private var upper: Double { nodes[nodes.count - 1] }

  /// The range of `f(x) - s x` over the nodes, widened by what may happen between them.
  private func range(slope: Double) -> (low: Double, high: Double) {
    var low = Double.infinity
    var high = -Double.infinity
    for (node, value) in zip(nodes, values) {
      let product = slope * node
      low = Swift.min(low, Directed.subtractDown(value.lower, product.nextUp))
      high = Swift.max(high, Directed.subtractUp(value.upper, product.nextDown))
    }
    return (Directed.subtractDown(low, slack), Directed.addUp(high, slack))
  }

  /// Slopes to choose from; any is sound.
  private var slopes: [Double] {
    let chord = (values[values.count - 1].midpoint - values[0].midpoint) / (upper - lower)
    let ends = [function.derivative(at: lower), function.derivative(at: upper)]
    let middle = function.derivative(at: Cell.midpoint(lower, upper))
    return ([chord, middle] + ends).filter(\.isFinite)
  }

  /// One slope with an offset and an error, for the zonotope.
  var relaxation: Relaxation {
    guard nodes.count > 1 else { return Relaxation.image(of: values[0]) }
    var best: (slope: Double, low: Double, high: Double)?
    for slope in slopes {
      let (low, high) = range(slope: slope)
      if let known = best, !(high - low < known.high - known.low) { continue }
      best = (slope, low, high)
    }
    guard let (slope, low, high) = best, low.isFinite, high.isFinite else {
      return Relaxation(slope: 0, offset: 0, error: .infinity)
    }
    let offset = low / 2 + high / 2
    return Relaxation(
      slope: slope, offset: offset, error: Swift.max((high - offset).nextUp, (offset - low).nextUp))
  }

  /// `f(x) <= slope x + offset`, lowest in the middle; nil where there is none.
  var lineAbove: BackwardLine? { line(isAbove: true) }

  /// `f(x) >= slope x + offset`, highest in the middle; nil where there is none.
  var lineBelow: BackwardLine? { line(isAbove: false) }

  private func line(isAbove: Bool) -> BackwardLine? {
    guard nodes.count > 1 else {
      guard values[0].isFinite else { return nil }
      return BackwardLine(slope: 0, offset: isAbove ? values[0].upper : values[0].lower)
    }
    let centre = Cell.midpoint(lower, upper)
    var best: (line: BackwardLine, height: Double)?
    for slope in slopes {
      let (low, high) = range(slope: slope)
      let spread = BackwardLine.spread(slope, lower, upper)
      let offset = isAbove ? Directed.addUp(high, spread) : Directed.subtractDown(low, spread)
      let height = isAbove ? slope * centre + offset : -(slope * centre + offset)
      guard offset.isFinite, height.isFinite else { continue }
      if let known = best, known.height <= height { continue }
      best = (BackwardLine(slope: slope, offset: offset), height)
    }
    return best?.line
  }
}

extension Relaxation {
  /// A smooth function on `[lower, upper]`, see `SmoothSamples`.
  static func smooth(_ function: SmoothFunction, lower: Double, upper: Double) -> Relaxation {
    SmoothSamples(function, lower: lower, upper: upper).relaxation
  }

  /// Every member of an interval, whatever `x`; of infinite error where it is not finite.
  static func image(of values: Interval) -> Relaxation {
    guard values.isFinite else { return Relaxation(slope: 0, offset: 0, error: .infinity) }
    return image(lower: values.lower, upper: values.upper)
  }
}
