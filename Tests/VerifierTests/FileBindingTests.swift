import Foundation
import Lowering
import ModelFormats
import TensorGraph
import Testing
import Verifier

/// Files are bound to what is declared of them: in order, by extents and with a row for each case, and what contradicts the
/// declaration is an error, since two inputs or axes turned round are another network.
@Suite struct FileBindingTests {
  /// Reads a specification of one network, `net.onnx`, in a folder of its own.
  private func library(of graph: Graph, _ declarations: String) throws -> ModelLibrary {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dspec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try ModelFile.write(
      ONNXWriter().bytes(of: graph, file: "net.onnx"), to: folder.appending(path: "net.onnx").path)
    let path = folder.appending(path: "net.dspec").path
    try Data("dspec 1.0\n\(declarations)\n".utf8).write(to: URL(filePath: path))
    return try Project(path: path, parameters: [:]).library()
  }

  /// What is wrong with a network of given inputs and result; nil for nothing.
  private func problem(of graph: Graph, declared: String) throws -> String? {
    do {
      _ = try library(
        of: graph, "enum Three { a, b, c } network f: \(declared) { artifact: onnx(\"net.onnx\") }")
      return nil
    } catch LoweringError.mismatch(let text, _) {
      return text
    }
  }

  /// The same for a file with inputs of given names, of which it computes the first minus the second.
  private func problem(_ names: [String], declared: String) throws -> String? {
    var builder = GraphBuilder()
    let first = try builder.input(names[0], shape: Shape([1]))
    let second = try builder.input(names[1], shape: Shape([1]))
    let negative = try builder.apply(.scale(-1), [second])
    let difference = try builder.apply(.add, [first, negative])
    return try problem(of: builder.build(outputs: [difference]), declared: "(\(declared)) -> Real")
  }

  @Test func namesInOrderAndOtherNamesAreBoundByPlace() throws {
    #expect(try problem(["x", "y"], declared: "x: Real[1], y: Real[1]") == nil)
    #expect(try problem(["input.1", "onnx::Sub_1"], declared: "x: Real[1], y: Real[1]") == nil)
    #expect(try problem(["x", "input.2"], declared: "x: Real[1], y: Real[1]") == nil)
  }

  @Test func namesThatStandElsewhereAreRefused() throws {
    for (names, declared, place) in [
      (["y", "x"], "x: Real[1], y: Real[1]", "`x`"), (["other", "x"], "x: Real[1], y: Real[1]", "`x`"),
      (["y", "other"], "x: Real[1], y: Real[1]", "`y`"), (["Y", "X"], "x: Real[1], y: Real[1]", "`x`"),
    ] {
      let text = try #require(try problem(names, declared: declared))
      #expect(text.hasPrefix("input \(place) of `f` stands in another place"), "\(text)")
      #expect(text.contains("`\(names[0])`, `\(names[1])`"), "\(text)")
    }
  }

  /// A sampler hands over latent, step and conditions; a denoiser that takes them in another order is not run, even where
  /// tables of the same size would hide it.
  @Test(arguments: [["z", "t", "c"], ["z", "c", "t"]])
  func denoisersTakeTheStepSecond(names: [String]) throws {
    var builder = GraphBuilder()
    let z = try builder.input("z", shape: Shape([1, 2]))
    var sum = z
    for name in names.dropFirst() {
      let table = builder.constant(
        try Tensor(shape: Shape([4, 2]), values: (0..<8).map { name == "c" ? Double($0) : 0 }))
      let index = try builder.input(name, shape: Shape([1]), kind: .index)
      let row = try builder.apply(.gather, [table, index])
      sum = try builder.apply(.add, [sum, row])
    }
    let graph = try builder.build(outputs: [sum])
    let types = ["z": "Latent[2]", "t": "Step[4]", "c": "Topic"]
    let ports = names.map { "\($0): \(types[$0] ?? "")" }.joined(separator: ", ")
    let library = try library(
      of: graph,
      """
      enum Topic { north, east, south, west }
      network den: (\(ports)) -> Latent[2] { artifact: onnx("net.onnx") }
      sampler G: (z: Latent[2], c: Topic) -> Latent[2] {
        denoiser: den
        method: ddim(steps: 4, eta: 0)
        schedule: linear(train_steps: 1000, beta_start: 0.001, beta_end: 0.02)
        prediction: x0
      }
      """)
    #expect((library.samplers["G"] != nil) == (names[1] == "t"))
    let reason = library.unsupported["G"] ?? ""
    #expect(reason.contains("does not take the latent first and the step second") == (names[1] == "c"))
  }

  /// Tensors of other extents have their elements in another order, unless one of the two is flat.
  @Test(
    arguments: [
      ([1, 2, 3, 3], "Image[2, 3, 3]", true), ([2, 3, 3], "Image[2, 3, 3]", true),
      ([18], "Image[2, 3, 3]", true), ([1, 18], "Image[2, 3, 3]", true), ([1, 3, 2, 3], "Latent[18]", true),
      ([1, 3, 2, 3], "Image[2, 3, 3]", false), ([3, 6], "Image[2, 3, 3]", false),
      ([1, 2, 3, 4], "Image[2, 3, 3]", false),
    ])
  func extentsAreThoseOfTheDeclaration(extents: [Int], type: String, fits: Bool) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape(extents))
    let value = try builder.apply(.relu, [x])
    let graph = try builder.build(outputs: [value])
    let found = try problem(of: graph, declared: "(x: \(type)) -> \(type)")
    #expect((found == nil) == fits, "\(found ?? "nothing")")
  }

  /// An index beyond a table is no row of it.
  @Test(arguments: [2, 3, 4])
  func tablesHaveARowForEachCase(rows: Int) throws {
    var builder = GraphBuilder()
    let c = try builder.input("c", shape: Shape([1]), kind: .index)
    let table = builder.constant(
      try Tensor(shape: Shape([rows, 1]), values: (0..<rows).map { Double($0) }))
    let value = try builder.apply(.gather, [table, c])
    let graph = try builder.build(outputs: [value])
    #expect((try problem(of: graph, declared: "(c: Three) -> Real") == nil) == (rows >= 3))
    #expect((try problem(of: graph, declared: "(c: Step[3]) -> Real") == nil) == (rows >= 3))
  }
}
