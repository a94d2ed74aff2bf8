import RigorousArithmetic
import TensorGraph
import VerificationProblem

// Theorem: every step keeps what `AffineForm` says. An affine map acts on centres and coefficients, and its magnitudes on
// remainders. A function of an element is within slope x + offset +- error by `Lines`, the error a fresh symbol. For
// x = c + p and y = d + q with |p| <= r and |q| <= s, x y = c d + d p + c q + p q and |p q| <= r s. Symbols that only one value
// refers to may be boxed into a fresh one for each element.
// Where a cell speaks only of points at which an operand is not negative, or not positive, its range is cut at zero.
// In single precision forms are of what was computed: a deployed operator returns its real function of what was computed
// before up to an error that `singleErrors` bounds (see `SingleRounding`), and that is a fresh symbol too.

/// Affine forms of all steps on a cell, with the ranges and lines that substituting backwards needs.
struct Propagation {
  /// A range of an element, in the grid.
  struct Range: Sendable {
    var low: BigInteger
    var high: BigInteger

    /// At least the magnitude of every member.
    var size: BigInteger { max(low.magnitude, high.magnitude) }

    /// In doubles, rounded outwards.
    var interval: Interval { Interval(Grid.roundedDown(low), Grid.roundedUp(high)) }

    /// The common members, or this range where there seem to be none.
    func cut(to low: BigInteger, _ high: BigInteger) -> Range {
      let both = Range(low: max(self.low, low), high: min(self.high, high))
      return both.low <= both.high ? both : self
    }
  }

  let program: ExactProgram
  let cell: ExactCell
  /// The output's form.
  private(set) var output = AffineForm(centre: [], columns: [], rest: [])
  /// Ranges of each step's elements.
  private(set) var ranges: [[Range]] = []
  /// Lines of each step that bends; empty for others.
  private(set) var lines: [[Lines]] = []
  /// What deployed operators may lose of each element, in the grid, by the step of their value.
  private(set) var losses: [Int: [BigInteger]] = [:]
  private var symbols: Int
  private var effort: Int
  /// Coefficients that may still be written down.
  private var room = 20_000_000

  /// Widest value whose error symbols are boxed where it is the only one alive.
  private static let narrow = 8

  /// Follows a cell through all steps.
  ///
  /// - Parameters:
  ///   - refines: Whether ranges of operands on which a function bends are made better by substituting backwards.
  ///   - effort: So many products are formed at most, about; what is left of them.
  /// - Throws: Where a function may be undefined or the effort does not suffice.
  init(_ program: ExactProgram, _ cell: ExactCell, refines: Bool, effort: inout Int) throws(ExactFailure) {
    self.program = program
    self.cell = cell
    self.effort = effort
    symbols = cell.middle.count
    defer { effort = self.effort }
    var last = [Int](repeating: -1, count: program.steps.count)
    for (position, step) in program.steps.enumerated() {
      for operand in step.operands { last[operand] = position }
    }
    last[program.output] = program.steps.count
    var forms: [Int: AffineForm] = [:]
    for (position, step) in program.steps.enumerated() {
      lines.append([])
      // A value that nothing refers to is followed as well: where it is undefined, so is the graph.
      var form = try apply(step, step.operands.compactMap { forms[$0] }, refines: refines)
      var range = try ranges(of: form)
      for (index, line) in lines[position].enumerated() {
        range[index] = range[index].cut(to: line.image.least, line.image.most)
      }
      if let deployed = program.deployed[position] {
        let errors = try errors(of: deployed, range)
        losses[position] = errors
        form.add(errors: errors, symbols: &symbols)
        range = zip(range, errors).map { Range(low: $0.low - $1, high: $0.high + $1) }
      }
      ranges.append(range)
      for operand in step.operands where last[operand] == position { forms[operand] = nil }
      let isAlone = forms.values.allSatisfy(\.columns.isEmpty)
      if isAlone, step.count <= Self.narrow, position != program.output { reduce(&form) }
      if last[position] > position { forms[position] = form }
    }
    guard let form = forms[program.output] else { throw ExactFailure("the output depends on nothing") }
    output = form
  }

