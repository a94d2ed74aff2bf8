func reluValues<Scalar: GraphScalar>(_ operand: [Scalar]) -> [Scalar] {
  operand.map { $0.atLeast(0) }
}
