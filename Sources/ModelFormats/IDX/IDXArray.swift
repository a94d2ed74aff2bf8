/// An array of unsigned bytes in the IDX format of the MNIST collection.
///
/// Layout: two zero bytes, the type code 8, the number of axes, each extent as a big-endian 32-bit number, then
/// the elements in row-major order. Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
package struct IDXArray: Hashable, Sendable {
  /// Extent of each axis; the first one counts records.
  package let extents: [Int]
  /// Elements in row-major order.
  package let elements: [UInt8]

  /// Numbers of axes that a file of records may have.
  package static let recordAxes = 2...4

  /// Makes an array; the elements must fill the extents, of which there are one to four.
  package init(extents: [Int], elements: [UInt8]) {
    precondition(
      (1...IDXArray.recordAxes.upperBound).contains(extents.count)
        && extents.allSatisfy { $0 >= 0 && $0 <= UInt32.max })
    precondition(extents.reduce(1, *) == elements.count)
    self.extents = extents
    self.elements = elements
  }

  /// Reads a file; its length must be exactly what the header declares.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - axes: numbers of axes that the file may have: 1 for labels, 3 for images.
  ///   - file: the file as the user named it, for messages.
  package init(from bytes: [UInt8], axes allowed: ClosedRange<Int>, file: String) throws(ModelFormatError) {
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      throw ModelFormatError(
        .malformed, file: file, problem: "is not an IDX file: it does not start with two zero bytes",
        fix: "unpack the file first if it is compressed")
    }
    guard bytes[2] == 8 else {
      throw ModelFormatError(
        .elementType, file: file, problem: "holds elements of the IDX type \(bytes[2])",
        fix: "store unsigned bytes, type 8")
    }
    let axes = Int(bytes[3])
    guard allowed.contains(axes) else {
      let wanted =
        allowed.count == 1 ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
      throw ModelFormatError(.shape, file: file, problem: "has \(axes) axes instead of \(wanted)")
    }
    let header = 4 + 4 * axes
    guard bytes.count >= header else {
      throw ModelFormatError(.malformed, file: file, problem: "ends within its header of \(header) bytes")
    }
    var extents: [Int] = []
    var count = 1
    for axis in 0..<axes {
      let extent = (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 + 4 * axis + $1]) }
      guard extent > 0 || axis == 0 else {
        throw ModelFormatError(.shape, file: file, problem: "declares records without elements")
      }
      // The size of a record counts also where there are none.
      let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else {
        throw ModelFormatError(.tooLarge, file: file, problem: "declares more elements than any file holds")
      }
      count = product
      extents.append(extent)
    }
    if extents.first == 0 { count = 0 }
    guard bytes.count - header == count else {
      throw ModelFormatError(
        .malformed, file: file,
        problem: "declares \(count) elements, \(bytes.count - header) bytes follow the header",
        fix: "download or write the file again")
    }
    self.extents = extents
    self.elements = Array(bytes[header...])
  }

  /// The bytes of a file.
  package var fileBytes: [UInt8] {
    var bytes: [UInt8] = [0, 0, 8, UInt8(extents.count)]
    for extent in extents {
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: extent >> shift)) }
    }
    return bytes + elements
  }
}
