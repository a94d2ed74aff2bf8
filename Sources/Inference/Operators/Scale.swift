func scaleValues(_ operand: [Double], by factor: Double, into output: inout [Double]) {
  for index in output.indices { output[index] = factor * operand[index] }
}

func scaleFlow(_ flow: [Double], by factor: Double, into operand: inout [Double]) {
  for index in operand.indices { operand[index] += factor * flow[index] }
}
