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
    "an operator without a counterpart is named", .enabled(if: folder != nil, "DSPEC_BENCH is not set"))
  func names() throws {
    let path = try #require(Self.folder) + "/ml4acopf/onnx/14_ieee_ml4acopf.onnx"
    let error = try #require(throws: ModelFormatError.self) { try ONNXReader.graph(contentsOf: path) }
    #expect(error.code == .unsupportedOperator || error.code == .unsupportedFeature)
  }
}
