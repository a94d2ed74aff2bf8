import ModelFormats
import SeededDraws
import TensorGraph
import Testing

@Suite("ONNX mutations")
struct ONNXMutationTests {
  /// Valid files: our own and hand-written ones.
  static func corpus() throws -> [[UInt8]] {
    try FixtureGraphs.names.map { try ONNXWriter().bytes(of: FixtureGraphs.graph(named: $0), file: "m") }
      + (operatorCases + spatialCases + compositeCases + exportedCases).map(\.model.bytes)
  }

  @Test("mutated files are read or refused, and what is read can be evaluated", arguments: 0..<8)
  func mutations(part: Int) throws {
    var generator = SeededGenerator(seed: UInt64(1000 + part))
    let corpus = try Self.corpus()
    var readCount = 0
    for _ in 0..<1500 {
      var bytes = corpus[Int.random(in: corpus.indices, using: &generator)]
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, corpus: corpus, &generator) }
      guard let graph = try? ONNXReader.graph(from: bytes, file: "m") else { continue }
      readCount += 1
      // What was read is a graph like any other: shapes fit, values are numbers, it can be written again.
      guard graph.nodes.allSatisfy({ $0.shape.count <= 4096 }) else { continue }
      let arguments = graph.inputSignature.map { [Double](repeating: 0, count: $0.shape.count) }
      let values = try graph.evaluate(arguments)
      #expect(zip(values, graph.outputShapes).allSatisfy { $0.count == $1.count })
      let written = try ONNXWriter(elementType: .float64).bytes(of: graph, file: "m")
      // As texts, in which NaN equals itself.
      let read = try ONNXReader.graph(from: written, file: "m")
      // A sparse map is written as a product between two reshapes.
      let isDense = graph.nodes.allSatisfy { $0.operation.name != "Sparse" }
      #expect(!isDense || read.nodes.count == graph.nodes.count)
      let again = try read.evaluate(arguments)
      #expect("\(again)" == "\(values)", "\(graph)")
    }
    #expect(readCount > 20)
  }

  private func mutate(_ bytes: inout [UInt8], corpus: [[UInt8]], _ generator: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: bytes.indices, using: &generator)
    switch Int.random(in: 0..<7, using: &generator) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 2: bytes.remove(at: place)
    case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 4: bytes.removeLast(Int.random(in: 0..<min(20, bytes.count), using: &generator))
    case 5: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
    default:
      let other = corpus[Int.random(in: corpus.indices, using: &generator)]
      let start = Int.random(in: other.indices, using: &generator)
      bytes.replaceSubrange(
        place..<min(bytes.count, place + 8), with: other[start..<min(other.count, start + 8)])
    }
  }
}
