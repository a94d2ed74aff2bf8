import BranchAndBound
import Certificates
import DSpecSemantics
import Foundation
import Lowering
import ModelFormats
import RigorousArithmetic
import Tampering
import TensorGraph
import Testing
import Verifier

/// Latents of a domain are vectors; those of a denoiser's file may have axes.
@Suite struct ImageLatentTests {
  /// The starting project's denoiser behind a reshape of its latent, and before one of its result.
  private static func denoiser(_ bytes: [UInt8], latent: Shape) throws -> [UInt8] {
    let graph = try ONNXReader.graph(from: bytes, file: "denoiser.onnx")
    var builder = GraphBuilder()
    var arguments: [Int] = []
    for (input, shape) in graph.inputSignature {
      guard input.kind == .real else {
        arguments.append(try builder.input(input.name, shape: shape, kind: input.kind))
        continue
      }
      arguments.append(
        try builder.apply(.reshape(shape), [try builder.input(input.name, shape: latent)]))
    }
    let output = try builder.inline(graph, arguments: arguments)[0]
    let shaped = try builder.apply(.reshape(latent), [output])
    let result = try builder.build(outputs: [shaped])
    return try ONNXWriter(elementType: .float64).bytes(of: result, file: "denoiser.onnx")
  }

  @Test(arguments: [[1, 2, 1], [1, 1, 2, 1], [2, 1, 1]])
  func anyShapeIsTheSameSampler(extents: [Int]) async throws {
    try await ValidBundle.inTemporaryFolder { folder in
      func unpinned(_ text: String) -> String { text.replacing(/, sha256: "[0-9a-f]{64}"/, with: "") }
      let flat = try PipelineBundle.project([.neverUnsafe], in: folder + "/flat", changing: unpinned)
      let shaped = try PipelineBundle.project([.neverUnsafe], in: folder + "/shaped", changing: unpinned)
      let place = URL(fileURLWithPath: folder + "/shaped/models/denoiser.onnx")
      let bytes = try Self.denoiser(Array(try Data(contentsOf: place)), latent: Shape(extents))
      try Data(bytes).write(to: place)
      var bounds: [Double] = []
      for project in [flat, shaped] {
        let property = try #require(project.spec.property(named: "NeverUnsafe"))
        let lowered = try SpecLowering(project.spec, project.library()).lower(property)
        let outcome = await PropertyRun(budget: SearchBudget(nodes: 2_000, workers: 1)).decide(lowered)
        #expect(outcome.verdict == .proved, "\(outcome.note ?? "")")
        bounds.append(try #require(outcome.bounds).upper)
      }
      #expect(abs(bounds[0] - bounds[1]) <= 1e-9 * abs(bounds[0]))
    }
  }
}
