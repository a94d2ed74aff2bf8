import Certificates
import DSpecSemantics
import Diagnostics
import Foundation
import ModelFormats
import RigorousArithmetic
import TensorGraph
import Testing

/// The files in `models` are what their formulas say.
@Suite struct TinyModelTests {
  /// The records (0, 0), (1, 0) and (1/2, 1) in sixteenths.
  static let pictures = IDXArray(extents: [3, 1, 2], elements: [0, 0, 16, 0, 8, 16])

  /// Every generated file by name.
  static func files() throws -> [(name: String, bytes: [UInt8])] {
    try TinyModel.all.map { ("\($0.name).onnx", try $0.bytes()) }
      + [("pictures.idx3-ubyte", pictures.fileBytes)]
  }

  @Test func committedFilesAreTheGeneratedOnes() throws {
    let folder = Corpus.root.appending(path: "models")
    let files = try Self.files()
    for (name, bytes) in files {
      let place = folder.appending(path: name)
      if Corpus.isAccepting { try Data(bytes).write(to: place) }
      #expect((try? Data(contentsOf: place)).map { [UInt8]($0) } == bytes, "\(name)")
    }
    let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(entries.sorted() == (files.map(\.name) + ["models.dspec"]).sorted())
  }

  @Test func declaredDigestsAreThoseOfTheFiles() throws {
    let place = Corpus.root.appending(path: "models/models.dspec")
    var text = String(decoding: try Data(contentsOf: place), as: UTF8.self)
    for (name, bytes) in try Self.files() {
      let digest = ContentDigest(of: bytes).hex
      let start = try #require(text.range(of: "\"\(name)\", sha256: \""), "\(name) is not declared")
      let end = try #require(text[start.upperBound...].firstIndex(of: "\""))
      if Corpus.isAccepting {
        text.replaceSubrange(start.upperBound..<end, with: digest)
      } else {
        #expect(text[start.upperBound..<end] == digest[...], "\(name)")
      }
    }
    if Corpus.isAccepting { try Data(text.utf8).write(to: place) }
  }

  @Test func declarationsAreAccepted() throws {
    let folder = CorpusFolder(replaced: ("", ""))
    let checked = SpecificationChecker.check(root: "models/models.dspec", loader: folder, parameters: [:])
    let shown = TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
    #expect(checked.diagnostics.isEmpty, "\(shown)")
    #expect(checked.spec?.networks.map(\.name).sorted() == TinyModel.all.map(\.name).sorted())
  }

  /// The file, read back, computes the stated function at grid points and beside them, exactly.
  @Test(arguments: TinyModel.all)
  func filesComputeTheirFunctions(_ model: TinyModel) throws {
    let read = try ONNXReader.graph(from: model.bytes(), file: model.name)
    let inner = try model.isLogistic ? #require(read.logits) : read
    let tiny = Rational(dyadic: 0x1p-80)
    let axis = (-9...9).flatMap { step -> [Rational] in
      let value = Rational(step) * Rational(dyadic: 0.375)
      return [value - tiny, value, value + tiny]
    }
    var points: [[Rational]] = [[]]
    for _ in 0..<model.signature.real { points = points.flatMap { point in axis.map { point + [$0] } } }
    var rows: [[Int]] = [[]]
    for count in model.signature.indices { rows = rows.flatMap { row in (0..<count).map { row + [$0] } } }
    for row in rows {
      var builder = GraphBuilder()
      var arguments = [try builder.input("x", shape: Shape([1, model.signature.real]))]
      for (index, count) in zip(row, model.signature.indices) {
        let oneHot = (0..<count).map { $0 == index ? 1.0 : 0 }
        let tensor =
          try model.isOneHot
          ? Tensor(shape: Shape([1, count]), values: oneHot)
          : Tensor(shape: Shape([1]), values: [Double(index)])
        arguments.append(builder.constant(tensor))
      }
      let outputs = try builder.inline(inner, arguments: arguments)
      let graph = try builder.build(outputs: outputs)
      for point in points {
        let values = try graph.evaluate([point])[0]
        #expect(values == model.function(point, row))
      }
    }
  }
}
