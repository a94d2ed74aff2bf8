import TensorGraph

extension NetworkExport {
  mutating func exportDivide(_ divisor: Divisor, _ operand: Int, as name: String) throws(ModelFormatError) {
    let constant = try add(constant: [divisor.value], extents: [], name: "\(base)_divisor", place: name)
    add(node: "Div", inputs: [names[operand], constant], output: name)
  }
}
