func multiplyValues<Scalar: GraphScalar>(_ left: [Scalar], _ right: [Scalar]) -> [Scalar] {
  zip(left, right).map { $0 * $1 }
}
