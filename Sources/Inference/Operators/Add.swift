func addValues(_ left: [Double], _ right: [Double], into output: inout [Double]) {
  for index in output.indices { output[index] = left[index] + right[index] }
}

func addFlow(_ flow: [Double], into operand: inout [Double]) {
  for index in operand.indices { operand[index] += flow[index] }
}
