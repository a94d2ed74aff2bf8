import ModelFormats
import TensorGraph
import Testing

@Suite("ONNX round trip")
struct ONNXRoundTripTests {
  @Test("reading what was written gives the graph back", arguments: FixtureGraphs.names)
  func roundTrip(name: String) throws {
    let graph = try FixtureGraphs.graph(named: name)
    for type in [ONNXElementType.float32, .float64] {
      let writer = ONNXWriter(elementType: type)
      let bytes = try writer.bytes(of: graph, file: "m.onnx")
      #expect(try writer.bytes(of: graph, file: "m.onnx") == bytes)
      let read = try ONNXReader.graph(from: bytes, file: "m.onnx")
      #expect(read == graph)
      #expect(read.canonicalBytes == graph.canonicalBytes)
      let arguments = FixtureGraphs.arguments(for: graph, seed: 3)
      #expect(try read.evaluate(arguments) == graph.evaluate(arguments))
    }
  }

  @Test("a sparse map is written as a dense product", arguments: spatialCases)
  func sparse(example: OperatorCase) throws {
    let graph = try ONNXReader.graph(from: example.model.bytes, file: "m.onnx")
    let bytes = try ONNXWriter(elementType: .float64).bytes(of: graph, file: "m.onnx")
    let read = try ONNXReader.graph(from: bytes, file: "m.onnx")
    #expect(read.outputShapes == graph.outputShapes)
    #expect(try read.evaluate([example.point]) == [example.expected])
  }

  @Test("products, quotients and roots are written as operators of their names", arguments: compositeCases)
  func composite(example: OperatorCase) throws {
    let graph = try ONNXReader.graph(from: example.model.bytes, file: "m.onnx")
    let bytes = try ONNXWriter(elementType: .float64).bytes(of: graph, file: "m.onnx")
    let read = try ONNXReader.graph(from: bytes, file: "m.onnx")
    #expect(read.outputShapes == graph.outputShapes)
    let (values, again) = (try graph.evaluate([example.point])[0], try read.evaluate([example.point])[0])
    for (value, other) in zip(values, again) { #expect(abs(value - other) <= 1e-13 * max(1, abs(value))) }
  }

  @Test("inputs move to the front, the function stays")
  func inputOrder() throws {
    var builder = GraphBuilder()
    let table = builder.constant(try Tensor(shape: Shape([2, 2]), values: [1, 2, 3, 4]))
    let index = try builder.input("i", shape: Shape([1]), kind: .index)
    let result = try builder.apply(.gather, [table, index])
    let graph = try builder.build(outputs: [result])
    let read = try ONNXReader.graph(from: ONNXWriter().bytes(of: graph, file: "m"), file: "m")
    #expect(read.inputs == [0])
    #expect(try read.evaluate([[1.0]]) == [[3, 4]])
    #expect(try ONNXReader.graph(from: ONNXWriter().bytes(of: read, file: "m"), file: "m") == read)
  }

  @Test("weights are shared: unrolling a layer does not multiply the file")
  func sharedWeights() throws {
    let bytes = try ONNXWriter().bytes(of: FixtureGraphs.graph(named: "unrolled"), file: "m")
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.ranges(of: "_weight").count == 5)
  }

  @Test("a weight that float32 does not hold is an error that names it")
  func notSingle() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1, 2]))
    let result = try builder.apply(.scale(0.1), [x])
    let graph = try builder.build(outputs: [result])
    let error = try #require(throws: ModelFormatError.self) {
      try ONNXWriter().bytes(of: graph, file: "m.onnx")
    }
    #expect(error.code == .notRepresentable)
    #expect(error.description.contains("0.1"))
    let exact = try ONNXWriter(elementType: .float64).bytes(of: graph, file: "m.onnx")
    #expect(try ONNXReader.graph(from: exact, file: "m.onnx") == graph)
  }

  @Test("graphs without an ONNX counterpart are refused")
  func refused() throws {
    var builder = GraphBuilder()
    let index = try builder.input("i", shape: Shape([1]), kind: .index)
    let computed = try builder.apply(.relu, [index])
    let graphs = [try builder.build(outputs: [index]), try builder.build(outputs: [computed])]
    for graph in graphs {
      let error = try #require(throws: ModelFormatError.self) { try ONNXWriter().bytes(of: graph, file: "m") }
      #expect(error.code == .unsupportedFeature)
    }
    let plain = try FixtureGraphs.graph(named: "mlp")
    for names in [["x"], [""], ["a", "b"]] {
      #expect(throws: ModelFormatError.self) {
        try ONNXWriter().bytes(of: plain, outputNames: names, file: "m")
      }
    }
  }
}
