import TensorGraph

func divideValues(_ operand: [Double], by divisor: Divisor, into output: inout [Double]) {
  for index in output.indices { output[index] = operand[index] / divisor.value }
}

func divideFlow(_ flow: [Double], by divisor: Divisor, into operand: inout [Double]) {
  for index in operand.indices { operand[index] += flow[index] / divisor.value }
}
