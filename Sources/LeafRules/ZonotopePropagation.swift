import RigorousArithmetic
import TensorGraph

/// Propagation of a cell through a case, as a zonotope whose error symbols are boxed where a narrow tensor is
/// the only one alive.
///
/// Theorem. Let every point of the cell be written with coordinates' symbols in `[-1, 1]`. After each instruction,
/// for each such point there are values in `[-1, 1]` of all symbols introduced so far, one choice for all tensors
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
  /// Next free column.
  private var nextColumn = 1
  /// Whether some bound was not finite; then nothing may be concluded.
  private(set) var failed = false

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
      case .scale(let factor): scale(instruction, factor)
      case .relu: relu(instruction)
      case .clip(let clip): self.clip(instruction, lower: clip.lower, upper: clip.upper)
      case .smooth(let function): smooth(instruction, function)
      case .concat(let index): concat(instruction, compiled.concats[index])
      }
      if failed { return }
      if records { record(instruction) }
      if instruction.isReduction { reduce(instruction) }
    }
  }

  /// Keeps the remainders of a linear operator or a product, and bounds of the magnitudes of a shared value.
  private func record(_ instruction: CompiledCase.Instruction) {
    switch instruction.kind {
    case .linear, .sparse, .scale:
      let target = workspace.buffers[instruction.target]
      let place = workspace.records + instruction.errorOffset
      place.update(repeating: 0, count: instruction.rows)
      for position in 0..<target.activeCount {
        let row = Int(target.active[position])
        place[row] = target.remainder[row]
      }
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

  @inline(__always)
  private func clearRow(_ row: UnsafeMutablePointer<Double>, from first: Int, to last: Int) {
    var column = first
    while column < last {
      row[column] = 0
      column &+= 1
    }
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

  /// Clears the kernel-wide blocks from `first` to `last`.
  @inline(__always)
  private func clearBlocks(_ row: UnsafeMutablePointer<Double>, from first: Int, to last: Int) {
    var column = first
    while column < last {
      UnsafeMutableRawPointer(row + column).storeBytes(of: SIMD8<Double>(), as: SIMD8<Double>.self)
      column &+= MatrixKernel.blockColumns
    }
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
      let radius = CellGeometry.radius(lower[row], upper[row], centre: centre)
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

  /// `W x + b`.
  ///
  /// With `n` terms and gamma = `gamma(n + 2)`, the computed column `j` of row `i` is off by at most
  /// `gamma sum_k |W_ik| |X_kj|` (column 0: plus `gamma |b_i|`), so the remainder of row `i` becomes
  /// `sum_k |W_ik| (e_k + gamma m_k) + gamma |b_i|` where `m_k` bounds `sum_j |X_kj|`.
  private mutating func linear(_ instruction: CompiledCase.Instruction, _ map: PackedLinear) {
    let sourceSlot = instruction.first.slot
    if Policy.isTracked { workspace.buffers[sourceSlot].ensureMagnitudes() }
    let source = workspace.buffers[sourceSlot]
    workspace.buffers[instruction.target].reshape(rows: map.paddedRows, columns: source.columns)
    workspace.buffers[instruction.target].activateAll(map.rows)
    let target = workspace.buffers[instruction.target]
    let active = source.activeRows
    map.transposed.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      MatrixKernel.multiply(
        weights: weights, paddedRows: map.paddedRows, active: active, source: source.values,
        sourceStride: source.stride, target: target.values, targetStride: target.stride,
        columns: Swift.min(MatrixKernel.padded(source.firstFresh), target.stride))
      freshColumns(source, weights, map, target)
    }
    map.bias.withUnsafeBufferPointer { bias in
      for row in 0..<map.rows { target.values[row &* target.stride] += bias[row] }
    }
    guard Policy.isTracked || !keepsCorrelation else {
      target.remainder.update(repeating: 0, count: map.rows)
      return
    }
    if keepsCorrelation && !map.singleMagnitudes.isEmpty {
      errorTerms(source, map, target)
    } else {
      remainders(source, map, target)
    }
  }

  /// `sum_k |W_ik| (e_k + gamma m_k) + gamma |b_i|` where remainders are error terms only, so that few digits suffice.
  @inline(__always)
  private func errorTerms(_ source: ZonotopeBuffer, _ map: PackedLinear, _ target: ZonotopeBuffer) {
    let active = source.activeRows
    let vector = workspace.singles(map.columns + map.paddedRows)
    let sums = vector + map.columns
    let gamma = map.gamma
    for row in active {
      let row = Int(truncatingIfNeeded: row)
      vector[row] = SinglePrecision.above(source.remainder[row] + gamma * source.magnitude[row])
    }
    map.singleMagnitudes.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      MatrixKernel.multiply(
        weights: weights, paddedRows: map.paddedRows, active: active, vector: vector, result: sums)
    }
    let factor = SIMD4(repeating: SinglePrecision.inflation(map.columns))
    let slack = SIMD4(repeating: SinglePrecision.slack)
    map.biasError.withUnsafeBytes { biasError in
      var row = 0
      while row < map.paddedRows {
        let sum = SIMD4<Double>(UnsafeRawPointer(sums + row).loadUnaligned(as: SIMD4<Float>.self))
        let bias = biasError.loadUnaligned(fromByteOffset: row &* 8, as: SIMD4<Double>.self)
        UnsafeMutableRawPointer(target.remainder + row).storeBytes(
          of: (sum + bias) * factor + slack, as: SIMD4<Double>.self)
        row &+= PackedLinear.blockRows
      }
    }
  }

  /// The same in double precision, where remainders carry whole half widths.
  private func remainders(_ source: ZonotopeBuffer, _ map: PackedLinear, _ target: ZonotopeBuffer) {
    let active = source.activeRows
    let vector = workspace.scratch(map.columns)
    for row in active {
      let row = Int(truncatingIfNeeded: row)
      vector[row] = source.remainder[row] + (map.gamma * source.magnitude[row] + Rounding.underflow)
    }
    map.magnitudes.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      MatrixKernel.multiply(
        weights: weights, paddedRows: map.paddedRows, active: active, vector: vector, result: target.remainder
      )
    }
    let factor = Rounding.inflation(map.columns)
    for row in 0..<map.rows {
      target.remainder[row] = (target.remainder[row] + map.biasError[row]) * factor + Rounding.slack
    }
  }

  /// The columns of the product that the kernel left out: a column with one nonzero needs one product a row.
  @inline(__always)
  private func freshColumns(
    _ source: ZonotopeBuffer, _ weights: UnsafePointer<Double>, _ map: PackedLinear, _ target: ZonotopeBuffer
  ) {
    guard source.firstFresh < source.columns else { return }
    var column = MatrixKernel.padded(source.firstFresh)
    while column < source.columns {
      let row = Int(source.freshRow[column &- source.firstFresh])
      let factor = source.values[row &* source.stride &+ column]
      let weight = weights + row &* map.paddedRows
      var place = target.values + column
      for index in 0..<map.paddedRows {
        place.pointee = factor * weight[index]
        place += target.stride
      }
      column &+= 1
    }
    guard column < target.stride else { return }
    for row in 0..<map.paddedRows {
      clearRow(target.values + row &* target.stride, from: column, to: target.stride)
    }
  }

  /// `A x + b` by the rows of `A`.
  ///
  /// As `linear`: with at most `n` entries a row and gamma = `gamma(n + 2)`, the computed column `j` of row `i` is off by
  /// at most `gamma sum_k |A_ik| |X_kj|` (column 0: plus `gamma |b_i|`), so the remainder of row `i` becomes
  /// `sum_k |A_ik| (e_k + gamma m_k) + gamma |b_i|`. A selection computes nothing: its rows are the operand's.
  private mutating func sparse(_ instruction: CompiledCase.Instruction, _ packed: PackedSparse) {
    let map = packed.map
    let sourceSlot = instruction.first.slot
    if Policy.isTracked { workspace.buffers[sourceSlot].ensureMagnitudes() }
    let source = workspace.buffers[sourceSlot]
    workspace.buffers[instruction.target].reshape(rows: instruction.rows, columns: source.columns)
    workspace.buffers[instruction.target].activateAll(instruction.rows)
    let target = workspace.buffers[instruction.target]
    // What each element adds to remainders; -1 for those that are zero and hold no values.
    let shares = workspace.scratch(map.inputCount)
    shares.update(repeating: -1, count: map.inputCount)
    for row in source.activeRows {
      let row = Int(row)
      let isExact = packed.gamma == 0 || !Policy.isTracked
      shares[row] =
        source.remainder[row] + (isExact ? 0 : packed.gamma * source.magnitude[row] + Rounding.underflow)
    }
    let isExact = packed.gamma == 0
    let factor = isExact ? 1 : Rounding.inflation(packed.longestRow)
    for row in 0..<instruction.rows {
      let base = target.values + row * target.stride
      clearBlocks(base, from: 0, to: target.stride)
      var remainder = 0.0
      for entry in map.entries(row) {
        let operand = Int(map.columns[entry])
        let share = shares[operand]
        if share == -1 { continue }
        let weight = map.weights[entry]
        addRow(base, source.values + operand * source.stride, times: weight, count: target.stride)
        remainder += weight.magnitude * share
      }
      base[0] += map.bias[row]
      remainder += packed.gamma * map.bias[row].magnitude
      target.remainder[row] = isExact ? remainder : remainder * factor + Rounding.slack
    }
  }

  /// `target += factor * source` over `count` doubles, a multiple of the kernel's width.
  @inline(__always)
  private func addRow(
    _ target: UnsafeMutablePointer<Double>, _ source: UnsafePointer<Double>, times factor: Double, count: Int
  ) {
    let factors = SIMD8<Double>(repeating: factor)
    var column = 0
    while column < count {
      let values = UnsafeRawPointer(source + column).loadUnaligned(as: SIMD8<Double>.self)
      let sums = UnsafeRawPointer(target + column).loadUnaligned(as: SIMD8<Double>.self)
      UnsafeMutableRawPointer(target + column).storeBytes(
        of: sums + factors * values, as: SIMD8<Double>.self)
      column &+= MatrixKernel.blockColumns
    }
  }

  /// Sum of two tensors whose columns mean the same symbols.
  ///
  /// Each computed element is off by at most
  /// `u` times its own magnitude.
  private mutating func add(_ instruction: CompiledCase.Instruction) {
    let left = workspace.buffers[instruction.first.slot]
    let right = workspace.buffers[instruction.second.slot]
    workspace.buffers[instruction.target].reshape(
      rows: instruction.rows, columns: Swift.max(left.columns, right.columns))
    workspace.buffers[instruction.target].activateAll(instruction.rows)
    let target = workspace.buffers[instruction.target]
    for row in 0..<instruction.rows {
      clearRow(target.values + row * target.stride, from: 0, to: target.stride)
      target.remainder[row] = 0
    }
    for source in [left, right] {
      for position in 0..<source.activeCount {
        let row = Int(source.active[position])
        let base = target.values + row * target.stride
        let other = source.values + row * source.stride
        for column in 0..<source.columns { base[column] += other[column] }
        target.remainder[row] += source.remainder[row]
      }
    }
    guard Policy.isTracked else { return }
    workspace.buffers[instruction.target].ensureMagnitudes()
    let factor = Rounding.inflation(4)
    for row in 0..<instruction.rows {
      let lost = Rounding.unit * target.magnitude[row]
      target.remainder[row] = (target.remainder[row] + lost) * factor + Rounding.slack
    }
  }

  /// Product with a constant; each computed element is off by at most `u` times its own magnitude.
  private mutating func scale(_ instruction: CompiledCase.Instruction, _ factor: Double) {
    let source = workspace.buffers[instruction.first.slot]
    workspace.buffers[instruction.target].reshape(rows: instruction.rows, columns: source.columns)
    copyActive(from: source, to: instruction.target)
    let target = workspace.buffers[instruction.target]
    for position in 0..<source.activeCount {
      let row = Int(source.active[position])
      let base = target.values + row * target.stride
      let other = source.values + row * source.stride
      for column in 0..<source.stride { base[column] = factor * other[column] }
      target.remainder[row] = factor.magnitude * source.remainder[row]
    }
    guard Policy.isTracked else { return }
    workspace.buffers[instruction.target].ensureMagnitudes()
    let inflation = Rounding.inflation(4)
    for position in 0..<source.activeCount {
      let row = Int(source.active[position])
      let lost = Rounding.unit * target.magnitude[row] * 2
      target.remainder[row] = (target.remainder[row] + lost) * inflation + Rounding.slack
    }
  }

  private func copyActive(from source: ZonotopeBuffer, to slot: Int) {
    let target = workspace.buffers[slot].active
    for position in 0..<source.activeCount { target[position] = source.active[position] }
    workspace.buffers[slot].activeCount = source.activeCount
  }

  private func concat(_ instruction: CompiledCase.Instruction, _ operands: [CompiledCase.Operand]) {
    let columns = operands.reduce(1) { Swift.max($0, workspace.buffers[$1.slot].columns) }
    workspace.buffers[instruction.target].reshape(rows: instruction.rows, columns: columns)
    let target = workspace.buffers[instruction.target]
    var start = 0
    var count = 0
    for operand in operands {
      let source = workspace.buffers[operand.slot]
      for position in 0..<source.activeCount {
        let row = Int(source.active[position])
        let base = target.values + (start + row) * target.stride
        let other = source.values + row * source.stride
        for column in 0..<source.columns { base[column] = other[column] }
        clearRow(base, from: source.columns, to: target.stride)
        target.remainder[start + row] = source.remainder[row]
        target.active[count] = Int32(truncatingIfNeeded: start + row)
        count += 1
      }
      start += operand.rows
    }
    workspace.buffers[instruction.target].activeCount = count
  }

  /// Range of a row, rounded outwards; flags a failure unless both ends are finite.
  @inline(__always)
  private mutating func range(_ buffer: ZonotopeBuffer, _ row: Int) -> (
    lower: Double, upper: Double, radius: Double
  ) {
    let centre = buffer.values[row * buffer.stride]
    let radius = buffer.radius(row)
    let lower = Rounding.below(centre - radius)
    let upper = Rounding.above(centre + radius)
    if !(upper - lower < .infinity) { failed = true }
    return (lower, upper, radius)
  }

  /// `max(x, 0)`: identity above zero, dropped below, else `lambda x + h/2 + (h/2) s` with a fresh symbol, see
  /// `Relaxation`.
  private mutating func relu(_ instruction: CompiledCase.Instruction) {
    nonlinear(instruction) { [keepsCorrelation] lower, upper in
      keepsCorrelation
        ? Relaxation.relu(lower: lower, upper: upper)
        : Relaxation.image(lower: Swift.max(lower, 0), upper: Swift.max(upper, 0))
    }
  }

  private mutating func clip(_ instruction: CompiledCase.Instruction, lower: Double, upper: Double) {
    nonlinear(instruction) { [keepsCorrelation] low, high in
      keepsCorrelation
        ? Relaxation.clip(lower: low, upper: high, to: (lower, upper))
        : Relaxation.image(
          lower: Swift.min(Swift.max(low, lower), upper), upper: Swift.min(Swift.max(high, lower), upper))
    }
  }

  private mutating func smooth(_ instruction: CompiledCase.Instruction, _ function: SmoothFunction) {
    nonlinear(instruction) { [keepsCorrelation] lower, upper in
      keepsCorrelation
        ? Relaxation.smooth(function, lower: lower, upper: upper)
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

  /// Keeps the columns of the cell's coordinates and boxes everything else into one fresh symbol a row.
  ///
  /// The tensor is the only one alive, so the columns given up are referred to by nothing.
  private mutating func reduce(_ instruction: CompiledCase.Instruction) {
    guard keepsCorrelation else { return }
    let first = 1 + compiled.symbolCount
    var buffer = workspace.buffers[instruction.target]
    let rows = buffer.activeCount
    // Fewer error symbols than rows, and nothing is gained.
    guard buffer.columns > first + rows else { return }
    for position in 0..<rows {
      let row = Int(buffer.active[position])
      let base = buffer.values + row * buffer.stride
      let radius = buffer.radius(row, from: first)
      if attributes { workspace.shares.record(nextColumn + position, boxing: base, columns: buffer.columns) }
      clearRow(base, from: first, to: buffer.stride)
      base[first + position] = radius
      buffer.remainder[row] = 0
    }
    // The stride stays; only the number of columns in use shrinks, and what lies beyond is zero.
    if attributes { workspace.shares.move(from: nextColumn, to: first, symbols: rows) }
    buffer.columns = first + rows
    buffer.hasMagnitudes = false
    buffer.firstFresh = .max
    workspace.buffers[instruction.target] = buffer
    compact(instruction, rows: rows)
    nextColumn = first + rows
  }

  /// Moves the rows of a reduced tensor together under the smaller stride.
  private func compact(_ instruction: CompiledCase.Instruction, rows: Int) {
    let stride = MatrixKernel.padded(workspace.buffers[instruction.target].columns)
    let old = workspace.buffers[instruction.target].stride
    guard stride < old else { return }
    let values = workspace.buffers[instruction.target].values
    for position in 0..<rows {
      let row = Int(workspace.buffers[instruction.target].active[position])
      for column in 0..<stride { values[row * stride + column] = values[row * old + column] }
    }
    workspace.buffers[instruction.target].stride = stride
  }
}
