import TensorGraph

/// `y = A x + b`, one row an item.
func sparseValues(_ map: SparseMap, _ operand: [Double], batch: Int, into output: inout [Double]) {
  let rows = map.bias.count
  for item in 0..<batch {
    let start = item * map.inputCount
    for row in 0..<rows {
      var sum = map.bias[row]
      for entry in map.entries(row) { sum += map.weights[entry] * operand[start + Int(map.columns[entry])] }
      output[item * rows + row] = sum
    }
  }
}

/// `dx += A' dy`.
func sparseFlow(_ map: SparseMap, _ flow: [Double], batch: Int, into operand: inout [Double]) {
  let rows = map.bias.count
  for item in 0..<batch {
    let start = item * map.inputCount
    for row in 0..<rows {
      let upstream = flow[item * rows + row]
      if upstream == 0 { continue }
      for entry in map.entries(row) {
        operand[start + Int(map.columns[entry])] += map.weights[entry] * upstream
      }
    }
  }
}
