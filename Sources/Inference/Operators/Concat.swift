import TensorGraph

func concatValues(
  _ operands: [[Double]], shapes: [Shape], axis: Int, batch: Int, into output: inout [Double]
) {
  var start = 0
  forEachPiece(shapes, axis: axis, batch: batch) { operand, source, count in
    for index in 0..<count { output[start + index] = operands[operand][source + index] }
    start += count
  }
}

func concatFlow(
  _ flow: [Double], operand wanted: Int, shapes: [Shape], axis: Int, batch: Int, into operand: inout [Double]
) {
  var start = 0
  forEachPiece(shapes, axis: axis, batch: batch) { piece, source, count in
    if piece == wanted {
      for index in 0..<count { operand[source + index] += flow[start + index] }
    }
    start += count
  }
}

/// The contiguous pieces of a joined batch in order: which operand, where it starts there, how long it is.
private func forEachPiece(_ shapes: [Shape], axis: Int, batch: Int, _ body: (Int, Int, Int) -> Void) {
  guard let first = shapes.first else { return }
  let outer = first.extents[..<axis].reduce(1, *)
  for item in 0..<batch {
    for block in 0..<outer {
      for (operand, shape) in shapes.enumerated() {
        let width = shape.count / outer
        body(operand, item * shape.count + block * width, width)
      }
    }
  }
}
