import RigorousArithmetic

// Theorem. Let Q = 1 - Phi, u = 2^-53, m = |y| at most 9, a = k / 16 the grid point next to m and t = m - a, which is exact
// (Sterbenz) and at most H = 1 / 31 in magnitude. By Taylor, Q(a + t) is the sum of c_n t^n over n < 8 with
// c_n = (-1)^n He_(n-1)(a) phi(a) / n!, c_0 = Q(a), off by at most |He_7 phi| H^8 / 8!. By Cramér's inequality
// |He_n(x)| e^(-x^2 / 4) < 1.09 sqrt(n!), so that this is below 9.1e-16 < 9 u. The table's coefficients are the middles of
// enclosures; c_0 is off by less than 8 u, the rest in all by less than u. Horner's rule is off by at most g(15) times the
// sum of |c_n| H^n over n > 0, which is below 0.014, and by u / 2 in the last sum: by less than u. So Q is off by less
// than 19 u, and Phi by less than 20 u. Beyond 9 the value at 9 is taken, and Q(9) < 2^-62.

/// Eight values of the normal distribution function at once, with a bound of their error that holds by analysis of the
/// operations; no function of the system takes part.
package enum VectorNormal {
  /// At least the error of every value, with room for a few operations more.
  package static var absoluteError: Double { 0x1p-46 }

  private static let limit = 9.0
  /// Eight coefficients for each of 145 grid points; whatever eight bits say, there is a row, so that what is no number
  /// stays none.
  private static let table: [Double] = (0...255).flatMap {
    $0 <= 144 ? coefficients(at: Double($0) / 16) : [Double](repeating: .nan, count: 8)
  }

  private static func coefficients(at place: Double) -> [Double] {
    let density = Interval(place).normalPDF()
    var (previous, hermite) = (Interval.zero, Interval.one)
    var (sign, factorial) = (-1.0, 1.0)
    var coefficients = [NormalMass.upperTail(place).midpoint]
    for degree in 1..<8 {
      factorial *= Double(degree)
      coefficients.append(sign * (hermite * density / Interval(factorial)).midpoint)
      (previous, hermite) = (
        hermite, Interval(place) * hermite - Interval(Double(degree - 1)) * previous
      )
      sign = -sign
    }
    return coefficients
  }

  /// `Phi(y)` for every finite `y`, and NaN for NaN.
  package static func distribution(_ y: SIMD8<Double>) -> SIMD8<Double> {
    var m = y.replacing(with: -y, where: y .< 0)
    m = m.replacing(with: limit, where: m .> limit)
    // The low bits of `shifted` hold k.
    let shifted = m * 16 + 0x1.8p+52
    let t = m - (shifted - 0x1.8p+52) * 0x1p-4
    let places = (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) & 0xff) &<< 3
    let tail = table.withUnsafeBufferPointer { table in
      @inline(__always)
      func coefficient(_ n: Int) -> SIMD8<Double> {
        var row = SIMD8<Double>()
        for lane in 0..<8 { row[lane] = table[Int(places[lane]) &+ n] }
        return row
      }
      var sum = coefficient(7)
      for n in stride(from: 6, through: 0, by: -1) { sum = sum * t + coefficient(n) }
      return sum
    }
    return tail.replacing(with: 1 - tail, where: y .> 0)
  }
}
