// Theorem: schoolbook arithmetic on digits in base B = 2^64 is exact; for the quotient, Algorithm D
// of D. E. Knuth, The Art of Computer Programming, volume 2, section 4.3.1: with a normalised divisor
// (top bit set) the trial digit exceeds the true digit by at most 2, the test on the next digit
// removes all but a 2/B share of the excess cases, and the add-back step removes the rest.

/// Natural numbers as little-endian 64-bit limbs without leading zero limbs; zero is the empty array.
enum Limbs {
  static func trimmed(_ limbs: [UInt64]) -> [UInt64] {
    var result = limbs
    while result.last == 0 { result.removeLast() }
    return result
  }

  static func isLess(_ a: [UInt64], _ b: [UInt64]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for i in a.indices.reversed() where a[i] != b[i] { return a[i] < b[i] }
    return false
  }

  static func bitWidth(_ a: [UInt64]) -> Int {
    guard let top = a.last else { return 0 }
    return a.count * 64 - top.leadingZeroBitCount
  }

  static func sum(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var (result, other) = a.count >= b.count ? (a, b) : (b, a)
    other.append(contentsOf: repeatElement(0, count: result.count - other.count))
    var carry: UInt64 = 0
    for i in result.indices {
      let (partial, first) = result[i].addingReportingOverflow(other[i])
      let (total, second) = partial.addingReportingOverflow(carry)
      result[i] = total
      carry = first || second ? 1 : 0
    }
    if carry != 0 { result.append(carry) }
    return result
  }

  /// The difference a - b; requires a >= b.
  static func difference(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var result = a
    var borrow: UInt64 = 0
    for i in result.indices {
      if i >= b.count && borrow == 0 { break }
      let (partial, first) = result[i].subtractingReportingOverflow(i < b.count ? b[i] : 0)
      let (total, second) = partial.subtractingReportingOverflow(borrow)
      result[i] = total
      borrow = first || second ? 1 : 0
    }
    precondition(borrow == 0, "difference of naturals needs a >= b")
    return trimmed(result)
  }

  static func product(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    if a.isEmpty || b.isEmpty { return [] }
    var result = [UInt64](repeating: 0, count: a.count + b.count)
    for i in a.indices {
      var carry: UInt64 = 0
      for j in b.indices {
        (carry, result[i + j]) = multiplyAdd(a[i], b[j], result[i + j], carry)
      }
      result[i + b.count] = carry
    }
    return trimmed(result)
  }

  /// The two limbs of x * y + s + t, which never exceeds B^2 - 1.
  @inline(__always)
  static func multiplyAdd(_ x: UInt64, _ y: UInt64, _ s: UInt64, _ t: UInt64) -> (high: UInt64, low: UInt64) {
    let (high, low) = x.multipliedFullWidth(by: y)
    let (first, firstCarry) = low.addingReportingOverflow(s)
    let (second, secondCarry) = first.addingReportingOverflow(t)
    return (high &+ (firstCarry ? 1 : 0) &+ (secondCarry ? 1 : 0), second)
  }

  static func shiftedLeft(_ a: [UInt64], by count: Int) -> [UInt64] {
    if a.isEmpty { return [] }
    let (limbs, bits) = (count / 64, UInt64(count % 64))
    var result = [UInt64](repeating: 0, count: limbs)
    result.reserveCapacity(limbs + a.count + 1)
    var carry: UInt64 = 0
    for limb in a {
      result.append(limb << bits | carry)
      carry = bits == 0 ? 0 : limb >> (64 - bits)
    }
    if carry != 0 { result.append(carry) }
    return result
  }

  static func shiftedRight(_ a: [UInt64], by count: Int) -> [UInt64] {
    let (limbs, bits) = (count / 64, UInt64(count % 64))
    if limbs >= a.count { return [] }
    var result = Array(a[limbs...])
    if bits != 0 {
      for i in result.indices {
        let above = i + 1 < result.count ? result[i + 1] << (64 - bits) : 0
        result[i] = result[i] >> bits | above
      }
    }
    return trimmed(result)
  }

