import TensorGraph
import VerificationProblem

/// The rounding errors of operators that are deployed in single precision.
///
/// Theorem. Let the zonotope's theorem hold for what the deployed operators computed so far, instead of the real values.
/// The deployed operator returns the real function of its operands up to an error that `SingleRounding` bounds from
/// upper bounds of the operands' magnitudes; with that bound added to the remainders, the theorem holds for what it
/// returns. Operands of further operators are those computed values, so that bounds of nonlinear operators' operands
/// and the lines on them hold for them too.
///
/// Backwards: replacing a tensor by its operands replaces `c x` by `c f(operands) - |c| E` with the same bound `E`. An
/// affine operator's record is multiplied with `|c|` for its rounding errors in double precision anyway. These are at most
/// `2^-5` of `E` for fewer than `2^24` rows, since both grow with the same sums of magnitudes, and `2^-53` times the
/// rows is that much less than `2^-24`. So the record becomes `(1 + 2^-4) E`, in place of remainders that hold what
/// earlier operators lost and that the pass has already counted where it lost it. A step within an operator, see
/// `LoweredGraph`, makes no errors of its own, and its record is `2^-4 E`. A selection loses nothing when deployed, but the
/// coefficients of an element that it repeats are added up; its record is `2 gamma(n) |x|` where up to `n` rows repeat one.
extension ZonotopePropagation {
  /// Adds what the deployed operator may have lost to the remainders of its value.
  mutating func lose(_ instruction: CompiledCase.Instruction) {
    if instruction.part == .inner {
      // Its errors are not made, but the size of a record rests on them.
      switch instruction.kind {
      case .linear, .sparse, .scale, .divide: break
      default: return
      }
    }
    if case .last(let normalization) = instruction.part {
      activateZeros(instruction)
      return lose(instruction, normalizationErrors(instruction, normalization))
    }
    if case .smooth = instruction.kind { activateZeros(instruction) }
    let errors = workspace.losses(instruction.paddedRows)
    let target = workspace.buffers[instruction.target]
    switch instruction.kind {
    case .relu, .sign, .concat: return
    case .linear(let index): linearErrors(instruction, compiled.linears[index], errors)
    case .sparse(let index): sparseErrors(instruction, compiled.sparses[index].map, errors)
    case .constant(let index):
      for row in 0..<instruction.rows {
        errors[row] = SingleRounding.constant(compiled.constants[index][row])
      }
    case .clip(let clip):
      errors.update(repeating: SingleRounding.clip(clip), count: instruction.rows)
    // A step of an operator, which loses at the last step.
    case .inverseRoot: return
    case .softmax(let softmax):
      let operands = workspace.scratch(instruction.rows)
      operands.update(repeating: 0, count: instruction.rows)
      fillExtents(instruction.first.slot, operands)
      let bound = (0..<instruction.rows).reduce(0) { Swift.max($0, operands[$1]) }
      for row in 0..<instruction.rows {
        errors[row] = SingleRounding.softmax(
          softmax, operands: bound, value: extent(instruction.target, row))
      }
    case .input, .add, .multiply, .scale, .divide, .smooth:
      errors.update(repeating: 0, count: instruction.rows)
      let operands = workspace.scratch(instruction.rows)
      operands.update(repeating: 0, count: instruction.rows)
      if instruction.first.rows == instruction.rows { fillExtents(instruction.first.slot, operands) }
      for row in target.activeRows {
        let row = Int(row)
        errors[row] = elementError(
          instruction.kind, value: extent(instruction.target, row), operand: operands[row])
      }
    }
    if instruction.part != .inner { lose(instruction, errors) }
  }

  private mutating func lose(
    _ instruction: CompiledCase.Instruction, _ errors: UnsafeMutablePointer<Double>
  ) {
    let target = workspace.buffers[instruction.target]
    var isFinite = true
    for row in target.activeRows {
      let row = Int(row)
      isFinite = isFinite && errors[row] < .infinity
      target.remainder[row] = Rounding.above(target.remainder[row] + errors[row])
    }
    failed = failed || !isFinite
    guard records, let offset = instruction.deployedOffset else { return }
    (workspace.records + offset).update(from: errors, count: instruction.rows)
  }

  /// What the backward pass is to subtract for an affine operator, see the theorem.
  func recordErrors(_ instruction: CompiledCase.Instruction, _ place: UnsafeMutablePointer<Double>) {
    let errors = workspace.losses(instruction.paddedRows)
    let factor = instruction.part == .inner ? 0x1p-4 : 1 + 0x1p-4
    for row in 0..<instruction.rows { place[row] = errors[row] * factor }
    guard case .sparse(let index) = instruction.kind, compiled.sparses[index].map.isSelection else { return }
    let gamma = 2 * compiled.sparses[index].gamma
    guard gamma > 0 else { return }
    for row in workspace.buffers[instruction.target].activeRows {
      place[Int(row)] = Rounding.above(gamma * extent(instruction.target, Int(row)))
    }
  }

  /// What a normalization loses, from bounds of its operand, of the inverse roots that the product before its last step
  /// has recorded, and of its value.
  private func normalizationErrors(
    _ instruction: CompiledCase.Instruction, _ normalization: Normalization
  ) -> UnsafeMutablePointer<Double> {
    let errors = workspace.losses(instruction.paddedRows)
    let (rows, size) = (instruction.rows, normalization.size)
    let operands = workspace.scratch(rows)
    operands.update(repeating: 0, count: rows)
    fillExtents(instruction.second.slot, operands)
    let inverses = workspace.neuronUpper + (instruction.neuronOffset - rows)
    for start in stride(from: 0, to: rows, by: size) {
      let bound = (start..<start + size).reduce(0) { Swift.max($0, operands[$1]) }
      for row in start..<start + size {
        errors[row] = SingleRounding.normalization(
          normalization, operands: bound, inverse: Rounding.above(inverses[row] * Double(size)),
          value: extent(instruction.target, row))
      }
    }
    return errors
  }

