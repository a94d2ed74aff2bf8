import RigorousArithmetic
import TensorGraph
package import VerificationProblem

/// The point of the cell at which each column's linear bound is least, and what the lines of the backward pass make of
/// every tensor there.
///
/// Nothing is concluded from these numbers: their products with the coefficients are the derivatives of a bound by its
/// slopes and multipliers, and their distance from the real operators' values says which operator costs most.
package struct RelaxedValues {
  private let pass: BackwardMatrix
  private let compiled: CompiledCase
  private let workspace: Workspace
  private let stride: Int

  /// Follows the lines of a pass that has just run, with the phases and lines that it ran with.
  package init(_ pass: BackwardMatrix, cell: Cell, phases: ColumnPhases?, lines: ColumnLines?) {
    self.pass = pass
    compiled = pass.compiled
    workspace = pass.workspace
    stride = pass.stride
    workspace.prepareValues(compiled.coefficientCount * stride)
    for index in 0...compiled.outputInstruction { follow(index, cell, phases, lines) }
  }

  @inline(__always)
  private func value(_ instruction: Int) -> UnsafeMutablePointer<Double> {
    workspace.values + compiled.instructions[instruction].coefficientOffset * stride
  }

  private func follow(_ index: Int, _ cell: Cell, _ phases: ColumnPhases?, _ lines: ColumnLines?) {
    let instruction = compiled.instructions[index]
    let target = value(index)
    let source = value(instruction.first.instruction)
    let count = instruction.rows * stride
    switch instruction.kind {
    case .input:
      let gradient = pass.matrix(index)
      for axis in 0..<compiled.dimension {
        for column in 0..<stride {
          let isRising = gradient[axis * stride + column] > 0
          target[axis * stride + column] = isRising ? cell.lower[axis] : cell.upper[axis]
        }
      }
      guard var cut = pass.cut else { return }
      for column in 0..<pass.count {
        cut.leastPoint(gradient + column, stride: stride, into: target + column, pointStride: stride)
      }
    case .constant(let position):
      for row in 0..<instruction.rows {
        (target + row * stride).update(repeating: compiled.constants[position][row], count: stride)
      }
    case .linear(let map): linear(compiled.linears[map], source, target)
    case .sparse(let map): sparse(compiled.sparses[map].map, source, target)
    case .add:
      let other = value(instruction.second.instruction)
      for place in 0..<count { target[place] = source[place] + other[place] }
    case .multiply:
      let other = value(instruction.second.instruction)
      for place in 0..<count { target[place] = source[place] * other[place] }
    case .scale(let factor):
      for place in 0..<count { target[place] = factor * source[place] }
    case .divide(let divisor):
      for place in 0..<count { target[place] = source[place] / divisor.value }
    case .relu: rectifier(instruction, index, phases, lines)
    case .sign:
      for place in 0..<count { target[place] = source[place] > 0 ? 1 : source[place] < 0 ? -1 : 0 }
    case .clip(let clip):
      for place in 0..<count { target[place] = Swift.min(Swift.max(source[place], clip.lower), clip.upper) }
    case .smooth(let function):
      for row in 0..<instruction.rows {
        let lower = workspace.neuronLower[instruction.neuronOffset + row]
        let upper = workspace.neuronUpper[instruction.neuronOffset + row]
        let middle = Cell.midpoint(lower, upper)
        let slope = function.derivative(at: middle)
        let height = function.enclosure(over: .init(middle)).midpoint
        for column in row * stride..<(row + 1) * stride {
          target[column] = height + slope * (source[column] - middle)
        }
      }
    case .inverseRoot(let normalization):
      for row in 0..<instruction.rows {
        for column in 0..<stride {
          var sum = normalization.moved
          for index in row * normalization.size..<(row + 1) * normalization.size {
            let deviation = source[index * stride + column]
            sum += deviation * deviation / Double(normalization.size)
          }
          target[row * stride + column] = 1 / sum.squareRoot()
        }
      }
    case .softmax(let softmax): self.softmax(softmax, instruction.rows, source, target)
    case .concat(let position):
      var row = 0
      for operand in compiled.concats[position] {
        (target + row * stride).update(from: value(operand.instruction), count: operand.rows * stride)
        row += operand.rows
      }
    }
  }

  private func linear(
    _ map: PackedLinear, _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    let active = workspace.activeRows
    for row in 0..<map.columns { active[row] = Int32(truncatingIfNeeded: row) }
    map.forward.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      MatrixKernel.multiply(
        weights: weights, paddedRows: map.paddedRows, depth: map.columns,
        active: UnsafeBufferPointer(start: active, count: map.columns), source: source, sourceStride: stride,
        panel: workspace.panel(rows: map.columns), target: target, targetStride: stride, columns: stride)
    }
    for row in 0..<map.rows {
      for column in row * stride..<(row + 1) * stride { target[column] += map.bias[row] }
    }
  }

  private func sparse(
    _ map: SparseMap, _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    for row in map.bias.indices {
      let place = target + row * stride
      place.update(repeating: map.bias[row], count: stride)
      for entry in map.entries(row) {
        let other = source + Int(map.columns[entry]) * stride
        for column in 0..<stride { place[column] += map.weights[entry] * other[column] }
      }
    }
  }

  private func softmax(
    _ softmax: Softmax, _ rows: Int, _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    for column in 0..<stride {
      for start in Swift.stride(from: 0, to: rows, by: softmax.size) {
        let group = (start..<start + softmax.size).map { source[$0 * stride + column] }
        let sum = SoftmaxPlanes.logarithmOfSum(group).midpoint
        for (index, value) in group.enumerated() {
          let logarithm = value - sum
          target[(start + index) * stride + column] =
            softmax.isLogarithm ? logarithm : Interval(logarithm).exp().midpoint
        }
      }
    }
  }

  private func rectifier(
    _ instruction: CompiledCase.Instruction, _ index: Int, _ phases: ColumnPhases?, _ chosen: ColumnLines?
  ) {
    let target = value(index)
    let source = value(instruction.first.instruction)
    let coefficients = pass.matrix(index)
    for row in 0..<instruction.rows {
      let neuron = instruction.neuronOffset + row
      let (low, high) = (workspace.neuronLower[neuron], workspace.neuronUpper[neuron])
      let lines = BackwardLines(rectifier: low, high)
      let isOpen = low < 0 && high > 0
      for column in 0..<stride {
        let place = row * stride + column
        let x = source[place]
        let coefficient = coefficients[place]
        if !isOpen {
          target[place] = lines.below.slope * x
        } else if coefficient > 0 {
          target[place] = (chosen?.slope(neuron, column: column) ?? lines.below.slope) * x
        } else if coefficient < 0 {
          let above = chosen?.above(neuron, column: column) ?? lines.above
          target[place] = above.slope * x + above.offset
        } else {
          target[place] = Swift.max(x, 0)
        }
      }
      phases?.each(neuron) { column, sign, _ in
        guard sign != 0 else { return }
        target[row * stride + column] = sign > 0 ? source[row * stride + column] : 0
      }
    }
  }

  /// The value of an element of the output in a column.
  package func output(_ element: Int, _ column: Int) -> Double {
    value(compiled.outputInstruction)[element * stride + column]
  }

  /// The value of a rectifier's operand in a column.
  package func operand(_ neuron: NeuronPlace, _ column: Int) -> Double {
    value(neuron.operand)[neuron.row * stride + column]
  }

  /// The coefficient of a rectifier's value in a column's bound.
  package func coefficient(_ neuron: NeuronPlace, _ column: Int) -> Double {
    pass.matrix(neuron.instruction)[neuron.row * stride + column]
  }

  /// What a rectifier's line costs a column's bound at this point.
  package func cost(_ neuron: NeuronPlace, _ column: Int) -> Double {
    let image = value(neuron.instruction)[neuron.row * stride + column]
    return coefficient(neuron, column) * (Swift.max(operand(neuron, column), 0) - image)
  }

  /// The point of a column.
  package func point(_ column: Int) -> [Double] {
    guard compiled.inputInstruction >= 0 else { return [] }
    let place = value(compiled.inputInstruction) + column
    return (0..<compiled.dimension).map { place[$0 * stride] }
  }
}

/// Where a rectifier stands in a case.
package struct NeuronPlace: Sendable {
  /// Its index among the operands of nonlinear operators.
  package let neuron: Int
  let instruction: Int
  let operand: Int
  let row: Int
}

extension CompiledCase {
  /// The places of rectifiers by their indices; nil for other operators' operands.
  package var rectifiers: [NeuronPlace?] {
    var places = [NeuronPlace?](repeating: nil, count: neuronCount)
    for (index, instruction) in instructions.enumerated() {
      guard case .relu = instruction.kind else { continue }
      for row in 0..<instruction.rows {
        places[instruction.neuronOffset + row] = NeuronPlace(
          neuron: instruction.neuronOffset + row, instruction: index, operand: instruction.first.instruction,
          row: row)
      }
    }
    return places
  }
}
