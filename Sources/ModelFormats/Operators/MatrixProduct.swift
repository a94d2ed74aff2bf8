import TensorGraph

extension NetworkImport {
  /// The product of the matrices in the last two axes of two values, the axes before them broadcast: a product for each
  /// pair of elements that meet, and their sums.
  mutating func matrixProduct(
    _ left: ImportedOperand, _ right: ImportedOperand, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let (a, b) = (left.value.extents, right.value.extents)
    guard a.count >= 2, b.count >= 2, a[a.count - 1] == b[b.count - 2] else {
      throw node.error(.shape, "cannot multiply matrices of shapes \(a) and \(b)")
    }
    let (rows, inner, columns) = (a[a.count - 2], a[a.count - 1], b[b.count - 1])
    let batch = try broadcastShape(a.dropLast(2), b.dropLast(2), in: node)
    let count = try product([batch.count, rows, columns, inner], in: node)
    try charge(try product([count, 3], in: node), in: node)
    let leftStarts = broadcastElements(of: a.dropLast(2), in: batch)
    let rightStarts = broadcastElements(of: b.dropLast(2), in: batch)
    let pairs = RowMajor([batch.count, rows, columns, inner])
    let extents = batch.extents + [rows, columns]
    func leftElement(_ pair: Int) -> Int {
      let index = pairs.index(pair)
      return (leftStarts[index[0]] * rows + index[1]) * inner + index[3]
    }
    func rightElement(_ pair: Int) -> Int {
      let index = pairs.index(pair)
      return (rightStarts[index[0]] * inner + index[3]) * columns + index[2]
    }
    // One constant factor leaves a matrix that acts on the other's elements.
    for (constant, place, value, element) in [
      (left, leftElement, right, rightElement), (right, rightElement, left, leftElement),
    ] {
      guard let weights = constant.value.tensor?.values else { continue }
      return try sparse(value, to: extents, in: node) { result in
        (result * inner..<(result + 1) * inner).map { (element($0), weights[place($0)]) }
      }
    }
    let factors = [
      try select(left, to: [count], in: node, element: leftElement),
      try select(right, to: [count], in: node, element: rightElement),
    ]
    let products = try multiply(
      ImportedOperand(derived: factors[0]), ImportedOperand(derived: factors[1]), in: node)
    return try sparse(ImportedOperand(derived: products), to: extents, in: node) { result in
      (result * inner..<(result + 1) * inner).map { ($0, 1) }
    }
  }
}

extension NetworkImport {
  fileprivate mutating func broadcastShape(
    _ left: ArraySlice<Int>, _ right: ArraySlice<Int>, in node: ImportedNode
  ) throws(ModelFormatError) -> Shape {
    try broadcastShape(Array(left), Array(right), in: node)
  }

  fileprivate func broadcastElements(of extents: ArraySlice<Int>, in shape: Shape) -> [Int] {
    broadcastElements(of: Array(extents), in: shape)
  }
}
