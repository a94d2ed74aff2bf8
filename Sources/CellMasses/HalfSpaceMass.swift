import RigorousArithmetic
import VerificationProblem

/// Lower bounds of the mass of the part of a cell on which a linear function is at most a constant.
///
/// Theorem. Let `s_a t_a` be the terms along the axes but the steepest, and `h > 0`. Cut an axis into stretches, on the
/// j-th of which `s_a t_a <= k_aj h - |s_a|` with an integer `k_aj`; on an axis in one piece `s_a t_a <= |s_a|`. On a
/// product of stretches all these terms are together at most `w + k h`, where `k` is the sum of the `k_aj` and `w` that
/// of the `-|s_a|` and `|s_a|`. There `s t <= room - w - k h` along the steepest axis implies `slopes · t <= room`. The
/// masses of the products with one `k` add up to entry `k` of the convolution of the axes' masses by `k_aj`, so the sum
/// over `k` of (that entry) x (mass of that stretch of the steepest axis) is at most the mass of the half space.
///
/// Rounding. Nothing in the convolution is negative, and no product of masses passes more than `n` roundings, one for
/// each axis that is cut and one for each of its stretches: what is computed is at most `1 + gamma_n` times the
/// convolution (Higham, Accuracy and Stability of Numerical Algorithms, lemma 3.1), and `2^-1000` for products that
/// underflow, fewer than 2^64 and each off by at most 2^-1075.
struct HalfSpaceMass {
  private let cell: Cell
  private let laws: [AxisMass]
  /// Mass enclosure of the cell along each axis.
  private let axisMass: [Interval]
  private let centre: [Double]
  private let radius: [Double]

  init(cell: Cell, laws: [AxisMass], axisMass: [Interval]) {
    self.cell = cell
    self.laws = laws
    self.axisMass = axisMass
    let centre = zip(cell.lower, cell.upper).map { Cell.midpoint($0, $1) }
    self.centre = centre
    radius = centre.indices.map { Cell.radius(cell.lower[$0], cell.upper[$0], centre: centre[$0]) }
  }

  /// Lower bound of the mass of `{ slopes · t <= room }` within the cell.
  func least(slopes: [Double], room: Double) -> Double {
    guard room.isFinite, slopes.allSatisfy(\.isFinite) else { return 0 }
    // Where the function exceeds the room at every point, there is nothing to count.
    guard slopes.reduce(room, { $0 + $1.magnitude }) >= 0 else { return 0 }
    var steepest = 0
    for axis in slopes.indices where slopes[axis].magnitude > slopes[steepest].magnitude { steepest = axis }
    let cut = HalfSpaceMass.cut(slopes, except: steepest)
    // So that rounding does not push the end of a stretch beyond its multiple.
    let step = cut * (1 + 0x1p-30)
    var (used, whole, products, roundings) = (0.0, 1.0, [1.0], 0)
    for axis in slopes.indices where axis != steepest {
      let size = slopes[axis].magnitude
      if 2 * size > cut {
        let stretches = stretches(of: axis, slope: slopes[axis], cut: cut, step: step)
        used = Directed.subtractUp(used, size)
        products = HalfSpaceMass.convolution(products, stretches)
        roundings += stretches.count + 1
      } else {
        used = Directed.addUp(used, size)
        whole = Directed.multiplyDown(whole, Swift.max(0, axisMass[axis].lower))
      }
    }
    guard whole > 0 else { return 0 }
    var total = 0.0
    for (units, mass) in products.enumerated() where mass > 0 {
      let terms = Directed.addUp(used, Directed.multiplyUp(Double(units), step))
      let stretch = stretch(
        of: steepest, slope: slopes[steepest], limit: Directed.subtractDown(room, terms))
      total = Directed.addDown(total, Directed.multiplyDown(mass, stretch))
    }
    let kept = Directed.subtractDown(1, DotProductBound.gamma(roundings))
    let mass = Directed.multiplyDown(whole, Directed.multiplyDown(kept, total))
    return Swift.max(0, Directed.subtractDown(mass, 0x1p-1000))
  }

  /// How many stretches there are in all, at most but for one an axis.
  private static let mostStretches = 512.0

