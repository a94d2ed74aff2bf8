import TensorGraph

/// Affine operators: columns are combined exactly but for rounding, which goes to the remainders.
extension ZonotopePropagation {
  /// `W x + b`.
  ///
  /// With `n` terms and gamma = `gamma(n + 2)`, the computed column `j` of row `i` is off by at most
  /// `gamma sum_k |W_ik| |X_kj|` (column 0: plus `gamma |b_i|`), so the remainder of row `i` becomes
  /// `sum_k |W_ik| (e_k + gamma m_k) + gamma |b_i|` where `m_k` bounds `sum_j |X_kj|`.
  mutating func linear(_ instruction: CompiledCase.Instruction, _ map: PackedLinear) {
    let sourceSlot = instruction.first.slot
    if Policy.isTracked { workspace.buffers[sourceSlot].ensureMagnitudes() }
    let source = workspace.buffers[sourceSlot]
    workspace.buffers[instruction.target].reshape(rows: map.paddedRows, columns: source.columns)
    workspace.buffers[instruction.target].activateAll(map.rows)
    let target = workspace.buffers[instruction.target]
    let active = source.activeRows
    map.forward.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      MatrixKernel.multiply(
        weights: weights, paddedRows: map.paddedRows, depth: map.columns, active: active,
        source: source.values, sourceStride: source.stride, panel: workspace.panel(rows: map.columns),
        target: target.values, targetStride: target.stride,
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
        weights: weights, paddedRows: map.paddedRows, depth: map.columns, active: active, vector: vector,
        result: target.remainder)
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
      var place = target.values + column
      for index in 0..<map.paddedRows {
        place.pointee = factor * weights[PackedLinear.place(result: index, operand: row, of: map.columns)]
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
  mutating func sparse(_ instruction: CompiledCase.Instruction, _ packed: PackedSparse) {
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
  mutating func add(_ instruction: CompiledCase.Instruction) {
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

  /// Product with a constant or quotient by one; each computed element is off by at most `u` times its own magnitude.
  @inline(__always)
  mutating func scale(_ instruction: CompiledCase.Instruction, _ scaled: (Double) -> Double) {
    let source = workspace.buffers[instruction.first.slot]
    workspace.buffers[instruction.target].reshape(rows: instruction.rows, columns: source.columns)
    copyActive(from: source, to: instruction.target)
    let target = workspace.buffers[instruction.target]
    for position in 0..<source.activeCount {
      let row = Int(source.active[position])
      let base = target.values + row * target.stride
      let other = source.values + row * source.stride
      for column in 0..<source.stride { base[column] = scaled(other[column]) }
      target.remainder[row] = scaled(source.remainder[row]).magnitude
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

  func concat(_ instruction: CompiledCase.Instruction, _ operands: [CompiledCase.Operand]) {
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
}
