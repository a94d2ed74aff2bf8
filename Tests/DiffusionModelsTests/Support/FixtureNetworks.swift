import DiffusionModels
import RigorousArithmetic
import SeededDraws
import TensorGraph

/// A rational number of small integers.
func ratio(_ numerator: Int, _ denominator: Int) -> Rational {
  Rational(BigInteger(numerator), over: BigInteger(denominator))
}

/// Small networks with seeded weights.
enum FixtureNetworks {
  /// A denoiser of a latent of two numbers with embeddings of the time and of two conditions of 3 and 2 values.
  static func denoiser(times: Int, seed: UInt64 = 11, latent: Int = 2) throws -> Graph {
    var generator = SeededGenerator(seed: seed)
    var builder = GraphBuilder()
    let z = try builder.input("z", shape: Shape([1, latent]))
    var parts = [z]
    for (name, rows) in [("t", times), ("class", 3), ("attribute", 2)] {
      let index = try builder.input(name, shape: Shape([1]), kind: .index)
      let table = try Tensor(shape: Shape([rows, 3]), values: generator.singles(rows * 3))
      parts.append(try builder.apply(.gather, [builder.constant(table), index]))
    }
    let joined = try builder.apply(.concat(axis: 1), parts)
    let hidden = try builder.apply(linear(8, latent + 9, &generator), [joined])
    let active = try builder.apply(.relu, [hidden])
    let output = try builder.apply(linear(latent, 8, &generator), [active])
    return try builder.build(outputs: [output])
  }

  /// A decoder of a latent into four pixels in the unit interval.
  static func decoder(latent: Int = 2) throws -> Graph {
    var generator = SeededGenerator(seed: 12)
    var builder = GraphBuilder()
    let z = try builder.input("latent", shape: Shape([latent]))
    let pixels = try builder.apply(linear(4, latent, &generator), [z])
    let clipped = try builder.apply(.clip(try Clip(lower: 0, upper: 1)), [pixels])
    return try builder.build(outputs: [clipped])
  }

  private static func linear(
    _ outputs: Int, _ inputs: Int, _ generator: inout SeededGenerator
  ) throws -> TensorGraph.Operation {
    .linear(
      try Linear(
        weights: Tensor(
          shape: Shape([outputs, inputs]), values: generator.singles(outputs * inputs).map { $0 / 4 }),
        bias: Tensor(shape: Shape([outputs]), values: generator.singles(outputs))))
  }
}

/// Distance of two doubles in units in the last place of the second.
func distance(_ a: Double, _ b: Double) -> Double { abs(a - b) / b.ulp }
