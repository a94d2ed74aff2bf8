import RigorousArithmetic

/// A number of a claim, exact: `offset + factor x`, where `x` is 0, a logistic value or a square root of a rational.
struct ExactNumber: Hashable {
  /// What is not rational.
  enum Part: Hashable {
    /// `1 / (1 + exp(-v))`.
    case logistic(Rational)
    /// The square root of a number that is not negative.
    case root(Rational)
  }

  /// Why a comparison cannot be answered exactly.
  struct Undecidable: Error { let text: String }

  var offset: Rational
  var factor = Rational(0)
  var part: Part?

  init(_ value: Rational) { offset = value }

  init(_ part: Part) {
    offset = Rational(0)
    factor = Rational(1)
    self.part = part
  }

  func scaled(by number: Rational) -> ExactNumber {
    var result = self
    result.offset = offset * number
    result.factor = factor * number
    if result.factor.isZero { result.part = nil }
    return result
  }

  /// The sum, where at most one irrational part occurs.
  func adding(_ other: ExactNumber) throws -> ExactNumber {
    guard part == nil || other.part == nil || part == other.part else {
      throw Undecidable(text: "a sum of two irrational numbers")
    }
    var result = self
    result.offset = offset + other.offset
    result.factor = factor + other.factor
    result.part = result.factor.isZero ? nil : part ?? other.part
    return result
  }

  /// -1, 0 or 1.
  func sign() throws -> Int {
    guard let part, let limit = (-offset).divided(by: factor) else { return offset.signum }
    // offset + factor x has the sign of factor (x - limit).
    let side: Int
    switch part {
    case .root(let square):
      side = limit < Rational(0) ? 1 : (square - limit * limit).signum
    case .logistic(let argument):
      if limit <= Rational(0) {
        side = 1
      } else if limit >= Rational(1) {
        side = -1
      } else if limit + limit == Rational(1) {
        side = argument.signum
      } else {
        // The logit of a rational other than 1/2 is irrational, so that equality is impossible for a rational argument.
        let logit = limit.enclosure.logit()
        if argument < logit.lower {
          side = -1
        } else if logit.upper < argument {
          side = 1
        } else {
          throw Undecidable(text: "a logistic value within rounding of its bound")
        }
      }
    }
    return side * factor.signum
  }
}
