/// Folding is for the real semantics: a node is replaced by a constant only where the constant is the exact
/// real value, so that folding never moves the function by a rounding error.
extension Operation {
  /// The exact value on constants, or nil when it is not representable or is not worth having.
  func exactValue(of constants: [Tensor], shape: Shape) -> Tensor? {
    switch self {
    case .input, .constant, .smooth, .softmax, .normalize, .linear: return nil
    case .sparse(let map):
      guard let values = map.exactValue(of: constants[0].values) else { return nil }
      return try? Tensor(shape: shape, values: values)
    case .add:
      guard let sum = exactSum(constants[0].values, constants[1].values) else { return nil }
      return try? Tensor(shape: shape, values: sum)
    case .multiply:
      return exactTensor(shape, zip(constants[0].values, constants[1].values)) { exactProduct($0, $1) }
    case .divide(let divisor):
      return exactTensor(shape, constants[0].values) { exactQuotient($0, divisor.value) }
    case .scale(let factor):
      return exactTensor(shape, constants[0].values) { exactProduct($0, factor) }
    case .maximum(let maximum):
      return try? Tensor(shape: shape, values: maximum.evaluate(constants[0].values))
    case .sign: return try? Tensor(shape: shape, values: signValues(constants[0].values))
    case .relu: return try? Tensor(shape: shape, values: constants[0].values.map { $0.atLeast(0) })
    case .clip(let clip):
      return try? Tensor(
        shape: shape, values: constants[0].values.map { $0.atLeast(clip.lower).atMost(clip.upper) })
    case .gather, .reshape, .concat:
      guard let values = try? evaluate(constants.map(\.values), shapes: constants.map(\.shape), output: shape)
      else { return nil }
      return try? Tensor(shape: shape, values: values)
    }
  }
}

/// The tensor of exact values; nil where one of them is missing.
private func exactTensor<Elements: Sequence>(
  _ shape: Shape, _ elements: Elements, _ exact: (Elements.Element) -> Double?
) -> Tensor? {
  var values: [Double] = []
  values.reserveCapacity(shape.count)
  for element in elements {
    guard let value = exact(element) else { return nil }
    values.append(value)
  }
  return try? Tensor(shape: shape, values: values)
}

/// Elementwise sums, or nil when one of them is not a double.
///
/// Knuth's TwoSum: the rounding error of a sum is itself a double, so it is zero exactly when the sum is exact.
func exactSum(_ left: [Double], _ right: [Double]) -> [Double]? {
  var sums: [Double] = []
  sums.reserveCapacity(left.count)
  for (a, b) in zip(left, right) {
    let sum = a + b
    guard sum.isFinite else { return nil }
    let shadow = sum - a
    guard (a - (sum - shadow)) + (b - shadow) == 0 else { return nil }
    sums.append(sum)
  }
  return sums
}

/// The product, or nil when it is not a double.
///
/// A fused multiply-add gives the error of a product exactly unless it underflows, which the magnitude rules out.
func exactProduct(_ a: Double, _ b: Double) -> Double? {
  let product = a * b
  if a == 0 || b == 0 { return product }
  guard product.isFinite, product.magnitude > 0x1p-960, (-product).addingProduct(a, b) == 0 else {
    return nil
  }
  return product
}

/// The quotient by a number other than zero, or nil when it is not a double.
func exactQuotient(_ a: Double, _ b: Double) -> Double? {
  let quotient = a / b
  guard quotient.isFinite, let product = exactProduct(quotient, b), product == a else { return nil }
  return quotient
}
