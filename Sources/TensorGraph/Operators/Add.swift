/// The shape of an elementwise operator's value.
func commonShape(_ left: Shape, _ right: Shape, _ name: String) throws(GraphError) -> Shape {
  guard left.squeezed == right.squeezed else {
    throw GraphError.shape("\(name) cannot join shapes \(left) and \(right)")
  }
  return left.extents.count >= right.extents.count ? left : right
}

func addValues<Scalar: GraphScalar>(_ left: [Scalar], _ right: [Scalar]) -> [Scalar] {
  zip(left, right).map { $0 + $1 }
}
