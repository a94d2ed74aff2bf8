/// Phases of rectifiers that columns of a `BackwardMatrix` assume, with a multiplier for each, and operands that are part
/// of a column's objective.
///
/// A column with the sign 1 for a neuron speaks of the points at which its operand is not negative, one with -1 of those
/// at which it is not positive. The sign 0 assumes nothing.
package struct ColumnPhases {
  private struct Entry {
    let column: Int32
    let sign: Double
    /// What is added to the coefficient of the operand.
    let shift: Double
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
    let sign = isActive ? 1.0 : -1
    append(neuron, column: column, sign: sign, shift: -sign * Swift.max(0, multiplier))
  }

  /// Adds a multiple of a rectifier's operand to the objective of a column that does not know its phase.
  package mutating func add(_ coefficient: Double, operandOf neuron: Int, column: Int) {
    append(neuron, column: column, sign: 0, shift: coefficient)
  }

  private mutating func append(_ neuron: Int, column: Int, sign: Double, shift: Double) {
    entries.append(
      Entry(column: Int32(truncatingIfNeeded: column), sign: sign, shift: shift, next: heads[neuron]))
    heads[neuron] = Int32(truncatingIfNeeded: entries.count - 1)
  }

  /// The first entry of a neuron, or -1.
  @inline(__always)
  func first(of neuron: Int) -> Int { Int(heads[neuron]) }

  @inline(__always)
  func each(_ neuron: Int, _ body: (_ column: Int, _ sign: Double, _ shift: Double) -> Void) {
    var index = Int(heads[neuron])
    while index >= 0 {
      let entry = entries[index]
      body(Int(entry.column), entry.sign, entry.shift)
      index = Int(entry.next)
    }
  }

  /// Writes the lines of known phases, which are `x` or `0` on both sides, into four rows of slopes and offsets.
  func fill(_ neuron: Int, _ lines: UnsafeMutablePointer<Double>, stride: Int) {
    each(neuron) { column, sign, _ in
      guard sign != 0 else { return }
      let slope = sign > 0 ? 1.0 : 0.0
      lines[column] = slope
      lines[stride + column] = 0
      lines[2 * stride + column] = slope
      lines[3 * stride + column] = 0
    }
  }
}
