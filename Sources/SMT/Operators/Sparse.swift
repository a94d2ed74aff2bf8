import RigorousArithmetic
import TensorGraph

/// `b + sum of w x` over the entries of each row; a selection only passes terms on.
func encodeSparse(_ map: SparseMap, at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let operand = site.operands[0]
  let isSelection = map.isSelection
  var rows: [RealTerm] = []
  rows.reserveCapacity(map.bias.count)
  for row in map.bias.indices {
    var parts: [RealTerm] = []
    for entry in map.entries(row) {
      parts.append(terms.scaled(Rational(dyadic: map.weights[entry]), operand[Int(map.columns[entry])]))
    }
    if isSelection, let only = parts.first {
      rows.append(only)
      continue
    }
    parts.append(terms.real(Rational(dyadic: map.bias[row])))
    rows.append(terms.sum(parts))
  }
  return isSelection ? rows : site.named(rows, &terms)
}
