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
  /// The larger of the value and a constant.
  func atLeast(_ bound: Double) -> Self
  /// The smaller of the value and a constant.
  func atMost(_ bound: Double) -> Self
  /// The value of a smooth function, or nil where the number type has no such value.
  func applying(_ function: SmoothFunction) -> Self?
}

extension Double: GraphScalar {
  package init(dyadic value: Double) { self = value }
  package func atLeast(_ bound: Double) -> Double { self < bound ? bound : self }
  package func atMost(_ bound: Double) -> Double { self > bound ? bound : self }
  package func applying(_ function: SmoothFunction) -> Double? {
    isNaN ? .nan : function.enclosure(over: Interval(self)).midpoint
  }
}

extension Interval: GraphScalar {
  package init(dyadic value: Double) { self.init(value) }
  package func atLeast(_ bound: Double) -> Interval {
    Interval(Swift.max(lower, bound), Swift.max(upper, bound))
  }
  package func atMost(_ bound: Double) -> Interval {
    Interval(Swift.min(lower, bound), Swift.min(upper, bound))
  }
  package func applying(_ function: SmoothFunction) -> Interval? { function.enclosure(over: self) }
}

extension Rational: GraphScalar {
  package init(dyadic value: Double) {
    guard let exact = Rational(exactly: value) else { preconditionFailure("constants of a graph are finite") }
    self = exact
  }
  package func atLeast(_ bound: Double) -> Rational { Swift.max(self, Rational(dyadic: bound)) }
  package func atMost(_ bound: Double) -> Rational { Swift.min(self, Rational(dyadic: bound)) }
  package func applying(_ function: SmoothFunction) -> Rational? { nil }
}
