import CellMasses
import RigorousArithmetic
import TensorGraph
package import VerificationProblem

/// Linear lower bounds of many objectives at once, by substituting backwards from one tensor to the input.
///
/// An objective is a linear function of the tensor's elements; each has a column of coefficients. An upper bound is a
/// lower bound of the negated objective.
///
/// Theorem. Let `q >= sum_n sum_k c_nk x_nk + constant - error` at every point of the cell that lies in the region's balls
/// and has the column's phases, where `n` runs over the tensors not yet substituted. Replacing a tensor by its operands keeps the bound:
///
/// - a linear operator, dense or sparse, by its definition. The computed coefficients `a_k` differ from `sum_i c_i W_ik` by at most
///   `gamma(rows) sum_i |c_i| |W_ik|`, so that the sum over `k` differs by at most
///   `gamma(rows) sum_i |c_i| sum_k |W_ik| |x_k|`. The forward pass left in row `i` a remainder
///   `R_i >= sum_k |W_ik| (e_k + gamma(columns) m_k)` with `|x_k| <= m_k + e_k` on the cell; so the error is at most
///   `max(1, gamma(rows) / gamma(columns)) sum_i |c_i| R_i`. Underflow in `a_k` adds at most
///   `2^-1000 sum_k |x_k|`.
/// - a product with a constant, or a quotient by one, likewise: the coefficient is off by `u |f| |c_i|`, and the forward
///   remainder is at least `u |f x_i|`. A coefficient that comes out subnormal makes its column fail.
/// - a piecewise linear operator by the line of `BackwardLine` on the side that the sign of `c_i` asks for, a smooth one
///   by that of `Residuals`, valid on the operand's bounds. Where the column has chosen the slope `s` in `[0, 1]` of
///   a rectifier's lower line, `max(x, 0) >= s x` for every `x`; where it has narrower bounds of an operand at the
///   points that it speaks of, the line above is that of those bounds. A product that underflows is off by `2^-1074`, times the
///   bound of `|x_i|`.
/// - a product of two tensors by the lines of `ProductLines` on the side that the sign of `c_i` asks for, a softmax by the
///   planes of `SoftmaxPlanes`, the inverse root of a group's squares by those of `DeviationPlane`.
/// - a rectifier whose phase the column knows by `x` or by `0`. Since `sign x >= 0` at the points considered, and the
///   multiplier is not negative, `q >= q - multiplier sign x`: the multiplier is taken from the coefficient of `x`, and
///   that sum is off by `u` times itself, times the bound of `|x|`.
/// - a rectifier whose operand is part of the objective likewise: its coefficient there is added.
/// - a tensor used several times collects its coefficients; each sum is off by at most `u` times itself, times the
///   recorded bound of `|x_k|`.
///
/// What remains is linear in the input; its least value on the cell and the balls is bounded by `CutCell`.
///
/// A column with a coefficient that is not finite fails. Where a coefficient is multiplied by a bias, an offset or the
/// input's middle, no factor hides that: infinity times zero is no number, and the constant is no finite number from then
/// on. Where a coefficient is dropped or only scaled, `faults` remembers it.
package struct BackwardMatrix {
  let compiled: CompiledCase
  let workspace: Workspace
  /// Number of objectives.
  private(set) var count = 0
  /// Columns, a multiple of the kernel's width.
  private(set) var stride = 0
  private(set) var start = 0
  private var hasInput = false
  /// Whether objectives are set of which no bound was sought yet.
  private var isReady = false
  /// What the region's balls leave of the cell of the last run; nil where they leave all.
  private(set) var cut: CutCell?
  /// How many terms any column's constant and error have.
  var constantCount = 0
  var errorCount = 0

  package init(_ compiled: CompiledCase, workspace: Workspace) {
    self.compiled = compiled
    self.workspace = workspace
  }

  /// Objectives on the value of an instruction, all zero at first.
  mutating func begin(at instruction: Int, objectives: Int) {
    count = objectives
    stride = MatrixKernel.padded(objectives)
    start = instruction
    workspace.prepareMatrix(
      coefficients: compiled.coefficientCount, instructions: compiled.instructions.count, stride: stride)
    workspace.columns.update(repeating: 0, count: 5 * stride)
    isReady = true
    constantCount = 0
    errorCount = 0
    let rows = compiled.instructions[instruction].paddedRows
    matrix(instruction).update(repeating: 0, count: rows * stride)
  }

  /// Objectives `2 p` and `2 p + 1` are the `p`-th of some elements of the value of an instruction, and its negation.
  mutating func begin(at instruction: Int, elements: ArraySlice<Int>) {
    let node = compiled.instructions[instruction]
    // A deployed map is not the one written down, and what it loses is subtracted where its rows are substituted.
    if case .linear(let map) = node.kind, compiled.arithmetic == .real {
      begin(at: node.first.instruction, objectives: 2 * elements.count)
      return setRows(compiled.linears[map], elements)
    }
    begin(at: instruction, objectives: 2 * elements.count)
    for (position, element) in elements.enumerated() {
      set(2 * position, element: element, to: 1)
      set(2 * position + 1, element: element, to: -1)
    }
  }

  /// Sets the coefficient of an element of the tensor in an objective.
  func set(_ objective: Int, element: Int, to coefficient: Double) {
    matrix(start)[element * stride + objective] = coefficient
  }

  @inline(__always)
  func matrix(_ instruction: Int) -> UnsafeMutablePointer<Double> {
    workspace.matrix + compiled.instructions[instruction].coefficientOffset * stride
  }

  /// Doubles that the pass keeps for a column.
  static let sumCount = 11

  // Per column: the constant, the sum of magnitudes of what was added to it, the error, zero where every coefficient
  // was finite, and a sum in progress.
  @inline(__always) var constants: UnsafeMutablePointer<Double> { workspace.columns }
  @inline(__always) var sizes: UnsafeMutablePointer<Double> { workspace.columns + stride }
  @inline(__always) var errors: UnsafeMutablePointer<Double> { workspace.columns + 2 * stride }
  @inline(__always) var faults: UnsafeMutablePointer<Double> { workspace.columns + 3 * stride }
  @inline(__always) var sums: UnsafeMutablePointer<Double> { workspace.columns + 4 * stride }
  /// Four rows of lines: slopes and offsets below, slopes and offsets above.
  @inline(__always) var lines: UnsafeMutablePointer<Double> { workspace.columns + 5 * stride }
  /// Sums of magnitudes of the coefficients of the cell's symbols.
  @inline(__always) private var spans: UnsafeMutablePointer<Double> { workspace.columns + 9 * stride }
  /// Lower bounds of what these symbols add on what the balls leave of the cell; only where they cut it.
  @inline(__always) private var reaches: UnsafeMutablePointer<Double> { workspace.columns + 10 * stride }

  /// Substitutes all tensors on the bounds that a propagation over the same cell has recorded; once after each `begin`.
  package mutating func run(cell: Cell, phases: ColumnPhases? = nil, lines: ColumnLines? = nil) {
    // The sums start where `begin` left them, so that a second run would count constants twice.
    precondition(isReady, "a pass runs once after each begin")
    isReady = false
    hasInput = false
    cut = compiled.balls.isEmpty ? nil : CutCell(compiled, cell: cell)
    let isSet = workspace.isSet
    isSet.update(repeating: false, count: compiled.instructions.count)
    isSet[start] = true
    var index = start
    while index >= 0 {
      if isSet[index] { substitute(index, cell: cell, phases: phases, lines: lines) }
      index -= 1
    }
  }

  private mutating func substitute(
    _ index: Int, cell: Cell, phases: ColumnPhases?, lines: ColumnLines?
  ) {
    let instruction = compiled.instructions[index]
    let coefficients = UnsafePointer(matrix(index))
    if let offset = instruction.deployedOffset { lose(instruction, coefficients, errors: offset) }
    switch instruction.kind {
    case .input: input(coefficients, cell: cell)
    case .constant(let position):
      let values = compiled.constants[position]
      for row in 0..<instruction.rows { addRow(coefficients + row * stride, times: values[row]) }
    case .linear(let map): linear(instruction, compiled.linears[map], coefficients)
    case .sparse(let map): sparse(instruction, compiled.sparses[map], coefficients)
    case .add:
      pass(coefficients, to: instruction.first.instruction, rows: instruction.rows)
      pass(coefficients, to: instruction.second.instruction, rows: instruction.rows)
    case .multiply: multiply(instruction, coefficients)
    case .scale(let factor): scale(instruction, coefficients, isZero: factor == 0) { factor * $0 }
    case .divide(let divisor): scale(instruction, coefficients, isZero: false) { $0 / divisor.value }
    case .relu:
      rectifier(instruction, coefficients, phases: phases, lines: lines)
    case .sign:
      shared(instruction.first, coefficients, bounds: instruction.neuronOffset) { _, low, high in
        BackwardLines(sign: low, high)
      }
    case .clip(let clip):
      shared(instruction.first, coefficients, bounds: instruction.neuronOffset) { _, low, high in
        BackwardLines(clip: (clip.lower, clip.upper), lower: low, upper: high)
      }
    case .smooth(let function):
      let (workspace, offset) = (self.workspace, instruction.neuronOffset)
      shared(instruction.first, coefficients, bounds: offset) { row, low, high in
        workspace.lines(neuron: offset + row, lower: low, upper: high) {
          BackwardLines(function, lower: $0, upper: $1)
        }
      }
    case .softmax(let softmax): self.softmax(instruction, softmax, coefficients)
    case .inverseRoot(let normalization): inverseRoot(instruction, normalization, coefficients)
    case .concat(let position):
      var row = 0
      for operand in compiled.concats[position] {
        pass(coefficients + row * stride, to: operand.instruction, rows: operand.rows)
        row += operand.rows
      }
    }
  }

  @inline(__always)
  func load(_ place: UnsafePointer<Double>) -> SIMD8<Double> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
  }

  @inline(__always)
  func store(_ value: SIMD8<Double>, _ place: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD8<Double>.self)
  }

  @inline(__always)
  func magnitude(_ value: SIMD8<Double>) -> SIMD8<Double> {
    value.replacing(with: -value, where: value .< 0)
  }

  /// Adds a row of coefficients times a number to the constants.
  @inline(__always)
  private mutating func addRow(_ row: UnsafePointer<Double>, times value: Double) {
    constantCount &+= 1
    let factor = SIMD8<Double>(repeating: value)
    var column = 0
    while column < stride {
      let values = load(row + column)
      let product = values * factor
      store(load(constants + column) + product, constants + column)
      store(load(sizes + column) + magnitude(product), sizes + column)
      column &+= 8
    }
  }

  /// Where the coefficients of an operand go: its matrix on first use, room beside it later.
  func destination(_ operand: Int) -> UnsafeMutablePointer<Double> {
    workspace.isSet[operand] ? workspace.matrixScratch : matrix(operand)
  }

  /// Declares the coefficients in an operand's destination complete.
  mutating func deliver(_ operand: Int, rows: Int) {
    guard workspace.isSet[operand] else {
      workspace.isSet[operand] = true
      // The kernel reads whole blocks of rows.
      let padding = compiled.instructions[operand].paddedRows - rows
      (matrix(operand) + rows * stride).update(repeating: 0, count: padding * stride)
      return
    }
    accumulate(UnsafePointer(workspace.matrixScratch), to: operand, rows: rows)
  }

  private mutating func accumulate(_ values: UnsafePointer<Double>, to operand: Int, rows: Int) {
    let target = matrix(operand)
    let bounds = workspace.records + compiled.instructions[operand].magnitudeOffset
    for row in 0..<rows {
      let bound = SIMD8<Double>(repeating: bounds[row])
      var column = row * stride
      var place = 0
      while place < stride {
        let sum = load(target + column) + load(values + column)
        store(sum, target + column)
        let lost = (magnitude(sum) * Rounding.unit + Rounding.underflow) * bound
        store(load(errors + place) + lost, errors + place)
        column &+= 8
        place &+= 8
      }
    }
    errorCount &+= rows
  }

  private mutating func pass(_ values: UnsafePointer<Double>, to operand: Int, rows: Int) {
    if workspace.isSet[operand] {
      accumulate(values, to: operand, rows: rows)
    } else {
      matrix(operand).update(from: values, count: rows * stride)
      deliver(operand, rows: rows)
    }
  }

  /// `c x` with `x = centre + radius t`; the coefficients of `t` take the place of those of `x`.
  private mutating func input(_ coefficients: UnsafePointer<Double>, cell: Cell) {
    hasInput = true
    let slopes = UnsafeMutablePointer(mutating: coefficients)
    let (dimension, centres) = (compiled.dimension, workspace.scratch(2 * compiled.dimension))
    let radii = centres + dimension
    for axis in 0..<dimension {
      centres[axis] = Cell.midpoint(cell.lower[axis], cell.upper[axis])
      radii[axis] = Cell.radius(cell.lower[axis], cell.upper[axis], centre: centres[axis])
    }
    constantCount &+= dimension
    var column = 0
    while column < stride {
      var (constant, size, span) = (load(constants + column), load(sizes + column), SIMD8<Double>())
      for axis in 0..<dimension {
        let place = slopes + (axis &* stride &+ column)
        let values = load(place)
        let product = values * SIMD8(repeating: centres[axis])
        constant += product
        size += magnitude(product)
        let slope = values * SIMD8(repeating: radii[axis])
        store(slope, place)
        span += magnitude(slope)
      }
      store(constant, constants + column)
      store(size, sizes + column)
      store(span, spans + column)
      column &+= 8
    }
    guard cut != nil else { return }
    for column in 0..<count { reaches[column] = cut?.least(slopes + column, stride: stride) ?? -.infinity }
  }
}

