/// Elementwise functions, by lines on the side that each coefficient asks for.
extension BackwardMatrix {
  /// An elementwise function by lines that all columns share.
  ///
  /// - Parameters:
  ///   - bounds: Where the operand's bounds are recorded.
  ///   - relax: The lines for a row and the operand's bounds.
  @inline(__always)
  mutating func shared(
    _ operand: CompiledCase.Operand, _ coefficients: UnsafePointer<Double>, bounds: Int,
    _ relax: (Int, Double, Double) -> BackwardLines
  ) {
    let lower = workspace.neuronLower + bounds
    let upper = workspace.neuronUpper + bounds
    let target = destination(operand.instruction)
    for row in 0..<operand.rows {
      let place = row * stride
      let lines = relax(row, lower[row], upper[row])
      applyShared(lines, coefficients + place, target + place, bound: extent(lower[row], upper[row]))
    }
    deliver(operand.instruction, rows: operand.rows)
  }

  @inline(__always)
  private func extent(_ lower: Double, _ upper: Double) -> Double {
    Swift.max(lower.magnitude, upper.magnitude)
  }

  /// One row by lines of its own.
  @inline(__always)
  private mutating func applyShared(
    _ lines: BackwardLines, _ row: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>,
    bound: Double
  ) {
    let slopeBelow = SIMD8<Double>(repeating: lines.below.slope)
    let slopeAbove = SIMD8<Double>(repeating: lines.above.slope)
    let offsetBelow = SIMD8<Double>(repeating: lines.below.offset)
    let offsetAbove = SIMD8<Double>(repeating: lines.above.offset)
    let underflow = SIMD8<Double>(repeating: Rounding.backwardUnderflow * bound)
    var column = 0
    while column < stride {
      let values = load(row + column)
      if all(values .== 0) {
        store(SIMD8(), target + column)
      } else {
        apply(
          values, slopeBelow, offsetBelow, slopeAbove, offsetAbove, underflow, target + column, column)
      }
      column &+= 8
    }
    constantCount &+= 1
    errorCount &+= 1
  }

  @inline(__always)
  private func apply(
    _ values: SIMD8<Double>, _ slopeBelow: SIMD8<Double>, _ offsetBelow: SIMD8<Double>,
    _ slopeAbove: SIMD8<Double>, _ offsetAbove: SIMD8<Double>, _ underflow: SIMD8<Double>,
    _ target: UnsafeMutablePointer<Double>, _ column: Int
  ) {
    let isPositive = values .> 0
    let slope = slopeAbove.replacing(with: slopeBelow, where: isPositive)
    let offset = offsetAbove.replacing(with: offsetBelow, where: isPositive)
    store(values * slope, target)
    // A coefficient of zero takes nothing from a line, not even from one that does not exist.
    let product = (values * offset).replacing(with: 0, where: values .== 0)
    store(load(constants + column) + product, constants + column)
    store(load(sizes + column) + magnitude(product), sizes + column)
    store(load(faults + column) + (values * 0 + product * 0), faults + column)
    store(load(errors + column) + underflow, errors + column)
  }

  /// `max(x, 0)`, with the phases, multipliers and lines of each column.
  mutating func rectifier(
    _ instruction: CompiledCase.Instruction, _ coefficients: UnsafePointer<Double>, phases: ColumnPhases?,
    lines chosen: ColumnLines?
  ) {
    let lower = workspace.neuronLower + instruction.neuronOffset
    let upper = workspace.neuronUpper + instruction.neuronOffset
    let operand = instruction.first.instruction
    let target = destination(operand)
    for row in 0..<instruction.rows {
      let place = row * stride
      let (low, high) = (lower[row], upper[row])
      let neuron = instruction.neuronOffset + row
      let known = phases?.first(of: neuron) ?? -1
      let isOpen = low < 0 && high > 0
      guard known >= 0 || isOpen && chosen != nil else {
        if low >= 0 {
          (target + place).update(from: coefficients + place, count: stride)
        } else if high <= 0 {
          drop(coefficients + place, target + place)
        } else {
          applyShared(
            BackwardLines(rectifier: low, high), coefficients + place, target + place,
            bound: extent(low, high))
        }
        continue
      }
      if isOpen, let chosen {
        chosen.fill(neuron, lines, stride: stride, extent: extent(low, high))
      } else {
        fillLines(low, high)
      }
      if let phases { phases.fill(neuron, lines, stride: stride) }
      let underflow = SIMD8<Double>(repeating: Rounding.backwardUnderflow * extent(low, high))
      var column = 0
      while column < stride {
        apply(
          load(coefficients + place + column), load(lines + column), load(lines + stride + column),
          load(lines + 2 * stride + column), load(lines + 3 * stride + column), underflow,
          target + place + column, column)
        column &+= 8
      }
      constantCount &+= 1
      errorCount &+= 1
      guard let phases, known >= 0 else { continue }
      phases.each(neuron) { column, _, shift in
        let sum = target[place + column] + shift
        target[place + column] = sum
        errors[column] += (Rounding.unit * sum.magnitude + Rounding.underflow) * extent(low, high)
        errorCount &+= 1
      }
    }
    deliver(operand, rows: instruction.rows)
  }

  /// A row whose image is zero.
  @inline(__always)
  private func drop(_ row: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>) {
    var column = 0
    while column < stride {
      store(load(faults + column) + load(row + column) * 0, faults + column)
      store(SIMD8(), target + column)
      column &+= 8
    }
  }

  /// The lines of one rectifier, the same in every column.
  private func fillLines(_ low: Double, _ high: Double) {
    let shared = BackwardLines(rectifier: low, high)
    for column in 0..<stride {
      lines[column] = shared.below.slope
      lines[stride + column] = shared.below.offset
      lines[2 * stride + column] = shared.above.slope
      lines[3 * stride + column] = shared.above.offset
    }
  }
}
