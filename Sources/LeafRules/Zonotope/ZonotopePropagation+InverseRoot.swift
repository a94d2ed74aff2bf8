import RigorousArithmetic
import TensorGraph

/// What a propagation records for each group of deviations: a point `c`, bounds `E` and of `t`, see `DeviationPlane`.
struct DeviationRecords {
  let place: UnsafeMutablePointer<Double>
  let size: Int

  /// Doubles for one group.
  static func count(size: Int) -> Int { size + 3 }

  init(_ records: UnsafeMutablePointer<Double>, group: Int, size: Int) {
    place = records + group * Self.count(size: size)
    self.size = size
  }

  var centre: [Double] { (0..<size).map { place[$0] } }
  var spread: Double { place[size] }
  var range: Interval { Interval(validating: place[size + 1], place[size + 2]) ?? .entire }

  func write(centre: [Double], spread: Double) {
    for index in 0..<size { place[index] = centre[index] }
    place[size] = spread
  }

  func write(range: Interval) {
    place[size + 1] = range.lower
    place[size + 2] = range.upper
  }
}

/// The inverse root of a group's squares as an affine form of its deviations, with an error symbol of its own, see
/// `InverseRootResiduals` and `DeviationPlane`.
///
/// A computed coefficient `sum_j s_j G_jk` of `n` terms is off by at most `gamma(n + 2)` times `sum_j |s_j| |G_jk|`.
extension ZonotopePropagation {
  /// Most products that are spent on the symbols that deviations share.
  private static var mostProducts: Int { 1 << 22 }

  mutating func inverseRoot(_ instruction: CompiledCase.Instruction, _ normalization: Normalization) {
    let slot = instruction.first.slot
    materialize(slot, rows: instruction.first.rows)
    workspace.buffers[slot].ensureMagnitudes()
    let source = workspace.buffers[slot]
    let lower = workspace.neuronLower + instruction.neuronOffset
    let upper = workspace.neuronUpper + instruction.neuronOffset
    var radii: [Double] = []
    radii.reserveCapacity(instruction.first.rows)
    for row in 0..<instruction.first.rows {
      let range = range(source, row)
      (lower[row], upper[row]) = (range.lower, range.upper)
      radii.append(range.radius)
    }
    if failed { return }
    let first = nextColumn
    if keepsCorrelation { nextColumn += instruction.rows }
    workspace.buffers[instruction.target].reshape(
      rows: instruction.rows, columns: keepsCorrelation ? nextColumn : source.columns)
    workspace.buffers[instruction.target].activateAll(instruction.rows)
    let target = workspace.buffers[instruction.target]
    let size = normalization.size
    for group in 0..<instruction.rows {
      let rows = group * size..<(group + 1) * size
      let base = target.values + group * target.stride
      let centre = rows.map { source.values[$0 * source.stride] }
      let reach = rows.map { Swift.max(lower[$0].magnitude, upper[$0].magnitude) }
      var spread =
        rows.reduce(0) { $0 + radii[$1] * radii[$1] } * Rounding.inflation(size + 2) + Rounding.slack
      var box = DeviationPlane.range(normalization, lower + group * size, upper + group * size)
      if keepsCorrelation {
        spread = Swift.min(spread, sharedSpread(source, rows, radii))
        let plane = DeviationPlane(normalization, centre: centre, reach: reach, spread: spread)
        let remainder = combine(plane.slopes, rows, source, into: base)
        let radius = radius(base, stride: source.stride, remainder: remainder)
        let line = Interval(base[0]) + Interval(-radius.nextUp, radius.nextUp) + plane.constant
        box =
          Interval(validating: line.lower, (line + Interval(plane.excess)).upper)
          .flatMap { box.intersection($0) } ?? box
        guard let (slopes, offset, error) = plane.parallel(box, reach: reach) else {
          failed = true
          return
        }
        write(
          instruction, group, slopes, offset, error, rows, source, target, column: first + group, first: first
        )
      } else {
        let image = InverseRootResiduals(box).map { Relaxation.image(of: $0.image) }
        guard let image, image.error < .infinity else {
          failed = true
          return
        }
        clearRow(base, from: 0, to: target.stride)
        base[0] = image.offset
        target.remainder[group] = image.error
      }
      if failed { return }
      guard records else { continue }
      let records = DeviationRecords(workspace.records + instruction.errorOffset, group: group, size: size)
      records.write(centre: centre, spread: spread)
      records.write(range: box)
    }
    if keepsCorrelation { workspace.buffers[instruction.target].firstFresh = first }
  }

