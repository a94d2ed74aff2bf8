import Certificates
import DSpecSemantics
import Evidence
import Foundation
import Lowering
import Reports

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
        let images = try WitnessImages(lowered, caseIndex: caseIndex, point: point)
      else { continue }
      var cells = [ContactSheet.Cell(image: images.image, caption: outcome.property.name)]
      if let record = images.record {
        cells.append(ContactSheet.Cell(image: record.image, caption: record.label))
      }
      let sheet = try ContactSheet(
        columns: cells.count, margin: 8,
        imageScale: max(1, Pictures.side / max(images.image.width, images.image.height)), captionScale: 2)
      let bytes = try PNGWriter.bytes(of: sheet.render(cells))
      if !FileManager.default.fileExists(atPath: folder) {
        do {
          try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        } catch {
          throw CertificateError(
            .write, at: folder, "the folder cannot be made: \(error.localizedDescription)",
            fix: "name another with `--pictures`")
        }
      }
      let path = "\(folder)/\(outcome.property.name).png"
      try OutputFile.replace(path, with: bytes)
      paths.append(path)
    }
    return paths
  }
}
