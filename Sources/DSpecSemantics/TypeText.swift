package import RigorousArithmetic

extension Rational {
  /// The number as in source text: a decimal where it is one and short, else a fraction, of which only a few digits are said
  /// where it is long.
  package var sourceText: String {
    var scaled = self
    for digits in 0...12 {
      if let integer = scaled.asInt(), abs(integer) < 1_000_000_000_000 {
        guard digits > 0 else { return String(integer) }
        let text = String(integer.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return (integer < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
      }
      scaled = scaled * Rational(10)
    }
    return abridged
  }

  /// The fraction, or `about 2.1e400` where it would fill the line.
  package var abridged: String {
    let text = description
    guard text.utf8.count > 60 else { return text }
    let digits = [numerator.magnitude, denominator.magnitude].map(\.description)
    let leading = digits.map { Double("0." + $0.prefix(15)) ?? 1 }
    var (mantissa, exponent) = (leading[0] / leading[1], digits[0].count - digits[1].count)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let sign = self < Rational(0) ? "-" : ""
    return "about \(sign)\((mantissa * 100).rounded() / 100)e\(exponent)"
  }
}

extension ValueRange: CustomStringConvertible {
  /// The range as in source text.
  package var description: String { "[\(lower.sourceText), \(upper.sourceText)]" }
}

extension TensorType: CustomStringConvertible {
  /// The type as in source text.
  package var description: String {
    let shape = shape.map(String.init).joined(separator: ", ")
    return "\(kind.rawValue)[\(shape)]" + (range.map { " in \($0)" } ?? "")
  }
}

extension ValueType: CustomStringConvertible {
  /// The type as in source text.
  package var description: String {
    switch self {
    case .boolean: "Bool"
    case .real(.some(.unit)): "Prob"
    case .real(let range): "Real" + (range.map { " in \($0)" } ?? "")
    case .integer(let range): "Int" + (range.map { " in \($0)" } ?? "")
    case .tensor(let type): "\(type)"
    case .enumeration(let type): type.name
    case .step(let count): "Step[\(count)]"
    case .weights(let network): "Weights[\(network)]"
    }
  }
}