  /// Writes a row `sum_j slopes_j d_j + offset` with its error symbol.
  private mutating func write(
    _ instruction: CompiledCase.Instruction, _ group: Int, _ slopes: [Double], _ offset: Double,
    _ error: Double,
    _ rows: Range<Int>, _ source: ZonotopeBuffer, _ target: ZonotopeBuffer, column: Int, first: Int
  ) {
    let base = target.values + group * target.stride
    let remainder = combine(slopes, rows, source, into: base)
    clearRow(base, from: source.stride, to: target.stride)
    let lost = 2 * Rounding.unit * (base[0].magnitude + offset.magnitude)
    base[0] += offset
    target.remainder[group] = (remainder + lost) * Rounding.inflation(4) + Rounding.slack
    if !(target.remainder[group] < .infinity && error < .infinity) { failed = true }
    if attributes {
      workspace.shares.record(column, operand: base, columns: Swift.min(first, target.columns))
    }
    base[column] = error
    target.freshRow[group] = Int32(truncatingIfNeeded: group)
  }

  /// `E` by the symbols that the rows share; infinite where that would cost too much.
  private func sharedSpread(_ source: ZonotopeBuffer, _ rows: Range<Int>, _ radii: [Double]) -> Double {
    let columns = source.columns - 1
    guard columns > 0, columns * columns / 2 * rows.count <= Self.mostProducts else { return .infinity }
    var (total, squares, rest) = (0.0, 0.0, 0.0)
    let gram = workspace.scratch(columns)
    for first in 1...columns {
      gram.update(repeating: 0, count: columns)
      for row in rows {
        let place = source.values + row * source.stride
        let factor = place[first]
        if factor == 0 { continue }
        for column in first...columns { gram[column - 1] += factor * place[column] }
      }
      total += gram[first - 1].magnitude
      if first < columns { for column in first + 1...columns { total += 2 * gram[column - 1].magnitude } }
    }
    for row in rows {
      squares += radii[row] * radii[row]
      rest += source.remainder[row] * (2 * radii[row] + source.remainder[row])
    }
    let lost = 2 * DotProductBound.gamma(rows.count + 2) * squares
    return (total + rest + lost) * Rounding.inflation(columns * columns + rows.count) + Rounding.slack
  }

  /// Writes `sum_j s_j d_j` over some rows; returns what it is off by, remainders included.
  private func combine(
    _ slopes: [Double], _ rows: Range<Int>, _ source: ZonotopeBuffer, into base: UnsafeMutablePointer<Double>
  ) -> Double {
    clearRow(base, from: 0, to: source.stride)
    var (remainder, size) = (0.0, 0.0)
    for (slope, row) in zip(slopes, rows) where slope != 0 {
      let place = source.values + row * source.stride
      for column in 0..<source.columns { base[column] += slope * place[column] }
      remainder += slope.magnitude * source.remainder[row]
      size += slope.magnitude * source.magnitude[row]
    }
    return (remainder + DotProductBound.gamma(slopes.count + 2) * size) * Rounding.inflation(slopes.count + 4)
      + Rounding.slack
  }
}

extension DeviationPlane {
  /// `t` as far as ranges of the deviations tell.
  static func range(
    _ normalization: Normalization, _ lower: UnsafePointer<Double>, _ upper: UnsafePointer<Double>
  ) -> Interval {
    var sum = Interval.zero
    for index in 0..<normalization.size {
      guard lower[index] <= upper[index] else { return .entire }
      sum = sum + Interval(lower[index], upper[index]).squared()
    }
    return sum / Interval(Double(normalization.size)) + Interval(normalization.moved)
  }

  /// `1 / sqrt(t)` in `sum_j slopes_j d_j + offset ± error`, for the zonotope; nil where a bound is not finite.
  func parallel(_ range: Interval, reach: [Double]) -> (slopes: [Double], offset: Double, error: Double)? {
    guard let residuals = InverseRootResiduals(range) else { return nil }
    let line = residuals.relaxation(keepsSign: false)
    var bounds = residuals.image
    var products = slopes.map { _ in 0.0 }
    if line.error < .infinity {
      let scaled = slopes.map { line.slope * $0 }
      var lost = 0.0
      for index in scaled.indices { lost += 2 * Rounding.unit * scaled[index].magnitude * reach[index] }
      lost = lost * Rounding.inflation(scaled.count) + Rounding.slack
      if lost < .infinity {
        let error = Interval(lost) + Interval(line.error)
        let affine =
          Interval(line.slope) * (constant + Interval(0, excess)) + Interval(line.offset)
          + Interval(-error.upper, error.upper)
        if affine.isFinite, affine.width < bounds.width { (bounds, products) = (affine, scaled) }
      }
    }
    guard bounds.isFinite else { return nil }
    let middle = bounds.midpoint
    return (
      products, middle,
      Swift.max(Directed.subtractUp(bounds.upper, middle), Directed.subtractUp(middle, bounds.lower))
    )
  }
}
