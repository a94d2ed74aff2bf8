import RigorousArithmetic
import VerificationProblem

/// Mass of the part of a cell on which a linear function is at most a constant.
///
/// Theorem. Cut every axis but the steepest into slabs. On one product of slabs, if the largest value of the other
/// terms is `w`, then `slope * t <= limit - w` along the steepest axis implies that the linear function is at most
/// `limit` there. So the sum over all products of slabs of (mass of the slabs) x (mass of that stretch of the
/// steepest axis) bounds the mass of the half space within the cell from below.
///
/// A class, so that the recursion over slabs does not copy its arrays' references.
final class SlabMass {
  /// Largest number of axes that are cut; beyond, slabs would multiply without end.
  static let cutAxes = 3

  /// Slabs an axis for a given number of axes.
  static func slabs(dimension: Int) -> Int {
    dimension <= 1 ? 1 : dimension == 2 ? 16 : dimension == 3 ? 8 : 4
  }

  let cell: Cell
  let centre: [Double]
  let radius: [Double]
  let laws: [AxisMass]
  /// Mass enclosure of the cell along each axis.
  let axisMass: [Interval]
  private let slabEnds: [[Double]]
  private let slabMass: [[Double]]

  init(cell: Cell, laws: [AxisMass], axisMass: [Interval], slopes: [Double]) {
    self.cell = cell
    self.laws = laws
    self.axisMass = axisMass
    centre = zip(cell.lower, cell.upper).map { Cell.midpoint($0, $1) }
    radius = cell.lower.indices.map { [centre] axis in
      Cell.radius(cell.lower[axis], cell.upper[axis], centre: centre[axis])
    }
    var steepest = 0
    for axis in slopes.indices where slopes[axis].magnitude > slopes[steepest].magnitude { steepest = axis }
    self.steepest = steepest
    // Cut the axes with the largest slopes; the others count with their whole range.
    let order = slopes.indices.filter { $0 != steepest }.sorted {
      slopes[$0].magnitude == slopes[$1].magnitude
        ? $0 < $1 : slopes[$0].magnitude > slopes[$1].magnitude
    }
    let cuts = SlabMass.slabs(dimension: slopes.count)
    var ends = [[Double]](repeating: [], count: slopes.count)
    var masses = [[Double]](repeating: [], count: slopes.count)
    for (position, axis) in order.enumerated() {
      let count = position < SlabMass.cutAxes && slopes[axis] != 0 ? cuts : 1
      var points: [Double] = [cell.lower[axis]]
      for index in 1..<Swift.max(1, count) {
        let fraction = Double(index) / Double(count)
        let point = cell.lower[axis] + (cell.upper[axis] - cell.lower[axis]) * fraction
        if point > points[points.count - 1], point < cell.upper[axis] { points.append(point) }
      }
      points.append(cell.upper[axis])
      ends[axis] = points
      masses[axis] =
        count == 1
        ? [axisMass[axis].lower]
        : (1..<points.count).map { laws[axis].mass(points[$0 - 1], points[$0]).lower }
    }
    slabEnds = ends
    slabMass = masses
  }

  let steepest: Int

  /// Lower bound of the mass of `{ constant + slopes · t <= limit }` within the cell.
  ///
  /// `sign` -1 asks for the mass of `{ constant + slopes · t >= limit }` instead.
  func massBelow(constant: Double, slopes: [Double], limit: Double, sign: Double) -> Double {
    guard constant.isFinite, limit.isFinite, slopes.allSatisfy(\.isFinite) else { return 0 }
    let slope = sign * slopes[steepest]
    let room = Directed.subtractDown(sign * limit, sign * constant)
    let others = slopes.indices.filter { $0 != steepest }
    // Axes in one piece come first: only those that are cut are a level of the recursion.
    let order = others.filter { slabMass[$0].count == 1 } + others.filter { slabMass[$0].count > 1 }
    var total = 0.0
    visit(order[...], slopes: slopes, sign: sign, used: 0, weight: 1) { used, weight in
      let left = Directed.subtractDown(room, used)
      total = Directed.addDown(total, Directed.multiplyDown(weight, stretch(slope: slope, limit: left)))
    }
    return Swift.max(0, total)
  }

  /// All products of slabs: `used` bounds the other terms from above, `weight` their mass from below.
  private func visit(
    _ axes: ArraySlice<Int>, slopes: [Double], sign: Double, used: Double, weight: Double,
    _ body: (Double, Double) -> Void
  ) {
    var (axes, used, weight) = (axes, used, weight)
    func part(_ axis: Int, _ index: Int) -> (used: Double, mass: Double) {
      let slope = sign * slopes[axis]
      let end = slope >= 0 ? slabEnds[axis][index + 1] : slabEnds[axis][index]
      let symbol = slope >= 0 ? symbolUp(end, axis) : symbolDown(end, axis)
      return (
        Directed.addUp(used, Directed.multiplyUp(slope, symbol)),
        Directed.multiplyDown(weight, slabMass[axis][index])
      )
    }
    while let axis = axes.first, slabMass[axis].count == 1 {
      (used, weight) = part(axis, 0)
      axes.removeFirst()
    }
    guard weight > 0 else { return }
    guard let axis = axes.first else { return body(used, weight) }
    for index in slabMass[axis].indices {
      let (used, mass) = part(axis, index)
      visit(axes.dropFirst(), slopes: slopes, sign: sign, used: used, weight: mass, body)
    }
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

  /// Lower bound of the mass along the steepest axis of `{ t : slope * t <= limit }`.
  private func stretch(slope: Double, limit: Double) -> Double {
    let axis = steepest
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
