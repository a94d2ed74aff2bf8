func multiplyValues(_ left: [Double], _ right: [Double], into output: inout [Double]) {
  for index in output.indices { output[index] = left[index] * right[index] }
}

/// What the flow of a product gives the factor beside `other`.
func multiplyFlow(_ flow: [Double], by other: [Double], into operand: inout [Double]) {
  for index in operand.indices { operand[index] += flow[index] * other[index] }
}
