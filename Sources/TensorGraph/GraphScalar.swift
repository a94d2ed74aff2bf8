package import RigorousArithmetic

/// A number type that a graph can be evaluated in.
///
/// `Double` gives the plain reference evaluation, `Interval` an enclosure of the real value, `Rational` the
/// exact value where every operator is piecewise linear.
package protocol GraphScalar: Sendable {
  /// The scalar that equals a finite double, exactly.
  init(dyadic value: Double)
  /// Sum.
  static func + (left: Self, right: Self) -> Self
  /// Product.
  static func * (left: Self, right: Self) -> Self
  /// Quotient by a constant.
  func divided(by divisor: Divisor) -> Self
  /// The larger of the value and a constant.
  func atLeast(_ bound: Double) -> Self
  /// The smaller of the value and a constant.
  func atMost(_ bound: Double) -> Self
  /// The greater of two values.
  func greater(_ other: Self) -> Self
  /// One above zero, minus one below it, zero at it.
  func sign() -> Self
  /// The value of a smooth function.
  ///
  /// - Throws: `GraphError.unsupported` where the number type has no such value, `GraphError.undefined` where the
  ///   operand is no member of the function's domain or is not known to be one.
  func applying(_ function: SmoothFunction) throws(GraphError) -> Self
}

extension Double: GraphScalar {
  package init(dyadic value: Double) { self = value }
  package func divided(by divisor: Divisor) -> Double { self / divisor.value }
  package func atLeast(_ bound: Double) -> Double { self < bound ? bound : self }
  package func atMost(_ bound: Double) -> Double { self > bound ? bound : self }
  package func greater(_ other: Double) -> Double {
    isNaN || other.isNaN ? .nan : self < other ? other : self
  }
  package func sign() -> Double { self > 0 ? 1 : self < 0 ? -1 : self.isNaN ? .nan : 0 }
  package func applying(_ function: SmoothFunction) -> Double {
    guard !isNaN, function.isDefined(on: Interval(self)) else { return .nan }
    return function.enclosure(over: Interval(self)).midpoint
  }
}

extension Interval: GraphScalar {
  package init(dyadic value: Double) { self.init(value) }
  package func divided(by divisor: Divisor) -> Interval { self / Interval(divisor.value) }
  package func atLeast(_ bound: Double) -> Interval {
    Interval(Swift.max(lower, bound), Swift.max(upper, bound))
  }
  package func atMost(_ bound: Double) -> Interval {
    Interval(Swift.min(lower, bound), Swift.min(upper, bound))
  }
  package func greater(_ other: Interval) -> Interval { Interval.maximum(self, other) }
  /// The function rises, so that its values at the ends enclose those between.
  package func sign() -> Interval { Interval(lower.sign(), upper.sign()) }
  package func applying(_ function: SmoothFunction) throws(GraphError) -> Interval {
    guard function.isDefined(on: self) else {
      throw GraphError.undefined("\(function.name) is not defined on all of \(self)")
    }
    return function.enclosure(over: self)
  }
}

extension Rational: GraphScalar {
  package init(dyadic value: Double) {
    guard let exact = Rational(exactly: value) else { preconditionFailure("constants of a graph are finite") }
    self = exact
  }
  package func divided(by divisor: Divisor) -> Rational {
    guard let quotient = divided(by: Rational(dyadic: divisor.value)) else {
      preconditionFailure("divisors are not zero")
    }
    return quotient
  }
  package func atLeast(_ bound: Double) -> Rational { Swift.max(self, Rational(dyadic: bound)) }
  package func atMost(_ bound: Double) -> Rational { Swift.min(self, Rational(dyadic: bound)) }
  package func greater(_ other: Rational) -> Rational { Swift.max(self, other) }
  package func sign() -> Rational {
    self > Rational.zero ? Rational(1) : self < Rational.zero ? Rational(-1) : Rational.zero
  }
  package func applying(_ function: SmoothFunction) throws(GraphError) -> Rational {
    switch function {
    case .square: return self * self
    case .reciprocal:
      guard let value = Rational(1).divided(by: self) else {
        throw GraphError.undefined("\(function.name) is not defined at 0")
      }
      return value
    case .sigmoid, .tanh, .softplus, .silu, .gelu, .exp, .sin, .cos, .sqrt, .log, .erf, .tanhGELU,
      .quotientGELU,
      .productGELU:
      throw GraphError.unsupported("\(function.name) has no exact rational evaluation")
    }
  }
}
