package import RigorousArithmetic

/// A range of the records of an IDX file.
package struct IDXRecords: Hashable, Sendable {
  /// Number of elements of a record.
  package let elementCount: Int
  /// Elements of each record.
  package let records: [[UInt8]]
  private let file: String
  private let first: Int

  /// Records of an array.
  ///
  /// - Parameters:
  ///   - array: one or more axes, the first one counting records.
  ///   - range: which records, all by default.
  /// - Throws: `shape` when the range exceeds the file.
  package init(of array: IDXArray, range: Range<Int>? = nil, file: String) throws(ModelFormatError) {
    let count = array.extents[0]
    let range = range ?? 0..<count
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw ModelFormatError(
        .shape, file: file, place: "records \(range.lowerBound) ..< \(range.upperBound)",
        problem: "the file holds \(count) records")
    }
    let width = array.extents.dropFirst().reduce(1, *)
    elementCount = width
    records = range.map { Array(array.elements[$0 * width..<($0 + 1) * width]) }
    self.file = file
    first = range.lowerBound
  }

  /// The elements multiplied by a number, exactly.
  package func exact(scale: Rational) -> [[Rational]] {
    let values = (0...255).map { Rational($0) * scale }
    return records.map { $0.map { values[Int($0)] } }
  }

  /// The elements multiplied by a number, as doubles that equal the exact products.
  ///
  /// - Throws: `notRepresentable` when a product that occurs is not a double.
  package func dyadic(scale: Rational) throws(ModelFormatError) -> [[Double]] {
    let values: [Double?] = (0...255).map { element in
      let product = Rational(element) * scale
      let rounded = product.roundedDown
      return rounded == product.roundedUp && rounded.isFinite ? rounded : nil
    }
    var result: [[Double]] = []
    result.reserveCapacity(records.count)
    for (offset, record) in records.enumerated() {
      var scaled: [Double] = []
      scaled.reserveCapacity(record.count)
      for (index, element) in record.enumerated() {
        guard let value = values[Int(element)] else {
          throw ModelFormatError(
            .notRepresentable, file: file, place: "record \(first + offset), element \(index)",
            problem: "\(element) times \(scale) is not a binary fraction that a double holds",
            fix: "scale by a power of two, such as 1/16 or 1/256")
        }
        scaled.append(value)
      }
      result.append(scaled)
    }
    return result
  }

  /// The records as numbers, for files of one axis such as labels.
  package var labels: [Int] { records.map { $0.isEmpty ? 0 : Int($0[0]) } }
}
