/// Pixels that are being drawn.
struct Canvas {
  private let width: Int
  private let height: Int
  private let bytes: Int
  private(set) var pixels: [UInt8]

  init(_ image: RasterImage) {
    width = image.width
    height = image.height
    bytes = image.channels.rawValue
    pixels = image.pixels
  }

  /// Copies an image; the canvas has at least its channels and its place lies on the canvas.
  mutating func draw(_ image: RasterImage, x: Int, y: Int) {
    let source = bytes == image.channels.rawValue ? image : image.asRGB
    precondition(source.channels.rawValue == bytes && x >= 0 && y >= 0)
    precondition(x + source.width <= width && y + source.height <= height)
    for row in 0..<source.height {
      let from = row * source.width * bytes
      let to = ((y + row) * width + x) * bytes
      pixels.replaceSubrange(
        to..<to + source.width * bytes, with: source.pixels[from..<from + source.width * bytes])
    }
  }

  /// Draws a line of black text, centred in a width, without the glyphs that do not fit.
  mutating func draw(_ text: String, x: Int, y: Int, width available: Int, scale: Int) {
    let count = (available + scale) / (BitmapFont.advance * scale)
    let line = String(text.prefix(count))
    let left = x + max(0, available - BitmapFont.lineWidth(of: line) * scale) / 2
    for (index, character) in line.enumerated() {
      let start = left + index * BitmapFont.advance * scale
      for (row, bits) in BitmapFont.rows(of: character).enumerated() {
        for column in 0..<BitmapFont.width where bits >> UInt8(BitmapFont.width - 1 - column) & 1 == 1 {
          fill(x: start + column * scale, y: y + row * scale, size: scale)
        }
      }
    }
  }

  private mutating func fill(x: Int, y: Int, size: Int) {
    for row in y..<min(y + size, height) {
      for column in x..<min(x + size, width) {
        let place = (row * width + column) * bytes
        for offset in 0..<bytes { pixels[place + offset] = 0 }
      }
    }
  }
}
