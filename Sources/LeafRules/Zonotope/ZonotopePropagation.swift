import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Propagation of a cell through a case, as a zonotope whose error symbols are boxed where a narrow tensor is
/// the only one alive.
///
/// Theorem. Let every point of the cell that lies in the region's balls be written with coordinates' symbols in `[-1, 1]`.
/// After each instruction, for each such point there are values in `[-1, 1]` of all symbols introduced so far, one choice for all tensors
/// alive, and `|d_i| <= e_i`, with which each tensor's rows equal the real values of the graph at that point.
/// Symbols are never reused: a fresh one gets the next column, and columns are given up only at a reduction,
/// when no other tensor refers to them. So bounds read from the last tensor enclose the graph's real values.
///
/// Rounding: each operator adds to `e` an upper bound of what its own floating-point operations may have lost;
/// the bounds are stated beside each operator.
struct ZonotopePropagation<Policy: RoundingPolicy> {
  let compiled: CompiledCase
  let workspace: Workspace
  /// Whether coordinates get symbols; without them the cell enters as remainders and bounds are intervals.
  let keepsCorrelation: Bool
  /// Whether what the backward pass needs is recorded.
  let records: Bool
  /// Whether it is recorded which coordinates make up each error symbol; only for the choice of splits.
  let attributes: Bool
  /// What the region's balls leave of the cell; nil where they leave all.
  var cut: CutCell?
  /// Next free column.
  var nextColumn = 1
  /// Whether some bound was not finite; then nothing may be concluded.
  var failed = false

  init(
    _ compiled: CompiledCase, workspace: Workspace, keepsCorrelation: Bool, records: Bool = false,
    attributes: Bool = false
  ) {
    self.records = records
    self.attributes =
      attributes && keepsCorrelation && 1...SymbolShares.largestCount ~= compiled.symbolCount
    if self.attributes { workspace.shares.prepare(count: compiled.symbolCount) }
    self.compiled = compiled
    self.workspace = workspace
    self.keepsCorrelation = keepsCorrelation
    workspace.prepare(slots: compiled.slotCount, neurons: compiled.neuronCount)
    if records { workspace.prepareRecords(compiled.recordCount) }
  }

  /// Propagates; the result stands in buffer `compiled.outputSlot`.
  mutating func run(lower: UnsafePointer<Double>, upper: UnsafePointer<Double>) {
    nextColumn = keepsCorrelation ? 1 + compiled.symbolCount : 1
    failed = false
    for instruction in compiled.instructions {
      switch instruction.kind {
      case .input: input(instruction, lower: lower, upper: upper)
      case .constant(let index): constant(instruction, compiled.constants[index])
      case .linear(let index): linear(instruction, compiled.linears[index])
      case .sparse(let index): sparse(instruction, compiled.sparses[index])
      case .add: add(instruction)
      case .multiply: multiply(instruction)
      case .scale(let factor): scale(instruction) { factor * $0 }
      case .divide(let divisor): scale(instruction) { $0 / divisor.value }
      case .relu: relu(instruction)
      case .sign: sign(instruction)
      case .clip(let clip): self.clip(instruction, lower: clip.lower, upper: clip.upper)
      case .smooth(let function): smooth(instruction, function)
      case .softmax(let softmax): self.softmax(instruction, softmax)
      case .inverseRoot(let normalization): inverseRoot(instruction, normalization)
      case .concat(let index): concat(instruction, compiled.concats[index])
      }
      if failed { return }
      if compiled.arithmetic == .float32AnyOrder { lose(instruction) }
      if failed { return }
      if records { record(instruction) }
      if instruction.isReduction { reduce(instruction) }
    }
  }

  /// Keeps the remainders of a linear operator or a product, and bounds of the magnitudes of a shared value.
  private func record(_ instruction: CompiledCase.Instruction) {
    switch instruction.kind {
    case .linear, .sparse, .scale, .divide:
      let target = workspace.buffers[instruction.target]
      let place = workspace.records + instruction.errorOffset
      place.update(repeating: 0, count: instruction.rows)
      for position in 0..<target.activeCount {
        let row = Int(target.active[position])
        place[row] = target.remainder[row]
      }
      if compiled.arithmetic == .float32AnyOrder { recordErrors(instruction, place) }
      switch instruction.kind {
      case .linear, .sparse:
        place[instruction.rows] = sumOfMagnitudes(workspace.buffers[instruction.first.slot])
      default: break
      }
    default: break
    }
    guard instruction.isShared else { return }
    workspace.buffers[instruction.target].ensureMagnitudes()
    let target = workspace.buffers[instruction.target]
    let place = workspace.records + instruction.magnitudeOffset
    place.update(repeating: 0, count: instruction.rows)
    for position in 0..<target.activeCount {
      let row = Int(target.active[position])
      place[row] = (target.magnitude[row] + target.remainder[row]).nextUp
    }
  }

  /// Upper bound of the sum of magnitudes of a tensor whose magnitudes are known.
  private func sumOfMagnitudes(_ buffer: ZonotopeBuffer) -> Double {
    var sum = 0.0
    for position in 0..<buffer.activeCount {
      let row = Int(buffer.active[position])
      sum += buffer.magnitude[row] + buffer.remainder[row]
    }
    return sum * Rounding.inflation(buffer.activeCount)
  }