extension BackwardMatrix {
  /// The lower bound of an objective as a linear function on the cell; nil where a number left the finite range.
  func side(_ objective: Int) -> AffineBounds.Side? {
    guard let constant = constant(objective) else { return nil }
    guard hasInput else {
      return AffineBounds.Side(constant: constant, slopes: [Double](repeating: 0, count: compiled.dimension))
    }
    let place = matrix(compiled.inputInstruction) + objective
    let slopes = (0..<compiled.dimension).map { place[$0 * stride] }
    guard slopes.allSatisfy(\.isFinite) else { return nil }
    return AffineBounds.Side(constant: constant, slopes: slopes)
  }

  /// How far the bound's linear function reaches over the cell.
  package func span(_ objective: Int) -> Double { hasInput ? 2 * spans[objective] : 0 }

  /// A lower bound of an objective on the points of the cell that lie in the region's balls and have the column's phases;
  /// minus infinity where nothing is known.
  package func lowerBound(_ objective: Int) -> Double {
    guard let constant = constant(objective) else { return -.infinity }
    guard hasInput else { return constant }
    var bound = (constant - spans[objective] * Rounding.inflation(compiled.dimension)).nextDown
    if cut != nil { bound = Swift.max(bound, Directed.addDown(constant, reaches[objective])) }
    return bound.isFinite ? bound : -.infinity
  }

  /// The constant, with all that rounding may have taken.
  private func constant(_ objective: Int) -> Double? {
    guard faults[objective] == 0, constants[objective].isFinite, sizes[objective].isFinite else { return nil }
    let terms = constantCount + 2
    let spread = DotProductBound.gamma(terms) * sizes[objective] * Rounding.inflation(terms)
    // The input's slopes: each product is off by `u` times itself.
    let dimension = compiled.dimension
    let inputError =
      hasInput
      ? Rounding.unit * spans[objective] * Rounding.inflation(dimension) + Double(dimension) * Rounding.slack
      : 0
    let lost =
      ((errors[objective] + inputError) * Rounding.inflation(errorCount + 4) + spread) * Rounding.inflation(4)
      + Rounding.slack
    let value = (constants[objective] - lost).nextDown
    return value.isFinite ? value : nil
  }
}
