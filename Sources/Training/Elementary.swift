/// Exponential and logarithm from IEEE operations alone, so that a training run does not depend on a
/// mathematics library.
///
/// Relative errors are a few units of `2^-52`; nothing is proved with these values.
enum Elementary {
  private static let ln2 = 0x1.62e42fefa39efp-1

  /// `exp(x)`, with arguments beyond 700 in magnitude taken as 700.
  static func exp(_ x: Double) -> Double {
    let clamped = min(700, max(-700, x))
    let power = (clamped / ln2).rounded()
    let rest = clamped - power * ln2
    // |rest| <= ln(2) / 2: the term of degree 14 is below 2^-57.
    var sum = 1.0
    for degree in stride(from: 14.0, through: 1.0, by: -1.0) { sum = 1 + sum * rest / degree }
    return Double(sign: .plus, exponent: Int(power), significand: sum)
  }

  /// `log(x)` of a positive normal number.
  static func log(_ x: Double) -> Double {
    var (exponent, significand) = (Int(x.exponent), x.significand)
    if significand > 1.414_213_562_373_095 { (exponent, significand) = (exponent + 1, significand / 2) }
    // log(m) = 2 artanh(s), |s| <= 0.1716: the term of degree 23 is below 2^-58.
    let s = (significand - 1) / (significand + 1)
    let square = s * s
    var sum = 0.0
    for degree in stride(from: 23.0, through: 1.0, by: -2.0) { sum = 1 / degree + square * sum }
    return Double(exponent) * ln2 + 2 * s * sum
  }

  /// `1 / (1 + exp(-x))`.
  static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