  /// Upper bound of what a row with a remainder is away from its centre.
  func radius(_ row: UnsafePointer<Double>, stride: Int, remainder: Double) -> Double {
    var sum = 0.0
    for column in 1..<MatrixKernel.blockColumns { sum += row[column].magnitude }
    if stride > MatrixKernel.blockColumns {
      sum += MatrixKernel.sumOfMagnitudes(
        row + MatrixKernel.blockColumns, count: stride - MatrixKernel.blockColumns)
    }
    return (sum + remainder) * Rounding.inflation(stride + 2) + Rounding.slack
  }

  /// Lists all rows of a tensor; those that are zero get their zeros.
  func materialize(_ slot: Int, rows: Int) {
    let buffer = workspace.buffers[slot]
    guard buffer.activeCount < rows else { return }
    var isActive = [Bool](repeating: false, count: rows)
    for row in buffer.activeRows { isActive[Int(row)] = true }
    for row in 0..<rows where !isActive[row] {
      clearRow(buffer.values + row * buffer.stride, from: 0, to: buffer.stride)
      buffer.remainder[row] = 0
      buffer.magnitude[row] = 0
    }
    workspace.buffers[slot].activateAll(rows)
  }

  @inline(__always)
  func clearRow(_ row: UnsafeMutablePointer<Double>, from first: Int, to last: Int) {
    var column = first
    while column < last {
      row[column] = 0
      column &+= 1
    }
  }

  /// Clears the kernel-wide blocks from `first` to `last`.
  @inline(__always)
  func clearBlocks(_ row: UnsafeMutablePointer<Double>, from first: Int, to last: Int) {
    var column = first
    while column < last {
      UnsafeMutableRawPointer(row + column).storeBytes(of: SIMD8<Double>(), as: SIMD8<Double>.self)
      column &+= MatrixKernel.blockColumns
    }
  }

  /// Range of a row on what the balls leave of the cell, rounded outwards; nil where they leave all.
  ///
  /// Theorem. The row is its affine part in the coordinates, which `CutCell` bounds, and the rest, which is no larger than
  /// the other columns and the remainder make it. The two ends may cross where no point is left.
  mutating func cutRow(_ buffer: ZonotopeBuffer, _ row: Int) -> (lower: Double, upper: Double)? {
    guard keepsCorrelation, cut != nil else { return nil }
    let base = buffer.values + row * buffer.stride
    let rest = buffer.radius(row, from: Swift.min(1 + compiled.symbolCount, buffer.stride))
    guard let part = cut?.range(base, columns: buffer.columns, axisColumns: compiled.axisColumns) else {
      return nil
    }
    return (
      Directed.addDown(part.lower, Directed.subtractDown(base[0], rest)),
      Directed.addUp(part.upper, Directed.addUp(base[0], rest))
    )
  }

  /// The same for a propagation that has come to its end.
  func cutRange(_ buffer: ZonotopeBuffer, _ row: Int) -> (lower: Double, upper: Double)? {
    guard cut != nil else { return nil }
    var copy = self
    return copy.cutRow(buffer, row)
  }

  /// Centre and half widths.
  ///
  /// The half width is rounded up so that centre ± half width covers the range.
  private mutating func input(
    _ instruction: CompiledCase.Instruction, lower: UnsafePointer<Double>, upper: UnsafePointer<Double>
  ) {
    workspace.buffers[instruction.target].reshape(rows: instruction.rows, columns: nextColumn)
    workspace.buffers[instruction.target].activateAll(instruction.rows)
    let buffer = workspace.buffers[instruction.target]
    for row in 0..<instruction.rows {
      let centre = Cell.midpoint(lower[row], upper[row])
      let radius = Cell.radius(lower[row], upper[row], centre: centre)
      let base = buffer.values + row * buffer.stride
      clearRow(base, from: 0, to: buffer.stride)
      base[0] = centre
      let column = compiled.axisColumns[row]
      if keepsCorrelation && column > 0 {
        base[column] = radius
        buffer.remainder[row] = 0
      } else {
        buffer.remainder[row] = radius
      }
      if !(radius < .infinity) { failed = true }
    }
    // Every coordinate's column has one nonzero.
    guard keepsCorrelation, compiled.symbolCount >= MatrixKernel.blockColumns else { return }
    for row in 0..<instruction.rows where compiled.axisColumns[row] > 0 {
      buffer.freshRow[compiled.axisColumns[row] - 1] = Int32(truncatingIfNeeded: row)
    }
    workspace.buffers[instruction.target].firstFresh = 1
  }

  private func constant(_ instruction: CompiledCase.Instruction, _ values: [Double]) {
    workspace.buffers[instruction.target].reshape(rows: instruction.rows, columns: 1)
    workspace.buffers[instruction.target].activateAll(instruction.rows)
    let buffer = workspace.buffers[instruction.target]
    for row in 0..<instruction.rows {
      let base = buffer.values + row * buffer.stride
      clearRow(base, from: 0, to: buffer.stride)
      base[0] = values[row]
      buffer.remainder[row] = 0
    }
  }
}
