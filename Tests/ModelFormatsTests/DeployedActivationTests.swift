import Foundation
import ModelFormats
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

private let piece = ONNXPiece.self

/// Activations made of other operators: whatever single precision makes of each way lies within the bounds.
@Suite struct DeployedActivationTests {
  struct Activation: Sendable, CustomTestStringConvertible {
    let name: String
    var attributes: [Message] = []
    /// What programs make of an operand.
    let ways: @Sendable (Float) -> [Float]
    let exact: @Sendable (Double) -> Double

    var testDescription: String { "\(name) of \(attributes.count) attributes" }
  }

  private static func logistic(_ x: Float) -> [Float] {
    [1 / (1 + expf(-x)), x < 0 ? expf(x) / (1 + expf(x)) : 1 / (1 + expf(-x)), (1 + tanhf(x / 2)) / 2]
  }

  private static func unit(
    _ name: String, _ alpha: Float, _ gamma: Float, _ divisor: Float, _ attributes: [Message]
  ) -> Activation {
    Activation(
      name: name, attributes: attributes,
      ways: { x in
        if x > 0 { return [gamma * x] }
        var values: [Float] = []
        for exponent in [x / divisor, x * (1 / divisor)] {
          let power = expf(exponent)
          let factor = gamma * alpha
          values += [
            gamma * (alpha * (power - 1)), gamma * (alpha * power - alpha), factor * power - factor,
            (-factor).addingProduct(factor, power), factor * expm1f(exponent),
            gamma * (-alpha).addingProduct(alpha, power),
          ]
        }
        return values
      },
      exact: { x in
        x > 0 ? Double(gamma) * x : Double(gamma) * Double(alpha) * expm1(x / Double(divisor))
      })
  }

  private static let sixth = Float(1) / 6

  static let activations: [Activation] = [
    unit("Elu", 1, 1, 1, []), unit("Elu", -2.3, 1, 1, [piece.real("alpha", -2.3)]),
    unit("Selu", 1.6732632, 1.050701, 1, []),
    unit("Selu", 300, 0.01, 1, [piece.real("alpha", 300), piece.real("gamma", 0.01)]),
    unit("Celu", 0.3, 1, 0.3, [piece.real("alpha", 0.3)]), unit("Celu", 7, 1, 7, [piece.real("alpha", 7)]),
    Activation(
      name: "HardSigmoid", attributes: [piece.real("alpha", 0.3), piece.real("beta", 0.1)],
      ways: { x in
        let (slope, offset): (Float, Float) = (0.3, 0.1)
        let ends = (0 as Float)...(1 / slope)
        let limited = min(max(x + offset / slope, ends.lowerBound), ends.upperBound)
        return [slope * x + offset, offset.addingProduct(slope, x)].map { min(max($0, 0), 1) }
          + [limited * slope, limited / (1 / slope)]
      },
      exact: { min(max(Double(Float(0.3)) * $0 + Double(Float(0.1)), 0), 1) }),
    Activation(
      name: "HardSwish",
      ways: { x in
        let limited = min(max(x + 3, 0), 6)
        let gates = [
          sixth * x + 0.5, Float(0.5).addingProduct(sixth, x), x / 6 + 0.5, (x + 3) / 6, (x + 3) * sixth,
        ]
        return gates.map { x * min(max($0, 0), 1) } + [x * limited / 6, limited / 6 * x, x * limited * sixth]
      },
      exact: { $0 * min(max(Double(sixth) * $0 + 0.5, 0), 1) }),
    Activation(
      name: "Mish",
      ways: { x in
        let power = expf(min(x, 20))
        let square = power * (power + 2)
        let ramps = [log1pf(power), max(x, 0) + log1pf(expf(-abs(x))), logf(1 + power)]
        return (x < 15 ? [x * square / (square + 2), x * (square / (square + 2))] : [])
          + ramps.map { x * tanhf($0) }
      },
      exact: { $0 * tanh(max($0, 0) + log1p(exp(-abs($0)))) }),
    Activation(
      name: "Swish", attributes: [piece.real("alpha", 1.702)],
      ways: { x in
        let scaled: Float = 1.702 * x
        return logistic(scaled).map { x * $0 } + [x / (1 + expf(-scaled))]
      },
      exact: { $0 / (1 + exp(-Double(Float(1.702)) * $0)) }),
  ]

