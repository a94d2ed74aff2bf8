// Theorem: a decimal literal with digits d, f digits after the point and exponent e denotes
// d * 10^(e - f). Reduced fractions have exactly one spelling "p/q" (or "p" when q = 1).

extension Rational {
  /// The most digits accepted in a decimal literal.
  package static let maximumLiteralDigits = 400
  /// The greatest magnitude accepted of the exponent of a decimal literal.
  package static let maximumLiteralExponent = 400
  /// The longest text accepted by `init(description:)`, in bytes.
  package static let maximumDescriptionLength = 20_000

  /// The exact value of a decimal literal such as `12`, `-0.5`, `1e-4` or `50_000`.
  ///
  /// An optional sign, digits, optionally a point and digits, optionally `e` or `E` with an optional
  /// sign and digits. An underscore may stand between two digits. Nil for any other text, for more
  /// than `maximumLiteralDigits` digits before the exponent, or for a greater exponent than
  /// `maximumLiteralExponent`.
  package init?(decimal text: some StringProtocol) {
    var scanner = DecimalScanner(Array(text.utf8))
    let isNegative = scanner.sign()
    guard var digits = scanner.digits() else { return nil }
    var scale = 0
    if scanner.accept(".") {
      guard let fraction = scanner.digits() else { return nil }
      scale = -fraction.count
      digits += fraction
    }
    guard digits.count <= Self.maximumLiteralDigits else { return nil }
    if scanner.accept("e") || scanner.accept("E") {
      let isExponentNegative = scanner.sign()
      guard let exponentDigits = scanner.digits(), exponentDigits.count <= 18 else { return nil }
      let exponent = exponentDigits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
      guard exponent <= Self.maximumLiteralExponent else { return nil }
      scale += isExponentNegative ? -exponent : exponent
    }
    guard scanner.isAtEnd, let magnitude = BigInteger(digits: digits) else { return nil }
    let signed = isNegative ? -magnitude : magnitude
    let power = BigInteger(10).power(abs(scale))
    self = scale >= 0 ? Rational(signed * power) : Rational(signed, over: power)
  }

  /// Reads the canonical text written by `description`; nil for any other spelling of the number.
  package init?(description text: some StringProtocol) {
    guard text.utf8.count <= Self.maximumDescriptionLength else { return nil }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let numerator = BigInteger(first) else { return nil }
    var denominator = BigInteger.one
    if parts.count == 2 {
      guard let second = BigInteger(parts[1]), second > .one else { return nil }
      denominator = second
    }
    self.init(numerator, over: denominator)
    if description != text { return nil }
  }
}

extension Rational {
  /// The exact decimal, as in `-0.375`; nil for a number without a finite one.
  ///
  /// A denominator `2^a 5^b` of `n` bits has `a, b <= n`, so that `10^n` clears it.
  package var exactDecimal: String? {
    guard !isInteger else { return numerator.description }
    let places = denominator.bitWidth
    guard places <= 4_000 else { return nil }
    let scaled = self * Rational(BigInteger(10).power(places))
    guard scaled.isInteger else { return nil }
    let isNegative = self < Rational(0)
    let digits = (isNegative ? -scaled : scaled).numerator.description
    let padded = String(repeating: "0", count: Swift.max(0, places + 1 - digits.count)) + digits
    var fraction = padded.suffix(places)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return (isNegative ? "-" : "") + padded.dropLast(places) + "." + fraction
  }
}

extension Rational: CustomStringConvertible {
  /// The reduced fraction as `p/q`, or `p` for an integer.
  package var description: String { isInteger ? "\(numerator)" : "\(numerator)/\(denominator)" }
}

private struct DecimalScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Skips an optional sign; true for a minus.
  mutating func sign() -> Bool {
    if accept("-") { return true }
    _ = accept("+")
    return false
  }

  /// One or more digits without their underscores; nil if there is none or an underscore is misplaced.
  mutating func digits() -> [UInt8]? {
    var result: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      if isDigit(at: position) {
        result.append(byte)
      } else if byte == UInt8(ascii: "_") {
        guard !result.isEmpty, isDigit(at: position - 1), isDigit(at: position + 1) else { return nil }
      } else {
        break
      }
      position += 1
    }
    return result.isEmpty ? nil : result
  }

  private func isDigit(at index: Int) -> Bool {
    guard bytes.indices.contains(index) else { return false }
    return bytes[index] >= UInt8(ascii: "0") && bytes[index] <= UInt8(ascii: "9")
  }
}
