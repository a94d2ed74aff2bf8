/// An image of bytes, row by row from the top.
package struct RasterImage: Hashable, Sendable {
  /// How many bytes a pixel has.
  package enum Channels: Int, Hashable, Sendable, CaseIterable {
    /// Grey: 0 is black.
    case grey = 1
    /// Red, green, blue.
    case rgb = 3
  }

  /// Largest width and height, in pixels.
  package static let largestExtent = 1 << 15
  /// Largest number of bytes.
  package static let largestByteCount = 1 << 28

  /// Width in pixels.
  package let width: Int
  /// Height in pixels.
  package let height: Int
  /// Bytes of a pixel.
  package let channels: Channels
  /// `width * height * channels` bytes.
  package let pixels: [UInt8]

  /// Makes an image.
  ///
  /// - Throws: `size` unless the extents are positive, within `largestExtent`, and filled by the pixels.
  package init(width: Int, height: Int, channels: Channels, pixels: [UInt8]) throws(ImageError) {
    guard pixels.count == (try Self.byteCount(width, height, channels)) else {
      throw ImageError(
        .size,
        "\(pixels.count) bytes do not fill \(width) x \(height) pixels of \(channels.rawValue) channels")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// A grey image of numbers, clamped to a range whose ends become black and white.
  ///
  /// - Parameters:
  ///   - values: row by row.
  ///   - range: ends in rising order.
  /// - Throws: `size` as for bytes, `value` when a number is NaN or the range is empty or not finite.
  package init(
    values: [Double], width: Int, height: Int, range: ClosedRange<Double> = 0...1
  ) throws(ImageError) {
    let span = range.upperBound - range.lowerBound
    guard span.isFinite, span > 0 else {
      throw ImageError(.value, "the range \(range.lowerBound) to \(range.upperBound) has no finite extent")
    }
    if let index = values.firstIndex(where: { $0.isNaN }) {
      throw ImageError(.value, "pixel \(index) is NaN")
    }
    let bytes = values.map { value in
      UInt8(((min(max(value, range.lowerBound), range.upperBound) - range.lowerBound) / span * 255).rounded())
    }
    try self.init(width: width, height: height, channels: .grey, pixels: bytes)
  }

  /// An image of one colour.
  package init(
    width: Int, height: Int, channels: Channels, filled value: UInt8
  ) throws(ImageError) {
    let count = try Self.byteCount(width, height, channels)
    try self.init(
      width: width, height: height, channels: channels, pixels: [UInt8](repeating: value, count: count))
  }

  /// Every pixel as a square of `factor` pixels.
  package func scaled(by factor: Int) throws(ImageError) -> RasterImage {
    guard factor >= 1, factor <= Self.largestExtent else {
      throw ImageError(.size, "the scale \(factor) is not between 1 and \(Self.largestExtent)")
    }
    let count = try Self.byteCount(width * factor, height * factor, channels)
    var scaled: [UInt8] = []
    scaled.reserveCapacity(count)
    let bytes = channels.rawValue
    for row in 0..<height {
      let start = scaled.count
      for column in 0..<width {
        let place = (row * width + column) * bytes
        for _ in 0..<factor { scaled.append(contentsOf: pixels[place..<place + bytes]) }
      }
      let line = Array(scaled[start...])
      for _ in 1..<factor { scaled.append(contentsOf: line) }
    }
    return try RasterImage(width: width * factor, height: height * factor, channels: channels, pixels: scaled)
  }

  /// The image with three channels.
  package var asRGB: RasterImage {
    channels == .rgb ? self : RasterImage(unchecked: width, height, .rgb, pixels.flatMap { [$0, $0, $0] })
  }

  private init(unchecked width: Int, _ height: Int, _ channels: Channels, _ pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Number of bytes, checked before anything is allocated.
  private static func byteCount(_ width: Int, _ height: Int, _ channels: Channels) throws(ImageError) -> Int {
    guard (1...largestExtent).contains(width), (1...largestExtent).contains(height),
      width * height * channels.rawValue <= largestByteCount
    else {
      throw ImageError(
        .size, "an image of \(width) x \(height) pixels",
        fix: "use at most \(largestExtent) pixels a side and \(largestByteCount) bytes")
    }
    return width * height * channels.rawValue
  }
}
