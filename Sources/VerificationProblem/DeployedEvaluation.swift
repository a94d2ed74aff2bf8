package import RigorousArithmetic
package import TensorGraph

extension Graph {
  /// Enclosures of all results that the graph may have at the points of a box.
  ///
  /// In real arithmetic the inclusion property of interval arithmetic; else each node's value is widened by what
  /// `SingleRounding` allows for on the magnitudes of its operands, so that every computed value lies within.
  ///
  /// - Throws: as `evaluate`, and `GraphError.undefined` where a value may overflow.
  package func enclosure(over box: [Interval], in arithmetic: Arithmetic) throws(GraphError) -> [[Interval]] {
    switch arithmetic {
    case .real: return try evaluate([box])
    case .float32AnyOrder:
      return try evaluate([box]) { (node, operands, value) throws(GraphError) in
        let errors = node.operation.singleErrors(operands, value)
        // What overflowed is no number that a limit brings back.
        guard errors.allSatisfy(\.isFinite) else {
          throw GraphError.undefined("\(node.operation.name) may overflow in single precision")
        }
        return zip(value, errors).map { $0.widened(by: $1) }
      }
    }
  }
}

extension Operation {
  /// Upper bounds of the rounding errors of the elements of a value, for operands and exact values in given intervals.
  package func singleErrors(_ operands: [[Interval]], _ value: [Interval]) -> [Double] {
    switch self {
    case .relu, .maximum, .sign, .gather, .reshape, .concat: return value.map { _ in 0 }
    case .constant(let tensor): return tensor.values.map(SingleRounding.constant)
    case .clip(let clip):
      let error = SingleRounding.clip(clip)
      return value.map { _ in error }
    case .input, .add, .multiply: return value.map { SingleRounding.operation(value: $0.magnitude) }
    case .scale(let factor): return errors(operands[0], value, of: factor)
    case .divide(let divisor): return errors(operands[0], value, of: divisor.value)
    case .smooth(let function):
      return zip(operands[0], value).map {
        SingleRounding.function(function, at: $0.magnitude, value: $1.magnitude)
      }
    case .softmax(let softmax):
      let bound = operands[0].reduce(0) { Swift.max($0, $1.magnitude) }
      return value.map { SingleRounding.softmax(softmax, operands: bound, value: $0.magnitude) }
    case .normalize(let normalization): return normalizationErrors(normalization, operands[0], value)
    case .linear(let linear):
      let sizes = operands[0].map(\.magnitude)
      return linear.bias.values.indices.map { row in
        let weights = linear.weights.values[row * linear.inputCount..<(row + 1) * linear.inputCount]
        return SingleRounding.sum(
          of: zip(weights, sizes).map { ($0, $1) }, bias: linear.bias.values[row])
      }
    case .sparse(let map):
      let sizes = operands[0].map(\.magnitude)
      return map.bias.indices.map { row in
        SingleRounding.sum(
          of: map.entries(row).map { (map.weights[$0], sizes[Int(map.columns[$0])]) }, bias: map.bias[row],
          roundings: map.allowance?.roundings, more: map.allowance?.sizes[row] ?? 0)
      }
    }
  }
}

/// Errors of a normalization, with bounds of every group's elements and variance of its own.
private func normalizationErrors(
  _ normalization: Normalization, _ operand: [Interval], _ value: [Interval]
) -> [Double] {
  let size = normalization.size
  let count = Interval(Double(size))
  var errors: [Double] = []
  for start in stride(from: 0, to: operand.count, by: size) {
    let group = operand[start..<start + size]
    let sum = group.reduce(Interval.zero) { $0 + $1 }
    let inverse = try? normalization.inverseRoot(of: group.map { count * $0 - sum })
    let bound = group.reduce(0) { Swift.max($0, $1.magnitude) }
    for index in start..<start + size {
      errors.append(
        SingleRounding.normalization(
          normalization, operands: bound, inverse: inverse.map { (count * $0).upper } ?? .infinity,
          value: value[index].magnitude))
    }
  }
  return errors
}

/// Errors of products with a constant or quotients by one.
private func errors(_ operand: [Interval], _ value: [Interval], of constant: Double) -> [Double] {
  zip(operand, value).map {
    SingleRounding.operation(with: constant, value: $1.magnitude, operand: $0.magnitude)
  }
}

extension SingleRounding {
  /// The error of `sum w x + bias`, where `x` is bounded in magnitude, with what an allowance adds.
  fileprivate static func sum(
    of terms: [(weight: Double, size: Double)], bias: Double, roundings: Int? = nil, more: Double = 0
  ) -> Double {
    if roundings == nil, bias == 0, terms.allSatisfy({ $0.weight == 0 || $0.weight.magnitude == 1 }),
      terms.filter({ $0.weight != 0 }).count <= 1
    {
      return 0
    }
    var size = Directed.addUp(bias.magnitude, more)
    var operands = 0.0
    for (weight, bound) in terms {
      size = Directed.addUp(size, Directed.multiplyUp(weight.magnitude, bound))
      operands = Directed.addUp(operands, bound)
    }
    return sum(terms: terms.count + (roundings ?? 0), size: size, operands: operands)
  }
}

extension Interval {
  /// The numbers no further from the interval than an error.
  fileprivate func widened(by error: Double) -> Interval {
    guard error > 0 else { return self }
    return Interval(Directed.subtractDown(lower, error), Directed.addUp(upper, error))
  }
}
