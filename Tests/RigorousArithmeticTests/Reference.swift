import CMPFR
import RigorousArithmetic
import Testing

/// MPFR numbers, the reference of the elementary functions.
///
/// 200 bits; the slow error function is taken at 100 bits unless many points are asked for, which is
/// still 47 bits finer than the end points it is compared with.
final class Reference {
  typealias Pointer = UnsafeMutablePointer<__mpfr_struct>

  // The argument, the value and a two spare numbers.
  let x = Pointer.allocate(capacity: 1)
  let y = Pointer.allocate(capacity: 1)
  let scratch = Pointer.allocate(capacity: 1)
  let other = Pointer.allocate(capacity: 1)
  let nearest = MPFR_RNDN

  init(precision: Int = 200) {
    for pointer in [x, y, scratch, other] { mpfr_init2(pointer, precision) }
  }

  deinit {
    for pointer in [x, y, scratch, other] {
      mpfr_clear(pointer)
      pointer.deallocate()
    }
  }

  /// Runs a function that reads x and sets y, to a relative error below 2^-95.
  func evaluate(_ function: (Reference) -> Void, at value: Double) {
    mpfr_set_d(x, value, nearest)
    function(self)
  }

  /// Whether the last value lies in the interval.
  func isIn(_ interval: Interval) -> Bool {
    mpfr_cmp_d(y, interval.lower) >= 0 && mpfr_cmp_d(y, interval.upper) <= 0
  }

  /// The last value, rounded.
  var value: Double { mpfr_get_d(y, nearest) }
}

/// A function under test: its enclosure, its reference, its difficult points and the width allowed.
struct ElementaryFunction: Sendable, CustomTestStringConvertible {
  let name: String
  let enclosure: @Sendable (Double) -> Interval
  let reference: @Sendable (Reference) -> Void
  /// Random arguments are drawn from this range.
  let range: ClosedRange<Double>
  /// The whole domain; adversarial arguments outside it are skipped.
  let domain: ClosedRange<Double>
  /// Arguments around which neighbours are tested.
  let knots: [Double]
  let maximumRelativeWidth: Double

  /// A second enclosure of the same function, tested at the same points, and the width allowed.
  var fast: (@Sendable (Double) -> Interval)?
  var fastMaximumRelativeWidth = 0.0

  var isSlow: Bool { ["erf", "normalCDF"].contains(name) }

  var testDescription: String { name }
}

extension ElementaryFunction {
  private static let reals = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  private static let grid =
    (-640...640).map { Double($0) / 64 } + (-640...640).map { (Double($0) + 0.5) / 64 }

