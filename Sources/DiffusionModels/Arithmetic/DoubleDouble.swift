import RigorousArithmetic

/// An unevaluated sum of two doubles, about 106 bits, from `+ - * /` and square roots alone.
///
/// The operations are the same on every machine, so tables computed with them are too. Errors are a few units of
/// `2^-104`; nothing is proved here, enclosures are.
///
/// Source: Dekker, "A floating-point technique for extending the available precision", 1971; Joldes, Muller,
/// Popescu, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic", 2017.
struct DoubleDouble {
  let high: Double
  let low: Double

  init(_ value: Double) {
    high = value
    low = 0
  }

  /// The value nearest to a rational number, up to the precision of the format.
  init(_ value: Rational) {
    let first = value.roundedDown
    let rest = Rational(exactly: first).map { (value - $0).roundedDown } ?? 0
    self.init(sum: first, rest)
  }

  /// The exact sum of two doubles (Knuth).
  private init(sum a: Double, _ b: Double) {
    let sum = a + b
    let shadow = sum - a
    high = sum
    low = (a - (sum - shadow)) + (b - shadow)
  }

  /// The exact product of two doubles, barring underflow; the fused operation has one rounding.
  private init(product a: Double, _ b: Double) {
    high = a * b
    low = (-(a * b)).addingProduct(a, b)
  }

  static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(sum: -a.high, -a.low) }

  static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let sum = DoubleDouble(sum: a.high, b.high)
    let rest = DoubleDouble(sum: a.low, b.low)
    let middle = DoubleDouble(sum: sum.high, sum.low + rest.high)
    return DoubleDouble(sum: middle.high, middle.low + rest.low)
  }

  static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = DoubleDouble(product: a.high, b.high)
    return DoubleDouble(sum: product.high, product.low + (a.high * b.low + a.low * b.high))
  }

  static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    let rest = a - b * DoubleDouble(first)
    let second = rest.high / b.high
    let third = (rest - b * DoubleDouble(second)).high / b.high
    return DoubleDouble(sum: first, second) + DoubleDouble(third)
  }

  /// One Newton correction of the square root of the leading part.
  func squareRoot() -> DoubleDouble {
    guard high > 0 else { return DoubleDouble(0) }
    let root = high.squareRoot()
    let rest = self - DoubleDouble(product: root, root)
    return DoubleDouble(sum: root, rest.high / (2 * root))
  }
}
