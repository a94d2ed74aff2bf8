import CZlib

/// Writes images as PNG files: 8 bits a channel, no filter, no metadata, so the same bytes for the same image and
/// version of zlib.
///
/// Source: Portable Network Graphics specification, third edition, W3C 2025.
package enum PNGWriter {
  /// The bytes of a file.
  package static func bytes(of image: RasterImage) throws(ImageError) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let colourType: UInt8 = image.channels == .grey ? 0 : 2
    appendChunk(
      "IHDR", bigEndian(image.width) + bigEndian(image.height) + [8, colourType, 0, 0, 0], to: &file)
    appendChunk("IDAT", try compressed(filteredRows(image)), to: &file)
    appendChunk("IEND", [], to: &file)
    return file
  }

  /// Every row with the filter type 0 in front.
  private static func filteredRows(_ image: RasterImage) -> [UInt8] {
    let width = image.width * image.channels.rawValue
    var rows: [UInt8] = []
    rows.reserveCapacity((width + 1) * image.height)
    for row in 0..<image.height {
      rows.append(0)
      rows.append(contentsOf: image.pixels[row * width..<(row + 1) * width])
    }
    return rows
  }

  private static func compressed(_ bytes: [UInt8]) throws(ImageError) -> [UInt8] {
    var length = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(length))
    let status = compress2(&result, &length, bytes, uLong(bytes.count), 9)
    guard status == Z_OK else { throw ImageError(.compression, "zlib failed with code \(status)") }
    return Array(result.prefix(Int(length)))
  }

  private static func appendChunk(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
    let body = Array(type.utf8) + data
    file += bigEndian(data.count) + body + bigEndian(Int(CRC32.checksum(body)))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
