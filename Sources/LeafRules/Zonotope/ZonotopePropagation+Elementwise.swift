import RigorousArithmetic
import TensorGraph

/// Elementwise functions by their relaxations, each with an error symbol of its own.
extension ZonotopePropagation {
  /// Range of a row, rounded outwards; flags a failure unless both ends are finite.
  ///
  /// The radius is that of the whole row, whatever the balls leave of the cell.
  @inline(__always)
  mutating func range(_ buffer: ZonotopeBuffer, _ row: Int) -> (
    lower: Double, upper: Double, radius: Double
  ) {
    let centre = buffer.values[row * buffer.stride]
    let radius = buffer.radius(row)
    let lower = Rounding.below(centre - radius)
    let upper = Rounding.above(centre + radius)
    if !(upper - lower < .infinity) { failed = true }
    if let part = cutRow(buffer, row) {
      let (low, high) = (Swift.max(lower, part.lower), Swift.min(upper, part.upper))
      if low <= high { return (low, high, radius) }
    }
    return (lower, upper, radius)
  }

  /// `max(x, 0)`: identity above zero, dropped below, else `lambda x + h/2 + (h/2) s` with a fresh symbol, see
  /// `Relaxation`.
  mutating func relu(_ instruction: CompiledCase.Instruction) {
    nonlinear(instruction) { [keepsCorrelation] lower, upper in
      keepsCorrelation
        ? Relaxation.relu(lower: lower, upper: upper)
        : Relaxation.image(lower: Swift.max(lower, 0), upper: Swift.max(upper, 0))
    }
  }

  /// One above zero, minus one below, zero at it: no line through the jump is closer than the image.
  mutating func sign(_ instruction: CompiledCase.Instruction) {
    nonlinear(instruction) { Relaxation.image(lower: $0.sign(), upper: $1.sign()) }
  }

  mutating func clip(_ instruction: CompiledCase.Instruction, lower: Double, upper: Double) {
    nonlinear(instruction) { [keepsCorrelation] low, high in
      keepsCorrelation
        ? Relaxation.clip(lower: low, upper: high, to: (lower, upper))
        : Relaxation.image(
          lower: Swift.min(Swift.max(low, lower), upper), upper: Swift.min(Swift.max(high, lower), upper))
    }
  }

  mutating func smooth(_ instruction: CompiledCase.Instruction, _ function: SmoothFunction) {
    nonlinear(instruction) { [keepsCorrelation] lower, upper in
      keepsCorrelation
        ? Relaxation.smooth(function, lower: lower, upper: upper, keepsSign: instruction.keepsSign)
        : Relaxation.image(of: function.enclosure(over: Interval(lower, upper)))
    }
  }

