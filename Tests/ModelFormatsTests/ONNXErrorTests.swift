import ModelFormats
import TensorGraph
import Testing

/// A file that must be refused.
struct RefusalCase: Sendable, CustomTestStringConvertible {
  let name: String
  let model: Message
  let code: ModelFormatError.Code
  /// Words that the message must hold.
  let words: [String]

  var testDescription: String { name }
}

private let piece = ONNXPiece.self
private let x = piece.info("x", [1, 2])
private let y = piece.info("y", [1, 2])
private let relu = piece.node("Relu", ["x"], "y")

private func refused(
  _ name: String, _ code: ModelFormatError.Code, _ words: [String], nodes: [Message] = [relu],
  inputs: [Message] = [x], outputs: [Message] = [y], weights: [Message] = [], operatorSet: Int = 13,
  format: Int = 7
) -> RefusalCase {
  RefusalCase(
    name: name,
    model: piece.model(
      nodes, inputs: inputs, outputs: outputs, weights: weights, operatorSet: operatorSet, format: format),
    code: code, words: words)
}

private func extended(_ name: String, _ words: [String], _ extra: (Message) -> Message) -> RefusalCase {
  RefusalCase(
    name: name, model: extra(piece.model([relu], inputs: [x], outputs: [y])), code: .unsupportedFeature,
    words: words)
}

/// Fields of the graph, appended as a second piece of the same message, which merges with the first.
private func graphField(_ field: Int, _ value: Message) -> (Message) -> Message {
  { $0.message(7, Message().message(field, value)) }
}

