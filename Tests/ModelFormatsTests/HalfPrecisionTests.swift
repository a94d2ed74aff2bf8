import ModelFormats
import TensorGraph
import Testing

private let piece = ONNXPiece.self

/// Networks whose numbers are half as long: they are the exact numbers of the file.
@Suite struct HalfPrecisionTests {
  /// A tensor of bit patterns, as raw bytes or in the lower halves of integers.
  private func weights(_ patterns: [UInt16], type: Int, isRaw: Bool) -> Message {
    let start = Message().int(1, patterns.count).int(2, type).text(8, "c")
    guard !isRaw else { return start.block(9, Message.words(patterns)) }
    return patterns.reduce(start) { $0.int(5, Int($1)) }
  }

  private func constants(_ patterns: [UInt16], type: Int, isRaw: Bool) throws -> [Double] {
    let count = patterns.count
    let model = piece.model(
      [piece.node("Add", ["x", "c"], "y")], inputs: [piece.info("x", [count], type: type)],
      outputs: [piece.info("y", [count], type: type)],
      weights: [weights(patterns, type: type, isRaw: isRaw)])
    let graph = try ONNXReader.graph(from: model.bytes, file: "h.onnx")
    return try graph.evaluate([[Double](repeating: 0, count: count)])[0]
  }

  @Test(arguments: [true, false]) func everyFiniteNumberOfBinary16(isRaw: Bool) throws {
    let patterns = (UInt16.min...UInt16.max).filter { Float16(bitPattern: $0).isFinite }
    let values = try constants(patterns, type: 10, isRaw: isRaw)
    #expect(values == patterns.map { Double(Float16(bitPattern: $0)) })
  }

  @Test(arguments: [true, false]) func everyFiniteNumberOfBFloat16(isRaw: Bool) throws {
    let floats = (UInt16.min...UInt16.max).map { ($0, Float(bitPattern: UInt32($0) << 16)) }
      .filter { $0.1.isFinite }
    let values = try constants(floats.map(\.0), type: 16, isRaw: isRaw)
    #expect(values == floats.map { Double($0.1) })
  }

  /// A conversion to a type that has all numbers of another changes nothing; claims in single precision say nothing of it.
  @Test func aWideningConversionIsTheIdentity() throws {
    let model = piece.model(
      [
        piece.node("Mul", ["x", "c"], "m"), piece.node("Cast", ["m"], "w", [piece.int("to", 1)]),
        piece.node("Cast", ["w"], "d", [piece.int("to", 11)]), piece.node("Clip", ["d", "", "u"], "y"),
      ], inputs: [piece.info("x", [2], type: 10)], outputs: [piece.info("y", [2], type: 11)],
      weights: [
        weights([0x3555, 0xC000], type: 10, isRaw: true), piece.doubles("u", [], [0.25]),
      ])
    let network = try ONNXReader.network(from: model.bytes, file: "h.onnx", folding: .moves)
    let third = Double(Float16(bitPattern: 0x3555))
    #expect(try network.graph.evaluate([[0.5, 3]])[0] == [0.5 * third, -6])
    #expect(network.rewritten == nil)
    #expect(network.obstacleToSinglePrecision == "value `c` is in half precision")
  }

  @Test func integersBecomeNumbersOfTheType() throws {
    for (type, values) in [
      (10, [0, -2048, 2050, 65504]), (16, [0, -256, 258, 1 << 40]), (1, [1 << 24, -3]),
    ] {
      let model = piece.model(
        [piece.node("Cast", ["i"], "c", [piece.int("to", type)]), piece.node("Add", ["x", "c"], "y")],
        inputs: [piece.info("x", [values.count], type: type)],
        outputs: [piece.info("y", [values.count], type: type)],
        weights: [piece.integers("i", [values.count], values)])
      let graph = try ONNXReader.graph(from: model.bytes, file: "h.onnx")
      let zeros = [Double](repeating: 0, count: values.count)
      #expect(try graph.evaluate([zeros])[0] == values.map(Double.init))
    }
  }

  @Test func moreThanSixteenBitsAreRefused() throws {
    let weights = [0x3C00, 0x13C00].reduce(Message().int(1, 2).int(2, 10).text(8, "c")) { $0.int(5, $1) }
    let model = piece.model(
      [piece.node("Add", ["x", "c"], "y")], inputs: [piece.info("x", [2], type: 10)],
      outputs: [piece.info("y", [2], type: 10)], weights: [weights])
    let error = try #require(throws: ModelFormatError.self) {
      try ONNXReader.graph(from: model.bytes, file: "h.onnx")
    }
    #expect(error.code == .malformed && error.description.contains("\(0x13C00)"))
  }

  /// Integers that become numbers are rounded like other numbers of the file.
  @Test func convertedIntegersAreWeightsToo() throws {
    func value(_ integer: Int) throws -> [Double] {
      let model = piece.model(
        [piece.node("Cast", ["i"], "c", [piece.int("to", 1)]), piece.node("Add", ["x", "c"], "y")],
        inputs: [piece.info("x", [1])], outputs: [piece.info("y", [1])],
        weights: [piece.integers("i", [1], [integer])])
      let network = try ONNXReader.network(from: model.bytes, file: "h.onnx", weights: .binary16)
      return try network.graph.evaluate([[0]])[0]
    }
    #expect(try value(4097) == [4096])
    let error = #expect(throws: ModelFormatError.self) { try value(65520) }
    #expect(error?.code == .nonFinite)
  }

  /// An absent limit of Clip is the greatest number of the type.
  @Test func anAbsentLimitIsTheGreatestNumber() throws {
    let model = piece.model(
      [piece.node("Clip", ["x"], "y")], inputs: [piece.info("x", [2], type: 10)],
      outputs: [piece.info("y", [2], type: 10)])
    let graph = try ONNXReader.graph(from: model.bytes, file: "h.onnx")
    #expect(try graph.evaluate([[1e6, -1e6]])[0] == [65504, -65504])
  }
}
