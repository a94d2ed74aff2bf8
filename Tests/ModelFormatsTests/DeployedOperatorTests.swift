import Foundation
import ModelFormats
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

private let piece = ONNXPiece.self

/// Operators that programs compute in several ways: whatever single precision makes of each way lies within the bounds.
@Suite struct DeployedOperatorTests {
  /// The enclosure of a model's value at a point in single precision.
  private func enclosure(
    _ nodes: [Message], weights: [Message], input: [Int], output: [Int], at point: [Float]
  ) throws -> [Interval] {
    let bytes = piece.model(
      nodes, inputs: [piece.info("x", input)], outputs: [piece.info("y", output)], weights: weights,
      operatorSet: 17)
    let network = try ONNXReader.network(from: bytes.bytes, file: "n.onnx", folding: .moves)
    #expect(network.rewritten == nil)
    return try network.graph.enclosure(over: point.map { Interval(Double($0)) }, in: .float32AnyOrder)[0]
  }

  private static func contains(_ interval: Interval, _ value: Float) -> Bool {
    interval.lower <= Double(value) && Double(value) <= interval.upper
  }

  // MARK: Batch normalization

  /// The ways in which a program computes one channel.
  private static func batchNormalizations(
    _ x: Float, scale: Float, bias: Float, mean: Float, variance: Float, epsilon: Float
  ) -> [Float] {
    let moved = variance + epsilon
    let root = moved.squareRoot()
    let inverses = [
      1 / root, Float(1 / Double(moved).squareRoot()), powf(moved, -0.5), (1 / moved).squareRoot(),
    ]
    let centred = x - mean
    var ways = [centred / root * scale + bias, bias.addingProduct(centred / root, scale)]
    for inverse in inverses {
      let factor = scale * inverse
      ways += [
        centred * inverse * scale + bias, centred * factor + bias, bias.addingProduct(centred, factor),
        x * factor + (bias - mean * factor), (bias - mean * factor).addingProduct(x, factor),
        bias.addingProduct(-mean, factor).addingProduct(x, factor),
      ]
    }
    let quotient = scale / root
    return ways + [x * quotient + (bias - mean * quotient)]
  }

  @Test func everyWayOfABatchNormalizationIsCovered() throws {
    var generator = SeededGenerator(seed: 5)
    func draw(_ scale: Float) -> Float { Float.random(in: -scale...scale, using: &generator) }
    var closest = 0.0
    for round in 0..<3_000 {
      let size: Float = [1, 1e-3, 300, 1e6][round % 4]
      let scale = [draw(2), draw(1e5), 0, draw(1e-6)][round / 4 % 4]
      let (bias, mean) = (draw(size), [0, draw(size), draw(1e4)][round % 3])
      let variance = abs([draw(1), draw(1e-6), draw(1e8), 0][round / 16 % 4])
      let epsilon: Float = round % 5 == 0 ? 0.1 : 1e-5
      // Near the zero of the value, where terms cancel, and elsewhere.
      let zero = scale == 0 ? 0 : mean - bias * (variance + epsilon).squareRoot() / scale
      let x = round % 2 == 0 && zero.magnitude < 1e20 ? zero : draw(3 * size)
      let weights = zip("sbmv", [scale, bias, mean, variance]).map { piece.floats(String($0), [1], [$1]) }
      let node = piece.node(
        "BatchNormalization", ["x", "s", "b", "m", "v"], "y", [piece.real("epsilon", epsilon)])
      let found = try enclosure([node], weights: weights, input: [1, 1], output: [1, 1], at: [x])[0]
      for value in DeployedOperatorTests.batchNormalizations(
        x, scale: scale, bias: bias, mean: mean, variance: variance, epsilon: epsilon)
      {
        #expect(DeployedOperatorTests.contains(found, value), "\(x) \(scale) \(bias) \(mean) \(variance)")
        closest = max(closest, abs(Double(value) - found.midpoint) / (found.width / 2))
      }
    }
    // The bounds are not out of all proportion.
    #expect(closest > 0.1 && closest <= 1, "\(closest)")
  }

