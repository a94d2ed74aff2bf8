import TensorGraph

func maximumValues(_ maximum: Maximum, _ operand: [Double], into output: inout [Double]) {
  for row in output.indices {
    output[row] = operand[greatest(maximum, operand, row)]
  }
}

/// The flow goes to the first of the greatest elements.
func maximumFlow(_ maximum: Maximum, _ flow: [Double], at point: [Double], into operand: inout [Double]) {
  for row in flow.indices { operand[greatest(maximum, point, row)] += flow[row] }
}

private func greatest(_ maximum: Maximum, _ operand: [Double], _ row: Int) -> Int {
  var place = row * maximum.size
  for index in row * maximum.size..<(row + 1) * maximum.size where operand[index] > operand[place] {
    place = index
  }
  return place
}
