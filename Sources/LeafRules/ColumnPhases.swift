/// Phases of rectifiers that columns of a `BackwardMatrix` assume, with a multiplier for each.
///
/// A column with the sign 1 for a neuron speaks of the points at which its operand is not negative, one with -1 of those
/// at which it is not positive.
package struct ColumnPhases {
  private struct Entry {
    let column: Int32
    let sign: Double
    let multiplier: Double
    let next: Int32
  }

  /// The last entry of each neuron, or -1.
  private var heads: [Int32]
  private var entries: [Entry] = []

  /// No phases.
  package init(neurons: Int) { heads = [Int32](repeating: -1, count: neurons) }

  /// Forgets all phases.
  package mutating func removeAll() {
    for index in heads.indices { heads[index] = -1 }
    entries.removeAll(keepingCapacity: true)
  }

  /// Assumes a phase in a column; at most once for a neuron and a column.
  ///
  /// - Parameter multiplier: Not negative.
  package mutating func assume(neuron: Int, isActive: Bool, column: Int, multiplier: Double) {
    entries.append(
      Entry(
        column: Int32(truncatingIfNeeded: column), sign: isActive ? 1 : -1,
        multiplier: Swift.max(0, multiplier),
        next: heads[neuron]))
    heads[neuron] = Int32(truncatingIfNeeded: entries.count - 1)
  }

  /// The first entry of a neuron, or -1.
  @inline(__always)
  func first(of neuron: Int) -> Int { Int(heads[neuron]) }

  @inline(__always)
  func each(_ neuron: Int, _ body: (_ column: Int, _ sign: Double, _ multiplier: Double) -> Void) {
    var index = Int(heads[neuron])
    while index >= 0 {
      let entry = entries[index]
      body(Int(entry.column), entry.sign, entry.multiplier)
      index = Int(entry.next)
    }
  }

  /// Writes the lines of known phases, which are `x` or `0` on both sides, into four rows of slopes and offsets.
  func fill(_ neuron: Int, _ lines: UnsafeMutablePointer<Double>, stride: Int) {
    each(neuron) { column, sign, _ in
      let slope = sign > 0 ? 1.0 : 0.0
      lines[column] = slope
      lines[stride + column] = 0
      lines[2 * stride + column] = slope
      lines[3 * stride + column] = 0
    }
  }
}

/// Slopes of rectifiers' lower lines, in `[0, 1]`, for each neuron and column.
///
/// There are at least as many columns as the pass has objectives; where it has more columns, to fill up a block, they
/// take the last slope.
package struct ColumnSlopes {
  private let values: UnsafePointer<Double>
  private let stride: Int

  /// Slopes of every column, `stride` doubles a neuron, that stay where they are while this is in use.
  package init(_ values: UnsafePointer<Double>, stride: Int) {
    self.values = values
    self.stride = stride
  }

  @inline(__always)
  func slope(_ neuron: Int, column: Int) -> Double { values[neuron * stride + Swift.min(column, stride - 1)] }
}
