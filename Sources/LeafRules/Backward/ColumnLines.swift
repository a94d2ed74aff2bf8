import RigorousArithmetic

/// The lines of a cell's open rectifiers in each column of a pass: a slope in `[0, 1]` below, and above the chord over the
/// operand's bounds at the points that the column speaks of.
///
/// Until a column is set, its lines are those of the whole cell. Columns that fill up a block are never set.
package final class ColumnLines {
  private let base: PhaseBase
  /// Columns of a row.
  private let capacity: Int
  private let belowSlopes: UnsafeMutablePointer<Double>
  private let aboveSlopes: UnsafeMutablePointer<Double>
  private let aboveOffsets: UnsafeMutablePointer<Double>

  /// Lines for up to `columns` columns.
  package init(_ base: PhaseBase, columns: Int) {
    self.base = base
    capacity = MatrixKernel.padded(columns)
    let count = Swift.max(1, base.lower.count * capacity)
    belowSlopes = .allocate(capacity: count)
    aboveSlopes = .allocate(capacity: count)
    aboveOffsets = .allocate(capacity: count)
    belowSlopes.initialize(repeating: 0, count: count)
    aboveSlopes.initialize(repeating: 0, count: count)
    aboveOffsets.initialize(repeating: 0, count: count)
    for column in 0..<capacity { set(column, slopes: nil, bounds: nil) }
  }

  deinit {
    belowSlopes.deallocate()
    aboveSlopes.deallocate()
    aboveOffsets.deallocate()
  }

  /// Sets all lines of a column.
  ///
  /// - Parameters:
  ///   - slopes: For each open neuron; nil for the usual ones.
  ///   - bounds: Of the open operands; nil for those of the cell.
  package func set(_ column: Int, slopes: [Double]?, bounds: PartBounds?) {
    for (position, neuron) in base.openNeurons.enumerated() {
      let place = neuron * capacity + column
      let lower = bounds?.lower[position] ?? base.lower[neuron]
      let upper = bounds?.upper[position] ?? base.upper[neuron]
      let lines = BackwardLines(rectifier: lower, upper)
      aboveSlopes[place] = lines.above.slope
      aboveOffsets[place] = lines.above.offset
      let slope = slopes?[position] ?? base.usualSlope(neuron)
      belowSlopes[place] = lower >= 0 ? 1 : upper <= 0 ? 0 : Swift.min(1, Swift.max(0, slope))
    }
  }

  /// Changes the slope of a neuron of either sign in a column.
  @inline(__always)
  package func choose(_ slope: Double, neuron: Int, column: Int) {
    belowSlopes[neuron * capacity + column] = Swift.min(1, Swift.max(0, slope))
  }

  /// Copies the lines of a column to another.
  package func copy(_ column: Int, to other: Int) {
    for neuron in base.openNeurons {
      let (source, target) = (neuron * capacity + column, neuron * capacity + other)
      belowSlopes[target] = belowSlopes[source]
      aboveSlopes[target] = aboveSlopes[source]
      aboveOffsets[target] = aboveOffsets[source]
    }
  }

  @inline(__always)
  func slope(_ neuron: Int, column: Int) -> Double {
    belowSlopes[neuron * capacity + Swift.min(column, capacity - 1)]
  }

  @inline(__always)
  func above(_ neuron: Int, column: Int) -> BackwardLine {
    let place = neuron * capacity + Swift.min(column, capacity - 1)
    return BackwardLine(slope: aboveSlopes[place], offset: aboveOffsets[place])
  }

  /// Writes a neuron's lines into four rows of slopes and offsets, see `BackwardMatrix`.
  ///
  /// - Parameter extent: A bound of the operand's magnitude.
  func fill(_ neuron: Int, _ lines: UnsafeMutablePointer<Double>, stride: Int, extent: Double) {
    precondition(stride <= capacity, "a pass has more columns than lines")
    let place = neuron * capacity
    let bound = 2 * Rounding.unit * extent
    for column in 0..<stride {
      let slope = belowSlopes[place + column]
      lines[column] = slope
      lines[stride + column] = -(slope * bound + Rounding.slack)
      lines[2 * stride + column] = aboveSlopes[place + column]
      lines[3 * stride + column] = aboveOffsets[place + column]
    }
  }
}
