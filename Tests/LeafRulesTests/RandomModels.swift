import RigorousArithmetic
import SeededDraws
import TensorGraph
import VerificationProblem

/// Random graphs of the shapes that verification meets.
struct RandomModels {
  var generator: SeededGenerator
  private var sparseCount = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func linear(_ rows: Int, _ columns: Int, gain: Double = 1) throws -> Linear {
    let scale = gain / Double(columns).squareRoot() * 1.7
    let weights = (0..<rows * columns).map { _ in Double(Float(generator.uniform(-scale, scale))) }
    let bias = (0..<rows).map { _ in Double(Float(generator.uniform(-0.3, 0.3))) }
    return try Linear(
      weights: Tensor(shape: Shape([rows, columns]), values: weights),
      bias: Tensor(shape: Shape([rows]), values: bias))
  }

  /// Input - (Linear - ReLU or Clip)* - Linear.
  mutating func multilayer(inputs: Int, widths: [Int], outputs: Int, gain: Double = 1) throws -> Graph {
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([inputs]))
    var width = inputs
    for (position, next) in widths.enumerated() {
      value = try builder.apply(.linear(linear(next, width, gain: gain)), [value])
      let usesClip = position % 3 == 2
      value = try builder.apply(usesClip ? .clip(Clip(lower: 0.125, upper: 1)) : .relu, [value])
      width = next
    }
    value = try builder.apply(.linear(linear(outputs, width, gain: gain)), [value])
    return try builder.build(outputs: [value])
  }

  /// A latent that is updated `steps` times by `z' = a z + b f(z)` and decoded: the shape of an unrolled sampler.
  mutating func sampler(latent: Int, width: Int, steps: Int, outputs: Int, gain: Double = 1) throws -> Graph {
    var builder = GraphBuilder()
    var z = try builder.input("z", shape: Shape([latent]))
    let layers = try (
      linear(width, latent, gain: gain), linear(width, width, gain: gain), linear(latent, width, gain: gain)
    )
    for step in 0..<steps {
      let shift = try Tensor(
        shape: Shape([width]), values: (0..<width).map { _ in Double(Float(generator.uniform(-0.2, 0.2))) })
      let first = try Linear(weights: layers.0.weights, bias: shift)
      var h = try builder.apply(.linear(first), [z])
      h = try builder.apply(.relu, [h])
      h = try builder.apply(.linear(layers.1), [h])
      h = try builder.apply(.relu, [h])
      h = try builder.apply(.linear(layers.2), [h])
      let keep = Double(steps - step - 1) / Double(steps)
      z = try builder.apply(
        .add, [builder.apply(.scale(keep), [z]), builder.apply(.scale(1 - 0.7 * keep), [h])])
    }
    var x = try builder.apply(.linear(linear(width, latent, gain: gain)), [z])
    x = try builder.apply(.relu, [x])
    x = try builder.apply(.linear(linear(width, width, gain: gain)), [x])
    x = try builder.apply(.clip(Clip(lower: 0, upper: 1)), [x])
    x = try builder.apply(.linear(linear(outputs, width, gain: gain)), [x])
    return try builder.build(outputs: [x])
  }

  mutating func cell(dimension: Int, radius: Double) -> (lower: [Double], upper: [Double]) {
    let centre = (0..<dimension).map { _ in generator.uniform(-1.5, 1.5) }
    return (
      centre.map { $0 - radius * generator.uniform(0.2, 1) },
      centre.map { $0 + radius * generator.uniform(0.2, 1) }
    )
  }

  /// A point of a box, now and then a corner.
  mutating func point(in lower: [Double], _ upper: [Double]) -> [Double] {
    let isCorner = generator.next() % 4 == 0
    return zip(lower, upper).map { low, high in
      if isCorner { return generator.next() % 2 == 0 ? low : high }
      return min(high, max(low, generator.uniform(low, high)))
    }
  }
}

/// Sizes of weights in random graphs.
enum Magnitudes: CaseIterable {
  /// About one.
  case ordinary
  /// From 1e-8 to 1e8, mixed.
  case wild
  /// Mostly zero or one, so that terms cancel.
  case cancelling
}

extension RandomModels {
  mutating func weight(_ magnitudes: Magnitudes) -> Double {
    switch magnitudes {
    case .ordinary: return generator.uniform(-1, 1)
    case .wild:
      let exponent = Int(generator.next() % 17) - 8
      return generator.uniform(-1, 1)
        * (0..<abs(exponent)).reduce(1.0) { power, _ in
          exponent < 0 ? power / 10 : power * 10
        }
    case .cancelling: return [0, 1, -1, 0.1, -0.1, 0, 1][Int(generator.next() % 7)]
    }
  }

  mutating func linear(_ rows: Int, _ columns: Int, magnitudes: Magnitudes) throws -> Linear {
    try Linear(
      weights: Tensor(
        shape: Shape([rows, columns]), values: (0..<rows * columns).map { _ in weight(magnitudes) }),
      bias: Tensor(
        shape: Shape([rows]),
        values: (0..<rows).map { _ in generator.next() % 3 == 0 ? 0 : weight(magnitudes) * 0.3 }))
  }

