/// Labelled grey images of handwritten digits with their ink attribute.
struct DigitImages {
  /// Number of classes.
  static let classCount = 10
  /// Pixels of an image.
  static let pixelCount = 64

  /// Pixels in `[0, 1]`, image by image, row by row.
  let pixels: [Double]
  /// Class of each image.
  let labels: [Int]
  /// Median over each class of the sum of pixels.
  let medianInk: [Double]
  /// Whether an image has more ink than the median of its class.
  let isHeavy: [Bool]

  init(images: [[Double]], labels: [Int]) throws(TrainingError) {
    guard !images.isEmpty, images.count == labels.count else {
      throw TrainingError("\(images.count) images with \(labels.count) labels; give one label for each image")
    }
    for (index, image) in images.enumerated() {
      guard image.count == Self.pixelCount, image.allSatisfy({ (0...1).contains($0) }) else {
        throw TrainingError("image \(index) is not 64 pixels between 0 and 1")
      }
      guard (0..<Self.classCount).contains(labels[index]) else {
        throw TrainingError("image \(index) has the label \(labels[index]); labels are 0 to 9")
      }
    }
    let ink = images.map { $0.reduce(0, +) }
    let medians = (0..<Self.classCount).map { label in
      let own = zip(labels, ink).filter { $0.0 == label }.map(\.1).sorted()
      return own.isEmpty ? 0 : own[own.count / 2]
    }
    pixels = images.flatMap { $0 }
    self.labels = labels
    medianInk = medians
    isHeavy = zip(labels, ink).map { $1 > medians[$0] }
  }

  /// Sum over pixels of the variance of each class.
  var classVariances: [Double] {
    (0..<Self.classCount).map { label in
      let rows = (0..<count).filter { labels[$0] == label }
      guard rows.count > 1 else { return 0 }
      return (0..<Self.pixelCount).reduce(0) { sum, pixel in
        let values = rows.map { pixels[$0 * Self.pixelCount + pixel] }
        let mean = values.reduce(0, +) / Double(values.count)
        return sum + values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      }
    }
  }

  /// Number of images.
  var count: Int { labels.count }

  /// Pixels of some images, one after another.
  func batch(_ rows: [Int]) -> [Double] { rows.flatMap { self[$0] } }

  /// Pixels of an image.
  subscript(row: Int) -> ArraySlice<Double> {
    pixels[row * Self.pixelCount..<(row + 1) * Self.pixelCount]
  }
}

/// Why a recipe cannot run.
package struct TrainingError: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
