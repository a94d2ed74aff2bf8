import TensorGraph

func clipValues(_ clip: Clip, _ operand: [Double], into output: inout [Double]) {
  for index in output.indices { output[index] = min(max(operand[index], clip.lower), clip.upper) }
}

func clipFlow(_ clip: Clip, _ flow: [Double], at point: [Double], into operand: inout [Double]) {
  for index in operand.indices where point[index] > clip.lower && point[index] < clip.upper {
    operand[index] += flow[index]
  }
}
