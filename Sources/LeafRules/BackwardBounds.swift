import RigorousArithmetic
import TensorGraph

/// Linear bounds of one output element in the coordinates of the cell, by substituting backwards.
///
/// Theorem. Let `q = sum_n sum_k c_nk x_nk + constant - error` bound the quantity from below on the whole cell,
/// where `n` runs over the tensors not yet substituted. Replacing a tensor by its operands keeps the bound:
///
/// - a linear operator by its definition. The computed coefficients `a_k` differ from `sum_i c_i W_ik` by at most
///   `gamma(rows) sum_i |c_i| |W_ik|`, so that the sum over `k` differs by at most
///   `gamma(rows) sum_i |c_i| sum_k |W_ik| |x_k|`. The forward pass left in row `i` a remainder
///   `R_i >= sum_k |W_ik| (e_k + gamma(columns) m_k)` with `|x_k| <= m_k + e_k` on the cell; so the error is at most
///   `max(1, gamma(rows) / gamma(columns)) sum_i |c_i| R_i`. Underflow in `a_k` adds `2^-1040 sum_k |x_k|`.
/// - a product with a constant likewise: the coefficient is off by `u |f| |c_i|`, and the forward remainder is at
///   least `u |f x_i|`. A coefficient that comes out subnormal ends the pass.
/// - a monotone piecewise linear operator by the line of `BackwardLine` on the side that the sign of `c_i` asks for, a
///   smooth one by that of `SmoothSamples`,
///   valid on the operand's bounds that the forward pass recorded.
/// - a tensor used several times collects its coefficients; each sum is off by at most `u` times itself, times the
///   recorded bound of `|x_k|`.
///
/// What remains is linear in the input. Upper bounds are lower bounds of the negated quantity. Every coefficient is
/// checked to be finite before it is used, since a line of slope zero would hide an overflow.
struct BackwardBounds {
  let compiled: CompiledCase
  let workspace: Workspace

  private var constant = 0.0
  /// Sum of magnitudes of what was added to `constant`, and how many terms.
  private var constantSize = 0.0
  private var constantCount = 0
  private var error = 0.0
  private var errorCount = 0

  init(_ compiled: CompiledCase, workspace: Workspace) {
    self.compiled = compiled
    self.workspace = workspace
  }

  /// Both sides for an element of the output; nil where a number left the finite range.
  ///
  /// Needs the records of a propagation over the same cell, which must not have failed.
  mutating func sides(of element: Int, cell: Cell) -> AffineBounds? {
    guard let below = lowerSide(element, sign: 1, cell: cell),
      let above = lowerSide(element, sign: -1, cell: cell)
    else { return nil }
    return AffineBounds(
      lower: below, upper: AffineBounds.Side(constant: -above.constant, slopes: above.slopes.map { -$0 }))
  }

  /// A linear function below `sign` times an element of the output.
  private mutating func lowerSide(_ element: Int, sign: Double, cell: Cell) -> AffineBounds.Side? {
    (constant, constantSize, error) = (0, 0, 0)
    (constantCount, errorCount) = (0, 0)
    let instructions = compiled.instructions
    let all = workspace.coefficients
    let isSet = workspace.isSet
    isSet.update(repeating: false, count: instructions.count)
    let last = instructions[compiled.outputInstruction]
    let start = all + last.coefficientOffset
    start.update(repeating: 0, count: last.paddedRows)
    start[element] = sign
    isSet[compiled.outputInstruction] = true
    var input: UnsafePointer<Double>?
    for index in instructions.indices.reversed() where isSet[index] {
      let instruction = instructions[index]
      let coefficients = UnsafePointer(all + instruction.coefficientOffset)
      var isFinite = true
      switch instruction.kind {
      // Constants may stand before the input.
      case .input: input = coefficients
      case .constant(let index):
        let values = compiled.constants[index]
        for row in 0..<instruction.rows { add(coefficients[row], times: values[row]) }
      case .linear(let map): isFinite = linear(instruction, compiled.linears[map], coefficients)
      case .add:
        isFinite =
          pass(coefficients, to: instruction.first.instruction, rows: instruction.rows)
          && pass(coefficients, to: instruction.second.instruction, rows: instruction.rows)
      case .scale(let factor): isFinite = scale(instruction, factor, coefficients)
      case .relu: isFinite = nonlinear(instruction, coefficients, a: 0, b: .infinity)
      case .clip(let clip): isFinite = nonlinear(instruction, coefficients, a: clip.lower, b: clip.upper)
      case .smooth(let function): isFinite = smooth(instruction, function, coefficients)
      case .concat(let index):
        var row = 0
        for operand in compiled.concats[index] where isFinite {
          isFinite = pass(coefficients + row, to: operand.instruction, rows: operand.rows)
          row += operand.rows
        }
      }
      guard isFinite else { return nil }
    }
    // Otherwise the output does not depend on the input.
    return input.map { inputSide($0, cell: cell) }
      ?? finish(slopes: [Double](repeating: 0, count: compiled.dimension))
  }