  @Test func channelsKeepTheirNumbers() throws {
    let (scales, biases): ([Float], [Float]) = ([1, -2, 0.5], [0.25, 1, -3])
    let (means, variances): ([Float], [Float]) = ([0.5, -1, 2], [1, 4, 0.25])
    let x = (0..<12).map { Float($0) / 4 - 1 }
    let weights = zip("sbmv", [scales, biases, means, variances]).map { piece.floats(String($0), [3], $1) }
    let node = piece.node("BatchNormalization", ["x", "s", "b", "m", "v"], "y")
    let found = try enclosure([node], weights: weights, input: [1, 3, 2, 2], output: [1, 3, 2, 2], at: x)
    for (index, value) in x.enumerated() {
      let channel = index / 4
      let exact =
        Double(value - means[channel]) / (Double(variances[channel]) + Double(Float(1e-5))).squareRoot()
        * Double(scales[channel]) + Double(biases[channel])
      #expect(found[index].lower < exact && exact < found[index].upper)
      #expect(found[index].width < 1e-4)
    }
  }

  /// Numbers with which some way of computing leaves the range of the format: the graph says nothing of them.
  @Test(arguments: [
    [Float(1), 0, 0, 1e-20], [0x1p-80, 0, 0, 1], [1, 0, 1e30, 1], [1e30, 0, 0, 1], [1, 1e30, 0, 1],
  ])
  func extremeNumbersAreNotFollowed(numbers: [Float]) throws {
    let weights = zip("sbmv", numbers).map { piece.floats(String($0), [1], [$1]) }
    let node = piece.node(
      "BatchNormalization", ["x", "s", "b", "m", "v"], "y", [piece.real("epsilon", 0)])
    let bytes = piece.model(
      [node], inputs: [piece.info("x", [1, 1])], outputs: [piece.info("y", [1, 1])], weights: weights,
      operatorSet: 17)
    let network = try ONNXReader.network(from: bytes.bytes, file: "n.onnx", folding: .moves)
    #expect(network.rewritten?.contains("BatchNormalization") == true)
    // In real numbers, and with weights in half precision, the operator is a function like any other.
    #expect(try ONNXReader.network(from: bytes.bytes, file: "n.onnx").rewritten == nil)
  }

  // MARK: Powers

  /// A power by a function of the system, by products in sequence and by squares, and through the reciprocal.
  private static func powers(_ x: Float, _ exponent: Float) -> [Float] {
    var ways = [powf(x, exponent), Float(pow(Double(x), Double(exponent)))]
    if exponent.magnitude == 0.5 {
      let root = x.squareRoot()
      return ways + (exponent > 0 ? [root] : [1 / root, (1 / x).squareRoot()])
    }
    func product(_ base: Float, _ count: Int) -> [Float] {
      let sequence = (1..<count).reduce(base) { value, _ in value * base }
      func bySquares(_ count: Int) -> Float {
        if count == 1 { return base }
        let half = bySquares(count / 2)
        return count % 2 == 0 ? half * half : half * half * base
      }
      return [sequence, bySquares(count)]
    }
    let count = Int(exponent.magnitude)
    ways += exponent > 0 ? product(x, count) : product(x, count).map { 1 / $0 } + product(1 / x, count)
    return ways
  }

