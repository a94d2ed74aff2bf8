import RigorousArithmetic

// Theorem: each sum of products is exact (`ExactSum`), and what is kept of it is the greatest number of the grid that is not
// above it, less than a unit below; whether anything was lost is said with it.

/// `y = A x + b` in doubles, with rows and columns at hand.
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
  /// No weight and no bias has a lower exponent; at most zero.
  let lowest: Int

  /// Number of results.
  var outputCount: Int { bias.count }
  /// Number of weights that are not zero.
  var entryCount: Int { rowEntries.count }

  /// - Throws: Where a number is not finite.
  init(
    inputCount: Int, rows: [[(column: Int, weight: Double)]], bias numbers: [Double]
  ) throws(ExactFailure) {
    self.inputCount = inputCount
    var (starts, entries, lowest) = ([0], [Entry](), 0)
    var counts = [Int](repeating: 0, count: inputCount + 1)
    for row in rows {
      for (column, weight) in row where weight != 0 {
        guard let factor = Factor(weight) else { throw ExactFailure("a weight is not finite") }
        entries.append(Entry(other: Int32(column), weight: factor))
        counts[column + 1] += 1
        lowest = min(lowest, factor.exponent)
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
    var bias: [Factor] = []
    for number in numbers {
      guard let factor = Factor(number) else { throw ExactFailure("a bias is not finite") }
      bias.append(factor)
      lowest = min(lowest, factor.exponent)
    }
    (rowStarts, rowEntries, columnStarts, columnEntries) = (starts, entries, counts, columns)
    (self.bias, self.lowest) = (bias, lowest)
  }

  /// `A x`, with the bias where `x` is a point; each result in the grid from below, and whether it is exact.
  func product(_ x: [BigInteger], withBias: Bool) -> [(value: BigInteger, isExact: Bool)] {
    var sum = ExactSum(lowest: lowest)
    return bias.indices.map { row in
      sum.reset()
      if withBias { sum.add(bias[row], Grid.one) }
      for entry in rowEntries[rowStarts[row]..<rowStarts[row + 1]] {
        sum.add(entry.weight, x[Int(entry.other)])
      }
      return sum.floor
    }
  }

  /// One column of `A` times a number: results that are not zero, each in the grid from below, and whether it is exact.
  func column(_ index: Int, times x: BigInteger) -> [(row: Int, value: BigInteger, isExact: Bool)] {
    columnEntries[columnStarts[index]..<columnStarts[index + 1]].map { entry in
      let (value, isExact) = entry.weight.times(x)
      return (Int(entry.other), value, isExact)
    }
  }

  /// `|A| x` for numbers that are not negative, rounded upwards.
  func magnitudes(_ x: [BigInteger]) -> [BigInteger] {
    var sum = ExactSum(lowest: lowest)
    return bias.indices.map { row in
      sum.reset()
      for entry in rowEntries[rowStarts[row]..<rowStarts[row + 1]] {
        sum.addMagnitude(entry.weight, x[Int(entry.other)])
      }
      return sum.ceil
    }
  }

  /// `c A`, each coefficient in the grid from below, and whether it is exact.
  func transposed(_ c: [BigInteger]) -> [(value: BigInteger, isExact: Bool)] {
    var sum = ExactSum(lowest: lowest)
    return (0..<inputCount).map { column in
      sum.reset()
      for entry in columnEntries[columnStarts[column]..<columnStarts[column + 1]] {
        sum.add(entry.weight, c[Int(entry.other)])
      }
      return sum.floor
    }
  }

  /// `c b`, rounded downwards.
  func biasTerm(_ c: [BigInteger]) -> BigInteger {
    var sum = ExactSum(lowest: lowest)
    for (factor, number) in zip(bias, c) { sum.add(factor, number) }
    return sum.floor.value
  }
}