  /// Adds a product to the constant.
  @inline(__always)
  private mutating func add(_ coefficient: Double, times value: Double) {
    let product = coefficient * value
    constant += product
    constantSize += product.magnitude
    constantCount &+= 1
  }

  /// Adds to the error.
  @inline(__always)
  private mutating func lose(_ amount: Double) {
    error += amount
    errorCount &+= 1
  }

  /// Room for coefficients of a tensor on its first use; later uses add to what is there.
  @inline(__always)
  private mutating func pass(_ values: UnsafePointer<Double>, to operand: Int, rows: Int) -> Bool {
    let instruction = compiled.instructions[operand]
    let target = workspace.coefficients + instruction.coefficientOffset
    var size = 0.0
    guard workspace.isSet[operand] else {
      workspace.isSet[operand] = true
      for row in 0..<rows {
        target[row] = values[row]
        size += values[row].magnitude
      }
      for row in rows..<instruction.paddedRows { target[row] = 0 }
      return size < .infinity
    }
    let bounds = workspace.records + instruction.magnitudeOffset
    for row in 0..<rows {
      target[row] += values[row]
      size += target[row].magnitude
      lose(Rounding.unit * target[row].magnitude * bounds[row])
    }
    return size < .infinity
  }

  private mutating func linear(
    _ instruction: CompiledCase.Instruction, _ map: PackedLinear, _ coefficients: UnsafePointer<Double>
  ) -> Bool {
    let records = workspace.records + instruction.errorOffset
    var lost = 0.0
    for row in 0..<map.rows {
      lost += coefficients[row].magnitude * records[row]
      add(coefficients[row], times: map.bias[row])
    }
    lose(map.backwardFactor * lost * Rounding.inflation(map.rows))
    lose(Rounding.backwardUnderflow * records[map.rows])
    let products = workspace.scratch(map.columns)
    map.transposed.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      MatrixKernel.multiplyTransposed(
        weights: weights, paddedRows: map.paddedRows, columns: map.columns, vector: coefficients,
        result: products)
    }
    return pass(products, to: instruction.first.instruction, rows: map.columns)
  }

  private mutating func scale(
    _ instruction: CompiledCase.Instruction, _ factor: Double, _ coefficients: UnsafePointer<Double>
  ) -> Bool {
    let records = workspace.records + instruction.errorOffset
    let products = workspace.scratch(instruction.rows)
    for row in 0..<instruction.rows {
      products[row] = factor * coefficients[row]
      if products[row].magnitude < 0x1p-1000 && factor != 0 && coefficients[row] != 0 { return false }
      lose(coefficients[row].magnitude * records[row])
    }
    return pass(products, to: instruction.first.instruction, rows: instruction.rows)
  }

  private mutating func nonlinear(
    _ instruction: CompiledCase.Instruction, _ coefficients: UnsafePointer<Double>, a: Double, b: Double
  ) -> Bool {
    let lower = workspace.neuronLower + instruction.neuronOffset
    let upper = workspace.neuronUpper + instruction.neuronOffset
    let products = workspace.scratch(instruction.rows)
    for row in 0..<instruction.rows {
      let coefficient = coefficients[row]
      let (low, high) = (lower[row], upper[row])
      products[row] = 0
      guard coefficient.magnitude < .infinity else { return false }
      if coefficient == 0 { continue }
      if low >= a && high <= b {
        products[row] = coefficient
      } else if high <= a {
        if a != 0 { add(coefficient, times: a) }
      } else if low >= b {
        add(coefficient, times: b)
      } else {
        let line =
          coefficient > 0
          ? BackwardLine.below(lower: low, upper: high, a: a, b: b)
          : BackwardLine.above(lower: low, upper: high, a: a, b: b)
        let product = coefficient * line.slope
        if line.slope != 0 && product.magnitude < 0x1p-1000 { return false }
        products[row] = product
        if line.offset != 0 { add(coefficient, times: line.offset) }
      }
    }
    return pass(products, to: instruction.first.instruction, rows: instruction.rows)
  }

  /// The same by lines beside a smooth function, on the bounds of its operand.
  private mutating func smooth(
    _ instruction: CompiledCase.Instruction, _ function: SmoothFunction,
    _ coefficients: UnsafePointer<Double>
  ) -> Bool {
    let lower = workspace.neuronLower + instruction.neuronOffset
    let upper = workspace.neuronUpper + instruction.neuronOffset
    let products = workspace.scratch(instruction.rows)
    for row in 0..<instruction.rows {
      let coefficient = coefficients[row]
      products[row] = 0
      guard coefficient.magnitude < .infinity else { return false }
      if coefficient == 0 { continue }
      let samples = SmoothSamples(function, lower: lower[row], upper: upper[row])
      let line = coefficient > 0 ? samples.lineBelow : samples.lineAbove
      guard let line else { return false }
      let product = coefficient * line.slope
      if line.slope != 0 && product.magnitude < 0x1p-1000 { return false }
      products[row] = product
      add(coefficient, times: line.offset)
    }
    return pass(products, to: instruction.first.instruction, rows: instruction.rows)
  }

  /// `c x` with `x = centre + radius t`.
  private mutating func inputSide(_ coefficients: UnsafePointer<Double>, cell: Cell) -> AffineBounds.Side? {
    var slopes = [Double](repeating: 0, count: compiled.dimension)
    for axis in slopes.indices {
      let centre = Cell.midpoint(cell.lower[axis], cell.upper[axis])
      let radius = CellGeometry.radius(cell.lower[axis], cell.upper[axis], centre: centre)
      add(coefficients[axis], times: centre)
      slopes[axis] = coefficients[axis] * radius
      lose(Rounding.unit * slopes[axis].magnitude + Rounding.slack)
    }
    return finish(slopes: slopes)
  }

  private func finish(slopes: [Double]) -> AffineBounds.Side? {
    let spread =
      DotProductBound.gamma(constantCount + 2) * constantSize * Rounding.inflation(constantCount + 2)
    let lost = (error * Rounding.inflation(errorCount + 4) + spread) * Rounding.inflation(4) + Rounding.slack
    let value = (constant - lost).nextDown
    guard value.isFinite, slopes.allSatisfy(\.isFinite) else { return nil }
    return AffineBounds.Side(constant: value, slopes: slopes)
  }
}

extension AffineBounds {
  /// Enclosure of the range over the cell that both sides leave; nil where they contradict each other.
  var range: Interval? {
    let below = lower.slopes.reduce(lower.constant) { Directed.subtractDown($0, $1.magnitude) }
    let above = upper.slopes.reduce(upper.constant) { Directed.addUp($0, $1.magnitude) }
    return Interval(validating: below, above)
  }

  /// The side that is tighter at the centre, of each.
  func tightened(by other: AffineBounds) -> AffineBounds {
    AffineBounds(
      lower: other.lower.constant > lower.constant ? other.lower : lower,
      upper: other.upper.constant < upper.constant ? other.upper : upper)
  }
}