  @Test(arguments: activations)
  func everyWayIsCovered(activation: Activation) throws {
    let bytes = piece.model(
      [piece.node(activation.name, ["x"], "y", activation.attributes)], inputs: [piece.info("x", [1, 1])],
      outputs: [piece.info("y", [1, 1])], operatorSet: 24, format: 10)
    let network = try ONNXReader.network(from: bytes.bytes, file: "n.onnx", folding: .moves)
    #expect(network.rewritten == nil)
    var generator = SeededGenerator(seed: 11)
    var closest = 0.0
    for round in 0..<2_000 {
      let scale: Float = [1, 4, 30, 80, 1e-3, 1e-6, 1e4][round % 7]
      var x = Float.random(in: -scale...scale, using: &generator)
      // Where factors meet their limits.
      if round % 5 == 0 { x = [3, -3, 2.9999998, -3.0000002, 0][round / 5 % 5] }
      let found = try network.graph.enclosure(over: [Interval(Double(x))], in: .float32AnyOrder)[0][0]
      for value in activation.ways(x) {
        #expect(found.lower <= Double(value) && Double(value) <= found.upper, "\(value) at \(x)")
        if found.width > 0 {
          closest = max(closest, abs(Double(value) - found.midpoint) / (found.width / 2))
        }
      }
      let exact = activation.exact(Double(x))
      #expect(found.lower <= exact && exact <= found.upper, "at \(x)")
      #expect(found.width <= 1e-3 * max(1, Double(x.magnitude)))
    }
    // The bounds are not out of all proportion.
    #expect(closest > 0.01, "\(closest)")
  }

  /// Several values are added in any order, and a mean is a quotient or a product with a rounded inverse.
  @Test(arguments: [3, 7, 63]) func sumsAndMeansOfSeveralValues(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    for round in 0..<100 {
      let x = Float.random(in: -1...1, using: &generator) * (round % 2 == 0 ? 1 : 1e-8)
      var others = (1..<count).map { _ in Float.random(in: -1...1, using: &generator) }
      if round % 2 == 0 { others[1] = -others[0] }
      let names = others.indices.map { "c\($0)" }
      let weights = zip(names, others).map { piece.floats($0, [], [$1]) }
      for operation in ["Sum", "Mean"] {
        let bytes = piece.model(
          [piece.node(operation, ["x"] + names, "y")], inputs: [piece.info("x", [1])],
          outputs: [piece.info("y", [1])], weights: weights)
        let network = try ONNXReader.network(from: bytes.bytes, file: "n.onnx", folding: .moves)
        let found = try network.graph.enclosure(over: [Interval(Double(x))], in: .float32AnyOrder)[0][0]
        var terms = [x] + others
        for _ in 0..<20 {
          terms.shuffle(using: &generator)
          let sum = terms.reduce(0, +)
          let ways =
            operation == "Sum" ? [sum] : [sum / Float(count), sum * (1 / Float(count))]
          for value in ways {
            #expect(found.lower <= Double(value) && Double(value) <= found.upper, "\(operation) \(value)")
          }
        }
        #expect(found.width < 1e-3)
      }
    }
  }

  /// Factors with which some way of computing may leave the range of the format.
  @Test func extremeFactorsAreNotFollowed() throws {
    let bytes = piece.model(
      [piece.node("Elu", ["x"], "y", [piece.real("alpha", 1e30)])], inputs: [piece.info("x", [1, 1])],
      outputs: [piece.info("y", [1, 1])], operatorSet: 17)
    let network = try ONNXReader.network(from: bytes.bytes, file: "n.onnx", folding: .moves)
    #expect(network.rewritten?.contains("Elu") == true)
    #expect(try ONNXReader.network(from: bytes.bytes, file: "n.onnx").rewritten == nil)
  }
}
