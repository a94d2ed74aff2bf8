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
    var table = LineTable(workspace, rows: operand.rows)
    for row in 0..<operand.rows {
      table.fill(row, row: row, relax(row, lower[row], upper[row]), extent: extent(lower[row], upper[row]))
    }
    apply(table, count: operand.rows, coefficients, target)
    deliver(operand.instruction, rows: operand.rows)
  }

  @inline(__always)
  private func extent(_ lower: Double, _ upper: Double) -> Double {
    Swift.max(lower.magnitude, upper.magnitude)
  }

  /// Rows by lines that all columns share, eight columns at a time, so that their sums stay in registers.
  private mutating func apply(
    _ table: LineTable, count: Int, _ coefficients: UnsafePointer<Double>,
    _ target: UnsafeMutablePointer<Double>
  ) {
    let underflow = SIMD8<Double>(repeating: table.underflow)
    var column = 0
    while column < stride {
      var sums = ColumnSums(self, column)
      if table.isFinite {
        sums.lose(underflow)
        for position in 0..<count {
          let place = table.row(position) &* stride &+ column
          store(sums.addFinite(load(coefficients + place), table, position), target + place)
        }
      } else {
        for position in 0..<count {
          let place = table.row(position) &* stride &+ column
          store(sums.add(load(coefficients + place), table, position), target + place)
        }
      }
      sums.write(self, column)
      column &+= 8
    }
    constantCount &+= count
    errorCount &+= count
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
    var table = LineTable(workspace, rows: instruction.rows)
    var openCount = 0
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
          table.fill(openCount, row: row, BackwardLines(rectifier: low, high), extent: extent(low, high))
          openCount &+= 1
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
        var sums = ColumnSums(self, column)
        let image = sums.add(
          load(coefficients + place + column), load(lines + column), load(lines + stride + column),
          load(lines + 2 * stride + column), load(lines + 3 * stride + column), underflow)
        store(image, target + place + column)
        sums.write(self, column)
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
    apply(table, count: openCount, coefficients, target)
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

/// Lines of rows that all columns share: for each the slopes and offsets below and above, and what a product that
/// underflows is off by.
private struct LineTable {
  private static let width = 5
  private let numbers: UnsafeMutablePointer<Double>
  private let rows: UnsafeMutablePointer<Int32>
  /// What products that underflow are off by, over all rows.
  private(set) var underflow = 0.0
  /// Whether every number is.
  var isFinite: Bool { spread == 0 }
  /// Zero, or no number.
  private var spread = 0.0

  init(_ workspace: Workspace, rows count: Int) {
    numbers = workspace.scratch(LineTable.width * count)
    rows = workspace.activeRows
  }

  @inline(__always)
  mutating func fill(_ position: Int, row: Int, _ lines: BackwardLines, extent: Double) {
    let place = numbers + LineTable.width &* position
    place[0] = lines.below.slope
    place[1] = lines.below.offset
    place[2] = lines.above.slope
    place[3] = lines.above.offset
    place[4] = Rounding.backwardUnderflow * extent
    rows[position] = Int32(truncatingIfNeeded: row)
    underflow += place[4]
    spread += (place[0] * 0 + place[1] * 0) + (place[2] * 0 + place[3] * 0) + place[4] * 0
  }

  @inline(__always)
  func row(_ position: Int) -> Int { Int(truncatingIfNeeded: rows[position]) }

  @inline(__always)
  subscript(_ position: Int, _ number: Int) -> SIMD8<Double> {
    SIMD8(repeating: numbers[LineTable.width &* position &+ number])
  }
}

/// The sums of eight columns of a pass while rows are added to them, see `BackwardMatrix`.
private struct ColumnSums {
  private var constants: SIMD8<Double>
  private var sizes: SIMD8<Double>
  private var errors: SIMD8<Double>

  @inline(__always)
  init(_ pass: BackwardMatrix, _ column: Int) {
    constants = pass.load(pass.constants + column)
    sizes = pass.load(pass.sizes + column)
    errors = pass.load(pass.errors + column)
  }

  @inline(__always)
  func write(_ pass: BackwardMatrix, _ column: Int) {
    pass.store(constants, pass.constants + column)
    pass.store(sizes, pass.sizes + column)
    pass.store(errors, pass.errors + column)
  }

  /// Adds to the errors.
  @inline(__always)
  mutating func lose(_ error: SIMD8<Double>) { errors += error }

  /// Adds a row of coefficients by lines of finite numbers; returns the coefficients of the operand.
  @inline(__always)
  mutating func addFinite(
    _ values: SIMD8<Double>, _ table: LineTable, _ position: Int
  ) -> SIMD8<Double> {
    let isPositive = values .> 0
    let product = values * table[position, 3].replacing(with: table[position, 1], where: isPositive)
    constants += product
    sizes += product.replacing(with: -product, where: product .< 0)
    return values * table[position, 2].replacing(with: table[position, 0], where: isPositive)
  }

  @inline(__always)
  mutating func add(_ values: SIMD8<Double>, _ table: LineTable, _ position: Int) -> SIMD8<Double> {
    add(
      values, table[position, 0], table[position, 1], table[position, 2], table[position, 3],
      table[position, 4])
  }

  /// Adds a row of coefficients by its lines; returns the coefficients of the operand.
  @inline(__always)
  mutating func add(
    _ values: SIMD8<Double>, _ slopeBelow: SIMD8<Double>, _ offsetBelow: SIMD8<Double>,
    _ slopeAbove: SIMD8<Double>,
    _ offsetAbove: SIMD8<Double>, _ underflow: SIMD8<Double>
  ) -> SIMD8<Double> {
    let isPositive = values .> 0
    let isZero = values .== 0
    let slope = slopeAbove.replacing(with: slopeBelow, where: isPositive)
    let offset = offsetAbove.replacing(with: offsetBelow, where: isPositive)
    // A coefficient of zero takes nothing from a line, not even from one that does not exist.
    let product = (values * offset).replacing(with: 0, where: isZero)
    constants += product
    sizes += product.replacing(with: -product, where: product .< 0)
    errors += underflow.replacing(with: 0, where: isZero)
    return (values * slope).replacing(with: 0, where: isZero)
  }
}
