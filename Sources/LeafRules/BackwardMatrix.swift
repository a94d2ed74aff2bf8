import RigorousArithmetic
import TensorGraph

/// Linear lower bounds of many objectives at once, by substituting backwards from one tensor to the input.
///
/// An objective is a linear function of the tensor's elements; each has a column of coefficients. An upper bound is a
/// lower bound of the negated objective.
///
/// Theorem. Let `q >= sum_n sum_k c_nk x_nk + constant - error` at every point of the cell that has the column's
/// phases, where `n` runs over the tensors not yet substituted. Replacing a tensor by its operands keeps the bound:
///
/// - a linear operator, dense or sparse, by its definition. The computed coefficients `a_k` differ from `sum_i c_i W_ik` by at most
///   `gamma(rows) sum_i |c_i| |W_ik|`, so that the sum over `k` differs by at most
///   `gamma(rows) sum_i |c_i| sum_k |W_ik| |x_k|`. The forward pass left in row `i` a remainder
///   `R_i >= sum_k |W_ik| (e_k + gamma(columns) m_k)` with `|x_k| <= m_k + e_k` on the cell; so the error is at most
///   `max(1, gamma(rows) / gamma(columns)) sum_i |c_i| R_i`. Underflow in `a_k` adds `2^-1040 sum_k |x_k|`.
/// - a product with a constant likewise: the coefficient is off by `u |f| |c_i|`, and the forward remainder is at
///   least `u |f x_i|`. A coefficient that comes out subnormal makes its column fail.
/// - a piecewise linear operator by the line of `BackwardLine` on the side that the sign of `c_i` asks for, a smooth one
///   by that of `SmoothSamples`, valid on the operand's bounds. Where the column has chosen the slope `s` in `[0, 1]` of
///   a rectifier's lower line, `max(x, 0) >= s x` for every `x`. A product that underflows is off by `2^-1074`, times the
///   bound of `|x_i|`.
/// - a rectifier whose phase the column knows by `x` or by `0`. Since `sign x >= 0` at the points considered, and the
///   multiplier is not negative, `q >= q - multiplier sign x`: the multiplier is taken from the coefficient of `x`, and
///   that sum is off by `u` times itself, times the bound of `|x|`.
/// - a tensor used several times collects its coefficients; each sum is off by at most `u` times itself, times the
///   recorded bound of `|x_k|`.
///
/// What remains is linear in the input. A column with a coefficient that is not finite fails, since a line of slope
/// zero would hide an overflow.
package struct BackwardMatrix {
  let compiled: CompiledCase
  let workspace: Workspace
  /// Number of objectives.
  private(set) var count = 0
  /// Columns, a multiple of the kernel's width.
  private(set) var stride = 0
  private var start = 0
  private var hasInput = false
  /// How many terms any column's constant and error have.
  private var constantCount = 0
  private var errorCount = 0

  package init(_ compiled: CompiledCase, workspace: Workspace) {
    self.compiled = compiled
    self.workspace = workspace
  }

  /// Objectives on the value of an instruction, all zero at first.
  mutating func begin(at instruction: Int, objectives: Int) {
    count = objectives
    stride = MatrixKernel.padded(objectives)
    start = instruction
    workspace.prepareMatrix(
      coefficients: compiled.coefficientCount, instructions: compiled.instructions.count, stride: stride)
    let rows = compiled.instructions[instruction].paddedRows
    matrix(instruction).update(repeating: 0, count: rows * stride)
  }

  /// Sets the coefficient of an element of the tensor in an objective.
  func set(_ objective: Int, element: Int, to coefficient: Double) {
    matrix(start)[element * stride + objective] = coefficient
  }

  @inline(__always)
  func matrix(_ instruction: Int) -> UnsafeMutablePointer<Double> {
    workspace.matrix + compiled.instructions[instruction].coefficientOffset * stride
  }

  /// Doubles that the pass keeps for a column.
  static let sumCount = 10

  // Per column: the constant, the sum of magnitudes of what was added to it, the error, zero where every coefficient
  // was finite, and a sum in progress.
  @inline(__always) private var constants: UnsafeMutablePointer<Double> { workspace.columns }
  @inline(__always) private var sizes: UnsafeMutablePointer<Double> { workspace.columns + stride }
  @inline(__always) private var errors: UnsafeMutablePointer<Double> { workspace.columns + 2 * stride }
  @inline(__always) private var faults: UnsafeMutablePointer<Double> { workspace.columns + 3 * stride }
  @inline(__always) private var sums: UnsafeMutablePointer<Double> { workspace.columns + 4 * stride }
  /// Four rows of lines: slopes and offsets below, slopes and offsets above.
  @inline(__always) private var lines: UnsafeMutablePointer<Double> { workspace.columns + 5 * stride }
  /// Sums of magnitudes of the coefficients of the cell's symbols.
  @inline(__always) private var spans: UnsafeMutablePointer<Double> { workspace.columns + 9 * stride }

  /// Substitutes all tensors on the bounds that a propagation over the same cell has recorded.
  package mutating func run(cell: Cell, phases: ColumnPhases? = nil, slopes: ColumnSlopes? = nil) {
    workspace.columns.update(repeating: 0, count: 5 * stride)
    constantCount = 0
    errorCount = 0
    hasInput = false
    let isSet = workspace.isSet
    isSet.update(repeating: false, count: compiled.instructions.count)
    isSet[start] = true
    var index = start
    while index >= 0 {
      if isSet[index] { substitute(index, cell: cell, phases: phases, slopes: slopes) }
      index -= 1
    }
  }

  private mutating func substitute(
    _ index: Int, cell: Cell, phases: ColumnPhases?, slopes: ColumnSlopes?
  ) {
    let instruction = compiled.instructions[index]
    let coefficients = UnsafePointer(matrix(index))
    switch instruction.kind {
    case .input: input(coefficients, cell: cell)
    case .constant(let position):
      let values = compiled.constants[position]
      for row in 0..<instruction.rows { addRow(coefficients + row * stride, times: values[row]) }
    case .linear(let map): linear(instruction, compiled.linears[map], coefficients)
    case .sparse(let map): sparse(instruction, compiled.sparses[map], coefficients)
    case .add:
      pass(coefficients, to: instruction.first.instruction, rows: instruction.rows)
      pass(coefficients, to: instruction.second.instruction, rows: instruction.rows)
    case .scale(let factor): scale(instruction, factor, coefficients)
    case .relu:
      rectifier(instruction, coefficients, phases: phases, slopes: slopes)
    case .clip(let clip):
      shared(instruction, coefficients) { low, high in
        BackwardLines(clip: (clip.lower, clip.upper), lower: low, upper: high)
      }
    case .smooth(let function):
      shared(instruction, coefficients) { low, high in
        let samples = SmoothSamples(function, lower: low, upper: high)
        guard let below = samples.lineBelow, let above = samples.lineAbove else { return .none }
        return BackwardLines(below: below, above: above)
      }
    case .concat(let position):
      var row = 0
      for operand in compiled.concats[position] {
        pass(coefficients + row * stride, to: operand.instruction, rows: operand.rows)
        row += operand.rows
      }
    }
  }

  @inline(__always)
  private func load(_ place: UnsafePointer<Double>) -> SIMD8<Double> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
  }

  @inline(__always)
  private func store(_ value: SIMD8<Double>, _ place: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD8<Double>.self)
  }

  @inline(__always)
  private func magnitude(_ value: SIMD8<Double>) -> SIMD8<Double> {
    value.replacing(with: -value, where: value .< 0)
  }

  /// Adds a row of coefficients times a number to the constants.
  @inline(__always)
  private mutating func addRow(_ row: UnsafePointer<Double>, times value: Double) {
    constantCount &+= 1
    let factor = SIMD8<Double>(repeating: value)
    var column = 0
    while column < stride {
      let values = load(row + column)
      let product = values * factor
      store(load(constants + column) + product, constants + column)
      store(load(sizes + column) + magnitude(product), sizes + column)
      store(load(faults + column) + values * 0, faults + column)
      column &+= 8
    }
  }

  /// Where the coefficients of an operand go: its matrix on first use, room beside it later.
  private func destination(_ operand: Int) -> UnsafeMutablePointer<Double> {
    workspace.isSet[operand] ? workspace.matrixScratch : matrix(operand)
  }

  /// Declares the coefficients in an operand's destination complete.
  private mutating func deliver(_ operand: Int, rows: Int) {
    guard workspace.isSet[operand] else {
      workspace.isSet[operand] = true
      // The kernel reads whole blocks of rows.
      let padding = compiled.instructions[operand].paddedRows - rows
      (matrix(operand) + rows * stride).update(repeating: 0, count: padding * stride)
      return
    }
    accumulate(UnsafePointer(workspace.matrixScratch), to: operand, rows: rows)
  }

  private mutating func accumulate(_ values: UnsafePointer<Double>, to operand: Int, rows: Int) {
    let target = matrix(operand)
    let bounds = workspace.records + compiled.instructions[operand].magnitudeOffset
    for row in 0..<rows {
      let bound = SIMD8<Double>(repeating: bounds[row])
      var column = row * stride
      var place = 0
      while place < stride {
        let sum = load(target + column) + load(values + column)
        store(sum, target + column)
        let lost = (magnitude(sum) * Rounding.unit + Rounding.underflow) * bound
        store(load(errors + place) + lost, errors + place)
        column &+= 8
        place &+= 8
      }
    }
    errorCount &+= rows
  }

  private mutating func pass(_ values: UnsafePointer<Double>, to operand: Int, rows: Int) {
    if workspace.isSet[operand] {
      accumulate(values, to: operand, rows: rows)
    } else {
      matrix(operand).update(from: values, count: rows * stride)
      deliver(operand, rows: rows)
    }
  }

  /// The constants and errors of an affine map; returns the rows with a coefficient that is not zero.
  ///
  /// - Parameter factor: At least the ratio of the relative error of the product of coefficients and matrix to that of
  ///   the forward product.
  private mutating func affineTerms(
    _ instruction: CompiledCase.Instruction, bias: [Double], factor: Double,
    _ coefficients: UnsafePointer<Double>
  ) -> UnsafeBufferPointer<Int32> {
    let records = workspace.records + instruction.errorOffset
    sums.update(repeating: 0, count: stride)
    let active = workspace.activeRows
    var activeCount = 0
    for row in 0..<instruction.rows {
      let place = coefficients + row * stride
      let remainder = SIMD8<Double>(repeating: records[row])
      let bias = SIMD8<Double>(repeating: bias[row])
      var isZero = true
      var column = 0
      while column < stride {
        let values = load(place + column)
        if any(values .!= 0) {
          isZero = false
          let product = values * bias
          store(load(constants + column) + product, constants + column)
          store(load(sizes + column) + magnitude(product), sizes + column)
          store(load(faults + column) + values * 0, faults + column)
          store(load(sums + column) + magnitude(values) * remainder, sums + column)
        }
        column &+= 8
      }
      guard !isZero else { continue }
      active[activeCount] = Int32(truncatingIfNeeded: row)
      activeCount &+= 1
    }
    constantCount &+= instruction.rows
    let factor = SIMD8<Double>(repeating: factor * Rounding.inflation(instruction.rows + 2))
    let underflow = SIMD8<Double>(
      repeating: Rounding.backwardUnderflow * records[instruction.rows] + Rounding.slack)
    var column = 0
    while column < stride {
      store(load(errors + column) + (load(sums + column) * factor + underflow), errors + column)
      column &+= 8
    }
    errorCount &+= 4
    return UnsafeBufferPointer(start: active, count: activeCount)
  }

  /// `sum_i c_i A_ik` by the rows of `A`.
  ///
  /// No element has more entries than `gamma` of the map allows for, so the forward remainders cover the errors.
  private mutating func sparse(
    _ instruction: CompiledCase.Instruction, _ packed: PackedSparse, _ coefficients: UnsafePointer<Double>
  ) {
    let map = packed.map
    let rows = affineTerms(instruction, bias: map.bias, factor: 1, coefficients)
    let operand = instruction.first.instruction
    let target = destination(operand)
    target.update(repeating: 0, count: map.inputCount * stride)
    for row in rows {
      let source = coefficients + Int(row) * stride
      for entry in map.entries(Int(row)) {
        let place = target + Int(map.columns[entry]) * stride
        let weight = SIMD8<Double>(repeating: map.weights[entry])
        var column = 0
        while column < stride {
          store(load(place + column) + weight * load(source + column), place + column)
          column &+= 8
        }
      }
    }
    deliver(operand, rows: map.inputCount)
  }

  private mutating func linear(
    _ instruction: CompiledCase.Instruction, _ map: PackedLinear, _ coefficients: UnsafePointer<Double>
  ) {
    let rows = affineTerms(instruction, bias: map.bias, factor: map.backwardFactor, coefficients)
    let operand = instruction.first.instruction
    let target = destination(operand)
    map.straight.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      if count <= BackwardMatrix.fewColumns {
        multiplyColumns(weights, map, rows, coefficients, target)
      } else {
        MatrixKernel.multiply(
          weights: weights, paddedRows: map.paddedColumns, active: rows, source: coefficients,
          sourceStride: stride, target: target, targetStride: stride, columns: stride)
      }
    }
    deliver(operand, rows: map.columns)
  }

  /// Columns up to which one product after the other is faster than all at once.
  private static let fewColumns = 3

  private func multiplyColumns(
    _ weights: UnsafePointer<Double>, _ map: PackedLinear, _ active: UnsafeBufferPointer<Int32>,
    _ coefficients: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    let vector = workspace.scratch(map.rows + map.paddedColumns)
    let result = vector + map.rows
    target.update(repeating: 0, count: map.paddedColumns * stride)
    for column in 0..<count {
      for row in 0..<map.rows { vector[row] = coefficients[row * stride + column] }
      MatrixKernel.multiply(
        weights: weights, paddedRows: map.paddedColumns, active: active, vector: vector, result: result)
      for row in 0..<map.columns { target[row * stride + column] = result[row] }
    }
  }

  private mutating func scale(
    _ instruction: CompiledCase.Instruction, _ factor: Double, _ coefficients: UnsafePointer<Double>
  ) {
    let records = workspace.records + instruction.errorOffset
    let operand = instruction.first.instruction
    let target = destination(operand)
    for row in 0..<instruction.rows {
      for column in 0..<stride {
        let coefficient = coefficients[row * stride + column]
        let product = factor * coefficient
        target[row * stride + column] = product
        errors[column] += coefficient.magnitude * records[row]
        faults[column] += coefficient * 0
        if product.magnitude < 0x1p-1000 && factor != 0 && coefficient != 0 { faults[column] = .nan }
      }
    }
    errorCount &+= instruction.rows
    deliver(operand, rows: instruction.rows)
  }

  /// An elementwise function by lines that all columns share.
  @inline(__always)
  private mutating func shared(
    _ instruction: CompiledCase.Instruction, _ coefficients: UnsafePointer<Double>,
    _ relax: (Double, Double) -> BackwardLines
  ) {
    let lower = workspace.neuronLower + instruction.neuronOffset
    let upper = workspace.neuronUpper + instruction.neuronOffset
    let operand = instruction.first.instruction
    let target = destination(operand)
    for row in 0..<instruction.rows {
      let place = row * stride
      let lines = relax(lower[row], upper[row])
      applyShared(lines, coefficients + place, target + place, bound: extent(lower[row], upper[row]))
    }
    deliver(operand, rows: instruction.rows)
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

  /// `max(x, 0)`, with the phases, multipliers and slopes of each column.
  private mutating func rectifier(
    _ instruction: CompiledCase.Instruction, _ coefficients: UnsafePointer<Double>, phases: ColumnPhases?,
    slopes: ColumnSlopes?
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
      guard known >= 0 || isOpen && slopes != nil else {
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
      fillLines(low, high, neuron, isOpen ? slopes : nil)
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
      phases.each(neuron) { column, sign, multiplier in
        let sum = target[place + column] - sign * multiplier
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

  /// The lines of one rectifier for every column.
  private func fillLines(_ low: Double, _ high: Double, _ neuron: Int, _ slopes: ColumnSlopes?) {
    let shared = BackwardLines(rectifier: low, high)
    let bound = 2 * Rounding.unit * extent(low, high)
    for column in 0..<stride {
      if let slopes {
        let slope = slopes.slope(neuron, column: column)
        lines[column] = slope
        lines[stride + column] = -(slope * bound + Rounding.slack)
      } else {
        lines[column] = shared.below.slope
        lines[stride + column] = shared.below.offset
      }
      lines[2 * stride + column] = shared.above.slope
      lines[3 * stride + column] = shared.above.offset
    }
  }

  /// `c x` with `x = centre + radius t`; the coefficients of `t` take the place of those of `x`.
  private mutating func input(_ coefficients: UnsafePointer<Double>, cell: Cell) {
    hasInput = true
    spans.update(repeating: 0, count: stride)
    let slopes = UnsafeMutablePointer(mutating: coefficients)
    for axis in 0..<compiled.dimension {
      let centre = Cell.midpoint(cell.lower[axis], cell.upper[axis])
      let radius = CellGeometry.radius(cell.lower[axis], cell.upper[axis], centre: centre)
      addRow(coefficients + axis * stride, times: centre)
      let factor = SIMD8<Double>(repeating: radius)
      var column = 0
      while column < stride {
        let slope = load(slopes + axis * stride + column) * factor
        store(slope, slopes + axis * stride + column)
        store(load(spans + column) + magnitude(slope), spans + column)
        column &+= 8
      }
    }
  }
}

extension BackwardMatrix {
  /// The lower bound of an objective as a linear function on the cell; nil where a number left the finite range.
  func side(_ objective: Int) -> AffineBounds.Side? {
    guard let constant = constant(objective) else { return nil }
    guard hasInput else {
      return AffineBounds.Side(constant: constant, slopes: [Double](repeating: 0, count: compiled.dimension))
    }
    let place = matrix(compiled.inputInstruction) + objective
    let slopes = (0..<compiled.dimension).map { place[$0 * stride] }
    guard slopes.allSatisfy(\.isFinite) else { return nil }
    return AffineBounds.Side(constant: constant, slopes: slopes)
  }

  /// A lower bound of an objective on the cell and the column's phases; minus infinity where nothing is known.
  package func lowerBound(_ objective: Int) -> Double {
    guard let constant = constant(objective) else { return -.infinity }
    guard hasInput else { return constant }
    let bound = (constant - spans[objective] * Rounding.inflation(compiled.dimension)).nextDown
    return bound.isFinite ? bound : -.infinity
  }

  /// The constant, with all that rounding may have taken.
  private func constant(_ objective: Int) -> Double? {
    guard faults[objective] == 0 else { return nil }
    let terms = constantCount + 2
    let spread = DotProductBound.gamma(terms) * sizes[objective] * Rounding.inflation(terms)
    // The input's slopes: each product is off by `u` times itself.
    let dimension = compiled.dimension
    let inputError =
      hasInput
      ? Rounding.unit * spans[objective] * Rounding.inflation(dimension) + Double(dimension) * Rounding.slack
      : 0
    let lost =
      ((errors[objective] + inputError) * Rounding.inflation(errorCount + 4) + spread) * Rounding.inflation(4)
      + Rounding.slack
    let value = (constants[objective] - lost).nextDown
    return value.isFinite ? value : nil
  }
}
