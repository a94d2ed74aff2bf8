package import RigorousArithmetic

/// What the targets need of a smooth function that operates elementwise.
protocol SmoothRule {
  /// An enclosure of the values at all members of an interval.
  static func enclosure(over x: Interval) -> Interval
  /// The derivative, about; no bound of anything.
  static func derivative(at x: Double) -> Double
  /// An upper bound of the magnitude of the second derivative over an interval.
  static func curvature(over x: Interval) -> Double
  /// Whether the function has a value at every member of an interval.
  static func isDefined(on x: Interval) -> Bool
  /// How the function bends on an interval on which it is defined, as far as it is known.
  static func bend(over x: Interval) -> Bend?
  /// An enclosure of the derivatives at all members of an interval; entire where none is at hand.
  static func slope(over x: Interval) -> Interval
  /// A number near which the derivative has a value, on the side of the domain that a hint lies on; no bound of anything.
  static func argument(ofSlope slope: Double, near hint: Double) -> Double
}

extension SmoothRule {
  static func isDefined(on x: Interval) -> Bool { true }
  static func bend(over x: Interval) -> Bend? { nil }
  static func slope(over x: Interval) -> Interval { .entire }
  static func argument(ofSlope slope: Double, near hint: Double) -> Double { hint }
}

/// How a function bends on an interval.
package enum Bend: Sendable {
  /// Chords lie above it, tangents below.
  case convex
  /// Chords lie below it, tangents above.
  case concave
}

/// A function with two continuous derivatives on its domain that operates elementwise.
///
/// An enclosure is entire where the interval reaches outside the domain. The raw value is its number in canonical bytes. Each has a file of its name in `Operators/`.
package enum SmoothFunction: UInt8, Hashable, Sendable, CaseIterable {
  case sigmoid
  case tanh
  case softplus
  case silu
  case gelu
  case exp
  case sin
  case cos
  case square
  case reciprocal
  case sqrt
  case log
  case erf
  case tanhGELU
  case quotientGELU
  case productGELU

  /// The operator's name, as in diagnostics and in the operator matrix.
  package var name: String {
    switch self {
    case .sigmoid: return "Sigmoid"
    case .tanh: return "Tanh"
    case .softplus: return "Softplus"
    case .silu: return "SiLU"
    case .gelu: return "GELU"
    case .exp: return "Exp"
    case .sin: return "Sin"
    case .cos: return "Cos"
    case .square: return "Square"
    case .reciprocal: return "Reciprocal"
    case .sqrt: return "Sqrt"
    case .log: return "Log"
    case .erf: return "Erf"
    case .tanhGELU: return "TanhGELU"
    case .quotientGELU: return "QuotientGELU"
    case .productGELU: return "ProductGELU"
    }
  }

  private var rule: any SmoothRule.Type {
    switch self {
    case .sigmoid: Sigmoid.self
    case .tanh: Tanh.self
    case .softplus: Softplus.self
    case .silu: SiLU.self
    case .gelu: GELU.self
    case .exp: Exp.self
    case .sin: Sin.self
    case .cos: Cos.self
    case .square: Square.self
    case .reciprocal: Reciprocal.self
    case .sqrt: Sqrt.self
    case .log: Log.self
    case .erf: Erf.self
    case .tanhGELU: TanhGELU.self
    case .quotientGELU: QuotientGELU.self
    case .productGELU: ProductGELU.self
    }
  }

  /// The binary32 number next to the root of two, the divisor in `quotientGELU`.
  package static let singleRootOfTwo = 1.41421353816986083984375
  /// The binary32 number next to the root of one half, half of the other and the factor in `productGELU`.
  package static let singleRootOfHalf = 0.707106769084930419921875

  /// An enclosure of the values at all members of an interval.
  package func enclosure(over x: Interval) -> Interval { rule.enclosure(over: x) }

  /// The derivative, about; no bound of anything.
  package func derivative(at x: Double) -> Double { rule.derivative(at: x) }

  /// An upper bound of the magnitude of the second derivative over an interval.
  package func curvature(over x: Interval) -> Double { rule.curvature(over: x) }

  /// Whether the function has a value at every member of an interval.
  package func isDefined(on x: Interval) -> Bool { rule.isDefined(on: x) }

  /// How the function bends on an interval; nil where it is not defined there, or bends both ways, or nothing is known.
  package func bend(over x: Interval) -> Bend? { rule.isDefined(on: x) ? rule.bend(over: x) : nil }

  /// An enclosure of the derivatives at all members of an interval; entire where none is at hand.
  package func slope(over x: Interval) -> Interval { rule.slope(over: x) }

  /// A number near which the derivative has a value; no bound of anything.
  package func argument(ofSlope slope: Double, near hint: Double) -> Double {
    rule.argument(ofSlope: slope, near: hint)
  }

  /// The values of a tensor's elements.
  ///
  /// - Throws: as `GraphScalar.applying`.
  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) throws(GraphError) -> [Scalar] {
    var values: [Scalar] = []
    values.reserveCapacity(operand.count)
    for element in operand { values.append(try element.applying(self)) }
    return values
  }
}

/// A function that is convex about zero and concave outside.
struct Turn {
  /// The magnitude at which the second derivative changes its sign lies between these.
  let inner: Double
  let outer: Double

  func bend(over x: Interval) -> Bend? {
    if x.lower >= -inner && x.upper <= inner { return .convex }
    return x.upper <= -outer || x.lower >= outer ? .concave : nil
  }
}

/// A function that falls up to one point and rises from there on.
struct Valley {
  /// The point lies between these.
  let floor: Interval
  /// At most the value there.
  let least: Double
  /// An upper bound of the values far below the point.
  let farUpper: Double

  /// An enclosure over an interval, from enclosures at single points.
  func enclosure(over x: Interval, _ value: (Interval) -> Interval) -> Interval {
    let atLower = x.lower.isFinite ? value(Interval(x.lower)) : Interval(least, farUpper)
    let atUpper = x.upper.isFinite ? value(Interval(x.upper)) : Interval(least, .infinity)
    if x.lower >= floor.upper { return Interval(atLower.lower, Swift.max(atLower.lower, atUpper.upper)) }
    if x.upper <= floor.lower { return Interval(atUpper.lower, Swift.max(atUpper.lower, atLower.upper)) }
    return Interval(least, Swift.max(least, Swift.max(atLower.upper, atUpper.upper)))
  }
}
