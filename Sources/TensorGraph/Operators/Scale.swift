func scaleValues<Scalar: GraphScalar>(_ operand: [Scalar], by factor: Double) -> [Scalar] {
  let constant = Scalar(dyadic: factor)
  return operand.map { constant * $0 }
}
