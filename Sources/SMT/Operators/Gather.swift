import RigorousArithmetic
import TensorGraph

/// A row of the table, where the index is a constant.
func encodeGather(at site: OperatorSite, _ terms: TermStore) throws(EncodingError) -> [RealTerm] {
  let (rows, columns) = (site.shapes[0].extents[0], site.shapes[0].extents[1])
  guard let index = terms.constant(site.operands[1][0])?.asInt(), (0..<rows).contains(index) else {
    throw site.unsupported("the index is not a constant in 0 ..< \(rows); fix its value first")
  }
  return Array(site.operands[0][index * columns..<(index + 1) * columns])
}
