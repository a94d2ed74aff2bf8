import TensorGraph

extension NetworkImport {
  /// Applies a sparse map that one operator of the file stands for, given by the entries of each element of the result.
  ///
  /// The caller has charged for the entries before it makes them.
  ///
  /// - Parameter allowance: roundings beyond those of the sums, and for each element what steps add and take away again.
  mutating func sparse(
    _ operand: ImportedOperand, to extents: [Int], bias: [Double]? = nil,
    allowance: (roundings: Int, size: (Int) -> Double)? = nil, in node: ImportedNode,
    row: (Int) -> [(column: Int, weight: Double)]
  ) throws(ModelFormatError) -> ImportedValue {
    do {
      let shape = try Shape(extents)
      try checkSize(shape, in: node)
      let map = try SparseMap(
        shape: shape, inputCount: operand.value.extents.reduce(1, *), rows: (0..<shape.count).map(row),
        bias: bias,
        allowance: try allowance.map {
          try RoundingAllowance(roundings: $0.roundings, sizes: (0..<shape.count).map($0.size))
        })
      return try apply(.sparse(map), [operand], in: node)
    } catch let error as ModelFormatError {
      throw error
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }

  /// Applies a selection of elements, to integers known at import as well.
  mutating func select(
    _ operand: ImportedOperand, to extents: [Int], in node: ImportedNode, element: (Int) -> Int
  ) throws(ModelFormatError) -> ImportedValue {
    let shape: Shape
    do { shape = try Shape(extents) } catch { throw node.error(.shape, "\(error)") }
    try checkSize(shape, in: node)
    if case .integers(let constant) = operand.value {
      try charge(integers: shape.count, in: node)
      return .integers(
        IntegerConstant(extents: extents, values: (0..<shape.count).map { constant.values[element($0)] }))
    }
    try charge(shape.count, in: node)
    return try sparse(operand, to: extents, in: node) { [(element($0), 1)] }
  }
}

/// Positions in a row-major tensor.
struct RowMajor {
  let extents: [Int]
  let strides: [Int]

  init(_ extents: [Int]) {
    self.extents = extents
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    self.strides = strides
  }

  var count: Int { extents.reduce(1, *) }

  func index(_ offset: Int) -> [Int] {
    zip(extents, strides).map { offset / $1 % $0 }
  }

  func offset(_ index: [Int]) -> Int { zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension NetworkExport {
  /// A product with the whole matrix, between two reshapes.
  mutating func exportSparse(_ map: SparseMap, _ operand: Int, as name: String) throws(ModelFormatError) {
    guard map.allowance == nil else {
      throw error(
        .notRepresentable, place: name, "the graph says how a program rounds this operator",
        fix: "export the graph of the real numbers")
    }
    let rows = map.bias.count
    let (count, overflow) = rows.multipliedReportingOverflow(by: map.inputCount)
    guard !overflow, count <= ONNXLimits.elements else {
      throw error(
        .tooLarge, place: name,
        "a matrix of \(rows) rows and \(map.inputCount) columns has more than \(ONNXLimits.elements) elements"
      )
    }
    var values = [Double](repeating: 0, count: count)
    for row in 0..<rows {
      for entry in map.entries(row) {
        values[row * map.inputCount + Int(map.columns[entry])] = map.weights[entry]
      }
    }
    let flat = add(integers: [1, map.inputCount], name: "\(base)_flat")
    let weights = try add(
      constant: values, extents: [rows, map.inputCount], name: "\(base)_weight", place: name)
    let bias = try add(constant: map.bias, extents: [rows], name: "\(base)_bias", place: name)
    let shape = add(integers: map.shape.extents, name: "\(base)_shape")
    var attribute = WireAttribute()
    attribute.name = "transB"
    attribute.type = 2
    attribute.i = 1
    add(node: "Reshape", inputs: [names[operand], flat], output: "\(base)_row")
    add(
      node: "Gemm", inputs: ["\(base)_row", weights, bias], output: "\(base)_product", attributes: [attribute]
    )
    add(node: "Reshape", inputs: ["\(base)_product", shape], output: name)
  }
}
