/// IDX files of images and labels.
package enum IDXFile {
  /// Images of a file, each row by row.
  ///
  /// - Parameters:
  ///   - path: a file of three axes: images, rows, columns.
  ///   - range: which images, all by default.
  package static func images(
    contentsOf path: String, range: Range<Int>? = nil
  ) throws(ModelFormatError) -> (records: IDXRecords, rows: Int, columns: Int) {
    let array = try IDXArray(from: ModelFile.bytes(at: path), axes: 3...3, file: path)
    return (try IDXRecords(of: array, range: range, file: path), array.extents[1], array.extents[2])
  }

  /// Labels of a file.
  ///
  /// - Parameters:
  ///   - path: a file of one axis.
  ///   - range: which labels, all by default.
  package static func labels(
    contentsOf path: String, range: Range<Int>? = nil
  ) throws(ModelFormatError) -> [Int] {
    let array = try IDXArray(from: ModelFile.bytes(at: path), axes: 1...1, file: path)
    return try IDXRecords(of: array, range: range, file: path).labels
  }
}
