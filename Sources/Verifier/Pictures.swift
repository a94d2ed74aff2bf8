import DSpecSemantics
import Evidence
import Foundation
import Lowering
import Reports
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Pictures of witnesses: the image that violates a claim, and beside it the record that it comes too near to.
package struct Pictures: Sendable {
  /// Longest side of a picture in pixels, about.
  static let side = 256

  private let folder: String

  /// Pictures in a folder, which is made when the first one is drawn.
  package init(folder: String) { self.folder = folder }

  /// Draws the witnesses among the answers; returns the paths.
  package func draw(_ outcomes: [PropertyOutcome]) throws -> [String] {
    var paths: [String] = []
    for outcome in outcomes {
      guard case .witness(let caseIndex, let point) = outcome.evidence, let lowered = outcome.lowered,
        lowered.images.indices.contains(caseIndex), let graph = lowered.images[caseIndex],
        let size = Pictures.size(lowered.imageShape)
      else { continue }
      let pixels = try graph.evaluate([point])[0]
      guard pixels.count == size.width * size.height else { continue }
      var cells = [try cell(pixels, size, caption: outcome.property.name)]
      if let record = try nearestRecord(lowered, caseIndex: caseIndex, point: point) {
        cells.append(try cell(record.point, size, caption: record.label))
      }
      let sheet = try ContactSheet(
        columns: cells.count, margin: 8, imageScale: max(1, Pictures.side / max(size.width, size.height)),
        captionScale: 2)
      let bytes = try PNGWriter.bytes(of: sheet.render(cells))
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let path = "\(folder)/\(outcome.property.name).png"
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
      paths.append(path)
    }
    return paths
  }

  private func cell(_ pixels: [Double], _ size: (width: Int, height: Int), caption: String) throws
    -> ContactSheet.Cell
  {
    ContactSheet.Cell(
      image: try RasterImage(values: pixels, width: size.width, height: size.height, range: 0...1),
      caption: caption)
  }

  /// The violated distance atom's record, where the claim is about distances.
  private func nearestRecord(
    _ lowered: LoweredProperty, caseIndex: Int, point: [Double]
  ) throws -> (point: [Double], label: String)? {
    let item = lowered.obligation.cases[caseIndex]
    let values = try item.truth(at: point).values
    for (index, (atom, value)) in zip(item.predicate.atoms, values).enumerated() {
      guard case .distance(_, let record, _) = atom.quantity,
        atom.comparison.decided(value, atom.threshold.enclosure(in: item.arithmetic)) == false
      else { continue }
      return (record, lowered.atomLabels.indices.contains(index) ? lowered.atomLabels[index] : "record")
    }
    return nil
  }

  private static func size(_ shape: [Int]) -> (width: Int, height: Int)? {
    let extents = shape.drop { $0 == 1 }
    guard extents.count == 2, let height = extents.first, let width = extents.last else { return nil }
    return (width, height)
  }
}
