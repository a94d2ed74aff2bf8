import TensorGraph

/// Gemm with `alpha = beta = 1`, computed rows and constant weights: `x W + c` or `x W' + c`.
func importGemm(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 2...3, attributes: ["alpha", "beta", "transA", "transB"])
  for name in ["alpha", "beta"] {
    if let value = try node.float(name), value != 1 {
      throw node.error(.unsupportedFeature, "`\(name)` is \(value)", fix: "fold the factor into the weights")
    }
  }
  guard try node.integer("transA") ?? 0 == 0 else {
    throw node.error(.unsupportedFeature, "`transA` is set", fix: "export without transposing the input")
  }
  let row = try network.realOperand(0, of: node)
  let (matrix, name) = try network.constantMatrix(1, of: node)
  guard row.value.extents.count == 2 else {
    throw node.error(.shape, "the first operand has shape \(row.value.extents) instead of two axes")
  }
  let isTransposed = try node.integer("transB") ?? 0 != 0
  let weights = isTransposed ? matrix : try network.transpose(matrix, named: name, in: node)
  let bias = try network.gemmBias(weights.shape.extents[0], of: node, type: row.value.type)
  return try network.linear(row, weights: weights, bias: bias, in: node)
}

/// MatMul: `x W` on the last axis of any number of rows with a constant matrix, `W x` on a vector or a column, or any other
/// product of matrices.
func importMatMul(_ network: inout NetworkImport, _ node: ImportedNode) throws(ModelFormatError)
  -> ImportedValue
{
  try node.expect(operands: 2...2)
  let left = try network.realOperand(0, of: node)
  let right = try network.realOperand(1, of: node)
  _ = try network.elementType(of: [left, right], in: node)
  if right.value.tensor != nil {
    let (matrix, name) = try network.constantMatrix(1, of: node)
    guard !left.value.extents.isEmpty else { throw node.error(.shape, "the first operand has no axes") }
    let weights = try network.transpose(matrix, named: name, in: node)
    return try network.linear(left, weights: weights, bias: nil, in: node)
  }
  let given = right.value.extents
  let isColumn = given.count == 2 && given[1] == 1
  guard left.value.tensor != nil, isColumn || given.count == 1 else {
    return try network.matrixProduct(left, right, in: node)
  }
  let (weights, _) = try network.constantMatrix(0, of: node)
  let vector = try network.reshape(right, to: [given[0]], keepsNode: false, in: node)
  let product = try network.linear(
    ImportedOperand(derived: vector), weights: weights, bias: nil, in: node)
  if !isColumn { return product }
  return try network.reshape(
    ImportedOperand(derived: product), to: [weights.shape.extents[0], 1], keepsNode: false, in: node)
}

extension NetworkImport {
  fileprivate mutating func linear(
    _ operand: ImportedOperand, weights: Tensor, bias: [Double]?, in node: ImportedNode
  ) throws(ModelFormatError) -> ImportedValue {
    let (outputs, inner) = (weights.shape.extents[0], weights.shape.extents[1])
    let extents = operand.value.extents
    let rows = extents.dropLast().reduce(1, *)
    if rows > 1, extents.last == inner {
      // The same matrix for each row: one map of all rows.
      try charge(try product([rows, outputs, inner], in: node), in: node)
      return try sparse(
        operand, to: extents.dropLast() + [outputs],
        bias: bias.map { bias in (0..<rows).flatMap { _ in bias } }, in: node
      ) { result in
        let (row, output) = (result / outputs, result % outputs)
        return (0..<inner).map { (row * inner + $0, weights.values[output * inner + $0]) }
      }
    }
    do {
      let bias = try Tensor(
        shape: Shape(vector: outputs), values: bias ?? [Double](repeating: 0, count: outputs))
      return try apply(.linear(try Linear(weights: weights, bias: bias)), [operand], in: node)
    } catch let error as ModelFormatError {
      throw error
    } catch {
      throw node.error(.shape, "\(error)")
    }
  }

  fileprivate func constantMatrix(
    _ position: Int, of node: ImportedNode
  ) throws(ModelFormatError) -> (Tensor, String) {
    let operand = try realOperand(position, of: node)
    guard let tensor = operand.value.tensor, tensor.shape.extents.count == 2 else {
      throw node.error(
        .unsupportedFeature,
        "operand \(quoted(operand.name)) of shape \(operand.value.extents) is not a constant matrix",
        fix: "only products with constant weights are supported")
    }
    return (tensor, operand.name)
  }

  /// The third operand of Gemm, broadcast to a row of the given length.
  fileprivate func gemmBias(
    _ count: Int, of node: ImportedNode, type: ONNXElementType
  ) throws(ModelFormatError) -> [Double]? {
    let operands = [try realOperand(0, of: node), try realOperand(1, of: node)]
    guard node.operandName(2) != nil else {
      _ = try elementType(of: operands, in: node)
      return nil
    }
    let operand = try realOperand(2, of: node)
    _ = try elementType(of: operands + [operand], in: node)
    guard let tensor = operand.value.tensor else {
      throw node.error(.unsupportedFeature, "the bias \(quoted(operand.name)) is not constant")
    }
    let extents = tensor.shape.extents
    guard extents.count <= 2, extents.dropLast().allSatisfy({ $0 == 1 }),
      [1, count].contains(extents.last ?? 1)
    else {
      throw node.error(.shape, "the bias has shape \(extents), the product \(count) columns")
    }
    return tensor.values.count == count ? tensor.values : [Double](repeating: tensor.values[0], count: count)
  }
}

extension NetworkExport {
  /// Rows of two axes become one Gemm, other ranks a product and a sum.
  mutating func exportLinear(_ linear: Linear, _ operand: Int, as name: String) throws(ModelFormatError) {
    let (rows, columns) = (linear.outputCount, linear.inputCount)
    let bias = try add(constant: linear.bias.values, extents: [rows], name: "\(base)_bias", place: name)
    if graph.nodes[operand].shape.extents.count == 2 {
      let weights = try add(
        constant: linear.weights.values, extents: [rows, columns], name: "\(base)_weight", place: name)
      var attribute = WireAttribute()
      attribute.name = "transB"
      attribute.type = 2
      attribute.i = 1
      add(node: "Gemm", inputs: [names[operand], weights, bias], output: name, attributes: [attribute])
      return
    }
    var transposed: [Double] = []
    transposed.reserveCapacity(rows * columns)
    for column in 0..<columns {
      for row in 0..<rows { transposed.append(linear.weights.values[row * columns + column]) }
    }
    let weights = try add(
      constant: transposed, extents: [columns, rows], name: "\(base)_weight", place: name)
    add(node: "MatMul", inputs: [names[operand], weights], output: "\(base)_product")
    add(node: "Add", inputs: ["\(base)_product", bias], output: name)
  }
}
