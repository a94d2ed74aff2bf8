import RigorousArithmetic

// Theorem: each product is exact, and what is kept of it is the greatest number of the grid that is not above it, less than a
// unit below; a sum of them is below the exact one by less than a unit for each that was cut, and how many were is said with it.

/// `y = A x + b`, with rows and columns at hand.
///
/// Rows are the entries of each result, columns those of each operand's element; both in compressed form.
struct ExactMap: Sendable {
  /// Entries of a compressed list: the other index and the weight, not zero.
  struct Entry: Sendable {
    let other: Int32
    let weight: Factor
  }

  /// Number of operand elements.
  let inputCount: Int
  private let rowStarts: [Int]
  private let rowEntries: [Entry]
  private let columnStarts: [Int]
  private let columnEntries: [Entry]
  private let bias: [Factor]

  /// Number of results.
  var outputCount: Int { bias.count }
  /// Number of weights that are not zero.
  var entryCount: Int { rowEntries.count }

  init(inputCount: Int, rows: [[(column: Int, weight: Factor)]], bias: [Factor]) {
    self.inputCount = inputCount
    var (starts, entries) = ([0], [Entry]())
    var counts = [Int](repeating: 0, count: inputCount + 1)
    for row in rows {
      for (column, weight) in row where !weight.isZero {
        entries.append(Entry(other: Int32(column), weight: weight))
        counts[column + 1] += 1
      }
      starts.append(entries.count)
    }
    for column in 0..<inputCount { counts[column + 1] += counts[column] }
    var (place, columns) = (counts, entries)
    for row in rows.indices {
      for entry in entries[starts[row]..<starts[row + 1]] {
        columns[place[Int(entry.other)]] = Entry(other: Int32(row), weight: entry.weight)
        place[Int(entry.other)] += 1
      }
    }
    (rowStarts, rowEntries, columnStarts, columnEntries) = (starts, entries, counts, columns)
    self.bias = bias
  }

  /// `A x`, with the bias where `x` is a point.
  func product(_ x: [BigInteger], withBias: Bool) -> [Floored] {
    bias.indices.map { row in
      sum(
        rowEntries[rowStarts[row]..<rowStarts[row + 1]], x, from: withBias ? bias[row].times(Grid.one) : nil)
    }
  }

  /// `c A`.
  func transposed(_ c: [BigInteger]) -> [Floored] {
    (0..<inputCount).map { sum(columnEntries[columnStarts[$0]..<columnStarts[$0 + 1]], c) }
  }

  private func sum(_ entries: ArraySlice<Entry>, _ x: [BigInteger], from start: Floored? = nil) -> Floored {
    var sum = start ?? Floored(value: .zero, lost: 0)
    for entry in entries {
      let number = x[Int(entry.other)]
      if number.isZero { continue }
      let term = entry.weight.times(number)
      sum.value = sum.value + term.value
      sum.lost += term.lost
    }
    return sum
  }

  /// One column of `A` times a number: the results that may not be zero.
  func column(_ index: Int, times x: BigInteger) -> [(row: Int, product: Floored)] {
    columnEntries[columnStarts[index]..<columnStarts[index + 1]].map { (Int($0.other), $0.weight.times(x)) }
  }

  /// `|A| x` for numbers that are not negative, rounded upwards.
  func magnitudes(_ x: [BigInteger]) -> [BigInteger] {
    bias.indices.map { row in
      rowEntries[rowStarts[row]..<rowStarts[row + 1]].reduce(.zero) { sum, entry in
        let number = x[Int(entry.other)]
        return number.isZero ? sum : sum - entry.weight.negative.times(number).value
      }
    }
  }

  /// `c b`, rounded downwards.
  func biasTerm(_ c: [BigInteger]) -> BigInteger {
    zip(bias, c).reduce(.zero) { $0 + $1.0.times($1.1).value }
  }
}