  /// Applies an elementwise function by its relaxation `slope x + offset ± error`.
  ///
  /// Computed elements `slope * G_ij` and `slope * c_i + offset` are off by at most `2 u` times
  /// `|slope| (|c_i| + sum_j |G_ij|) + |offset|`; the old remainder is multiplied by `|slope|`.
  @inline(__always)
  private mutating func nonlinear(
    _ instruction: CompiledCase.Instruction, _ relax: (Double, Double) -> Relaxation
  ) {
    let source = workspace.buffers[instruction.first.slot]
    let first = nextColumn
    let relaxations = workspace.scratch(4 * instruction.rows)
    var fresh = 0
    let neuronLower = workspace.neuronLower + instruction.neuronOffset
    let neuronUpper = workspace.neuronUpper + instruction.neuronOffset
    if source.activeCount < instruction.rows {
      neuronLower.update(repeating: 0, count: instruction.rows)
      neuronUpper.update(repeating: 0, count: instruction.rows)
    }
    for position in 0..<source.activeCount {
      let row = Int(source.active[position])
      let (lower, upper, radius) = range(source, row)
      if failed { return }
      neuronLower[row] = lower
      neuronUpper[row] = upper
      let relaxation = relax(lower, upper)
      if !(relaxation.error < .infinity) {
        failed = true
        return
      }
      let place = relaxations + 4 * row
      place[0] = relaxation.slope
      place[1] = relaxation.offset
      place[2] = relaxation.error
      place[3] = radius
      if relaxation.error > 0 && keepsCorrelation { fresh += 1 }
    }
    let zeroImage = relax(0, 0)
    let hasConstantRows =
      source.activeCount < instruction.rows && (zeroImage.offset != 0 || zeroImage.error != 0)
    if hasConstantRows && !(zeroImage.error < .infinity) {
      failed = true
      return
    }
    nextColumn += fresh
    let columns = fresh > 0 ? nextColumn : source.columns
    workspace.buffers[instruction.target].reshape(rows: instruction.rows, columns: columns)
    let target = workspace.buffers[instruction.target]
    var count = 0
    var column = first
    let inflation = Rounding.inflation(8)
    for position in 0..<source.activeCount {
      let row = Int(source.active[position])
      let place = relaxations + 4 * row
      let slope = place[0]
      let offset = place[1]
      let error = place[2]
      if slope == 0 && offset == 0 && error == 0 { continue }
      let base = target.values + row * target.stride
      let other = source.values + row * source.stride
      target.active[count] = Int32(truncatingIfNeeded: row)
      count += 1
      let centreMagnitude = other[0].magnitude
      if slope == 1 && offset == 0 && error == 0 {
        scaleRow(base, other, by: 1, count: source.stride)
        clearBlocks(base, from: source.stride, to: target.stride)
        target.remainder[row] = source.remainder[row]
        target.magnitude[row] = (centreMagnitude + place[3]) * inflation
        continue
      }
      scaleRow(base, other, by: slope, count: source.stride)
      clearBlocks(base, from: source.stride, to: target.stride)
      base[0] += offset
      let size = slope.magnitude
      var remainder = size * source.remainder[row]
      let magnitude = size * (centreMagnitude + place[3]) + offset.magnitude + error
      if Policy.isTracked { remainder += 3 * Rounding.unit * magnitude }
      if error > 0 {
        if keepsCorrelation {
          base[column] = error
          target.freshRow[column &- first] = Int32(truncatingIfNeeded: row)
          if attributes { workspace.shares.record(column, operand: other, columns: source.columns) }
          column &+= 1
        } else {
          remainder += error
        }
      }
      target.remainder[row] = remainder * inflation + (Policy.isTracked ? Rounding.slack : 0)
      target.magnitude[row] = magnitude * inflation + Rounding.slack
    }
    workspace.buffers[instruction.target].activeCount = count
    workspace.buffers[instruction.target].hasMagnitudes = true
    if fresh > 0 { workspace.buffers[instruction.target].firstFresh = first }
    if hasConstantRows { fillConstantRows(instruction, source: source, zeroImage) }
  }

  /// Rows that were identically zero and whose image is a nonzero constant.
  private mutating func fillConstantRows(
    _ instruction: CompiledCase.Instruction, source: ZonotopeBuffer, _ image: Relaxation
  ) {
    let target = workspace.buffers[instruction.target]
    var wasActive = [Bool](repeating: false, count: instruction.rows)
    for position in 0..<source.activeCount { wasActive[Int(source.active[position])] = true }
    var rows = Set((0..<target.activeCount).map { Int(target.active[$0]) })
    for row in 0..<instruction.rows where !wasActive[row] {
      let base = target.values + row * target.stride
      clearRow(base, from: 0, to: target.stride)
      base[0] = image.offset
      target.remainder[row] = image.error
      target.magnitude[row] = image.offset.magnitude
      rows.insert(row)
    }
    for (position, row) in rows.sorted().enumerated() {
      target.active[position] = Int32(truncatingIfNeeded: row)
    }
    workspace.buffers[instruction.target].activeCount = rows.count
  }

  /// `target = factor * source` over `count` doubles, a multiple of the kernel's width.
  @inline(__always)
  private func scaleRow(
    _ target: UnsafeMutablePointer<Double>, _ source: UnsafePointer<Double>, by factor: Double, count: Int
  ) {
    let factors = SIMD8<Double>(repeating: factor)
    var column = 0
    while column < count {
      let values = UnsafeRawPointer(source + column).loadUnaligned(as: SIMD8<Double>.self)
      UnsafeMutableRawPointer(target + column).storeBytes(of: factors * values, as: SIMD8<Double>.self)
      column &+= MatrixKernel.blockColumns
    }
  }
}
