func reluValues(_ operand: [Double], into output: inout [Double]) {
  for index in output.indices { output[index] = max(operand[index], 0) }
}

func reluFlow(_ flow: [Double], at point: [Double], into operand: inout [Double]) {
  for index in operand.indices where point[index] > 0 { operand[index] += flow[index] }
}
