package import Lowering
import TensorGraph
import VerificationProblem

/// The image at a witness, and beside it the record that it comes too near to.
///
/// Pixels are evaluated in plain doubles; they show what the witness is and prove nothing.
package struct WitnessImages: Sendable {
  /// The image.
  package let image: RasterImage
  /// The record of the violated distance and its name, where the claim is about distances.
  package let record: (image: RasterImage, label: String)?

  /// The images of a witness; nil where the claim speaks of no two-dimensional image.
  package init?(_ lowered: LoweredProperty, caseIndex: Int, point: [Double]) throws {
    guard lowered.images.indices.contains(caseIndex), let graph = lowered.images[caseIndex],
      lowered.obligation.cases.indices.contains(caseIndex), point.count == graph.inputCount,
      let size = WitnessImages.size(lowered.imageShape)
    else { return nil }
    let pixels = try graph.evaluate([point])[0]
    guard pixels.count == size.width * size.height else { return nil }
    image = try RasterImage(values: pixels, width: size.width, height: size.height)
    var record: (RasterImage, String)?
    let item = lowered.obligation.cases[caseIndex]
    let values = try item.truth(at: point).values
    for (index, (atom, value)) in zip(item.predicate.atoms, values).enumerated() where record == nil {
      guard case .distance(_, let target, _) = atom.quantity, target.count == pixels.count,
        atom.comparison.decided(value, atom.threshold.enclosure(in: item.arithmetic)) == false
      else { continue }
      record = (
        try RasterImage(values: target.map { $0 / lowered.unit }, width: size.width, height: size.height),
        lowered.atomLabels.indices.contains(index) ? lowered.atomLabels[index] : "record"
      )
    }
    self.record = record
  }

  /// Width and height of an image type of one channel; nil for any other.
  package static func size(_ shape: [Int]) -> (width: Int, height: Int)? {
    let extents = shape.drop { $0 == 1 }
    guard extents.count == 2, let height = extents.first, let width = extents.last else { return nil }
    return (width, height)
  }
}
