import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// The inverse root of a group's squares by the planes of `DeviationPlane`, on the side that each coefficient asks for.
///
/// Each deviation belongs to one group, so that its coefficient is one product, off by at most `u` times itself; each
/// plane's offset covers that.
extension BackwardMatrix {
  mutating func inverseRoot(
    _ instruction: CompiledCase.Instruction, _ normalization: Normalization,
    _ coefficients: UnsafePointer<Double>
  ) {
    let operand = instruction.first.instruction
    let target = destination(operand)
    let size = normalization.size
    for group in 0..<instruction.rows {
      let planes = deviationPlanes(instruction, normalization, group)
      let row = coefficients + group * stride
      let underflow = SIMD8<Double>(repeating: Rounding.backwardUnderflow * planes.reach)
      let offsets = (
        SIMD8<Double>(repeating: planes.below.offset), SIMD8<Double>(repeating: planes.above.offset)
      )
      var column = 0
      while column < stride {
        let values = load(row + column)
        let isPositive = values .> 0
        let offset = offsets.1.replacing(with: offsets.0, where: isPositive)
        // A coefficient of zero takes nothing from a plane, not even from one that does not exist.
        let product = (values * offset).replacing(with: 0, where: values .== 0)
        store(load(constants + column) + product, constants + column)
        store(load(sizes + column) + magnitude(product), sizes + column)
        store(load(faults + column) + (values * 0 + product * 0), faults + column)
        store(load(errors + column) + underflow, errors + column)
        for index in 0..<size {
          let slope = SIMD8<Double>(repeating: planes.above.slopes[index]).replacing(
            with: SIMD8<Double>(repeating: planes.below.slopes[index]), where: isPositive)
          store(values * slope, target + (group * size + index) * stride + column)
        }
        column &+= 8
      }
      constantCount &+= 1
      errorCount &+= 1
    }
    deliver(operand, rows: instruction.first.rows)
  }

  /// The planes for a group, as they are multiplied with coefficients.
  ///
  /// - Returns: besides the planes their distance in the middle, and an upper bound of the sum of magnitudes that their
  ///   slopes are multiplied with.
  func deviationPlanes(
    _ instruction: CompiledCase.Instruction, _ normalization: Normalization, _ group: Int
  ) -> (
    below: (slopes: [Double], offset: Double), above: (slopes: [Double], offset: Double), gap: Double,
    reach: Double
  ) {
    let size = normalization.size
    let zeros = [Double](repeating: 0, count: size)
    let none = (
      below: (slopes: zeros, offset: Double.nan), above: (slopes: zeros, offset: Double.nan),
      gap: Double.infinity, reach: 0.0
    )
    let (plane, range, reach, middle) = deviationPlane(instruction, normalization, group)
    guard let residuals = InverseRootResiduals(range) else { return none }
    let lines = residuals.lines
    var below = plane.plane(lines.below, isBelow: true, reach: reach)
    var above = plane.plane(lines.above, isBelow: false, reach: reach)
    guard below.offset.isFinite, above.offset.isFinite, below.slopes.allSatisfy(\.isFinite),
      above.slopes.allSatisfy(\.isFinite)
    else { return none }
    var (lost, gap, sum) = ((below: 0.0, above: 0.0), above.offset - below.offset, 0.0)
    for index in 0..<size {
      lost.below += 2 * Rounding.unit * below.slopes[index].magnitude * reach[index]
      lost.above += 2 * Rounding.unit * above.slopes[index].magnitude * reach[index]
      gap += (above.slopes[index] - below.slopes[index]) * middle[index]
      sum += reach[index]
    }
    let inflation = Rounding.inflation(size + 2)
    below.offset = Rounding.below(below.offset - (lost.below * inflation + Rounding.slack))
    above.offset = Rounding.above(above.offset + (lost.above * inflation + Rounding.slack))
    return (below, above, gap, sum * inflation)
  }

  /// The linear function for a group, bounds of `t`, and reach and middle of the deviations' ranges.
  ///
  /// Of the point that the propagation recorded and the middle of the ranges, which may have become closer since, the one
  /// with the smaller `E`.
  private func deviationPlane(
    _ instruction: CompiledCase.Instruction, _ normalization: Normalization, _ group: Int
  ) -> (plane: DeviationPlane, range: Interval, reach: [Double], middle: [Double]) {
    let size = normalization.size
    let lower = workspace.neuronLower + (instruction.neuronOffset + group * size)
    let upper = workspace.neuronUpper + (instruction.neuronOffset + group * size)
    let records = DeviationRecords(workspace.records + instruction.errorOffset, group: group, size: size)
    var (middle, reach, spread) = ([Double](), [Double](), 0.0)
    for index in 0..<size {
      let place = Cell.midpoint(lower[index], upper[index])
      let radius = Cell.radius(lower[index], upper[index], centre: place)
      middle.append(place)
      reach.append(Swift.max(lower[index].magnitude, upper[index].magnitude))
      spread += radius * radius
    }
    spread = spread * Rounding.inflation(size + 2) + Rounding.slack
    let isRecorded = records.spread <= spread
    let plane = DeviationPlane(
      normalization, centre: isRecorded ? records.centre : middle, reach: reach,
      spread: isRecorded ? records.spread : spread)
    let box = DeviationPlane.range(normalization, lower, upper)
    return (plane, box.intersection(records.range) ?? box, reach, middle)
  }

  /// Tightens the recorded bounds of `t` by linear bounds of `L`, which rest on those of the operands before it.
  mutating func refineInverseRoot(
    _ instruction: CompiledCase.Instruction, _ normalization: Normalization, on cell: Cell
  ) {
    guard !compiled.isAffine[instruction.first.instruction] else { return }
    let size = normalization.size
    var next = 0
    while next < instruction.rows {
      let groups = next..<Swift.min(next + BackwardMatrix.refinedAtOnce / 2, instruction.rows)
      next = groups.upperBound
      let planes = groups.map { deviationPlane(instruction, normalization, $0).plane }
      begin(at: instruction.first.instruction, objectives: 2 * groups.count)
      for (position, group) in groups.enumerated() {
        for (index, slope) in planes[position].slopes.enumerated() {
          set(2 * position, element: group * size + index, to: slope)
          set(2 * position + 1, element: group * size + index, to: -slope)
        }
      }
      run(cell: cell)
      for (position, group) in groups.enumerated() {
        let (low, high) = (lowerBound(2 * position), -lowerBound(2 * position + 1))
        guard low.isFinite, high.isFinite, low <= high else { continue }
        let line = Interval(low, high) + planes[position].constant
        let records = DeviationRecords(workspace.records + instruction.errorOffset, group: group, size: size)
        let known = Interval(validating: line.lower, (line + Interval(planes[position].excess)).upper)
        if let both = known.flatMap({ records.range.intersection($0) }) { records.write(range: both) }
      }
    }
  }
}
