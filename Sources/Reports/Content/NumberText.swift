import DSpecSemantics
import Foundation
package import RigorousArithmetic

/// Numbers as people read them; bounds are rounded outwards.
package enum NumberText {
  /// A rational as a short decimal, or as a fraction where that is not exact in twelve places, or about it where it is long.
  package static func decimal(_ value: Rational) -> String {
    for places in 0...12 {
      var power = 1
      for _ in 0..<places { power *= 10 }
      if let scaled = (value * Rational(power)).asInt() {
        guard places > 0 else { return "\(scaled)" }
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return (scaled < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
      }
    }
    return value.abridged
  }

  /// A rational as a percentage.
  package static func percentage(_ value: Rational) -> String { decimal(value * Rational(100)) + "%" }

  /// A number with a fixed number of decimals.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// Rounded down to five decimals, or to three digits where these would hide it or fill the line; to more where it would
  /// fall below a limit that the value itself does not.
  package static func down(_ value: Double, beside limits: [Rational] = []) -> String {
    value.isFinite ? outward(value, isUp: false, limits) : "-∞"
  }

  /// Rounded up to five decimals, or to three digits where these would hide it or fill the line; to more where it would
  /// exceed a limit that the value itself does not.
  package static func up(_ value: Double, beside limits: [Rational] = []) -> String {
    value.isFinite ? outward(value, isUp: true, limits) : "∞"
  }

  private static func outward(_ value: Double, isUp: Bool, _ limits: [Rational]) -> String {
    let short = outward(value, isUp: isUp)
    let met = limits.filter { isUp ? value <= $0 : $0 <= value }
    func keeps(_ text: String) -> Bool {
      guard let shown = Rational(decimal: text), isUp ? value <= shown : shown <= value else { return false }
      return met.allSatisfy { isUp ? shown <= $0 : $0 <= shown }
    }
    guard !met.isEmpty, !keeps(short) else { return short }
    for decimals in 6...17 {
      let unit = pow(10, -Double(decimals))
      for step in 0...1 {
        let text = fixed(value + (isUp ? unit : -unit) * Double(step), decimals)
        if keeps(text) { return text }
      }
    }
    // Nothing short lies between the value and the limit but the limit.
    let nearest = isUp ? met.min() : met.max()
    return nearest.map(decimal) ?? short
  }

  /// The nearest number of few digits, or the next one, of which the exact value is no more, or no less, than the given one.
  private static func outward(_ value: Double, isUp: Bool) -> String {
    let size = value.magnitude
    let isPlain = size == 0 || (1e-3..<1e7).contains(size)
    let unit = isPlain ? 1e-5 : pow(10, log10(size).rounded(.down) - 2)
    for step in 0...2 {
      let moved = value + (isUp ? unit : -unit) * Double(step)
      let text = isPlain ? fixed(moved, 5) : String(format: "%.2e", moved)
      guard let exact = Rational(decimal: text) else { break }
      if isUp ? value <= exact : exact <= value { return text }
    }
    return "\(value)"
  }

  /// A count with a comma before every third digit: `20,000`.
  package static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }

  /// A number of bytes in words.
  package static func bytes(_ value: Int) -> String {
    switch value {
    case ..<1_000: "\(value) B"
    case ..<1_000_000: fixed(Double(value) / 1e3, 1) + " kB"
    default: fixed(Double(value) / 1e6, 1) + " MB"
    }
  }

  /// A number of things: `1 leaf`, `2 leaves`.
  package static func counted(_ value: Int, _ one: String, _ many: String) -> String {
    "\(count(value)) \(value == 1 ? one : many)"
  }
}
