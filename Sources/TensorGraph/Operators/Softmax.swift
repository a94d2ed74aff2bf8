import RigorousArithmetic

/// `exp(x_i) / sum_j exp(x_j)`, or the logarithm of that, in every group of consecutive elements.
package struct Softmax: Hashable, Sendable {
  /// Number of elements of a group, positive.
  package let size: Int
  /// Whether the logarithm is taken.
  package let isLogarithm: Bool

  /// Makes a softmax.
  ///
  /// - Throws: `GraphError.shape` unless the groups have elements.
  package init(size: Int, isLogarithm: Bool = false) throws(GraphError) {
    guard size > 0 else { throw GraphError.shape("Softmax has groups of \(size) elements") }
    self.size = size
    self.isLogarithm = isLogarithm
  }

  func outputShape(of operand: Shape) throws(GraphError) -> Shape {
    guard operand.count % size == 0 else {
      throw GraphError.shape("Softmax over groups of \(size) cannot take a value of shape \(operand)")
    }
    return operand
  }

  /// `1 / (1 + sum exp(x_j - x_i))` over the others of the group, or its logarithm.
  ///
  /// In intervals no number occurs twice with opposite effects, so that the result is attained but for rounding.
  func evaluate<Scalar: GraphScalar>(_ operand: [Scalar]) throws(GraphError) -> [Scalar] {
    if let numbers = operand as? [Double] {
      // By enclosures, which overflow nowhere.
      let enclosures = try evaluate(numbers.map { Interval($0) })
      return zip(numbers, enclosures).compactMap { ($0.isNaN ? .nan : $1.midpoint) as? Scalar }
    }
    let minus = Scalar(dyadic: -1)
    var values: [Scalar] = []
    values.reserveCapacity(operand.count)
    for (element, own) in operand.enumerated() {
      let start = element / size * size
      let negated = minus * own
      var sum = Scalar(dyadic: 1)
      for other in start..<start + size where other != element {
        sum = sum + (try (operand[other] + negated).applying(.exp))
      }
      guard isLogarithm else {
        values.append(try sum.applying(.reciprocal))
        continue
      }
      if let group = operand[start..<start + size] as? ArraySlice<Interval>,
        let value = Self.logarithm(group, element) as? Scalar
      {
        values.append(value)
      } else {
        values.append(minus * (try sum.applying(.log)))
      }
    }
    return values
  }

  /// The logarithm over a group of intervals, by its values at the ends, where nothing overflows.
  private static func logarithm(_ group: ArraySlice<Interval>, _ own: Int) -> Interval {
    /// Minus the logarithm of the sum of exponentials of some numbers and of zero.
    func value(_ differences: [Double]) -> Interval {
      let greatest = differences.reduce(0) { Swift.max($0, $1) }
      guard greatest < .infinity else { return Interval(-.infinity, -.greatestFiniteMagnitude) }
      let shift = Interval(greatest)
      let sum = differences.reduce((-shift).exp()) { $0 + (Interval($1) - shift).exp() }
      return -(shift + sum.log())
    }
    let others = group.indices.filter { $0 != own }
    // It falls in every difference.
    let most = others.map { Directed.subtractUp(group[$0].upper, group[own].lower) }
    let least = others.map { Swift.max(Directed.subtractDown(group[$0].lower, group[own].upper), -0x1p1000) }
    let (low, high) = (value(most), value(least))
    return Interval(low.lower, Swift.max(low.lower, Swift.min(high.upper, 0)))
  }
}