  static let all: [ElementaryFunction] = [
    ElementaryFunction(
      name: "exp", enclosure: { Interval($0).exp() },
      reference: { mpfr_exp($0.y, $0.x, $0.nearest) }, range: -750...715, domain: reals,
      knots: (-1080...1030).map { Double($0) * 0.34657359027997264 } + [
        709.782712893384, -745.1332191019411,
      ],
      maximumRelativeWidth: 2e-15),
    ElementaryFunction(
      name: "log", enclosure: { Interval($0).log() },
      reference: { mpfr_log($0.y, $0.x, $0.nearest) }, range: 0...10,
      domain: 0x1p-1074...0x1.fffffffffffffp1023,
      knots: [1, 1.4142, 0.7071, 2, 0.5]
        + (-1074...1023).map { Double(sign: .plus, exponent: $0, significand: 1) },
      maximumRelativeWidth: 3e-15),
    ElementaryFunction(
      name: "logit", enclosure: { Interval($0).logit() },
      reference: {
        mpfr_ui_sub($0.scratch, 1, $0.x, $0.nearest)
        mpfr_div($0.scratch, $0.x, $0.scratch, $0.nearest)
        mpfr_log($0.y, $0.scratch, $0.nearest)
      }, range: 0...1, domain: 0x1p-1074...(1 - 0x1p-53),
      knots: [0.5, 0.41425, 0.58575, 0.25, 0.75, 1, 0x1p-60, 0x1p-1022],
      maximumRelativeWidth: 5e-15),
    ElementaryFunction(
      name: "sigmoid", enclosure: { Interval($0).sigmoid() },
      reference: {
        mpfr_neg($0.scratch, $0.x, $0.nearest)
        mpfr_exp($0.scratch, $0.scratch, $0.nearest)
        mpfr_add_ui($0.scratch, $0.scratch, 1, $0.nearest)
        mpfr_ui_div($0.y, 1, $0.scratch, $0.nearest)
      }, range: -760...50, domain: reals, knots: grid + [36.7, -36.7, -708.4, -745.2],
      maximumRelativeWidth: 3e-15),
    ElementaryFunction(
      name: "tanh", enclosure: { Interval($0).tanh() },
      reference: { mpfr_tanh($0.y, $0.x, $0.nearest) }, range: -3...3, domain: reals,
      knots: grid + [0.175, -0.175, 19.06, 354.9], maximumRelativeWidth: 6e-15),
    ElementaryFunction(
      name: "erf", enclosure: { Interval($0).erf() },
      reference: { mpfr_erf($0.y, $0.x, $0.nearest) }, range: -6.5...6.5, domain: reals,
      knots: grid + [1.25, -1.25, 6], maximumRelativeWidth: 4e-15),
    ElementaryFunction(
      name: "normalCDF", enclosure: { Interval($0).normalCDF() }, reference: normalCDF,
      range: -9.5...9.5, domain: reals,
      knots: grid + [1, -1, -38.4, -40] + (11...76).map { Double($0) * -0.5 } + [9, -9],
      maximumRelativeWidth: 1e-14, fast: { NormalMass.cdf($0) }, fastMaximumRelativeWidth: 5e-14),
    ElementaryFunction(
      name: "normalPDF", enclosure: { Interval($0).normalPDF() },
      reference: {
        mpfr_sqr($0.scratch, $0.x, $0.nearest)
        mpfr_div_si($0.scratch, $0.scratch, -2, $0.nearest)
        mpfr_exp($0.scratch, $0.scratch, $0.nearest)
        mpfr_const_pi($0.y, $0.nearest)
        mpfr_mul_ui($0.y, $0.y, 2, $0.nearest)
        mpfr_rec_sqrt($0.y, $0.y, $0.nearest)
        mpfr_mul($0.y, $0.y, $0.scratch, $0.nearest)
      }, range: -37...37, domain: reals, knots: grid + [38.5, -38.5, 40, 0x1p-500],
      maximumRelativeWidth: 3e-15),
    ElementaryFunction(
      name: "cos", enclosure: { Interval($0).cos() },
      reference: { mpfr_cos($0.y, $0.x, $0.nearest) }, range: -4...4, domain: -0x1p20...0x1p20,
      knots: quarterTurns, maximumRelativeWidth: 3e-15),
    ElementaryFunction(
      name: "sin", enclosure: { Interval($0).sin() },
      reference: { mpfr_sin($0.y, $0.x, $0.nearest) }, range: -4...4, domain: -0x1p20...0x1p20,
      knots: quarterTurns, maximumRelativeWidth: 3e-15),
  ]

  private static let quarterTurns =
    (-64...64).map { Double($0) * 0.7853981633974483 }
    + (0...40).map { Double($0 * 16_273) * 1.5707963267948966 }

  static let normalCDF: @Sendable (Reference) -> Void = {
    mpfr_sqrt_ui($0.scratch, 2, $0.nearest)
    mpfr_div($0.scratch, $0.x, $0.scratch, $0.nearest)
    mpfr_neg($0.scratch, $0.scratch, $0.nearest)
    mpfr_erfc($0.y, $0.scratch, $0.nearest)
    mpfr_div_ui($0.y, $0.y, 2, $0.nearest)
  }
}
