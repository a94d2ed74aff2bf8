package import RigorousArithmetic
package import TensorGraph

/// How far a value computed in single precision may lie from the real one.
///
/// Semantics. The deployed pipeline applies the operators of the graph, each to the values that it computed before, in
/// IEEE binary32 with rounding to nearest and gradual underflow. The input is rounded to binary32 once, and so is each
/// constant and weight that is no such number. A sum may be taken in any order, and a product may be fused with a sum.
/// Shifts of elements, rectifiers, maxima, signs and limits are exact. An elementary function returns a number within the
/// distance of `function(_:at:value:)`, which is assumed, not proved. What a claim names twice with the same arguments
/// is one run of the pipeline, and one value.
///
/// Theorem (Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, lemmas 3.1 and 8.2; see
/// `DotProductBound`). With `u = 2^-24` and `g(n) = n u / (1 - n u)`, a sum of `n` products and a constant passes at most
/// `n + 1` roundings a term and one more for the weight, in any order; where a product or a weight is subnormal it is
/// off by at most `2^-150`, a weight times its operand. So the error is at most `g(n + 2) S + (n + 1) 2^-149 + 2^-149 X`,
/// where `S` bounds the sum of the magnitudes of the terms and `X` that of the operands. Nothing overflows as long as
/// `S` and `X` are at most `greatest`, which is far enough below the largest number that a mean may be taken as a sum
/// and then divided. A sum counts one rounding more than that here.
///
/// Not covered: Winograd, Fourier and Strassen products, TF32, flushing of subnormal numbers to zero.
package enum SingleRounding {
  /// `u`.
  package static let unit = 0x1p-24
  /// The largest magnitude that is followed; beyond it nothing is known.
  package static let greatest = 0x1p100
  /// Units of rounding within which elementary functions are assumed to be exact.
  package static let functionUnits = 8.0

  /// Upper bound of the error of a sum of products and a constant; infinite where it may overflow.
  ///
  /// - Parameters:
  ///   - terms: the number of products.
  ///   - size: upper bound of the sum of the magnitudes of products and constant.
  ///   - operands: upper bound of the sum of the operands' magnitudes.
  package static func sum(terms: Int, size: Double, operands: Double) -> Double {
    guard size <= greatest, operands <= greatest else { return .infinity }
    return sum(gamma: gamma(terms + 3), terms: terms, size: size, operands: operands)
  }

  /// The same with the relative part at hand.
  package static func sum(gamma: Double, terms: Int, size: Double, operands: Double) -> Double {
    guard size <= greatest, operands <= greatest else { return .infinity }
    return (gamma * size + Double(terms + 2) * 0x1p-148 + 0x1p-148 * operands) * inflation
  }

  /// `g(n)`, rounded upwards.
  package static func gamma(_ count: Int) -> Double {
    DotProductBound.gamma(count, unitRoundoff: unit)
  }

  /// Upper bound of the error of one operation; infinite where it may overflow.
  ///
  /// - Parameter value: upper bound of the magnitude of the exact result.
  package static func operation(value: Double) -> Double {
    guard value <= greatest else { return .infinity }
    return (unit * value + 0x1p-149) * inflation
  }

  /// Upper bound of the error of a product with a constant or a quotient by one; infinite where it may overflow.
  ///
  /// - Parameters:
  ///   - constant: the constant, which is rounded first.
  ///   - value: upper bound of the magnitude of the exact result.
  ///   - operand: upper bound of the magnitude of the operand.
  package static func operation(with constant: Double, value: Double, operand: Double) -> Double {
    guard Double(Float(constant)) != constant else { return operation(value: value) }
    guard value <= greatest, operand <= greatest else { return .infinity }
    return (gamma(3) * value + 0x1p-148 + 0x1p-148 * operand) * inflation
  }

  /// The error of rounding a constant; zero where it is a number of the format.
  package static func constant(_ value: Double) -> Double {
    if Double(Float(value)) == value { return 0 }
    return operation(value: value.magnitude)
  }

  /// The error of a clip whose limits are rounded; infinite where one of them may take the place of values and is too
  /// large to be followed.
  ///
  /// No value is compared with success with a lower limit below, or an upper one above, what is followed.
  package static func clip(_ clip: Clip) -> Double {
    Swift.max(
      clip.lower < -2 * greatest ? 0 : constant(clip.lower),
      clip.upper > 2 * greatest ? 0 : constant(clip.upper))
  }

  /// Upper bound of the assumed error of an elementary function; infinite where it may overflow.
  ///
  /// Square, reciprocal and square root are correctly rounded operations of the format.
  ///
  /// - Parameters:
  ///   - operand: upper bound of the operand's magnitude.
  ///   - value: upper bound of the value's magnitude.
  package static func function(_ function: SmoothFunction, at operand: Double, value: Double) -> Double {
    guard value <= greatest, operand <= greatest else { return .infinity }
    switch function {
    case .square, .reciprocal, .sqrt: return operation(value: value)
    // SiLU may be a logistic function, which is off by `functionUnits` of the operand and of the value then, and a product
    // with an error of its own.
    case .silu: return functionError(2 * (functionUnits + 1) / functionUnits * Swift.max(operand, value))
    // As written by exporters the others are a quotient or product, an error function off by `functionUnits` at most, a sum
    // with one and products: `6.3` units of the operand's magnitude or of the value's in all, since halves are exact.
    case .gelu, .tanhGELU, .quotientGELU, .productGELU: return functionError(Swift.max(operand, value))
    // Programs compute the logistic function by a quotient of polynomials, whose error is absolute.
    case .sigmoid, .softplus: return functionError(1 + value)
    case .tanh, .exp, .sin, .cos, .log, .erf: return functionError(value)
    }
  }

  private static func functionError(_ scale: Double) -> Double {
    (functionUnits * unit * scale + 0x1p-120) * inflation
  }

  /// More than the relative error of the few operations that make up a bound.
  private static let inflation = 1 + 0x1p-40

  /// The operands of a logistic function for which rounding leaves open how its value compares with a probability.
  ///
  /// Where an operand is at most the lower end, the computed value is at most the probability, and likewise above: with
  /// `e` of one unit more than `functionUnits`, a value `y` is computed between `y (1 - e) - e` and `y (1 + e) + e`.
  package static func logit(_ probability: Rational) -> Interval {
    let error = Rational(dyadic: (functionUnits + 1) * unit)
    guard let lower = (probability - error).divided(by: Rational(1) + error),
      let upper = (probability + error).divided(by: Rational(1) - error)
    else { return .entire }
    return Interval(
      lower > Rational(0) ? lower.enclosure.logit().lower : -.infinity,
      upper < Rational(1) ? upper.enclosure.logit().upper : .infinity)
  }
}

extension SingleRounding {
  /// Probabilities between which a logistic function is computed where its argument lies in an interval.
  package static func probability(ofLogit argument: Interval) -> Interval {
    let exact = argument.sigmoid()
    // So much more than the function's error that a claim with the result lies beyond `logit(_:)`.
    let error = 1.25 * function(.sigmoid, at: 1, value: exact.magnitude)
    return Interval(Directed.subtractDown(exact.lower, error), Directed.addUp(exact.upper, error))
  }

  /// Whether rounding cannot take a computed probability to a number or beyond: one that is clearly outside of [0, 1].
  package static func isBeyondProbabilities(_ number: Rational) -> Bool {
    number < Rational(dyadic: -0x1p-19) || number > Rational(dyadic: 1 + 0x1p-19)
  }
}

extension Threshold {
  /// The numbers of which it is open how the computed quantity compares with the threshold when the real one does not
  /// differ from them; a single number and its rounding in real arithmetic.
  package func enclosure(in arithmetic: Arithmetic) -> Interval {
    switch (self, arithmetic) {
    case (.logit(let probability), .float32AnyOrder): return SingleRounding.logit(probability)
    default: return enclosure
    }
  }
}
