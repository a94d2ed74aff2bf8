import RigorousArithmetic

// Theorem: for each point of the cell there is one choice of all symbols in [-1, 1], and of numbers within the remainders,
// with which every form in hand has the value that the graph has there. Symbols of two errors are never the same.

/// Elements as centre + sum of coefficient * symbol, up to a remainder; all in the grid.
struct AffineForm: Sendable {
  /// The coefficients of a symbol, one for each element.
  struct Column: Sendable {
    let symbol: Int
    var values: [BigInteger]
    /// The only element with a coefficient, if it is known to be the only one.
    var only: Int?
    /// The sum of the magnitudes.
    var size: BigInteger { values.reduce(.zero) { $0 + $1.magnitude } }
  }

  var centre: [BigInteger]
  /// By ascending symbols; those below the number of coordinates are the coordinates'.
  var columns: [Column]
  /// Not negative.
  var rest: [BigInteger]

  /// What the symbols and the remainder add to the centre at most.
  var radii: [BigInteger] {
    var radii = rest
    for column in columns {
      if let only = column.only {
        radii[only] = radii[only] + column.values[only].magnitude
      } else {
        for (row, value) in column.values.enumerated() where !value.isZero {
          radii[row] = radii[row] + value.magnitude
        }
      }
    }
    return radii
  }

  /// An element as a linear function of the first symbols, and what the others and the remainder add to it at most.
  func element(_ row: Int, of axes: Int) -> (slopes: [BigInteger], reach: BigInteger) {
    var slopes = [BigInteger](repeating: .zero, count: axes)
    var reach = rest[row]
    for column in columns {
      if column.symbol < axes {
        slopes[column.symbol] = column.values[row]
      } else {
        reach = reach + column.values[row].magnitude
      }
    }
    return (slopes, reach)
  }

  /// Columns, those of the same symbol added up; ascending.
  static func merged(_ columns: [Column]) -> [Column] {
    var bySymbol: [Int: Column] = [:]
    for column in columns {
      guard var sum = bySymbol[column.symbol] else {
        bySymbol[column.symbol] = column
        continue
      }
      for (row, value) in column.values.enumerated() { sum.values[row] = sum.values[row] + value }
      if sum.only != column.only { sum.only = nil }
      bySymbol[column.symbol] = sum
    }
    return bySymbol.values.sorted { $0.symbol < $1.symbol }
  }

  /// The elements of several forms one after the other.
  static func joined(_ forms: [AffineForm]) -> AffineForm {
    if forms.count == 1 { return forms[0] }
    let count = forms.reduce(0) { $0 + $1.centre.count }
    var columns: [Column] = []
    var start = 0
    for form in forms {
      for column in form.columns {
        var values = [BigInteger](repeating: .zero, count: count)
        values.replaceSubrange(start..<start + column.values.count, with: column.values)
        columns.append(
          Column(symbol: column.symbol, values: values, only: column.only.map { $0 + start }))
      }
      start += form.centre.count
    }
    return AffineForm(
      centre: forms.flatMap(\.centre), columns: merged(columns), rest: forms.flatMap(\.rest))
  }

  /// The image under a map; what is rounded away, less than a unit for each product, goes to the remainders.
  func mapped(by map: ExactMap) -> AffineForm {
    let middle = map.product(centre, withBias: true)
    var lost = middle.map(\.lost)
    var result = AffineForm(centre: middle.map(\.value), columns: [], rest: map.magnitudes(rest))
    for column in columns {
      var image = [BigInteger](repeating: .zero, count: map.outputCount)
      var touched: [Int] = []
      if let only = column.only {
        for (row, product) in map.column(only, times: column.values[only]) {
          image[row] = product.value
          lost[row] += product.lost
          touched.append(row)
        }
        if touched.isEmpty { continue }
      } else {
        for (row, product) in map.product(column.values, withBias: false).enumerated() {
          image[row] = product.value
          lost[row] += product.lost
        }
      }
      result.columns.append(
        Column(symbol: column.symbol, values: image, only: touched.count == 1 ? touched[0] : nil))
    }
    for (row, units) in lost.enumerated() where units > 0 {
      result.rest[row] = result.rest[row] + BigInteger(units)
    }
    return result
  }

  /// Each element times a slope of its own, in units of 2^-`Line.bits`, plus an offset.
  func scaled(by slopes: [BigInteger], offsets: [BigInteger]) -> AffineForm {
    var result = self
    for row in centre.indices {
      let product = (slopes[row] * centre[row]).floored(by: Line.bits)
      result.centre[row] = product.value + offsets[row]
      result.rest[row] =
        (slopes[row].magnitude * rest[row]).ceilShifted(by: Line.bits) + BigInteger(product.lost)
    }
    for index in columns.indices {
      for row in columns[index].only.map({ $0..<$0 + 1 }) ?? columns[index].values.indices {
        let value = columns[index].values[row]
        guard !value.isZero else { continue }
        let product = (slopes[row] * value).floored(by: Line.bits)
        result.columns[index].values[row] = product.value
        result.rest[row] = result.rest[row] + BigInteger(product.lost)
      }
    }
    return result
  }

  /// Adds an error to each element, by a fresh symbol where it is more than rounding.
  mutating func add(errors: [BigInteger], symbols: inout Int) {
    for (row, size) in errors.enumerated() where !size.isZero {
      guard size.bitWidth > 4 else {
        rest[row] = rest[row] + size
        continue
      }
      var values = [BigInteger](repeating: .zero, count: centre.count)
      values[row] = size
      columns.append(Column(symbol: symbols, values: values, only: row))
      symbols += 1
    }
  }
}
