import Foundation
import ModelFormats
import TensorGraph
import Testing

/// Public benchmark networks, read where `DSPEC_BENCH` names their folder.
@Suite("ONNX benchmark networks")
struct ONNXBenchmarkTests {
  static let folder = ProcessInfo.processInfo.environment["DSPEC_BENCH"]

  @Test(
    "networks of other exporters are read", .enabled(if: folder != nil, "DSPEC_BENCH is not set"),
    arguments: ["acasxu", "mnist_fc", "dist_shift", "rl", "safenlp", "test"])
  func reads(suite: String) throws {
    let root = try #require(Self.folder) + "/" + suite
    let names = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".onnx") }
    #expect(!names.isEmpty)
    for name in names.sorted() {
      let graph = try ONNXReader.graph(contentsOf: "\(root)/\(name)")
      let arguments = graph.inputSignature.map { [Double](repeating: 0.5, count: $0.shape.count) }
      #expect(try graph.evaluate(arguments).allSatisfy { $0.allSatisfy(\.isFinite) })
      let written = try ONNXWriter().bytes(of: graph, file: name)
      #expect(try ONNXReader.graph(from: written, file: name) == graph)
    }
  }

  @Test(
    "products and slices are read, and written as other operators",
    .enabled(if: folder != nil, "DSPEC_BENCH is not set"))
  func products() throws {
    let path = try #require(Self.folder) + "/ml4acopf/onnx/14_ieee_ml4acopf.onnx"
    let graph = try ONNXReader.graph(contentsOf: path)
    #expect(graph.outputShapes.map(\.count) == [186])
    let written = try ONNXWriter(elementType: .float64).bytes(of: graph, file: path)
    let read = try ONNXReader.graph(from: written, file: path)
    let point = [Double](repeating: 0.25, count: 22)
    for (value, other) in zip(try graph.evaluate([point])[0], try read.evaluate([point])[0]) {
      #expect(abs(value - other) <= 1e-12 * max(1, abs(value)))
    }
  }
}
