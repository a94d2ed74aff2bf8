import RigorousArithmetic
import TensorGraph

/// Of two elements the greater one, and so on along each row.
func encodeMax(_ maximum: Maximum, at site: OperatorSite, _ terms: inout TermStore) -> [RealTerm] {
  let operand = site.operands[0]
  var rows: [RealTerm] = []
  rows.reserveCapacity(site.node.shape.count)
  for start in stride(from: 0, to: operand.count, by: maximum.size) {
    var greatest = operand[start]
    for index in start + 1..<start + maximum.size {
      let isGreater = terms.less(greatest, operand[index])
      greatest = terms.ite(isGreater, operand[index], greatest)
    }
    rows.append(greatest)
  }
  return site.named(rows, &terms)
}