  static func quotientAndRemainder(
    _ a: [UInt64], dividingBySingle divisor: UInt64
  ) -> (quotient: [UInt64], remainder: UInt64) {
    var quotient = a
    var remainder: UInt64 = 0
    for i in a.indices.reversed() {
      (quotient[i], remainder) = divisor.dividingFullWidth((remainder, a[i]))
    }
    return (trimmed(quotient), remainder)
  }

  /// Knuth's Algorithm D; requires a divisor other than zero.
  static func quotientAndRemainder(
    _ a: [UInt64], dividingBy divisor: [UInt64]
  ) -> (quotient: [UInt64], remainder: [UInt64]) {
    precondition(!divisor.isEmpty, "division by zero")
    if isLess(a, divisor) { return ([], a) }
    if divisor.count == 1 {
      let (quotient, remainder) = quotientAndRemainder(a, dividingBySingle: divisor[0])
      return (quotient, remainder == 0 ? [] : [remainder])
    }
    let shift = divisor[divisor.count - 1].leadingZeroBitCount
    let v = shiftedLeft(divisor, by: shift)
    var u = shiftedLeft(a, by: shift)
    if u.count == a.count { u.append(0) }
    let n = v.count
    var quotient = [UInt64](repeating: 0, count: u.count - n)
    for j in quotient.indices.reversed() {
      var digit = trialDigit(u, v, at: j)
      if !subtractMultiple(of: v, times: digit, from: &u, at: j) {
        digit -= 1
        addBack(v, to: &u, at: j)
      }
      quotient[j] = digit
    }
    return (trimmed(quotient), shiftedRight(trimmed(u), by: shift))
  }

  /// Step D3: the quotient of the top two limbs of u by the top limb of v.
  ///
  /// It is lowered while the next limb of v shows it to be too large. The invariant u[j+n...j] < B * v gives u[j+n] <= v[n-1].
  private static func trialDigit(_ u: [UInt64], _ v: [UInt64], at j: Int) -> UInt64 {
    let n = v.count
    let (top, next) = (v[n - 1], v[n - 2])
    var digit: UInt64
    var rest: UInt64
    if u[j + n] >= top {
      digit = .max
      let overflow: Bool
      (rest, overflow) = u[j + n - 1].addingReportingOverflow(top)
      if overflow { return digit }
    } else {
      (digit, rest) = top.dividingFullWidth((u[j + n], u[j + n - 1]))
    }
    while true {
      let (high, low) = digit.multipliedFullWidth(by: next)
      if high < rest || (high == rest && low <= u[j + n - 2]) { return digit }
      digit -= 1
      let overflow: Bool
      (rest, overflow) = rest.addingReportingOverflow(top)
      if overflow { return digit }
    }
  }

  /// Step D4: u -= digit * v * B^j; false if the result is negative (kept modulo B^(n+1)).
  private static func subtractMultiple(
    of v: [UInt64], times digit: UInt64, from u: inout [UInt64], at j: Int
  ) -> Bool {
    var carry: UInt64 = 0
    var borrow = false
    for i in v.indices {
      let (high, low) = multiplyAdd(digit, v[i], carry, 0)
      carry = high
      let (first, firstBorrow) = u[i + j].subtractingReportingOverflow(low)
      let (second, secondBorrow) = first.subtractingReportingOverflow(borrow ? 1 : 0)
      u[i + j] = second
      borrow = firstBorrow || secondBorrow
    }
    let (first, firstBorrow) = u[j + v.count].subtractingReportingOverflow(carry)
    let (second, secondBorrow) = first.subtractingReportingOverflow(borrow ? 1 : 0)
    u[j + v.count] = second
    return !(firstBorrow || secondBorrow)
  }

  /// Step D6: u += v * B^j modulo B^(n+1).
  private static func addBack(_ v: [UInt64], to u: inout [UInt64], at j: Int) {
    var carry: UInt64 = 0
    for i in v.indices {
      let (first, firstCarry) = u[i + j].addingReportingOverflow(v[i])
      let (second, secondCarry) = first.addingReportingOverflow(carry)
      u[i + j] = second
      carry = firstCarry || secondCarry ? 1 : 0
    }
    u[j + v.count] = u[j + v.count] &+ carry
  }
}
