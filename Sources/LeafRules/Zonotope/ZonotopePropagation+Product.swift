import RigorousArithmetic
import TensorGraph

/// Products of two tensors, each row with an error symbol of its own.
///
/// Theorem. Let `x = c + p` and `y = d + q` with `|p| <= r` and `|q| <= s`. Then `x y = c d + d p + c q + p q`, and for
/// every `k > 0`, `p q = ((k p + q / k)^2 - (k p - q / k)^2) / 4`, so that `p q` lies in `[-M^2 / 4, P^2 / 4]` with bounds
/// `P` of `|k p + q / k|` and `M` of `|k p - q / k|`. These are read from the sums and differences of the coefficients of
/// `p` and `q`, so that what both share counts: a square has `M = 0`. Always `|p q| <= r s`.
///
/// Rounding: with doubles `k` and `m` for `1 / k`, the product `k m` is within `2 u` of one, which changes the bounds by
/// that factor. A computed term `k G_ij ± m H_ij` is off by at most `4 u (|k G_ij| + |m H_ij|)`, a computed coefficient
/// `d G_ij + c H_ij` by `3 u (|d G_ij| + |c H_ij|)`, the centre likewise.
extension ZonotopePropagation {
  mutating func multiply(_ instruction: CompiledCase.Instruction) {
    let left = workspace.buffers[instruction.first.slot]
    let right = workspace.buffers[instruction.second.slot]
    let radii = workspace.scratch(2 * instruction.rows)
    for (source, offset) in [(left, 0), (right, instruction.rows)] {
      let lower = workspace.neuronLower + instruction.neuronOffset + offset
      let upper = workspace.neuronUpper + instruction.neuronOffset + offset
      lower.update(repeating: 0, count: instruction.rows)
      upper.update(repeating: 0, count: instruction.rows)
      (radii + offset).update(repeating: -1, count: instruction.rows)
      for row in source.activeRows {
        let row = Int(row)
        (lower[row], upper[row], radii[offset + row]) = range(source, row)
      }
    }
    if failed { return }
    // A row that is not active is zero, and so is its product.
    let active = left.activeRows.filter { radii[instruction.rows + Int($0)] >= 0 }
    let first = nextColumn
    if keepsCorrelation {
      nextColumn += active.count { Factor.needsSymbol(radii[Int($0)], radii[instruction.rows + Int($0)]) }
    }
    let columns = nextColumn > first ? nextColumn : Swift.max(left.columns, right.columns)
    workspace.buffers[instruction.target].reshape(rows: instruction.rows, columns: columns)
    let target = workspace.buffers[instruction.target]
    let records = workspace.records + instruction.errorOffset
    if self.records {
      records.update(repeating: 0, count: ProductLines.recordCount * instruction.rows)
    }
    var column = first
    for (position, row) in active.enumerated() {
      target.active[position] = row
      let row = Int(row)
      let factors = (
        Factor(left, row, radius: radii[row]), Factor(right, row, radius: radii[instruction.rows + row])
      )
      guard keepsCorrelation else {
        image(instruction, row, target)
        continue
      }
      let product = multiply(factors, into: target.values + row * target.stride, stride: target.stride)
      let size = product.magnitude
      if !(size < .infinity) {
        failed = true
        return
      }
      target.remainder[row] =
        (product.remainder + (Policy.isTracked ? 3 * Rounding.unit * size : 0)) * Rounding.inflation(8)
        + (Policy.isTracked ? Rounding.slack : 0)
      target.magnitude[row] = size * Rounding.inflation(8) + Rounding.slack
      if self.records { product.lines.write(to: records + ProductLines.recordCount * row) }
      if Factor.needsSymbol(factors.0.radius, factors.1.radius) {
        if attributes {
          workspace.shares.record(
            column, operand: target.values + row * target.stride, columns: Swift.min(first, target.columns))
        }
        target.values[row * target.stride + column] = product.error
        target.freshRow[column &- first] = Int32(truncatingIfNeeded: row)
        column &+= 1
      }
    }
    workspace.buffers[instruction.target].activeCount = active.count
    workspace.buffers[instruction.target].hasMagnitudes = keepsCorrelation
    if nextColumn > first { workspace.buffers[instruction.target].firstFresh = first }
  }

