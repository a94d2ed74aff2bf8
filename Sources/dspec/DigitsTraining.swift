import Certificates
import Foundation
import Inference
import ModelFormats
import RigorousArithmetic
import TensorGraph
import Training

/// Trains the models of the digits example and measures them with an evaluator that saw none of the training images.
///
/// The first two thirds of the images train everything; the last third serves a nearest-neighbour evaluator.
struct DigitsTraining {
  /// What was measured and written.
  struct Report {
    var figures: [(name: String, value: String)] = []
    var files: [String] = []
  }

  /// Latent dimensions of the bundled generators.
  static let dimensions = [2, 3]
  /// The class that the unsafe-concept head looks for.
  static let unsafeClass = 8

  let data: String
  let out: String
  let seed: UInt64

  func run(_ progress: (String) -> Void) throws -> Report {
    guard let sixteenth = Rational(exactly: 0x1p-4) else { return Report() }
    let records = try IDXFile.images(contentsOf: data + "/digits-images.idx3-ubyte").records
    let images = try records.scaled(by: sixteenth).map(\.nearest)
    let labels = try IDXFile.labels(contentsOf: data + "/digits-labels.idx1-ubyte")
    guard images.count == labels.count, images.count >= 30 else {
      throw CommandFailure("`\(data)` holds \(images.count) images and \(labels.count) labels")
    }
    let cut = images.count * 2 / 3
    let (own, ownLabels) = (Array(images[..<cut]), Array(labels[..<cut]))
    var log: [String] = []
    func note(_ line: String) {
      log.append(line)
      progress(line)
    }
    var pipelines: [TrainedPipeline] = []
    for dimension in DigitsTraining.dimensions {
      pipelines.append(
        try DigitsRecipe(images: own, labels: ownLabels, seed: seed, latentDimension: dimension).train {
          note("d\(dimension) \($0)")
        })
    }
    let heads = try HeadsRecipe(
      images: own, labels: ownLabels, pipelines: pipelines, unsafeClass: DigitsTraining.unsafeClass,
      seed: seed &+ 1
    ).train(progress: note)

    var report = Report()
    var graphs: [(String, Graph)] = []
    for (dimension, pipeline) in zip(DigitsTraining.dimensions, pipelines) {
      graphs.append(("d\(dimension)-denoiser.onnx", pipeline.denoiser))
      graphs.append(("d\(dimension)-decoder.onnx", pipeline.decoder))
    }
    graphs += [
      ("unsafe-head.onnx", heads.unsafe), ("ink-probe.onnx", heads.inkProbe), ("judge.onnx", heads.judge),
    ]
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    for (name, graph) in graphs {
      let bytes = try ONNXWriter().bytes(of: graph, file: name)
      try ModelFile.write(bytes, to: out + "/" + name)
      report.files.append(out + "/" + name)
    }
    let evaluator = NearestNeighbours(images: Array(images[cut...]), labels: Array(labels[cut...]))
    for (dimension, pipeline) in zip(DigitsTraining.dimensions, pipelines) {
      let quality = try quality(of: pipeline, evaluator, real: own, labels: ownLabels)
      report.figures.append(
        ("d\(dimension) class accuracy by the held-out evaluator", fixed(quality.accuracy)))
      report.figures.append(
        ("d\(dimension) within-class variance, generated / real", fixed(quality.variance)))
    }
    let tried = own.indices.prefix(300)
    let held = tried.filter { evaluator.label(of: own[$0]) == ownLabels[$0] }.count
    report.figures.append(("evaluator's accuracy on real images", fixed(Double(held) / Double(tried.count))))
    report.figures.append(
      ("training log sha256", ContentDigest(of: Array(log.joined(separator: "\n").utf8)).hex))
    return report
  }

  private func fixed(_ value: Double) -> String { String(format: "%.3f", value) }

  /// Accuracy and diversity of 2,000 generated images, 100 a class and attribute.
  private func quality(
    of pipeline: TrainedPipeline, _ evaluator: NearestNeighbours, real: [[Double]], labels: [Int]
  ) throws -> (accuracy: Double, variance: Double) {
    var generator = SplitMix64(seed: 99)
    var (right, total) = (0, 0)
    var (generated, original) = (0.0, 0.0)
    for label in 0..<10 {
      var images: [[Double]] = []
      for heavy in [false, true] {
        var program = BatchProgram(try pipeline.generator(label: label, heavy: heavy))
        let count = 100
        let latents = (0..<count * program.inputCount).map { _ in generator.normal() }
        let values = try program.values(inputs: latents, batch: count)
        images += (0..<count).map { Array(values[$0 * 64..<($0 + 1) * 64]) }
      }
      right += images.filter { evaluator.label(of: $0) == label }.count
      total += images.count
      generated += variance(images)
      original += variance(zip(real, labels).filter { $0.1 == label }.map(\.0))
    }
    return (Double(right) / Double(total), generated / original)
  }

  /// Sum over pixels of the variance over images.
  private func variance(_ images: [[Double]]) -> Double {
    (0..<64).reduce(0) { sum, pixel in
      let mean = images.reduce(0) { $0 + $1[pixel] } / Double(images.count)
      return sum + images.reduce(0) { $0 + ($1[pixel] - mean) * ($1[pixel] - mean) } / Double(images.count)
    }
  }
}

/// Five nearest neighbours in pixel space; the nearer ones decide a tie.
struct NearestNeighbours {
  let images: [[Double]]
  let labels: [Int]

  func label(of image: [Double]) -> Int {
    let distances = images.map { other in zip(image, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    let nearest = distances.indices.sorted { distances[$0] < distances[$1] }.prefix(5)
    var votes = [Int](repeating: 0, count: 10)
    for (rank, index) in nearest.enumerated() { votes[labels[index]] += 100 - rank }
    return votes.indices.max { votes[$0] < votes[$1] } ?? 0
  }
}
