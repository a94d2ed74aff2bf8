/// The value of one tensor on a cell, as an affine form a row:
/// `x_i = c_i + sum_j G_ij s_j + d_i` with symbols `s_j` in `[-1, 1]` and `|d_i| <= e_i`.
///
/// Row `i` holds `c_i` in column 0 and `G_ij` from column 1 on. Columns `1 ... d` belong to the coordinates of
/// the cell. A row that is not listed in `active` is identically zero and its storage is undefined.
///
/// INVARIANT: columns from `columns` up to the stride are zero in every active row.
struct ZonotopeBuffer {
  /// Rows of `stride` doubles.
  private(set) var values: UnsafeMutablePointer<Double>
  /// `e_i`.
  private(set) var remainder: UnsafeMutablePointer<Double>
  /// Upper bound of `|c_i| + sum_j |G_ij|`, valid where `hasMagnitudes`.
  private(set) var magnitude: UnsafeMutablePointer<Double>
  /// Rows that may differ from zero, ascending.
  private(set) var active: UnsafeMutablePointer<Int32>
  /// The row that alone is not zero in column `firstFresh + k`.
  private(set) var freshRow: UnsafeMutablePointer<Int32>
  /// Columns from here up to `columns` have one nonzero each; `Int.max` where none is known to.
  var firstFresh = Int.max
  var activeCount = 0
  var hasMagnitudes = false
  /// Columns in use, the centre included.
  var columns = 0
  /// Distance between rows.
  var stride = 0
  private var valueCapacity = 0
  private var rowCapacity = 0

  init() {
    values = .allocate(capacity: 1)
    remainder = .allocate(capacity: 1)
    magnitude = .allocate(capacity: 1)
    active = .allocate(capacity: 1)
    freshRow = .allocate(capacity: 1)
  }

  /// Makes room for `rows` rows of `columns` columns; the contents are undefined afterwards.
  @inline(__always)
  mutating func reshape(rows: Int, columns: Int) {
    self.columns = columns
    stride = MatrixKernel.padded(columns)
    hasMagnitudes = false
    firstFresh = .max
    let needed = rows * stride
    if needed > valueCapacity || rows > rowCapacity { grow(rows: rows, values: needed) }
  }

  private mutating func grow(rows: Int, values needed: Int) {
    deallocate()
    valueCapacity = Swift.max(valueCapacity, needed)
    rowCapacity = Swift.max(rowCapacity, rows)
    values = .allocate(capacity: valueCapacity)
    values.initialize(repeating: 0, count: valueCapacity)
    remainder = .allocate(capacity: rowCapacity)
    remainder.initialize(repeating: 0, count: rowCapacity)
    magnitude = .allocate(capacity: rowCapacity)
    magnitude.initialize(repeating: 0, count: rowCapacity)
    active = .allocate(capacity: rowCapacity)
    active.initialize(repeating: 0, count: rowCapacity)
    freshRow = .allocate(capacity: rowCapacity)
    freshRow.initialize(repeating: 0, count: rowCapacity)
  }

  func deallocate() {
    values.deallocate()
    remainder.deallocate()
    magnitude.deallocate()
    active.deallocate()
    freshRow.deallocate()
  }

  @inline(__always)
  var activeRows: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: active, count: activeCount) }

  /// Declares all of `rows` rows active.
  @inline(__always)
  mutating func activateAll(_ rows: Int) {
    for row in 0..<rows { active[row] = Int32(truncatingIfNeeded: row) }
    activeCount = rows
  }

  /// Fills in `magnitude` where it is missing.
  @inline(__always)
  mutating func ensureMagnitudes() {
    guard !hasMagnitudes else { return }
    let factor = Rounding.inflation(stride)
    for position in 0..<activeCount {
      let row = Int(active[position])
      magnitude[row] = MatrixKernel.sumOfMagnitudes(values + row &* stride, count: stride) * factor
    }
    hasMagnitudes = true
  }

  /// Upper bound of `sum_j |G_ij| + e_i` over the columns from `first` on.
  @inline(__always)
  func radius(_ row: Int, from first: Int = 1) -> Double {
    let base = values + row &* stride
    var sum = 0.0
    var column = first
    let aligned = Swift.min(MatrixKernel.padded(first), stride)
    while column < aligned {
      sum += base[column].magnitude
      column &+= 1
    }
    if stride > aligned { sum += MatrixKernel.sumOfMagnitudes(base + aligned, count: stride - aligned) }
    return (sum + remainder[row]) * Rounding.inflation(stride + 1) + Rounding.slack
  }
}