  /// A sparse map, now and then a selection that may repeat elements.
  mutating func sparse(_ rows: Int, _ columns: Int, magnitudes: Magnitudes) throws -> SparseMap {
    let isSelection = generator.next() % 3 == 0
    let entries = (0..<rows).map { _ -> [(column: Int, weight: Double)] in
      if isSelection {
        return [(Int(generator.next() % UInt64(columns)), generator.next() % 4 == 0 ? -1 : 1)]
      }
      return (0..<columns).filter { _ in generator.next() % 3 == 0 }.map { ($0, weight(magnitudes)) }
    }
    let bias = (0..<rows).map { _ in
      isSelection || generator.next() % 3 == 0 ? 0 : weight(magnitudes) * 0.3
    }
    sparseCount += 1
    let allowance =
      sparseCount % 4 == 0
      ? try RoundingAllowance(
        roundings: [0, 1, 5, 40][sparseCount / 4 % 4],
        sizes: (0..<rows).map { sparseCount % 8 == 0 ? 0 : [0, 0x1p-96, 0.7, 30][$0 % 4] }) : nil
    return try SparseMap(
      shape: Shape([rows]), inputCount: columns, rows: entries, bias: bias, allowance: allowance)
  }

  /// Any directed acyclic graph of the supported operators: skips, joins, constants, narrow tensors that are
  /// reduced and wide ones that are not, tensors that are zero on a whole cell.
  ///
  /// - Parameter isSmooth: Whether smooth functions take the place of some piecewise linear ones.
  mutating func network(
    inputs: Int, operators: Int, outputs: Int, magnitudes: Magnitudes, isSmooth: Bool = false
  ) throws -> Graph {
    var builder = GraphBuilder()
    var pool = [(try builder.input("x", shape: Shape([inputs])), inputs)]
    for _ in 0..<operators {
      // Late values more often than early ones, so that graphs grow deep.
      let recent = pool[max(0, pool.count - 1 - Int(generator.next() % 3))]
      let any = pool[Int(generator.next() % UInt64(pool.count))]
      switch generator.next() % 14 {
      case 12 where isSmooth:
        let others = pool.filter { $0.1 == recent.1 }
        let other = others[Int(generator.next() % UInt64(others.count))]
        pool.append((try builder.apply(.multiply, [recent.0, other.0]), recent.1))
      case 13 where isSmooth && generator.next() % 3 != 0:
        let sizes = (1...recent.1).filter { recent.1 % $0 == 0 }
        let softmax = try Softmax(
          size: sizes[Int(generator.next() % UInt64(sizes.count))], isLogarithm: generator.next() % 2 == 0)
        pool.append((try builder.apply(.softmax(softmax), [recent.0]), recent.1))
      case 2 where isSmooth && generator.next() % 3 == 0:
        let sizes = (1...recent.1).filter { recent.1 % $0 == 0 }
        let normalization = try Normalization(
          size: sizes[Int(generator.next() % UInt64(sizes.count))],
          epsilon: Double(Float([1e-5, 0.5, 0][Int(generator.next() % 3)])))
        pool.append((try builder.apply(.normalize(normalization), [recent.0]), recent.1))
      case 12, 13:
        let divisor = try Divisor([3, -7, 0.3, 1e5][Int(generator.next() % 4)])
        pool.append((try builder.apply(.divide(divisor), [recent.0]), recent.1))
      case 10, 11:
        let rows = 1 + Int(generator.next() % 7)
        pool.append(
          (try builder.apply(.sparse(sparse(rows, recent.1, magnitudes: magnitudes)), [recent.0]), rows))
      case 0, 1, 2:
        let rows = 1 + Int(generator.next() % 7)
        pool.append(
          (try builder.apply(.linear(linear(rows, recent.1, magnitudes: magnitudes)), [recent.0]), rows))
      case let kind where isSmooth && (kind == 3 || kind == 4):
        let functions = SmoothFunction.allCases
        let function = functions[Int(generator.next() % UInt64(functions.count))]
        var operand = recent.0
        // Mostly inside of the function's domain.
        if !function.isDefined(on: .entire), generator.next() % 5 != 0 {
          operand = try builder.apply(
            generator.next() % 2 == 0 ? .smooth(.exp) : .clip(Clip(lower: 0.25, upper: 3)), [operand])
        }
        pool.append((try builder.apply(.smooth(function), [operand]), recent.1))
      case 4 where generator.next() % 3 == 0:
        let sizes = (1...recent.1).filter { recent.1 % $0 == 0 }
        let size = sizes[Int(generator.next() % UInt64(sizes.count))]
        let rows = try builder.apply(.reshape(Shape([recent.1 / size, size])), [recent.0])
        pool.append((try builder.apply(.maximum(Maximum(size: size)), [rows]), recent.1 / size))
      case 5 where generator.next() % 4 == 0:
        pool.append((try builder.apply(.sign, [recent.0]), recent.1))
      case 3, 4, 5: pool.append((try builder.apply(.relu, [recent.0]), recent.1))
      case 6:
        let ranges = [(-0.5, 0.5), (0, 1), (0.25, 2), (-3, -1), (0.5, 0.5)]
        let range = ranges[Int(generator.next() % 5)]
        pool.append((try builder.apply(.clip(Clip(lower: range.0, upper: range.1)), [recent.0]), recent.1))
      case 7:
        pool.append(
          (try builder.apply(.scale([0, -1, 0.3, 2][Int(generator.next() % 4)]), [recent.0]), recent.1))
      case 8:
        guard any.1 + recent.1 <= 12 else { continue }
        pool.append((try builder.apply(.concat(axis: 0), [any.0, recent.0]), any.1 + recent.1))
      default:
        var other = any
        if other.1 != recent.1 {
          let tensor = try Tensor(
            shape: Shape([recent.1]), values: (0..<recent.1).map { _ in generator.uniform(-1, 1) })
          other = (builder.constant(tensor), recent.1)
        }
        pool.append((try builder.apply(.add, [other.0, recent.0]), recent.1))
      }
    }
    let last = pool[pool.count - 1]
    var result = try builder.apply(.linear(linear(outputs, last.1, magnitudes: magnitudes)), [last.0])
    if generator.next() % 3 == 0 { result = try builder.apply(.relu, [result]) }
    return try builder.build(outputs: [result])
  }

