import TensorGraph

/// Rows of a table of shape `[rows, columns]`, which may differ from item to item.
///
/// - Precondition: indices are integers within the table.
func gatherValues(
  table: [Double], indices: [Double], shape: Shape, batch: Int, into output: inout [Double]
) {
  let columns = shape.extents[1]
  for item in 0..<batch {
    let start = item * shape.count + Int(indices[item]) * columns
    for column in 0..<columns { output[item * columns + column] = table[start + column] }
  }
}

func gatherFlow(_ flow: [Double], indices: [Double], shape: Shape, batch: Int, into table: inout [Double]) {
  let columns = shape.extents[1]
  for item in 0..<batch {
    let start = item * shape.count + Int(indices[item]) * columns
    for column in 0..<columns { table[start + column] += flow[item * columns + column] }
  }
}
