import TensorGraph

func normalizeValues(_ normalization: Normalization, _ operand: [Double], into output: inout [Double]) {
  for start in stride(from: 0, to: operand.count, by: normalization.size) {
    let group = start..<start + normalization.size
    let (mean, inverse) = statistics(normalization, operand, group)
    for index in group { output[index] = (operand[index] - mean) * inverse }
  }
}

/// With y for the values and r for the reciprocal of the root, `r (flow_k - mean flow - y_k mean (flow y))`.
func normalizeFlow(
  _ normalization: Normalization, _ flow: [Double], at point: [Double], values: [Double],
  into operand: inout [Double]
) {
  for start in stride(from: 0, to: flow.count, by: normalization.size) {
    let group = start..<start + normalization.size
    let inverse = statistics(normalization, point, group).inverse
    let count = Double(normalization.size)
    let mean = group.reduce(0) { $0 + flow[$1] } / count
    let product = group.reduce(0) { $0 + flow[$1] * values[$1] } / count
    for index in group { operand[index] += inverse * (flow[index] - mean - values[index] * product) }
  }
}

/// The mean of a group, and the reciprocal of the root of its variance and epsilon.
private func statistics(
  _ normalization: Normalization, _ operand: [Double], _ group: Range<Int>
) -> (mean: Double, inverse: Double) {
  let count = Double(normalization.size)
  let mean = group.reduce(0) { $0 + operand[$1] } / count
  let variance = group.reduce(0) { $0 + (operand[$1] - mean) * (operand[$1] - mean) } / count
  return (mean, 1 / (variance + normalization.epsilon).squareRoot())
}
