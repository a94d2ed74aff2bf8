import Foundation
import ModelFormats
import TensorGraph
import Testing

/// Writes networks and their values for `Tests/Interop/onnx_compare.py`, where `DSPEC_INTEROP` names an existing
/// folder for them: the fixtures, and the benchmark networks where `DSPEC_BENCH` names their folder.
@Suite("ONNX interoperation")
struct ONNXInteropTests {
  static let folder = ProcessInfo.processInfo.environment["DSPEC_INTEROP"]

  private struct Line: Encodable {
    let file: String
    let inputs: [String: [Double]]
    let outputs: [String: [Double]]
  }

  @Test("fixtures and values are written", .enabled(if: folder != nil, "DSPEC_INTEROP is not set"))
  func export() throws {
    let folder = try #require(Self.folder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var lines: [String] = []
    var files: [(name: String, bytes: [UInt8], outputs: [String])] = []
    for name in FixtureGraphs.names {
      let graph = try FixtureGraphs.graph(named: name)
      // onnxruntime has no Softplus and no Gelu in double precision.
      for type in [ONNXElementType.float32, .float64]
      where name != "smooth" && !name.contains("gelu") || type == .float32 {
        let bytes = try ONNXWriter(elementType: type).bytes(of: graph, file: name)
        files.append(("\(name) \(type).onnx".replacing(" ", with: "-"), bytes, outputNames(of: graph)))
      }
    }
    for (index, example) in (operatorCases + spatialCases + compositeCases + exportedCases).enumerated() {
      files.append(("operator-\(index).onnx", example.model.bytes, ["y"]))
    }
    // Not every point lies in the domain of a root or a logarithm; the case's own does.
    let points = Dictionary(
      uniqueKeysWithValues: (compositeCases + exportedCases).enumerated().map {
        ("operator-\(operatorCases.count + spatialCases.count + $0.offset).onnx", $0.element.point)
      })
    files += try benchmarks()
    for (name, bytes, outputNames) in files {
      try ModelFile.write(bytes, to: "\(folder)/\(name)")
      let graph = try ONNXReader.graph(from: bytes, file: name)
      for seed in 1...5 {
        let arguments = points[name].map { [$0] } ?? FixtureGraphs.arguments(for: graph, seed: UInt64(seed))
        let values = try graph.evaluate(arguments)
        let line = Line(
          file: name,
          inputs: Dictionary(uniqueKeysWithValues: zip(graph.inputSignature.map(\.input.name), arguments)),
          outputs: Dictionary(uniqueKeysWithValues: zip(outputNames, values)))
        lines.append(String(decoding: try encoder.encode(line), as: UTF8.self))
      }
    }
    try ModelFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(folder)/values.jsonl")
  }

  /// One network of every benchmark suite, written again, so that its output has a known name.
  private func benchmarks() throws -> [(name: String, bytes: [UInt8], outputs: [String])] {
    guard let root = ONNXBenchmarkTests.folder else { return [] }
    return try ["acasxu", "mnist_fc", "dist_shift", "rl", "safenlp", "test", "ml4acopf"].map { suite in
      let names = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(suite)").sorted()
      let name = try #require(names.last { $0.hasSuffix(".onnx") })
      let graph = try ONNXReader.graph(contentsOf: "\(root)/\(suite)/\(name)")
      return ("bench-\(suite).onnx", try ONNXWriter().bytes(of: graph, file: name), outputNames(of: graph))
    }
  }

  private func outputNames(of graph: Graph) -> [String] {
    let suffix = graph.inputSignature.contains { $0.input.name == "output" } ? "_" : ""
    return graph.outputs.count == 1
      ? ["output\(suffix)"] : graph.outputs.indices.map { "output_\($0)\(suffix)" }
  }
}
