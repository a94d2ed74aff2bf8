func reshapeValues(_ operand: [Double], into output: inout [Double]) { output = operand }

func reshapeFlow(_ flow: [Double], into operand: inout [Double]) {
  for index in operand.indices { operand[index] += flow[index] }
}
