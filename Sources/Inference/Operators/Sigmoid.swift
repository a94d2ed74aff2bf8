import TensorGraph

func sigmoidValues(_ operand: [Double], into output: inout [Double]) {
  for index in output.indices { output[index] = operand[index].logistic() ?? .nan }
}

/// The derivative from the value `v`: `v (1 - v)`.
func sigmoidFlow(_ flow: [Double], value: [Double], into operand: inout [Double]) {
  for index in operand.indices { operand[index] += flow[index] * value[index] * (1 - value[index]) }
}