  /// What a deployed operator may lose, from the ranges of what was computed before and of its exact value.
  private func errors(
    of deployed: ExactProgram.Deployed, _ value: [Range]
  ) throws(ExactFailure) -> [BigInteger] {
    let operands = deployed.operands.map { ranges[$0].map(\.interval) }
    let errors = deployed.operation.singleErrors(operands, value.map(\.interval)).compactMap { Grid.ceil($0) }
    guard errors.count == value.count else {
      throw ExactFailure("\(deployed.operation.name) may overflow in single precision")
    }
    return errors
  }

  private mutating func spend(_ count: Int, times: Int) throws(ExactFailure) {
    let (amount, overflow) = count.multipliedReportingOverflow(by: times)
    guard !overflow, amount <= effort else { throw ExactFailure("it would take too long") }
    effort -= amount
  }

  private mutating func apply(
    _ step: ExactProgram.Step, _ operands: [AffineForm], refines: Bool
  ) throws(ExactFailure) -> AffineForm {
    // Columns are written out, and a step may add one for each of its elements.
    let columns = operands.reduce(step.count) { $0 + $1.columns.count }
    let elements = operands.reduce(step.count) { $0 + $1.centre.count }
    try spend(columns, times: elements)
    room -= columns * elements
    guard room >= 0 else { throw ExactFailure("it would take too much memory") }
    switch step.kind {
    case .input: return input()
    case .constant(let values):
      var form = AffineForm(centre: [], columns: [], rest: [])
      for value in values {
        guard let floor = Grid.floor(value), let ceil = Grid.ceil(value) else {
          throw ExactFailure("a constant is not finite")
        }
        form.centre.append(floor)
        form.rest.append(ceil - floor)
      }
      return form
    case .affine(let map):
      let operand = AffineForm.joined(operands)
      let dense = operand.columns.count { $0.only == nil }
      try spend(map.entryCount, times: 2 + dense)
      return operand.mapped(by: map)
    case .bend(let bent):
      let operand = AffineForm.joined(operands)
      try spend(step.count, times: 64)
      return try bend(bent, operand, of: step.operands[0], refines: refines)
    case .product:
      guard operands.count == 2 else { throw ExactFailure("a product has not two operands") }
      return product(operands[0], operands[1])
    }
  }

  private func input() -> AffineForm {
    let zeros = [BigInteger](repeating: .zero, count: cell.middle.count)
    var form = AffineForm(centre: cell.middle, columns: [], rest: zeros)
    for (axis, radius) in cell.radii.enumerated() {
      guard radius.bitWidth > 4 else {
        form.rest[axis] = radius
        continue
      }
      var values = zeros
      values[axis] = radius
      form.columns.append(AffineForm.Column(symbol: axis, values: values, only: axis))
    }
    return form
  }

  /// Ranges of the elements of a form at the points of cell and balls.
  private func ranges(of form: AffineForm) throws(ExactFailure) -> [Range] {
    let boxes = zip(form.centre, form.radii).map { Range(low: $0 - $1, high: $0 + $1) }
    guard boxes.allSatisfy({ $0.size.bitWidth <= Grid.longest }) else {
      throw ExactFailure("a value is out of reach")
    }
    guard !cell.balls.isEmpty else { return boxes }
    return boxes.enumerated().map { row, box in
      let (slopes, reach) = form.element(row, of: cell.middle.count)
      return box.cut(
        to: form.centre[row] + cell.least(slopes) - reach,
        form.centre[row] - cell.least(slopes.map { -$0 }) + reach)
    }
  }

