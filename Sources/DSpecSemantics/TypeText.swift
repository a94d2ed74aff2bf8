package import RigorousArithmetic

extension Rational {
  /// The number as in source text: a decimal where it is one and short, else a fraction.
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
    return description
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
