import Certificates
import DSpecSemantics
import LeafRules
package import Lowering
import Reports
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
    guard let rule = try SampleRule(lowered.obligation, seed: bytes) else {
      throw Failure(description: "`\(lowered.property.name)` has no law to sample: choose a property with `P` or `BER`")
    }
    let shape = lowered.imageShape.drop { $0 == 1 }
    guard shape.count == 2, let height = shape.first, let width = shape.last else {
      throw Failure(description: "`\(lowered.property.name)` speaks of no two-dimensional image")
    }
    var cells: [ContactSheet.Cell] = []
    var hits = 0
    for index in 0..<count {
      let (caseIndex, point) = rule.sample(index)
      if try lowered.obligation.cases[caseIndex].truth(at: point).truth == true { hits += 1 }
      guard let graph = lowered.images[caseIndex] else { continue }
      let pixels = try graph.evaluate([point])[0]
      cells.append(
        ContactSheet.Cell(image: try RasterImage(values: pixels, width: width, height: height, range: 0...1), caption: nil))
    }
    var columns = 1
    while columns * columns < cells.count { columns += 1 }
    let sheet = try ContactSheet(columns: columns, margin: 4, imageScale: max(1, 64 / max(width, height)), captionScale: 1)
    return SampleSheet(png: try PNGWriter.bytes(of: sheet.render(cells)), hits: hits)
  }
}
