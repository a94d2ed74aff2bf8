import LeafRules
import RigorousArithmetic
import TensorGraph

/// The values of a graph on a part of a cell with known phases, as affine functions of the inputs and of a variable for
/// each open rectifier whose phase is not known.
///
/// In plain doubles: a guide for multipliers, which the checker's rule judges.
struct AffinePart {
  /// The operand of a rectifier: coefficients of all variables, then the constant.
  struct Operand {
    let neuron: Int
    let form: [Double]
  }

  /// Number of inputs.
  let inputs: Int
  /// The open rectifiers whose phases are not known; their variables follow the inputs.
  private(set) var open: [Operand] = []
  /// The operands of the rectifiers whose phases are known, in no order.
  private(set) var known: [Operand] = []
  /// The output's elements.
  private(set) var outputs: [[Double]] = []

  /// Most numbers that are kept for the values of all nodes.
  private static let largestSize = 1 << 24

  /// Follows the graph; nil where an operator bends otherwise than a rectifier, or the numbers are too many.
  ///
  /// - Parameter phases: Whether the operand of a neuron is not negative, where that is known.
  init?(_ compiled: CompiledCase, _ base: PhaseBase, offsets: [Int: Int], phases: [Int: Bool]) {
    let graph = compiled.source
    inputs = compiled.dimension
    let variables = inputs + base.openNeurons.count(where: { phases[$0] == nil })
    let width = variables + 1
    guard
      graph.nodes.reduce(0, { $0 + $1.shape.count })
        .multipliedReportingOverflow(by: width).partialValue <= AffinePart.largestSize
    else { return nil }
    var values: [[[Double]]] = []
    let zero = [Double](repeating: 0, count: width)
    for (position, node) in graph.nodes.enumerated() {
      let operands = node.operands.map { values[$0] }
      switch node.operation {
      case .input:
        values.append(
          (0..<inputs).map { axis in
            var form = zero
            form[axis] = 1
            return form
          })
      case .constant(let tensor):
        values.append(
          tensor.values.map { value in
            var form = zero
            form[variables] = value
            return form
          })
      case .linear(let linear):
        values.append(
          (0..<linear.outputCount).map { row in
            var form = zero
            form[variables] = linear.bias.values[row]
            for column in 0..<linear.inputCount {
              AffinePart.add(
                linear.weights.values[row * linear.inputCount + column], operands[0][column], to: &form)
            }
            return form
          })
      case .sparse(let map):
        values.append(
          map.bias.indices.map { row in
            var form = zero
            form[variables] = map.bias[row]
            for entry in map.entries(row) {
              AffinePart.add(map.weights[entry], operands[0][Int(map.columns[entry])], to: &form)
            }
            return form
          })
      case .add:
        values.append(
          zip(operands[0], operands[1]).map { first, second in
            var form = first
            AffinePart.add(1, second, to: &form)
            return form
          })
      case .scale(let factor): values.append(operands[0].map { $0.map { factor * $0 } })
      case .divide(let divisor): values.append(operands[0].map { $0.map { $0 / divisor.value } })
      case .reshape: values.append(operands[0])
      case .concat: values.append(operands.flatMap(\.self))
      case .relu:
        guard let offset = offsets[position] else {
          // Nothing depends on it.
          values.append([])
          continue
        }
        var result: [[Double]] = []
        for (row, form) in operands[0].enumerated() {
          let neuron = offset + row
          if base.lower[neuron] >= 0 {
            result.append(form)
          } else if base.upper[neuron] <= 0 {
            result.append(zero)
          } else if let isActive = phases[neuron] {
            known.append(Operand(neuron: neuron, form: form))
            result.append(isActive ? form : zero)
          } else {
            var own = zero
            own[inputs + open.count] = 1
            open.append(Operand(neuron: neuron, form: form))
            result.append(own)
          }
        }
        values.append(result)
      case .multiply, .sign, .clip, .smooth, .maximum, .softmax, .normalize, .gather: return nil
      }
    }
    outputs = values[graph.outputs[0]]
  }

  private static func add(_ factor: Double, _ form: [Double], to sum: inout [Double]) {
    guard factor != 0 else { return }
    for index in form.indices { sum[index] += factor * form[index] }
  }
}