  private func elementError(_ kind: CompiledCase.Kind, value: Double, operand: Double) -> Double {
    switch kind {
    case .scale(let factor): return SingleRounding.operation(with: factor, value: value, operand: operand)
    case .divide(let divisor):
      return SingleRounding.operation(with: divisor.value, value: value, operand: operand)
    case .smooth(let function): return SingleRounding.function(function, at: operand, value: value)
    default: return SingleRounding.operation(value: value)
    }
  }

  /// Writes upper bounds of the magnitudes of a tensor's active rows.
  private func fillExtents(_ slot: Int, _ sizes: UnsafeMutablePointer<Double>) {
    for row in workspace.buffers[slot].activeRows { sizes[Int(row)] = extent(slot, Int(row)) }
  }

  /// Upper bound of the magnitude of an element of an active row, closer than the buffer's own.
  private func extent(_ slot: Int, _ row: Int) -> Double {
    let buffer = workspace.buffers[slot]
    return Rounding.above(buffer.values[row * buffer.stride].magnitude + buffer.radius(row))
  }

  /// `sum_k |W_ik| |x_k| + |b_i|` by the kernel, and its error.
  private func linearErrors(
    _ instruction: CompiledCase.Instruction, _ map: PackedLinear, _ errors: UnsafeMutablePointer<Double>
  ) {
    let slot = instruction.first.slot
    let source = workspace.buffers[slot]
    let sizes = workspace.scratch(map.columns)
    fillExtents(slot, sizes)
    let operands = source.activeRows.reduce(0) { $0 + sizes[Int($1)] }
    map.magnitudes.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      MatrixKernel.multiply(
        weights: weights, paddedRows: map.paddedRows, depth: map.columns, active: source.activeRows,
        vector: sizes, result: errors)
    }
    let inflation = Rounding.inflation(map.columns)
    let gamma = SingleRounding.gamma(map.columns + 3)
    for row in 0..<map.rows {
      let size = (errors[row] + map.bias[row].magnitude) * inflation + Rounding.slack
      errors[row] = SingleRounding.sum(
        gamma: gamma, terms: map.columns, size: size, operands: operands * inflation)
    }
  }

  private func sparseErrors(
    _ instruction: CompiledCase.Instruction, _ map: SparseMap, _ errors: UnsafeMutablePointer<Double>
  ) {
    errors.update(repeating: 0, count: instruction.rows)
    guard !map.isSelection else { return }
    let sizes = workspace.scratch(map.inputCount)
    sizes.update(repeating: 0, count: map.inputCount)
    fillExtents(instruction.first.slot, sizes)
    for row in 0..<instruction.rows {
      var size = map.bias[row].magnitude
      var operands = 0.0
      let entries = map.entries(row)
      for entry in entries {
        let bound = sizes[Int(map.columns[entry])]
        size += map.weights[entry].magnitude * bound
        operands += bound
      }
      let inflation = Rounding.inflation(entries.count + 1)
      errors[row] = SingleRounding.sum(
        terms: entries.count + (map.allowance?.roundings ?? 0),
        size: (size + (map.allowance?.sizes[row] ?? 0)) * inflation + Rounding.slack,
        operands: operands * inflation)
    }
  }

  /// Lists the rows of a smooth function's value that are zero in real numbers and need not be computed as zero.
  private func activateZeros(_ instruction: CompiledCase.Instruction) {
    let target = workspace.buffers[instruction.target]
    guard target.activeCount < instruction.rows else { return }
    var isActive = [Bool](repeating: false, count: instruction.rows)
    for row in target.activeRows { isActive[Int(row)] = true }
    for row in 0..<instruction.rows where !isActive[row] {
      clearRow(target.values + row * target.stride, from: 0, to: target.stride)
      target.remainder[row] = 0
      target.magnitude[row] = 0
    }
    workspace.buffers[instruction.target].activateAll(instruction.rows)
  }
}

extension BackwardMatrix {
  /// Subtracts what the deployed operator may have lost: `|c_i| E_i` for each element.
  mutating func lose(
    _ instruction: CompiledCase.Instruction, _ coefficients: UnsafePointer<Double>, errors offset: Int
  ) {
    let lost = workspace.records + offset
    for row in 0..<instruction.rows where lost[row] > 0 {
      let error = SIMD8<Double>(repeating: lost[row])
      let place = coefficients + row * stride
      var column = 0
      while column < stride {
        store(load(errors + column) + magnitude(load(place + column)) * error, errors + column)
        column &+= 8
      }
    }
    errorCount &+= instruction.rows
  }
}

extension LoweredGraph.Part {
  /// Whether errors of the deployed operator are counted at a step, other than in an affine operator's record.
  func hasErrors(_ kind: CompiledCase.Kind) -> Bool {
    switch self {
    case .whole: return kind.hasErrorsOfItsOwn
    case .inner: return false
    case .last: return true
    }
  }
}

extension CompiledCase.Kind {
  /// Whether the deployed operator rounds, other than by an affine operator whose record covers it.
  var hasErrorsOfItsOwn: Bool {
    switch self {
    case .input, .constant, .add, .multiply, .clip, .smooth, .softmax: return true
    case .linear, .sparse, .scale, .divide, .relu, .sign, .concat, .inverseRoot: return false
    }
  }
}