  /// How far a term rises along a stretch; infinite where no axis is cut.
  ///
  /// Of `n` terms of one size the convolution misplaces the sum by `n` stretches and what the sum is spread over grows
  /// by the root of `n`, so that stretches get shorter by the root of `n`; `n` is measured by the ratio of norms, which
  /// small terms do not change.
  private static func cut(_ slopes: [Double], except steepest: Int) -> Double {
    var (sum, squares) = (0.0, 0.0)
    for axis in slopes.indices where axis != steepest {
      sum += slopes[axis].magnitude
      squares += slopes[axis] * slopes[axis]
    }
    let ratio = squares.squareRoot() / sum
    let step = sum * Swift.max(ratio * ratio * ratio / 8, 2 / mostStretches)
    return step.isNormal ? step : .infinity
  }

  /// A stretch of an axis with the `k` of the theorem and a lower bound of its mass.
  private struct Stretch {
    let units: Int
    let mass: Double
  }

  /// The stretches of an axis, from where its term is least.
  private func stretches(of axis: Int, slope: Double, cut: Double, step: Double) -> [Stretch] {
    let (size, rises) = (slope.magnitude, slope > 0)
    let count = Int((2 * size / cut).rounded(.up))
    let last = rises ? cell.upper[axis] : cell.lower[axis]
    var start = rises ? cell.lower[axis] : cell.upper[axis]
    var result: [Stretch] = []
    for index in 1...count {
      let symbol = Double(index) * cut / size - 1
      let point = rises ? centre[axis] + symbol * radius[axis] : centre[axis] - symbol * radius[axis]
      let end = index == count || (rises ? point > last : point < last) ? last : point
      guard rises ? end > start : end < start else { continue }
      let highest = rises ? symbolUp(end, axis) : -symbolDown(end, axis)
      let rise = Directed.addUp(size, Directed.multiplyUp(size, highest))
      let mass = rises ? laws[axis].mass(start, end) : laws[axis].mass(end, start)
      let units = Swift.max(0, Int(Directed.divideUp(rise, step).rounded(.up)))
      result.append(Stretch(units: units, mass: Swift.max(0, mass.lower)))
      start = end
    }
    return result
  }

  private static func convolution(_ masses: [Double], _ stretches: [Stretch]) -> [Double] {
    let highest = stretches.map(\.units).max() ?? 0
    var result = [Double](repeating: 0, count: masses.count + highest)
    for stretch in stretches {
      for index in masses.indices { result[index + stretch.units] += masses[index] * stretch.mass }
    }
    return result
  }

  /// Upper bound of the symbol of a coordinate's value.
  private func symbolUp(_ value: Double, _ axis: Int) -> Double {
    radius[axis] > 0
      ? Swift.min(1, Directed.divideUp(Directed.subtractUp(value, centre[axis]), radius[axis])) : 1
  }

  private func symbolDown(_ value: Double, _ axis: Int) -> Double {
    radius[axis] > 0
      ? Swift.max(-1, Directed.divideDown(Directed.subtractDown(value, centre[axis]), radius[axis])) : -1
  }

  /// Lower bound of the mass along an axis of `{ t : slope * t <= limit }`.
  private func stretch(of axis: Int, slope: Double, limit: Double) -> Double {
    // Without a slope the function is constant and may equal the limit on the whole stretch: then a strict
    // comparison would not follow. With one, equality holds on a set of no mass.
    if slope == 0 { return limit > 0 ? axisMass[axis].lower : 0 }
    if limit >= slope.magnitude { return axisMass[axis].lower }
    if limit < -slope.magnitude { return 0 }
    if slope > 0 {
      let symbol = Directed.divideDown(limit, slope)
      let end = Directed.addDown(centre[axis], Directed.multiplyDown(symbol, radius[axis]))
      return laws[axis].mass(cell.lower[axis], Swift.min(end, cell.upper[axis])).lower
    }
    let symbol = Directed.divideUp(limit, slope)
    let end = Directed.addUp(centre[axis], Directed.multiplyUp(symbol, radius[axis]))
    return laws[axis].mass(Swift.max(end, cell.lower[axis]), cell.upper[axis]).lower
  }
}
