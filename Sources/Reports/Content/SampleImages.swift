package import Lowering
import RigorousArithmetic
import SampleLaw
import TensorGraph
import VerificationProblem

/// The first images of a law, each with whether the claim's event holds of it.
package struct SampleImages: Sendable {
  /// One image.
  package struct Item: Sendable {
    /// The picture.
    package let image: RasterImage
    /// The discrete variables of the draw.
    package let caseLabel: String
    /// Whether the event holds; nil where rounding leaves it open.
    package let holds: Bool?
  }

  /// Images that a report shows.
  package static let count = 24
  /// Pixels beyond which no images are drawn.
  static let largestArea = 64 * 64
  /// Multiplications of one evaluation beyond which none are drawn.
  static let largestWork = 4_000_000

  /// The images, in the order of the samples.
  package let items: [Item]

  /// Draws the first samples of a seed; nil where the claim has no law or speaks of no small image.
  package init?(_ lowered: LoweredProperty, seed: [UInt8]) throws {
    let obligation = lowered.obligation
    guard case .measure = obligation.question, let size = WitnessImages.size(lowered.imageShape),
      size.width * size.height <= SampleImages.largestArea, lowered.images.allSatisfy({ $0 != nil })
    else { return nil }
    let graphs = lowered.images.compactMap { $0 }
    guard graphs.allSatisfy({ $0.weightCount <= SampleImages.largestWork }) else { return nil }
    let source = try SampleSource(obligation, seed: seed)
    var items: [Item] = []
    for index in 0..<SampleImages.count {
      let sample = source.sample(index)
      let pixels = try graphs[sample.caseIndex].evaluate([sample.point])[0]
      guard pixels.count == size.width * size.height else { return nil }
      let item = obligation.cases[sample.caseIndex]
      items.append(
        Item(
          image: try RasterImage(values: pixels, width: size.width, height: size.height),
          caseLabel: item.label, holds: try item.truth(at: sample.point).truth))
    }
    self.items = items
  }
}