  /// A lower bound of a linear function of the output's elements, from its form alone; in the grid.
  ///
  /// - Parameter coefficients: In the grid, with the elements' positions.
  func least(_ coefficients: [(element: Int, value: BigInteger)]) -> BigInteger {
    // In units of 2^-144 up to the end.
    func sum(_ values: [BigInteger]) -> BigInteger {
      coefficients.reduce(.zero) { $0 + $1.value * values[$1.element] }
    }
    var slopes = [BigInteger](repeating: .zero, count: cell.middle.count)
    var total = sum(output.centre)
    for (element, value) in coefficients { total = total - value.magnitude * output.rest[element] }
    for column in output.columns {
      let slope = sum(column.values)
      if column.symbol < slopes.count {
        slopes[column.symbol] = slope.floorShifted(by: Grid.bits)
        total = total - Grid.one
      } else {
        total = total - slope.magnitude
      }
    }
    return total.floorShifted(by: Grid.bits) + cell.least(slopes)
  }

  private mutating func bend(
    _ bent: Bent, _ operand: AffineForm, of position: Int, refines: Bool
  ) throws(ExactFailure) -> AffineForm {
    var found: [Lines] = []
    for row in operand.centre.indices {
      var range = ranges[position][row]
      if refines, !Lines.isStraight(bent, low: range.low, high: range.high) {
        let below = try Substitution(self, at: position, [(row, Grid.one)], effort: &effort)
        let above = try Substitution(self, at: position, [(row, -Grid.one)], effort: &effort)
        range = range.cut(to: below.least, -above.least)
      }
      if let isPositive = cell.signs[Site(step: lines.count - 1, row: row)] {
        range = range.cut(to: isPositive ? .zero : range.low, isPositive ? range.high : .zero)
      }
      ranges[position][row] = range
      found.append(try Lines.of(bent, low: range.low, high: range.high))
    }
    lines[lines.count - 1] = found
    let middles = found.map { ($0.least + $0.most).floorShifted(by: 1) }
    var form = operand.scaled(by: found.map(\.slope), offsets: middles)
    form.add(
      errors: zip(found, middles).map { max($0.most - $1, $1 - $0.least) }, symbols: &symbols)
    return form
  }

  private mutating func product(_ x: AffineForm, _ y: AffineForm) -> AffineForm {
    let (r, s) = (x.radii, y.radii)
    var form = AffineForm(centre: [], columns: [], rest: [])
    var errors: [BigInteger] = []
    for row in x.centre.indices {
      let (c, d) = (x.centre[row], y.centre[row])
      form.centre.append((c * d).floorShifted(by: Grid.bits))
      let rest = d.magnitude * x.rest[row] + c.magnitude * y.rest[row]
      form.rest.append(rest.ceilShifted(by: Grid.bits) + .one)
      errors.append((r[row] * s[row]).ceilShifted(by: Grid.bits))
    }
    for (own, other) in [(x, y), (y, x)] {
      for var column in own.columns {
        for row in column.values.indices where !column.values[row].isZero {
          let product = (column.values[row] * other.centre[row]).floored(by: Grid.bits)
          column.values[row] = product.value
          form.rest[row] = form.rest[row] + BigInteger(product.lost)
        }
        form.columns.append(column)
      }
    }
    form.columns = AffineForm.merged(form.columns)
    form.add(errors: errors, symbols: &symbols)
    return form
  }

  /// Boxes all symbols but the coordinates' into a fresh one for each element; of three and more all but the greatest.
  private mutating func reduce(_ form: inout AffineForm) {
    let kept = form.centre.count < 3 ? 0 : 8 * form.centre.count
    let errors = form.columns.filter { $0.symbol >= cell.middle.count }.sorted { $0.size > $1.size }
    guard errors.count > kept + form.centre.count else { return }
    var sizes = [BigInteger](repeating: .zero, count: form.centre.count)
    for column in errors.dropFirst(kept) {
      for (row, value) in column.values.enumerated() { sizes[row] = sizes[row] + value.magnitude }
    }
    form.columns.removeAll { $0.symbol >= cell.middle.count }
    form.columns += errors.prefix(kept).sorted { $0.symbol < $1.symbol }
    form.add(errors: sizes, symbols: &symbols)
  }
}
