import CZlib
import Reports
import Testing

/// What a PNG file holds, read back chunk by chunk.
struct DecodedPNG {
  let width: Int
  let height: Int
  let colourType: UInt8
  let pixels: [UInt8]

  init(_ file: [UInt8]) throws {
    try #require(file.prefix(8).elementsEqual([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    var place = 8
    var types: [String] = []
    var header: [UInt8] = []
    var data: [UInt8] = []
    func number(_ start: Int) -> Int { file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    while place < file.count {
      let length = number(place)
      let body = Array(file[place + 4..<place + 8 + length])
      let sum = body.withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) }
      try #require(number(place + 8 + length) == Int(sum))
      let type = String(decoding: body.prefix(4), as: UTF8.self)
      types.append(type)
      if type == "IHDR" { header = Array(body.dropFirst(4)) }
      if type == "IDAT" { data += body.dropFirst(4) }
      place += 12 + length
    }
    try #require(types == ["IHDR", "IDAT", "IEND"])
    width = header.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    height = header[4..<8].reduce(0) { $0 << 8 | Int($1) }
    try #require(Array(header[8...]) == [8, header[9], 0, 0, 0])
    colourType = header[9]
    let stride = width * (colourType == 0 ? 1 : 3)
    var rows = [UInt8](repeating: 0, count: (stride + 1) * height)
    var length = uLong(rows.count)
    try #require(uncompress(&rows, &length, data, uLong(data.count)) == Z_OK)
    try #require(Int(length) == rows.count)
    var pixels: [UInt8] = []
    for row in 0..<height {
      try #require(rows[row * (stride + 1)] == 0)
      pixels += rows[row * (stride + 1) + 1..<(row + 1) * (stride + 1)]
    }
    self.pixels = pixels
  }
}

