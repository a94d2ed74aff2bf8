import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Affine operators, by the first two points of the theorem of `BackwardMatrix`.
extension BackwardMatrix {
  /// The constants and errors of an affine map; returns the rows with a coefficient that is not zero.
  ///
  /// - Parameter factor: At least the ratio of the relative error of the product of coefficients and matrix to that of
  ///   the forward product.
  private mutating func affineTerms(
    _ instruction: CompiledCase.Instruction, bias: [Double], factor: Double,
    _ coefficients: UnsafePointer<Double>
  ) -> UnsafeBufferPointer<Int32> {
    let records = workspace.records + instruction.errorOffset
    let rows = instruction.rows
    let active = workspace.activeRows
    active.update(repeating: 0, count: rows)
    // Eight columns at a time, so that their sums stay in registers.
    var column = 0
    while column < stride {
      var constant = load(constants + column)
      var size = load(sizes + column)
      var sum = SIMD8<Double>()
      for row in 0..<rows {
        let values = load(coefficients + (row &* stride &+ column))
        // Where other columns have made a row active, sums of zeros cost less than looking for them.
        if active[row] == 0 {
          guard any(values .!= 0) else { continue }
          active[row] = 1
        }
        let product = values * SIMD8(repeating: bias[row])
        constant += product
        size += magnitude(product)
        sum += magnitude(values) * SIMD8(repeating: records[row])
      }
      store(constant, constants + column)
      store(size, sizes + column)
      store(sum, sums + column)
      column &+= 8
    }
    var activeCount = 0
    for row in 0..<rows where active[row] != 0 {
      active[activeCount] = Int32(truncatingIfNeeded: row)
      activeCount &+= 1
    }
    constantCount &+= rows
    let factor = SIMD8<Double>(repeating: factor * Rounding.inflation(rows + 2))
    let underflow = SIMD8<Double>(
      repeating: Rounding.backwardUnderflow * records[rows] + Rounding.slack)
    column = 0
    while column < stride {
      store(load(errors + column) + (load(sums + column) * factor + underflow), errors + column)
      column &+= 8
    }
    errorCount &+= 4
    return UnsafeBufferPointer(start: active, count: activeCount)
  }

  /// Objectives `2 p` and `2 p + 1` on the operand of a map: the `p`-th of some rows, and its negation.
  ///
  /// Nothing is lost in exact arithmetic: row `i` is `sum_k W_ik x_k + b_i`.
  mutating func setRows(_ map: PackedLinear, _ rows: ArraySlice<Int>) {
    map.forward.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      var target = UnsafeMutableRawPointer(matrix(start))
      for column in 0..<map.columns {
        var place = target
        for row in rows {
          let weight = weights[PackedLinear.place(result: row, operand: column, of: map.columns)]
          place.storeBytes(of: SIMD2(weight, -weight), as: SIMD2<Double>.self)
          place += MemoryLayout<SIMD2<Double>>.stride
        }
        target += stride &* MemoryLayout<Double>.stride
      }
    }
    for (position, row) in rows.enumerated() {
      let bias = map.bias[row]
      constants[2 * position] = bias
      constants[2 * position + 1] = -bias
      sizes[2 * position] = bias.magnitude
      sizes[2 * position + 1] = bias.magnitude
    }
    constantCount &+= 1
  }

  /// `sum_i c_i A_ik` by the rows of `A`.
  ///
  /// No element has more entries than `gamma` of the map allows for, so the forward remainders cover the errors.
  mutating func sparse(
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

  mutating func linear(
    _ instruction: CompiledCase.Instruction, _ map: PackedLinear, _ coefficients: UnsafePointer<Double>
  ) {
    // In single precision the record covers the product with the transposed map too, see `DeployedErrors`.
    let factor = compiled.arithmetic == .real ? map.backwardFactor : 1
    let rows = affineTerms(instruction, bias: map.bias, factor: factor, coefficients)
    let operand = instruction.first.instruction
    let target = destination(operand)
    map.backward.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      if count <= BackwardMatrix.fewColumns {
        multiplyColumns(weights, map, rows, coefficients, target)
      } else {
        MatrixKernel.multiply(
          weights: weights, paddedRows: map.paddedColumns, depth: map.rows, active: rows,
          source: coefficients,
          sourceStride: stride, panel: workspace.panel(rows: map.rows), target: target, targetStride: stride,
          columns: stride)
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
        weights: weights, paddedRows: map.paddedColumns, depth: map.rows, active: active, vector: vector,
        result: result)
      for row in 0..<map.columns { target[row * stride + column] = result[row] }
    }
  }

  /// Product with a constant or quotient by one.
  @inline(__always)
  mutating func scale(
    _ instruction: CompiledCase.Instruction, _ coefficients: UnsafePointer<Double>, isZero: Bool,
    _ scaled: (Double) -> Double
  ) {
    let records = workspace.records + instruction.errorOffset
    let operand = instruction.first.instruction
    let target = destination(operand)
    for row in 0..<instruction.rows {
      for column in 0..<stride {
        let coefficient = coefficients[row * stride + column]
        let product = scaled(coefficient)
        target[row * stride + column] = product
        errors[column] += coefficient.magnitude * records[row]
        faults[column] += coefficient * 0
        if product.magnitude < 0x1p-1000 && !isZero && coefficient != 0 { faults[column] = .nan }
      }
    }
    errorCount &+= instruction.rows
    deliver(operand, rows: instruction.rows)
  }
}
