import ModelFormats
import RigorousArithmetic
import SeededDraws
import Testing

@Suite("IDX files")
struct IDXTests {
  private let images = IDXArray(extents: [3, 2, 2], elements: [0, 1, 2, 3, 4, 5, 6, 7, 16, 255, 8, 0])

  @Test("reading what was written gives the array back")
  func roundTrip() throws {
    #expect(try IDXArray(from: images.fileBytes, axes: 3...3, file: "i") == images)
    let labels = IDXArray(extents: [4], elements: [7, 0, 9, 3])
    #expect(labels.fileBytes == [0, 0, 8, 1, 0, 0, 0, 4, 7, 0, 9, 3])
    #expect(try IDXRecords(of: labels, range: 1..<3, file: "l").labels == [0, 9])
  }

  @Test("scaling is exact")
  func scaling() throws {
    let sixteenth = try #require(Rational(1).divided(by: Rational(16)))
    let records = try IDXRecords(of: images, range: 1..<3, file: "i")
    let whole = try records.scaled(by: sixteenth)
    #expect(whole.map(\.numerators) == [[0.25, 0.3125, 0.375, 0.4375], [1, 15.9375, 0.5, 0]])
    #expect(whole.allSatisfy { $0.denominator == 1 })
    let third = try #require(Rational(2).divided(by: Rational(3)))
    let fractions = try records.scaled(by: third)
    #expect(fractions.map(\.numerators) == [[8, 10, 12, 14], [32, 510, 16, 0]])
    #expect(fractions.allSatisfy { $0.denominator == 3 })
    #expect(fractions.map(\.exact) == records.exact(scale: third))
    let nearest: [Double] = [8.0 / 3, 10.0 / 3, 4, 14.0 / 3]
    #expect(fractions[0].nearest == nearest)
    // Only values that occur matter: multiples of three have exact thirds.
    let multiples = IDXArray(extents: [1, 1, 2], elements: [3, 255])
    #expect(try IDXRecords(of: multiples, file: "i").scaled(by: third).map(\.numerators) == [[2, 170]])
    let long = try #require(
      Rational(1).divided(by: Rational(exactly: 1e17 + 1024).map { $0 + Rational(1) } ?? .one))
    let error = try #require(throws: ModelFormatError.self) { try records.scaled(by: long) }
    #expect(error.code == .notRepresentable)
  }

  @Test(
    "damaged files are refused",
    arguments: [
      ([], 1, ModelFormatError.Code.malformed), ([0, 0, 8], 1, .malformed),
      ([1, 0, 8, 1, 0, 0, 0, 0], 1, .malformed),
      ([0, 0, 13, 1, 0, 0, 0, 0], 1, .elementType), ([0, 0, 8, 1, 0, 0, 0, 0], 3, .shape),
      ([0, 0, 8, 3, 0, 0, 0, 0], 3, .malformed), ([0, 0, 8, 1, 0, 0, 0, 2, 1], 1, .malformed),
      ([0, 0, 8, 1, 0, 0, 0, 1, 1, 1], 1, .malformed), ([0, 0, 8, 1, 255, 255, 255, 255], 1, .malformed),
      ([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), 3, .tooLarge),
      ([0x1F, 0x8B, 8, 0], 1, .malformed),
      ([0, 0, 8, 3, 0, 0, 0, 0] + [UInt8](repeating: 255, count: 8), 3, .tooLarge),
      ([0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 1], 3, .shape),
      ([0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 0], 3, .shape),
    ] as [([UInt8], Int, ModelFormatError.Code)])
  func refusals(bytes: [UInt8], axes: Int, code: ModelFormatError.Code) throws {
    let error = try #require(throws: ModelFormatError.self) {
      try IDXArray(from: bytes, axes: axes...axes, file: "i")
    }
    #expect(error.code == code)
  }

  /// Records are latents of one axis, images of two, or images of several channels.
  @Test(arguments: [[2, 3], [2, 2, 1], [1, 3, 2, 2]]) func recordsOfAnyShape(extents: [Int]) throws {
    let count = extents.reduce(1, *)
    let array = IDXArray(extents: extents, elements: (0..<count).map { UInt8($0) })
    #expect(try IDXArray(from: array.fileBytes, axes: IDXArray.recordAxes, file: "i") == array)
    #expect(try IDXRecords(of: array, file: "i").elementCount == count / extents[0])
    for axes in [1...1, 5...5] {
      let error = try #require(throws: ModelFormatError.self) {
        try IDXArray(from: array.fileBytes, axes: axes, file: "i")
      }
      #expect(error.code == .shape)
    }
  }

  @Test("ranges beyond the file are refused", arguments: [0..<4, -1..<2, 3..<5])
  func ranges(range: Range<Int>) throws {
    let error = try #require(throws: ModelFormatError.self) {
      try IDXRecords(of: images, range: range, file: "i")
    }
    #expect(error.code == .shape)
  }

  @Test("mutated files are read or refused")
  func mutations() {
    var generator = SeededGenerator(seed: 5)
    let valid = images.fileBytes
    var refused = 0
    for _ in 0..<4000 {
      var bytes = valid
      bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      if Bool.random(using: &generator) {
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
      }
      if (try? IDXArray(from: bytes, axes: 3...3, file: "i")) == nil { refused += 1 }
    }
    #expect(refused > 1000)
  }
}
