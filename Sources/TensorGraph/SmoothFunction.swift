package import RigorousArithmetic

/// What the targets need of a smooth function that operates elementwise.
protocol SmoothRule {
  /// An enclosure of the values at all members of an interval.
  static func enclosure(over x: Interval) -> Interval
  /// The derivative, about; no bound of anything.
  static func derivative(at x: Double) -> Double
  /// An upper bound of the magnitude of the second derivative over an interval.
  static func curvature(over x: Interval) -> Double
}

/// A function with two continuous derivatives on the whole line that operates elementwise.
///
/// The raw value is its number in canonical bytes. Each has a file of its name in `Operators/`.
package enum SmoothFunction: UInt8, Hashable, Sendable, CaseIterable {
  case sigmoid
  case tanh
  case softplus
  case silu
  case gelu
  case exp
  case sin
  case cos

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
    }
  }

  /// An enclosure of the values at all members of an interval.
  package func enclosure(over x: Interval) -> Interval { rule.enclosure(over: x) }

  /// The derivative, about; no bound of anything.
  package func derivative(at x: Double) -> Double { rule.derivative(at: x) }

  /// An upper bound of the magnitude of the second derivative over an interval.
  package func curvature(over x: Interval) -> Double { rule.curvature(over: x) }

  /// The values of a tensor's elements.
  ///
  /// - Throws: `GraphError.unsupported` for a number type without such values.
  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) throws(GraphError) -> [Scalar] {
    var values: [Scalar] = []
    values.reserveCapacity(operand.count)
    for element in operand {
      guard let value = element.applying(self) else {
        throw GraphError.unsupported("\(name) has no exact rational evaluation")
      }
      values.append(value)
    }
    return values
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
