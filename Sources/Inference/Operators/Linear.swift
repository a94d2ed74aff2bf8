import TensorGraph

/// `Y = X W^T + b`, one row an item.
func linearValues(_ linear: Linear, _ operand: [Double], batch: Int, into output: inout [Double]) {
  guard batch > 0 else { return }
  let rows = linear.outputCount
  for item in 0..<batch {
    for row in 0..<rows { output[item * rows + row] = linear.bias.values[row] }
  }
  MatrixProduct.multiply(
    operand[...], linear.weights.values[...], transposeRight: true, m: batch, n: rows, k: linear.inputCount,
    beta: 1, into: &output)
}

/// `dX += dY W`.
func linearFlow(_ linear: Linear, _ flow: [Double], batch: Int, into operand: inout [Double]) {
  guard batch > 0 else { return }
  MatrixProduct.multiply(
    flow[...], linear.weights.values[...], m: batch, n: linear.inputCount, k: linear.outputCount, beta: 1,
    into: &operand)
}
