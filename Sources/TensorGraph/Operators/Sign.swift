func signValues<Scalar: GraphScalar>(_ operand: [Scalar]) -> [Scalar] {
  operand.map { $0.sign() }
}
