/// One, zero or minus one; the derivative is zero wherever there is one, so that nothing flows back.
func signValues(_ operand: [Double], into output: inout [Double]) {
  for index in output.indices { output[index] = operand[index] > 0 ? 1 : operand[index] < 0 ? -1 : 0 }
}
