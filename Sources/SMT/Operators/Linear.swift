import RigorousArithmetic
import TensorGraph

/// `b + sum of w x`, over the weights that are not zero.
func encodeLinear(_ linear: Linear, at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let operand = site.operands[0]
  let width = linear.inputCount
  var rows: [RealTerm] = []
  rows.reserveCapacity(linear.outputCount)
  for row in 0..<linear.outputCount {
    var parts: [RealTerm] = []
    for column in 0..<width where linear.weights.values[row * width + column] != 0 {
      let weight = Rational(dyadic: linear.weights.values[row * width + column])
      parts.append(terms.scaled(weight, operand[column]))
    }
    parts.append(terms.real(Rational(dyadic: linear.bias.values[row])))
    rows.append(terms.sum(parts))
  }
  return site.named(rows, &terms)
}