@Suite("images")
struct ImageTests {
  @Test(
    "checksum vectors",
    arguments: [("", 0), ("123456789", 0xCBF4_3926), ("IEND", 0xAE42_6082), ("a", 0xE8B7_BE43)]
      as [(String, UInt32)])
  func checksum(text: String, expected: UInt32) { #expect(CRC32.checksum(Array(text.utf8)) == expected) }

  @Test("a file decodes to the pixels it was made of", arguments: RasterImage.Channels.allCases)
  func roundTrip(channels: RasterImage.Channels) throws {
    let pixels = (0..<7 * 5 * channels.rawValue).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 3) }
    let image = try RasterImage(width: 7, height: 5, channels: channels, pixels: pixels)
    let file = try PNGWriter.bytes(of: image)
    let decoded = try DecodedPNG(file)
    #expect(decoded.width == 7 && decoded.height == 5)
    #expect(decoded.colourType == (channels == .grey ? 0 : 2))
    #expect(decoded.pixels == pixels)
    #expect(try PNGWriter.bytes(of: image) == file)
  }

  @Test("scaling repeats pixels in both directions")
  func scaling() throws {
    let image = try RasterImage(width: 2, height: 2, channels: .grey, pixels: [1, 2, 3, 4])
    #expect(try image.scaled(by: 1) == image)
    let scaled = try image.scaled(by: 2)
    #expect(scaled.pixels == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    let colour = try RasterImage(width: 1, height: 1, channels: .rgb, pixels: [1, 2, 3]).scaled(by: 2)
    #expect(colour.pixels == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
  }

  @Test("numbers become grey levels, clamped and rounded")
  func values() throws {
    let image = try RasterImage(values: [-1, 0, 0.5, 1, .infinity, 0.001], width: 3, height: 2)
    #expect(image.pixels == [0, 0, 128, 255, 255, 0])
    #expect(try RasterImage(values: [-1, 0, 1], width: 3, height: 1, range: -1...1).pixels == [0, 128, 255])
    #expect(throws: ImageError.self) { try RasterImage(values: [.nan], width: 1, height: 1) }
    #expect(throws: ImageError.self) { try RasterImage(values: [1], width: 1, height: 1, range: 1...1) }
  }

  @Test(
    "extents that cannot be are refused",
    arguments: [(0, 1), (1, -1), (Int.max, Int.max), (1 << 15, 1 << 15), (2, 2)])
  func sizes(width: Int, height: Int) throws {
    let error = try #require(throws: ImageError.self) {
      try RasterImage(width: width, height: height, channels: .grey, pixels: [0])
    }
    #expect(error.code == .size)
    let pixel = try RasterImage(width: 1, height: 1, channels: .grey, pixels: [0])
    #expect(throws: ImageError.self) { try pixel.scaled(by: 0) }
    #expect(throws: ImageError.self) { try pixel.scaled(by: 1 << 20) }
  }

  @Test("glyphs are distinct, except the letter and the digit of one shape")
  func glyphs() {
    let characters = "0123456789ABCDEFGHIJKLMNPQRSTUVWXYZ .,:;-+=_/%()[]<>*#!?'"
    var seen: [[UInt8]: Character] = [:]
    for character in characters {
      #expect(BitmapFont.hasGlyph(character))
      let rows = BitmapFont.rows(of: character)
      #expect(rows.count == 7 && rows.allSatisfy { $0 < 32 })
      #expect(seen.updateValue(character, forKey: rows) == nil || character == "S" || character == "5")
    }
    #expect(BitmapFont.rows(of: "a") == BitmapFont.rows(of: "A"))
    #expect(!BitmapFont.hasGlyph("é") && !BitmapFont.hasGlyph("ß"))
    #expect(BitmapFont.rows(of: "é") == [UInt8](repeating: 31, count: 7))
  }

  @Test("a sheet puts images in rows and captions below")
  func sheet() throws {
    let black = try RasterImage(width: 6, height: 4, channels: .grey, filled: 0)
    let red = try RasterImage(width: 1, height: 1, channels: .rgb, pixels: [255, 0, 0])
    let layout = try ContactSheet(columns: 2, margin: 3, imageScale: 2)
    let sheet = try layout.render([
      .init(image: black, caption: "1"), .init(image: black), .init(image: red, caption: "long caption"),
    ])
    // Two columns of 12 pixels, two rows of 8 + 2 + 7 pixels, margins of 3.
    #expect(sheet.width == 3 + 2 * 15 && sheet.height == 3 + 2 * 20)
    #expect(sheet.channels == .rgb)
    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      Array(sheet.pixels[(y * sheet.width + x) * 3..<(y * sheet.width + x) * 3 + 3])
    }
    #expect(pixel(0, 0) == [255, 255, 255])
    #expect(pixel(3, 3) == [0, 0, 0] && pixel(14, 10) == [0, 0, 0] && pixel(15, 3) == [255, 255, 255])
    // The glyph `1` is centred below the first image; its bottom row is full.
    #expect((6..<11).allSatisfy { pixel($0, 19) == [0, 0, 0] })
    #expect(pixel(5, 19) == [255, 255, 255] && pixel(11, 19) == [255, 255, 255])
    // The third image stands alone in the second row, centred in its cell.
    #expect(pixel(8, 23) == [255, 0, 0] && pixel(9, 24) == [255, 0, 0] && pixel(7, 23) == [255, 255, 255])
    let decoded = try DecodedPNG(PNGWriter.bytes(of: sheet))
    #expect(decoded.pixels == sheet.pixels)
  }

  @Test("layouts that cannot be are refused")
  func layouts() throws {
    #expect(throws: ImageError.self) { try ContactSheet(columns: 0) }
    #expect(throws: ImageError.self) { try ContactSheet(columns: 1, margin: -1) }
    #expect(throws: ImageError.self) { try ContactSheet(columns: 1).render([]) }
    let pixel = try RasterImage(width: 1, height: 1, channels: .grey, pixels: [0])
    let wide = try ContactSheet(columns: 100, margin: 1 << 15)
    #expect(throws: ImageError.self) {
      try wide.render([ContactSheet.Cell](repeating: .init(image: pixel), count: 100))
    }
  }
}
