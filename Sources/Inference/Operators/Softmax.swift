import Foundation
import TensorGraph

/// By differences to the greatest operand of a group, so that nothing overflows.
func softmaxValues(_ softmax: Softmax, _ operand: [Double], into output: inout [Double]) {
  for start in stride(from: 0, to: operand.count, by: softmax.size) {
    let group = start..<start + softmax.size
    let greatest = group.reduce(-Double.infinity) { max($0, operand[$1]) }
    var sum = 0.0
    for index in group {
      output[index] = Foundation.exp(operand[index] - greatest)
      sum += output[index]
    }
    let logarithm = Foundation.log(sum)
    for index in group {
      output[index] = softmax.isLogarithm ? operand[index] - greatest - logarithm : output[index] / sum
    }
  }
}

/// With p for the quotients, `p_k (flow_k - sum_i flow_i p_i)`; for their logarithms `flow_k - p_k sum_i flow_i`.
func softmaxFlow(_ softmax: Softmax, _ flow: [Double], values: [Double], into operand: inout [Double]) {
  for start in stride(from: 0, to: flow.count, by: softmax.size) {
    let group = start..<start + softmax.size
    if softmax.isLogarithm {
      let sum = group.reduce(0) { $0 + flow[$1] }
      for index in group { operand[index] += flow[index] - Foundation.exp(values[index]) * sum }
    } else {
      let sum = group.reduce(0) { $0 + flow[$1] * values[$1] }
      for index in group { operand[index] += values[index] * (flow[index] - sum) }
    }
  }
}
