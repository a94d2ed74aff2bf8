import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// SplitMix64: small, seeded, good enough to draw test cases.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * Double(next() >> 11) * 0x1p-53
  }
}

/// Random graphs of the shapes that verification meets.
struct RandomModels {
  var generator: TestGenerator

  init(seed: UInt64) { generator = TestGenerator(seed: seed) }

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
    let layers = try (linear(width, latent, gain: gain), linear(width, width, gain: gain), linear(latent, width, gain: gain))
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
      centre.map { $0 - radius * generator.uniform(0.2, 1) }, centre.map { $0 + radius * generator.uniform(0.2, 1) }
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
