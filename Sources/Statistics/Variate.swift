// Source: M. J. Wichura, Algorithm AS 241 (routine PPND16), Applied Statistics 37 (1988) 477-484: the
// normal quantile by rational functions, relative accuracy about 10^-16. Inverse transform theorem:
// F^-1(U) has distribution F for uniform U. Only + - * / and the square root are used, each rounded
// correctly by IEEE 754 and never contracted, so the bits are the same on every machine.

/// Variates by inversion of the distribution function, reproducible to the bit.
package enum Variate {
  /// The standard normal quantile of u in [0, 1]: infinite at the ends.
  package static func normal(_ u: Double) -> Double {
    let q = u - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * (horner(centralNumerator, r) / horner(centralDenominator, r))
    }
    let tail = q < 0 ? u : 1 - u
    if !(tail > 0) { return q < 0 ? -.infinity : .infinity }
    return q < 0 ? lowerQuantile(tail) : -lowerQuantile(tail)
  }

  /// A uniform variate between finite end points a <= b.
  package static func uniform(_ u: Double, from a: Double, to b: Double) -> Double {
    let width = b - a
    let value = width < .infinity ? a + u * width : a * (1 - u) + b * u
    return min(max(value, a), b)
  }

  /// The standard normal quantile of a probability p with 0 < p < 0.075.
  private static func lowerQuantile(_ p: Double) -> Double {
    let r = (-logarithm(p)).squareRoot()
    if r <= 5 { return -horner(middleNumerator, r - 1.6) / horner(middleDenominator, r - 1.6) }
    return -horner(tailNumerator, r - 5) / horner(tailDenominator, r - 5)
  }

  /// log x for 0 < x < infinity, to about 2^-52 relative: k log 2 + 2 artanh((m - 1) / (m + 1)).
  static func logarithm(_ x: Double) -> Double {
    let isSubnormal = x < .leastNormalMagnitude
    let pattern = (isSubnormal ? x * 0x1p54 : x).bitPattern
    var k = Double(Int(pattern >> 52) - 1023 - (isSubnormal ? 54 : 0))
    var m = Double(bitPattern: pattern & (1 << 52 - 1) | 1023 << 52)
    if m > 1.4142 {
      m *= 0.5
      k += 1
    }
    let s = (m - 1) / (m + 1)
    let square = s * s
    var series = 0.0
    for n in (1...10).reversed() { series = (series + 1 / Double(2 * n + 1)) * square }
    return k * 0x1.62e42fefa2000p-1 + (2 * s + (2 * s * series + k * 0x1.9ef35793c7673p-41))
  }

  private static func horner(_ coefficients: [Double], _ x: Double) -> Double {
    var result = 0.0
    for coefficient in coefficients.reversed() { result = result * x + coefficient }
    return result
  }

  // Coefficients of AS 241 by ascending powers: |u - 1/2| <= 0.425, then r <= 5, then r > 5.
  private static let centralNumerator = [
    3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
    4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
  ]
  private static let centralDenominator = [
    1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
    2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
  ]
  private static let middleNumerator = [
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
  ]
  private static let middleDenominator = [
    1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
  ]
  private static let tailNumerator = [
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
    2.01033439929228813265e-7,
  ]
  private static let tailDenominator = [
    1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
  ]
}