  @Test(arguments: [-8, -5, -3, -2, -1, -0.5, 0.5, 1, 2, 3, 4, 5, 6, 7, 8] as [Float])
  func everyWayOfAPowerIsCovered(exponent: Float) throws {
    var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(exponent * 2)))
    var compared = 0
    for round in 0..<400 {
      let scale: Float = [1, 3, 40, 0x1p-10, 0x1p-19, 0x1p-40][round % 6]
      var x = Float.random(in: 0.3 * scale...scale, using: &generator)
      if round % 2 == 0, exponent.magnitude != 0.5 { x = -x }
      let node = piece.node("Pow", ["x", "p"], "y")
      let found = try? enclosure(
        [node], weights: [piece.floats("p", [], [exponent])], input: [1, 1], output: [1, 1], at: [x])[0]
      // What exceeds the range that is followed has no value.
      guard let found else { continue }
      compared += 1
      for value in DeployedOperatorTests.powers(x, exponent) {
        #expect(DeployedOperatorTests.contains(found, value), "\(x)")
      }
      let exact = pow(Double(x), Double(exponent))
      #expect(found.width <= 2e-5 * exact.magnitude + 0x1p-100)
    }
    #expect(compared > 100)
  }

  // MARK: Euclidean norms

  private static func norms(_ x: [Float]) -> [Float] {
    let plain = x.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    let fused = x.reversed().reduce(Float(0)) { $0.addingProduct($1, $1) }.squareRoot()
    let greatest = x.reduce(Float(0)) { max($0, $1.magnitude) }
    guard greatest > 0 else { return [plain, fused, 0] }
    let scaled = x.reduce(Float(0)) { $0 + ($1 / greatest) * ($1 / greatest) }.squareRoot() * greatest
    return [plain, fused, scaled]
  }

  @Test(arguments: [1, 2, 3, 17, 200])
  func everyWayOfANormIsCovered(size: Int) throws {
    var generator = SeededGenerator(seed: UInt64(size))
    for round in 0..<200 {
      let scale: Float = [1, 1e4, 1e-3, 0x1p-60, 0x1p-70, 0x1p-100, 0][round % 7]
      let x = (0..<size).map { _ in Float.random(in: -1...1, using: &generator) * scale }
      let node = piece.node("ReduceL2", ["x"], "y", [piece.ints("axes", [1]), piece.int("keepdims", 0)])
      let found = try enclosure([node], weights: [], input: [1, size], output: [1], at: x)[0]
      for value in DeployedOperatorTests.norms(x) {
        #expect(DeployedOperatorTests.contains(found, value), "\(size) \(scale) \(value) \(found)")
      }
      let exact = x.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(found.width <= Double(size + 40) * 0x1p-22 * exact + 0x1p-66)
    }
  }

  private static func hasAllowance(_ operation: TensorGraph.Operation) -> Bool {
    if case .sparse(let map) = operation { return map.allowance != nil }
    return false
  }

  // MARK: Every operator

  /// Names of operators as a node spells them: field 4, their length, and the bytes.
  private static func operators(in model: Message) -> Set<String> {
    Set(
      ONNXReader.supportedOperators.filter { name in
        let field = [0x22, UInt8(name.utf8.count)] + Array(name.utf8)
        return model.bytes.indices.contains { model.bytes[$0...].starts(with: field) }
      })
  }

  /// Every operator that is read means something in single precision, and that is near what it means in real numbers.
  @Test func everyOperatorHasABackEnd() throws {
    var covered: Set<String> = []
    for item in operatorCases + spatialCases + compositeCases + exportedCases {
      let network = try ONNXReader.network(from: item.model.bytes, file: "n.onnx", folding: .moves)
      guard network.rewritten == nil else { continue }
      let used = Self.operators(in: item.model)
      covered.formUnion(used)
      guard network.graph.inputSignature.allSatisfy({ $0.input.kind == .real }),
        network.graph.inputs.count == 1
      else { continue }
      let found = try network.graph.enclosure(over: item.point.map { Interval($0) }, in: .float32AnyOrder)[0]
      #expect(found.count == item.expected.count)
      for (range, value) in zip(found, item.expected) {
        let slack = 1e-12 * max(1, value.magnitude)
        #expect(range.lower - slack <= value && value <= range.upper + slack, "\(item.name)")
        // The sign of what may round to zero, or to either side of it, is not known.
        guard !used.contains("Sign") else { continue }
        #expect(range.width <= 1e-3 * max(1, value.magnitude), "\(item.name)")
      }
    }
    #expect(ONNXReader.supportedOperators.filter { !covered.contains($0) } == [])
  }

  /// The operators' real functions do not depend on how they are computed.
  @Test func realNumbersAreUnchanged() throws {
    let node = piece.node("Pow", ["x", "p"], "y")
    let model = piece.model(
      [node], inputs: [piece.info("x", [1, 2])], outputs: [piece.info("y", [1, 2])],
      weights: [piece.floats("p", [], [3])], operatorSet: 17)
    let real = try ONNXReader.network(from: model.bytes, file: "n.onnx").graph
    let deployed = try ONNXReader.network(from: model.bytes, file: "n.onnx", folding: .moves).graph
    #expect(!real.nodes.contains { Self.hasAllowance($0.operation) })
    #expect(deployed.nodes.contains { Self.hasAllowance($0.operation) })
    let point = [Interval(1.5), Interval(-0.25)]
    #expect(try real.evaluate([point]) == deployed.evaluate([point]))
    #expect(real.canonicalBytes != deployed.canonicalBytes)
    #expect(throws: ModelFormatError.self) { try ONNXWriter().bytes(of: deployed, file: "w.onnx") }
  }
}
