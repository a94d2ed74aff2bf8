// Theorem: x = (x div 10^19) * 10^19 + (x mod 10^19), so repeated division yields the decimal digits
// in groups of 19, and the inverse is Horner's rule. 10^19 < 2^64.

extension BigInteger: CustomStringConvertible {
  private static let group: UInt64 = 10_000_000_000_000_000_000
  private static let digitsPerGroup = 19

  /// The decimal digits, with a leading minus sign if negative.
  package var description: String {
    var groups: [String] = []
    var rest = limbs
    while !rest.isEmpty {
      let (quotient, remainder) = Limbs.quotientAndRemainder(rest, dividingBySingle: Self.group)
      groups.append(String(remainder))
      rest = quotient
    }
    guard var text = groups.popLast() else { return "0" }
    while let next = groups.popLast() {
      text += String(repeating: "0", count: Self.digitsPerGroup - next.utf8.count) + next
    }
    return isNegative ? "-" + text : text
  }

  /// Reads an optional minus sign and one or more decimal digits; nil for anything else.
  ///
  /// The cost is quadratic in the number of digits, which the caller bounds.
  package init?(_ text: some StringProtocol) {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let digits = isNegative ? text.utf8.dropFirst() : text.utf8[...]
    guard let magnitude = BigInteger(digits: digits) else { return nil }
    self.init(isNegative: isNegative, limbs: magnitude.limbs)
  }

  /// Reads one or more ASCII digits; nil for anything else.
  init?(digits: some Sequence<UInt8>) {
    var limbs: [UInt64] = []
    var (value, scale): (UInt64, UInt64) = (0, 1)
    var isEmpty = true
    func flush() {
      var carry = value
      for i in limbs.indices { (carry, limbs[i]) = Limbs.multiplyAdd(limbs[i], scale, carry, 0) }
      if carry != 0 { limbs.append(carry) }
      (value, scale) = (0, 1)
    }
    for byte in digits {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      isEmpty = false
      value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
      scale *= 10
      if scale == Self.group { flush() }
    }
    if isEmpty { return nil }
    flush()
    self.init(isNegative: false, limbs: limbs)
  }
}