let refusalCases: [RefusalCase] = [
  refused(
    "an operator of another kind", .unsupportedOperator, ["`Hardmax`", "Gemm", "Unsqueeze", "node 0"],
    nodes: [piece.node("Hardmax", ["x"], "y")]),
  refused(
    "a foreign domain", .unsupportedOperator, ["`com.microsoft`"],
    nodes: [piece.node("Relu", ["x"], "y", domain: "com.microsoft")]),
  refused(
    "NaN among weights", .nonFinite, ["initialiser `c`", "element 1"],
    nodes: [piece.node("Add", ["x", "c"], "y")], weights: [piece.floats("c", [2], [0, .nan])]),
  refused(
    "infinity in a Constant", .nonFinite, ["node 0", "element 0", "inf"],
    nodes: [
      piece.node("Constant", [], "c", [piece.tensor("value", piece.floats("", [1], [.infinity]))]),
      piece.node("Add", ["x", "c"], "y"),
    ]),
  refused(
    "a bias of the wrong length", .shape, ["`Gemm`", "[3]"],
    nodes: [piece.node("Gemm", ["x", "W", "c"], "y")],
    weights: [piece.floats("W", [2, 2], [1, 2, 3, 4]), piece.floats("c", [3], [1, 2, 3])]),
  refused(
    "weights that do not fit", .shape, ["Linear"], nodes: [piece.node("MatMul", ["x", "W"], "y")],
    weights: [piece.floats("W", [3, 2], [1, 2, 3, 4, 5, 6])]),
  refused(
    "a missing initialiser", .missingValue, ["`c`"], nodes: [piece.node("Add", ["x", "c"], "y")]),
  refused("an output that nothing computes", .missingValue, ["`z`"], outputs: [piece.info("z", [1, 2])]),
  refused(
    "a value computed twice", .duplicateName, ["`y`"], nodes: [relu, piece.node("Sigmoid", ["x"], "y")]),
  refused(
    "a node that computes an input", .duplicateName, ["`x`"],
    nodes: [relu, piece.node("Sigmoid", ["y"], "x")]),
  refused("an input declared twice", .duplicateName, ["`x`"], inputs: [x, x]),
  refused("an output declared twice", .duplicateName, ["`y`"], outputs: [y, y]),
  refused(
    "initialisers of one name", .duplicateName, ["`c`"],
    weights: [piece.floats("c", [1], [0]), piece.floats("c", [1], [1])]),
  refused(
    "an input with a default value", .ambiguous, ["`x`"], weights: [piece.floats("x", [1, 2], [0, 0])]),
  refused("a cycle", .unsortedNodes, ["`y`"], nodes: [piece.node("Add", ["x", "y"], "y")]),
  refused(
    "nodes out of order", .unsortedNodes, ["`h`"],
    nodes: [piece.node("Relu", ["h"], "y"), piece.node("Relu", ["x"], "h")]),
  refused(
    "constants whose number overflows", .tooLarge, ["`ConstantOfShape`"],
    nodes: [
      piece.node("ConstantOfShape", ["i"], "h"), piece.node("ConstantOfShape", ["j"], "k"),
      piece.node("Add", ["x", "h"], "y"),
    ], weights: [piece.integers("i", [1], [1]), piece.integers("j", [1], [Int.max])]),
  refused(
    "a giant shape without data", .shape, ["initialiser `c`"],
    weights: [Message().int(1, 1 << 30).int(2, 1).text(8, "c")]),
  refused(
    "a shape whose size overflows", .tooLarge, ["initialiser `c`"],
    weights: [Message().int(1, 1 << 40).int(1, 1 << 40).int(2, 1).text(8, "c")]),
  refused(
    "a giant input", .tooLarge, ["`x`"], inputs: [piece.info("x", [1, 1 << 30])]),
  refused(
    "a negative extent", .shape, ["-3"], weights: [Message().int(1, -3).int(2, 1).text(8, "c")]),
  refused("an extent of zero", .shape, ["input `x`"], inputs: [piece.info("x", [1, 0])]),
  refused("a dynamic extent behind the batch", .shape, ["axis 1"], inputs: [piece.info("x", [1, -1])]),
  refused(
    "an input without a shape", .shape, ["no shape"],
    inputs: [
      Message().text(1, "x").message(2, Message().message(1, Message().int(1, 1)))
    ]),
  refused("an input without a type", .elementType, ["no type"], inputs: [Message().text(1, "x")]),
  refused(
    "a sequence as input", .elementType, ["dense"],
    inputs: [Message().text(1, "x").message(2, Message().message(4, Message()))]),
  refused("an input of short integers", .elementType, ["int16"], inputs: [piece.info("x", [1, 2], type: 5)]),
  refused(
    "half precision beside single", .elementType, ["float16 and float32"],
    nodes: [piece.node("Add", ["x", "c"], "y")], inputs: [piece.info("x", [1, 2], type: 10)],
    weights: [piece.floats("c", [1], [1])]),
  refused(
    "an infinite number of half precision", .nonFinite, ["-inf"],
    weights: [Message().int(1, 1).int(2, 10).text(8, "c").block(9, [0, 0xFC])]),
  refused("an index that is a list", .shape, ["int64"], inputs: [piece.info("x", [2], type: 7)]),
  refused(
    "data stored outside", .unsupportedFeature, ["outside"],
    weights: [
      Message().int(1, 1).int(2, 1).text(8, "c").message(13, Message().text(1, "location")).int(14, 1)
    ]),
  refused(
    "segments", .unsupportedFeature, ["segments"],
    weights: [piece.floats("c", [1], [1]).message(3, Message().int(1, 0).int(2, 1))]),
  refused(
    "two payloads", .ambiguous, ["float_data"], weights: [piece.floats("c", [1], [1]).float(4, 1)]),
  refused(
    "a payload of another type", .ambiguous, ["double_data"],
    weights: [Message().int(1, 1).int(2, 1).text(8, "c").block(10, Message.words([UInt64(0)]))]),
  refused(
    "a payload that is too short", .shape, ["4 bytes"],
    weights: [Message().int(1, 2).int(2, 1).text(8, "c").block(9, [0, 0, 0, 0])]),
  refused(
    "mixed element types", .elementType, ["float32 and float64"],
    nodes: [piece.node("Add", ["x", "c"], "y")],
    weights: [piece.doubles("c", [2], [1, 2])]),
  refused(
    "an output of another type", .elementType, ["float64"], outputs: [piece.info("y", [1, 2], type: 11)]),
  refused("an output of another shape", .shape, ["[1, 3]"], outputs: [piece.info("y", [1, 3])]),
  refused(
    "an integer output", .elementType, ["integers"], outputs: [piece.info("c", [1], type: 7)],
    weights: [piece.integers("c", [1], [1])]),
  refused("no output", .malformed, ["no output"], outputs: []),
  refused("an old format", .unsupportedVersion, ["2"], format: 2),
  refused("a future operator set", .unsupportedVersion, ["99"], operatorSet: 99),
  refused(
    "Gemm with a factor", .unsupportedFeature, ["`alpha`"],
    nodes: [piece.node("Gemm", ["x", "W"], "y", [piece.real("alpha", 2)])],
    weights: [piece.floats("W", [2, 2], [1, 2, 3, 4])]),
  refused(
    "Gemm with transA", .unsupportedFeature, ["transA"],
    nodes: [piece.node("Gemm", ["x", "W"], "y", [piece.int("transA", 1)])],
    weights: [piece.floats("W", [2, 2], [1, 2, 3, 4])]),
  refused(
    "an attribute without meaning", .unsupportedFeature, ["`alpha`"],
    nodes: [piece.node("Relu", ["x"], "y", [piece.real("alpha", 2)])]),
  refused(
    "an attribute given twice", .ambiguous, ["`axis`"],
    nodes: [piece.node("Flatten", ["x"], "y", [piece.int("axis", 0), piece.int("axis", 1)])]),
  refused(
    "an attribute with two values", .ambiguous, ["`axis`"],
    nodes: [piece.node("Flatten", ["x"], "y", [piece.int("axis", 1).float(2, 1)])]),
  refused(
    "an attribute of another type", .malformed, ["`axis`"],
    nodes: [piece.node("Flatten", ["x"], "y", [piece.real("axis", 1)])]),
  refused(
    "a subgraph", .unsupportedFeature, ["`body`"],
    nodes: [piece.node("Relu", ["x"], "y", [Message().text(1, "body").message(6, Message()).int(20, 5)])]),
  refused(
    "an attribute reference", .unsupportedFeature, ["`axis`"],
    nodes: [piece.node("Flatten", ["x"], "y", [Message().text(1, "axis").int(20, 2).text(21, "k")])]),
  refused(
    "shapes that cannot be joined", .shape, ["[1, 2]", "[3]"], nodes: [piece.node("Add", ["x", "c"], "y")],
    weights: [piece.floats("c", [3], [0, 1, 2])]),
  refused(
    "the mask of a dropout", .ambiguous, ["`m`", "mask"],
    nodes: [
      piece.node("Dropout", ["x"], outputs: ["d", "m"]), piece.node("Cast", ["m"], "c", [piece.int("to", 1)]),
      piece.node("Add", ["d", "c"], "y"),
    ]),
  refused(
    "a rounding conversion", .unsupportedFeature, ["float32 to float16"],
    nodes: [piece.node("Cast", ["x"], "y", [piece.int("to", 10)])]),
  refused(
    "a Clip with bounds exchanged", .unsupportedFeature, ["Clip"],
    nodes: [piece.node("Clip", ["x", "u", "l"], "y")],
    weights: [piece.floats("l", [], [0]), piece.floats("u", [], [1])]),
  refused(
    "a gather along columns", .unsupportedFeature, ["axis"],
    nodes: [piece.node("Gather", ["W", "i"], "y", [piece.int("axis", 1)])],
    inputs: [piece.info("i", [1], type: 7)], weights: [piece.floats("W", [2, 2], [1, 2, 3, 4])]),
  refused(
    "a gather by real numbers", .elementType, ["integer"], nodes: [piece.node("Gather", ["W", "x"], "y")],
    weights: [piece.floats("W", [2, 2], [1, 2, 3, 4])]),
  refused(
    "arithmetic on an index", .elementType, ["`i`"], nodes: [piece.node("Relu", ["i"], "y")],
    inputs: [piece.info("i", [1], type: 7)]),
  refused(
    "a reshape by a computed shape", .unsupportedFeature, ["constant"],
    nodes: [piece.node("Reshape", ["x", "i"], "y")], inputs: [x, piece.info("i", [1], type: 7)]),
  refused(
    "a reshape that loses elements", .shape, ["Reshape"], nodes: [piece.node("Reshape", ["x", "s"], "y")],
    weights: [piece.integers("s", [1], [3])]),
  refused(
    "a reshape with an overflowing target", .shape, ["Reshape"],
    nodes: [piece.node("Reshape", ["x", "s"], "y")],
    weights: [piece.integers("s", [3], [Int.max, 2, -1])]),
  refused(
    "an axis that does not exist", .shape, ["axis 5"],
    nodes: [piece.node("Concat", ["x", "x"], "y", [piece.int("axis", 5)])]),
  refused("an operand too many", .malformed, ["1 operands"], nodes: [piece.node("Relu", ["x", "x"], "y")]),
  refused("an operand too few", .malformed, ["operands"], nodes: [piece.node("Add", ["x"], "y")]),
  refused(
    "two results", .unsupportedFeature, ["2 values"], nodes: [piece.node("Relu", ["x"], "y").text(2, "w")]),
  refused(
    "constants that double at every node", .tooLarge, ["Concat"],
    nodes: (0..<40).map { piece.node("Concat", ["c\($0)", "c\($0)"], "c\($0 + 1)", [piece.int("axis", 0)]) },
    weights: [piece.floats("c0", [1], [1])]),
  extended("local functions", ["functions"]) { $0.message(25, Message().text(1, "f")) },
  extended("training information", ["training"]) { $0.message(20, Message()) },
  extended("sparse weights", ["sparse"], graphField(15, Message())),
  extended("quantisation", ["quantisation"], graphField(14, Message().text(1, "x"))),
  RefusalCase(
    name: "two operator sets",
    model: piece.model([relu], inputs: [x], outputs: [y]).message(8, Message().int(2, 11)),
    code: .ambiguous, words: ["11", "13"]),
  RefusalCase(
    name: "no operator set", model: Message().int(1, 7).message(7, Message()), code: .unsupportedVersion,
    words: ["operator set"]),
  RefusalCase(name: "no network", model: Message().int(1, 7), code: .malformed, words: ["no network"]),
  RefusalCase(name: "no bytes", model: Message(), code: .malformed, words: ["empty"]),
]

