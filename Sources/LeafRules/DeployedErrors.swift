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
/// earlier operators lost and that the pass has already counted where it lost it. A selection loses nothing when
/// deployed, but the coefficients of an element that it repeats are added up: there the record is the bound of that.
extension ZonotopePropagation {
  /// Adds what the deployed operator may have lost to the remainders of its value.
  mutating func lose(_ instruction: CompiledCase.Instruction) {
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
    if case .sparse(let index) = instruction.kind, compiled.sparses[index].map.isSelection {
      // The target's rows are elements of the operand.
      let gamma = compiled.sparses[index].gamma
      for row in 0..<instruction.rows {
        place[row] = gamma > 0 ? Rounding.above(gamma * extent(instruction.target, row)) : 0
      }
      return
    }
    for row in 0..<instruction.rows { place[row] = errors[row] * (1 + 0x1p-4) }
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
        weights: weights, paddedRows: map.paddedRows, active: source.activeRows, vector: sizes, result: errors
      )
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
      let inflation = Rounding.inflation(entries.count)
      errors[row] = SingleRounding.sum(
        terms: entries.count, size: size * inflation + Rounding.slack, operands: operands * inflation)
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

extension CompiledCase.Kind {
  /// Whether the deployed operator rounds, other than by an affine operator whose record covers it.
  var hasErrorsOfItsOwn: Bool {
    switch self {
    case .input, .constant, .add, .multiply, .clip, .smooth: return true
    case .linear, .sparse, .scale, .divide, .relu, .sign, .concat: return false
    }
  }
}