  /// The product of two ranges.
  private mutating func image(
    _ instruction: CompiledCase.Instruction, _ row: Int, _ target: ZonotopeBuffer
  ) {
    func range(_ offset: Int) -> Interval {
      let neuron = instruction.neuronOffset + offset + row
      return Interval(workspace.neuronLower[neuron], workspace.neuronUpper[neuron])
    }
    let image = Relaxation.image(of: range(0) * range(instruction.rows))
    if !(image.error < .infinity) { failed = true }
    let base = target.values + row * target.stride
    clearRow(base, from: 0, to: target.stride)
    base[0] = image.offset
    target.remainder[row] = image.error
  }

  /// One row of an operand.
  private struct Factor {
    let row: UnsafePointer<Double>
    let columns: Int
    let remainder: Double
    /// Bound of what the row is away from its centre.
    let radius: Double
    var centre: Double { row[0] }

    /// Whether the product of two deviations is worth a symbol of its own; else it is part of the remainder.
    static func needsSymbol(_ radius: Double, _ other: Double) -> Bool {
      Swift.min(radius, other) > 0x1p-900
    }

    init(_ buffer: ZonotopeBuffer, _ index: Int, radius: Double) {
      row = UnsafePointer(buffer.values + index * buffer.stride)
      columns = buffer.columns
      remainder = buffer.remainder[index]
      self.radius = radius
    }
  }

  /// What multiplication made of a row: `base ± remainder ± error`.
  private struct Product {
    /// Of the operands' remainders; not what rounding lost.
    let remainder: Double
    /// Coefficient of the fresh symbol.
    let error: Double
    /// At least the sum of magnitudes of all numbers that were added up.
    let magnitude: Double
    let lines: ProductLines
  }

  /// Writes centre and coefficients of a product.
  @inline(__always)
  private func multiply(
    _ factors: (Factor, Factor), into base: UnsafeMutablePointer<Double>, stride: Int
  ) -> Product {
    let (x, y) = factors
    var balance = (y.radius / x.radius).squareRoot()
    if !(balance > 0x1p-500 && balance < 0x1p500) { balance = 1 }
    let inverse = 1 / balance
    let (c, d) = (x.centre, y.centre)
    var (plus, minus) = (0.0, 0.0)
    let common = Swift.min(x.columns, y.columns)
    let longest = Swift.max(x.columns, y.columns)
    var column = 1
    while column < common {
      let (g, h) = (x.row[column], y.row[column])
      let (a, b) = (balance * g, inverse * h)
      plus += (a + b).magnitude
      minus += (a - b).magnitude
      base[column] = d * g + c * h
      column &+= 1
    }
    let (rest, scale, factor) =
      x.columns > common ? (x.row, balance, d) : (y.row, inverse, c)
    while column < longest {
      let size = (scale * rest[column]).magnitude
      plus += size
      minus += size
      base[column] = factor * rest[column]
      column &+= 1
    }
    clearRow(base, from: longest, to: stride)
    let lost = balance * x.radius + inverse * y.radius
    let remainder = balance * x.remainder + inverse * y.remainder + 4 * Rounding.unit * lost
    let inflation = Rounding.inflation(longest + 8)
    plus = (plus + remainder) * inflation + Rounding.slack
    minus = (minus + remainder) * inflation + Rounding.slack
    let whole = Rounding.above(x.radius * y.radius)
    let high = Swift.min(whole, Rounding.above(Rounding.above(plus * plus) / 4))
    let low = -Swift.min(whole, Rounding.above(Rounding.above(minus * minus) / 4))
    let middle = high / 2 + low / 2
    let error = Swift.max(Rounding.above(high - middle), Rounding.above(middle - low))
    base[0] = c * d + middle
    let magnitude =
      (c * d).magnitude + d.magnitude * x.radius + c.magnitude * y.radius + middle.magnitude + error
    return Product(
      remainder: d.magnitude * x.remainder + c.magnitude * y.remainder
        + (Factor.needsSymbol(x.radius, y.radius) ? 0 : error),
      error: error, magnitude: magnitude,
      lines: ProductLines(centres: (c, d), rest: (low, high)))
  }
}
