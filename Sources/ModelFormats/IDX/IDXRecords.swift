package import RigorousArithmetic

/// A range of the records of an IDX file.
package struct IDXRecords: Hashable, Sendable {
  /// Number of elements of a record.
  package let elementCount: Int
  /// Elements of each record.
  package let records: [[UInt8]]
  private let file: String

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
  }

  /// The elements multiplied by a number, exactly.
  package func exact(scale: Rational) -> [[Rational]] {
    let values = (0...255).map { Rational($0) * scale }
    return records.map { $0.map { values[Int($0)] } }
  }

  /// The elements multiplied by a number, exactly: as doubles where all of these products are doubles, else as doubles over
  /// the number's denominator.
  ///
  /// - Throws: `notRepresentable` when neither can be.
  package func scaled(by scale: Rational) throws(ModelFormatError) -> [RecordValues] {
    if let values = doubles(times: scale) { return values.map(RecordValues.init) }
    let denominator = Rational(scale.denominator)
    if denominator.roundedDown == denominator.roundedUp, denominator.roundedUp.isFinite,
      let values = doubles(times: Rational(scale.numerator))
    {
      return values.map { RecordValues(numerators: $0, denominator: denominator.roundedUp) }
    }
    throw ModelFormatError(
      .notRepresentable, file: file, place: "records times \(scale.exactDecimal ?? "\(scale)")",
      problem: "numerator and denominator of the factor are too long for doubles",
      fix: "write a fraction of small numbers, such as 1/255")
  }

  /// The products with a number; nil where one that occurs is no double.
  private func doubles(times factor: Rational) -> [[Double]]? {
    let products: [Double?] = (0...255).map { element in
      let product = Rational(element) * factor
      let rounded = product.roundedDown
      return rounded == product.roundedUp && rounded.isFinite ? rounded : nil
    }
    var result: [[Double]] = []
    result.reserveCapacity(records.count)
    for record in records {
      var scaled: [Double] = []
      scaled.reserveCapacity(record.count)
      for element in record {
        guard let value = products[Int(element)] else { return nil }
        scaled.append(value)
      }
      result.append(scaled)
    }
    return result
  }

  /// The records as numbers, for files of one axis such as labels.
  package var labels: [Int] { records.map { $0.isEmpty ? 0 : Int($0[0]) } }
}
