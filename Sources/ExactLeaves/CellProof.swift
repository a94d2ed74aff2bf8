import CellMasses
import RigorousArithmetic
import VerificationProblem

// Theorem: what holds on the parts of a box holds on the box, be they halves or the points where some number that is computed on
// the way is not negative and those where it is not positive; a box without points in some ball has nothing to show. On each
// part the predicate follows from ranges of its quantities by Kleene's tables, or from weighted sums of a clause's atoms.

/// Shows a predicate on a box by affine forms, by substituting backwards, then over better ranges within, then in parts.
struct CellProof: Sendable {
  /// Products that one leaf may take, about.
  static let effort = 10_000_000_000
  /// Parts that a box is cut into at most.
  private static let parts = 128
  /// So many axes are halved; of more, the operands of functions are told apart by their signs.
  private static let fewAxes = 8

  private let program: ExactProgram
  private let predicate: Predicate
  private let atoms: [Atom]
  private let thresholds: [Interval]
  /// The balls of the region.
  let balls: [ExactBall]

  init(
    _ program: ExactProgram, _ predicate: Predicate, _ arithmetic: Arithmetic, balls: [ExactBall]
  ) throws(ExactFailure) {
    self.program = program
    self.predicate = predicate
    self.balls = balls
    atoms = predicate.atoms
    thresholds = atoms.map { $0.threshold.enclosure(in: arithmetic) }
    guard thresholds.allSatisfy(\.isFinite) else { throw ExactFailure("a threshold is out of reach") }
    let count = program.steps[program.output].count
    for atom in atoms {
      switch atom.quantity {
      case .element(let index):
        guard (0..<count).contains(index) else { throw ExactFailure("an atom names no element") }
      case .distance(let start, let point, _):
        guard start >= 0, start <= count, point.count <= count - start, point.allSatisfy(\.isFinite) else {
          throw ExactFailure("a distance is of no elements or from no point")
        }
      }
    }
  }

  /// Whether the predicate is shown at every point of a box that lies in all balls.
  ///
  /// - Throws: Where a function may be undefined or the effort does not suffice.
  func shows(on box: [AxisRange]) throws(ExactFailure) -> Bool {
    var effort = Self.effort
    var pending = [(box: box, signs: [Site: Bool]())]
    var left = Self.parts
    while let next = pending.popLast() {
      left -= 1
      guard let part = contracted(next.box) else { continue }
      let cell = ExactCell(part, balls: balls, signs: next.signs)
      guard let open = try open(on: cell, &effort) else { continue }
      guard left > pending.count + 1 else { return false }
      if part.count > Self.fewAxes, let site = try open.costliest(effort: &effort) {
        pending += [true, false].map { (part, next.signs.merging([site: $0]) { $1 }) }
      } else if let halves = halves(of: part) {
        pending += [halves.high, halves.low].map { ($0, next.signs) }
      } else {
        return false
      }
    }
    return true
  }

  /// The part of a box that may have points in all balls; nil where it has none.
  func contracted(_ box: [AxisRange]) -> [AxisRange]? {
    var result = box
    for ball in balls {
      guard let part = ball.contracted(result) else { return nil }
      result = part
    }
    return result
  }

  /// What is known of a cell on which the predicate is not shown at once; nil where it is.
  private func open(on cell: ExactCell, _ effort: inout Int) throws(ExactFailure) -> QuantityRanges? {
    var quantities = try quantities(on: cell, refines: false, &effort)
    for refines in [false, true] {
      if refines { quantities = try self.quantities(on: cell, refines: true, &effort) }
      if quantities.shows(predicate, effort: &effort) { return nil }
      try quantities.substitute(effort: &effort)
      if quantities.shows(predicate, effort: &effort) { return nil }
    }
    return quantities
  }

  /// Masses of the predicate on a cell under a law; see `CellMass` for the theorem.
  ///
  /// - Parameters:
  ///   - substitutes: Whether open atoms are substituted backwards.
  ///   - refines: Whether ranges within the graph are made better then.
  /// - Throws: As `shows(on:)`.
  func masses(
    of cell: Cell, under laws: [AxisMass], substitutes: Bool, refines: Bool
  ) throws(ExactFailure) -> CellMass {
    guard let exact = ExactCell(cell) else { throw ExactFailure("a cell is out of reach") }
    var effort = Self.effort
    var quantities = try quantities(on: exact, refines: false, &effort)
    if substitutes, predicate.truth(quantities.known) == nil { try quantities.substitute(effort: &effort) }
    if refines, predicate.truth(quantities.known) == nil {
      quantities = try self.quantities(on: exact, refines: true, &effort)
      try quantities.substitute(effort: &effort)
    }
    return CellMass(of: cell, under: laws, predicate, known: quantities.known, thresholds: thresholds) {
      quantities.affine($0, substitutes: substitutes, effort: &effort)
    }
  }

  /// What affine forms show on a cell, with ranges within the graph that were made better where that is asked for.
  ///
  /// - Throws: As `shows(on:)`.
  func quantities(
    on cell: ExactCell, refines: Bool, _ effort: inout Int
  ) throws(ExactFailure) -> QuantityRanges {
    QuantityRanges(
      try Propagation(program, cell, refines: refines, effort: &effort), atoms, thresholds)
  }

  /// Halves along the widest axis; nil where the box is a point.
  private func halves(of box: [AxisRange]) -> (low: [AxisRange], high: [AxisRange])? {
    let widths = box.map { $0.upper - $0.lower }
    guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > .zero else {
      return nil
    }
    let range = box[widest]
    let middle = (range.lower + range.upper) * Rational(.one, over: BigInteger(2))
    var (low, high) = (box, box)
    low[widest] = AxisRange(lower: range.lower, upper: middle)
    high[widest] = AxisRange(lower: middle, upper: range.upper)
    return (low, high)
  }
}