  /// `sum_i w_i x_i` once term by term in one order, once as one product: the real difference is zero, the
  /// computed one is not.
  mutating func vanishing(inputs: Int, depth: Int, isSparse: Bool = false) throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([inputs]))
    let weights = (0..<inputs).map { _ in weight(.wild) }
    func row(_ values: [Double]) throws -> TensorGraph.Operation {
      guard !isSparse else {
        return .sparse(
          try SparseMap(
            shape: Shape([1]), inputCount: values.count,
            rows: [values.enumerated().map { ($0.offset, $0.element) }]))
      }
      return .linear(
        try Linear(
          weights: Tensor(shape: Shape([1, values.count]), values: values),
          bias: Tensor(shape: Shape([1]), values: [0])))
    }
    let whole = try builder.apply(row(weights), [x])
    var sum: Int?
    for index in (0..<inputs).reversed() {
      var single = [Double](repeating: 0, count: inputs)
      single[index] = -weights[index]
      let term = try builder.apply(row(single), [x])
      if let old = sum { sum = try builder.apply(.add, [old, term]) } else { sum = term }
    }
    var difference = try builder.apply(.add, [whole, sum ?? whole])
    for _ in 0..<depth {
      difference = try builder.apply(row([1e6]), [difference])
      difference = try builder.apply(.clip(Clip(lower: -1, upper: 1)), [difference])
    }
    return try builder.build(outputs: [difference])
  }

  /// `x (y + z) - x y - x z` of random affine forms, spread by steep clips: zero in the real numbers, not as computed.
  mutating func vanishingProduct(inputs: Int, depth: Int) throws -> Graph {
    var builder = GraphBuilder()
    let input = try builder.input("x", shape: Shape([inputs]))
    func scaled(_ factor: Double) throws -> TensorGraph.Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([1, 1]), values: [factor]),
          bias: Tensor(shape: Shape([1]), values: [0])))
    }
    // One weight each, so that no rounding but that of the products is left.
    func form() throws -> Int {
      var weights = [Double](repeating: 0, count: inputs)
      weights[Int(generator.next() % UInt64(inputs))] = 1
      return try builder.apply(
        .sparse(
          SparseMap(
            shape: Shape([1]), inputCount: inputs,
            rows: [weights.enumerated().map { ($0.offset, $0.element) }])),
        [input])
    }
    let (x, y, z) = (try form(), try form(), try form())
    let whole = try builder.apply(.multiply, [x, builder.apply(.add, [y, z])])
    let parts = try builder.apply(
      .add, [builder.apply(.multiply, [x, y]), builder.apply(.multiply, [z, x])])
    var difference = try builder.apply(.add, [whole, builder.apply(.scale(-1), [parts])])
    for _ in 0..<depth {
      difference = try builder.apply(scaled(1e8), [difference])
      difference = try builder.apply(.clip(Clip(lower: -1, upper: 1)), [difference])
    }
    return try builder.build(outputs: [difference])
  }

  /// A box whose sides are points, tiny, ordinary or wide, each by its own.
  mutating func mixedCell(dimension: Int) -> (lower: [Double], upper: [Double]) {
    let sizes = [0, 0, 1e-12, 1e-3, 0.1, 0.5, 3]
    let lower = (0..<dimension).map { _ in generator.uniform(-1.5, 1.5) }
    return (lower, lower.map { $0 + sizes[Int(generator.next() % 7)] * generator.uniform(0.2, 1) })
  }
}
