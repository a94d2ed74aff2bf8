import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Claims on small networks of rectifiers with eight inputs in [-1, 1].
enum RectifierProblem {
  /// Eight inputs; the weights follow from the seed.
  static func graph(seed: Int, hidden: [Int] = [12, 10]) throws -> Graph {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state) >> 40) * 0x1p-23
    }
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([8]))
    let widths = [8] + hidden + [3]
    for (index, (columns, rows)) in zip(widths, widths.dropFirst()).enumerated() {
      let linear = try Linear(
        weights: Tensor(shape: Shape([rows, columns]), values: (0..<rows * columns).map { _ in next() }),
        bias: Tensor(shape: Shape([rows]), values: (0..<rows).map { _ in next() / 4 }))
      value = try builder.apply(.linear(linear), [value])
      if index < hidden.count { value = try builder.apply(.relu, [value]) }
    }
    return try builder.build(outputs: [value])
  }

  static func obligation(_ graph: Graph, _ predicate: Predicate) throws -> Obligation {
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    return try Obligation(
      name: "phases", question: .forall(region: [AxisRange](repeating: range, count: 8)),
      cases: [ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: predicate)])
  }

  /// The first coordinates free in [-1, 1], the others a quarter.
  static func obligation(_ graph: Graph, _ predicate: Predicate, free: Int) throws -> Obligation {
    let range = AxisRange(lower: Rational(-1), upper: Rational(1))
    let quarter = Rational(dyadic: 0.25)
    let point = AxisRange(lower: quarter, upper: quarter)
    return try Obligation(
      name: "few", question: .forall(region: (0..<8).map { $0 < free ? range : point }),
      cases: [ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: predicate)])
  }

  static func atom(_ element: Int, _ comparison: Comparison, _ threshold: Double) -> Predicate {
    .atom(Atom(.element(element), comparison, .rational(Rational(dyadic: threshold))))
  }

  /// The greatest value of an output at corners of the box, which some point attains.
  static func attained(_ graph: Graph, _ element: Int) throws -> Double {
    var best = -Double.infinity
    for corner in 0..<256 {
      let point = (0..<8).map { Interval(corner >> $0 & 1 == 0 ? -1 : 1) }
      best = max(best, try graph.evaluate([point])[0][element].lower)
    }
    return best
  }
}
