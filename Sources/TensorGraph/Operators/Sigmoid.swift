func sigmoidValues<Scalar: GraphScalar>(_ operand: [Scalar]) throws(GraphError) -> [Scalar] {
  var values: [Scalar] = []
  values.reserveCapacity(operand.count)
  for element in operand {
    guard let value = element.logistic() else {
      throw GraphError.unsupported("Sigmoid has no exact rational evaluation")
    }
    values.append(value)
  }
  return values
}
