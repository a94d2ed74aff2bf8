import RigorousArithmetic
import VerificationProblem

/// Planes below and above a product: `x y` lies in `d x + c y + [low, high]`.
///
/// Theorem. With `x = c + p` and `y = d + q`, `x y = d x + c y - c d + p q`, whatever `c` and `d` are; and bounds of `p q`
/// are bounds of the rest. For `c` and `d` in the middle of ranges of half widths `r` and `s`, `|p q| <= r s`: the mean of
/// McCormick's two planes on each side.
struct ProductLines {
  /// `c` and `d`.
  let centres: (Double, Double)
  let low: Double
  let high: Double

  /// Doubles that a propagation records for a product.
  static let recordCount = 4

  /// - Parameter rest: Bounds of `p q`.
  @inline(__always)
  init(centres: (Double, Double), rest: (Double, Double)) {
    self.centres = centres
    let product = -(centres.0 * centres.1)
    low = Rounding.below(Rounding.below(product) + rest.0)
    high = Rounding.above(Rounding.above(product) + rest.1)
  }

  /// From ranges of both operands.
  @inline(__always)
  init(_ x: (lower: Double, upper: Double), _ y: (lower: Double, upper: Double)) {
    let c = Cell.midpoint(x.lower, x.upper)
    let d = Cell.midpoint(y.lower, y.upper)
    let rest = Rounding.above(
      Cell.radius(x.lower, x.upper, centre: c) * Cell.radius(y.lower, y.upper, centre: d))
    self.init(centres: (c, d), rest: (-rest, rest))
  }

  init(reading place: UnsafePointer<Double>) {
    centres = (place[0], place[1])
    low = place[2]
    high = place[3]
  }

  func write(to place: UnsafeMutablePointer<Double>) {
    place[0] = centres.0
    place[1] = centres.1
    place[2] = low
    place[3] = high
  }

  /// About the value of a plane at a point.
  @inline(__always)
  private func height(_ offset: Double, _ x: Double, _ y: Double) -> Double {
    centres.1 * x + centres.0 * y + offset
  }

  /// The lines for `x`, with the offsets, and for `y` of the best planes, judged in the middle of the operands' ranges.
  static func lines(
    recorded: ProductLines, _ x: (lower: Double, upper: Double), _ y: (lower: Double, upper: Double)
  ) -> (x: BackwardLines, y: BackwardLines) {
    let ranged = ProductLines(x, y)
    let (c, d) = ranged.centres
    let below = recorded.height(recorded.low, c, d) > ranged.height(ranged.low, c, d) ? recorded : ranged
    let above = recorded.height(recorded.high, c, d) < ranged.height(ranged.high, c, d) ? recorded : ranged
    func line(_ slope: Double, _ range: (lower: Double, upper: Double), _ offset: Double, sign: Double)
      -> BackwardLine
    {
      let spread = sign * BackwardLine.spread(slope, range.lower, range.upper)
      let sum = offset + spread
      return BackwardLine(slope: slope, offset: sign > 0 ? Rounding.above(sum) : Rounding.below(sum))
    }
    return (
      BackwardLines(
        below: line(below.centres.1, x, below.low, sign: -1),
        above: line(above.centres.1, x, above.high, sign: 1)),
      BackwardLines(
        below: line(below.centres.0, y, 0, sign: -1), above: line(above.centres.0, y, 0, sign: 1))
    )
  }
}

/// Products, by planes on the side that each coefficient asks for.
extension BackwardMatrix {
  mutating func multiply(
    _ instruction: CompiledCase.Instruction, _ coefficients: UnsafePointer<Double>
  ) {
    let workspace = self.workspace
    let offset = instruction.neuronOffset
    func range(_ neuron: Int) -> (Double, Double) {
      (workspace.neuronLower[neuron], workspace.neuronUpper[neuron])
    }
    func lines(_ row: Int) -> (x: BackwardLines, y: BackwardLines) {
      ProductLines.lines(
        recorded: ProductLines(
          reading: workspace.records + instruction.errorOffset + ProductLines.recordCount * row),
        range(offset + row), range(offset + instruction.rows + row))
    }
    shared(instruction.first, coefficients, bounds: offset) { row, _, _ in lines(row).x }
    shared(instruction.second, coefficients, bounds: offset + instruction.rows) { row, _, _ in lines(row).y }
  }
}