@Suite("ONNX refusals")
struct ONNXErrorTests {
  @Test(
    "every defect has its code and names its place",
    arguments: refusalCases + spatialRefusals + compositeRefusals)
  func refusal(of example: RefusalCase) throws {
    let error = try #require(throws: ModelFormatError.self) {
      try ONNXReader.graph(from: example.model.bytes, file: "net.onnx")
    }
    #expect(error.code == example.code, "\(error)")
    #expect(error.description.hasPrefix("net.onnx: "))
    for word in example.words { #expect(error.description.contains(word), "\(error)") }
  }

  @Test("every proper prefix of a file is refused", arguments: FixtureGraphs.names)
  func truncation(name: String) throws {
    let bytes = try ONNXWriter().bytes(of: FixtureGraphs.graph(named: name), file: "m")
    for count in 0..<bytes.count {
      #expect(throws: ModelFormatError.self) {
        try ONNXReader.graph(from: Array(bytes.prefix(count)), file: "m")
      }
    }
  }

  @Test("hostile names do not break messages")
  func hostileNames() throws {
    let name = "a`\n\u{1B}[31m" + String(repeating: "b", count: 500)
    let model = piece.model([piece.node("Relu", [name], "y")], inputs: [x], outputs: [y])
    let error = try #require(throws: ModelFormatError.self) {
      try ONNXReader.graph(from: model.bytes, file: "m")
    }
    #expect(!error.description.contains("\n") && !error.description.contains("\u{1B}"))
    #expect(error.description.count < 400)
  }

  @Test("a file that is not there", arguments: ["/nonexistent/m.onnx", "/tmp"])
  func access(path: String) throws {
    let error = try #require(throws: ModelFormatError.self) { try ONNXReader.graph(contentsOf: path) }
    #expect(error.code == .access)
  }
}
