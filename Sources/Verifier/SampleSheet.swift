import Certificates
import DSpecSemantics
package import Lowering
import Reports
import SampleLaw
import Sampling
import TensorGraph
import VerificationProblem

/// Seeded images of a measured property on one sheet.
package struct SampleSheet: Sendable {
  /// The picture.
  package let png: [UInt8]
  /// Samples on which the event holds.
  package let hits: Int

  /// Why there is no picture.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Draws samples of the property's law.
  package static func draw(_ lowered: LoweredProperty, count: Int, seed: String) throws -> SampleSheet {
    let bytes = ContentDigest(of: Array("dspec sample \(seed)".utf8)).bytes
    guard case .measure = lowered.obligation.question else {
      throw Failure(
        description: "`\(lowered.property.name)` has no law to sample: choose a property with `P` or `BER`")
    }
    let source = try SampleSource(lowered.obligation, seed: bytes)
    let shape = lowered.imageShape.drop { $0 == 1 }
    guard shape.count == 2, let height = shape.first, let width = shape.last else {
      throw Failure(description: "`\(lowered.property.name)` speaks of no two-dimensional image")
    }
    guard lowered.images.allSatisfy({ $0 != nil }) else {
      throw Failure(description: "`\(lowered.property.name)` speaks of no image")
    }
    let drawn = try ImageSampler(source, graphs: lowered.images.compactMap { $0 }).images(0..<count)
    var cells: [ContactSheet.Cell] = []
    var hits = 0
    for image in drawn {
      let item = lowered.obligation.cases[image.sample.caseIndex]
      if try item.truth(at: image.sample.point).truth == true { hits += 1 }
      cells.append(
        ContactSheet.Cell(image: try RasterImage(values: image.values, width: width, height: height)))
    }
    var columns = 1
    while columns * columns < cells.count { columns += 1 }
    let sheet = try ContactSheet(
      columns: columns, margin: 4, imageScale: max(1, 64 / max(width, height)), captionScale: 1)
    return SampleSheet(png: try PNGWriter.bytes(of: sheet.render(cells)), hits: hits)
  }
}
