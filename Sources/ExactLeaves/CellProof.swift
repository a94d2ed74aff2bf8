import CellMasses
import RigorousArithmetic
import VerificationProblem

// Theorem: what holds on the parts of a box holds on the box; a box without points in some ball has nothing to show. On each
// part the predicate follows from ranges of its quantities by Kleene's tables, or from weighted sums of a clause's atoms.

/// Shows a predicate on a box by affine forms, by substituting backwards, then over better ranges within, then in parts.
struct CellProof: Sendable {
  /// Products that one leaf may take, about.
  static let effort = 20_000_000
  /// Parts that a box is cut into at most.
  private static let parts = 32

  private let program: ExactProgram
  private let predicate: Predicate
  private let arithmetic: Arithmetic
  private let atoms: [Atom]
  private let thresholds: [QuantityRanges.ThresholdEnds]
  private let balls: [ExactBall]

  init(
    _ program: ExactProgram, _ predicate: Predicate, _ arithmetic: Arithmetic, balls: [ExactBall]
  ) throws(ExactFailure) {
    self.program = program
    self.arithmetic = arithmetic
    self.predicate = predicate
    self.balls = balls
    atoms = predicate.atoms
    var thresholds: [QuantityRanges.ThresholdEnds] = []
    let count = program.steps[program.output].count
    for atom in atoms {
      guard let ends = QuantityRanges.ThresholdEnds(atom.threshold, arithmetic) else {
        throw ExactFailure("a threshold is out of reach")
      }
      switch atom.quantity {
      case .element(let index):
        guard (0..<count).contains(index) else { throw ExactFailure("an atom names no element") }
      case .distance(let start, let point, _):
        guard start >= 0, start <= count, point.count <= count - start else {
          throw ExactFailure("an atom names no elements")
        }
        guard point.allSatisfy(\.isFinite) else { throw ExactFailure("a distance is from no point") }
      }
      thresholds.append(ends)
    }
    self.thresholds = thresholds
  }

  /// Whether the predicate is shown at every point of a box that lies in all balls.
  ///
  /// - Throws: Where a function may be undefined or the effort does not suffice.
  func shows(on box: [AxisRange]) throws(ExactFailure) -> Bool {
    var effort = Self.effort
    var pending = [box]
    var left = Self.parts
    while let next = pending.popLast() {
      left -= 1
      guard let part = contracted(next) else { continue }
      if try showsAtOnce(part, &effort) { continue }
      guard left > pending.count + 1, let halves = halves(of: part) else { return false }
      pending.append(halves.high)
      pending.append(halves.low)
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

  private func showsAtOnce(_ box: [AxisRange], _ effort: inout Int) throws(ExactFailure) -> Bool {
    let cell = ExactCell(box, balls: balls)
    for refines in [false, true] {
      let propagation = try Propagation(program, cell, refines: refines, effort: &effort)
      var quantities = QuantityRanges(propagation, atoms, thresholds)
      if quantities.shows(predicate) { return true }
      try quantities.substitute(effort: &effort)
      if quantities.shows(predicate) { return true }
    }
    return false
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
    let (quantities, known) = try quantities(on: cell, substitutes: substitutes, refines: refines)
    return CellMass(
      of: cell, under: laws, predicate, known: known,
      thresholds: atoms.map { $0.threshold.enclosure(in: arithmetic) }
    ) { quantities.affine($0, substitutes: substitutes) }
  }

  /// Affine bounds of the quantity of each atom on a cell, as `masses` takes them.
  ///
  /// - Throws: As `shows(on:)`.
  func lines(on cell: Cell, substitutes: Bool, refines: Bool) throws(ExactFailure) -> [AffineBounds?] {
    let (quantities, _) = try quantities(on: cell, substitutes: substitutes, refines: refines)
    return atoms.indices.map { quantities.affine($0, substitutes: substitutes) }
  }

  private func quantities(
    on cell: Cell, substitutes: Bool, refines: Bool
  ) throws(ExactFailure) -> (quantities: QuantityRanges, known: [Bool?]) {
    guard let exact = ExactCell(cell) else { throw ExactFailure("a cell is out of reach") }
    var effort = Self.effort
    var quantities = QuantityRanges(
      try Propagation(program, exact, refines: false, effort: &effort), atoms, thresholds)
    var known = atoms.indices.map { quantities.known($0) }
    for better in [false, true] where predicate.truth(known) == nil && (better ? refines : substitutes) {
      if better {
        quantities = QuantityRanges(
          try Propagation(program, exact, refines: true, effort: &effort), atoms, thresholds)
      }
      try quantities.substitute(effort: &effort)
      known = atoms.indices.map { quantities.known($0) }
    }
    return (quantities, known)
  }

  /// Ranges of the quantities of all atoms on a box, by all that is known without cutting it.
  ///
  /// - Throws: As `shows(on:)`.
  func ranges(
    on box: [AxisRange], refines: Bool, substitutes: Bool
  ) throws(ExactFailure) -> [Propagation.Range] {
    var effort = Self.effort
    let propagation = try Propagation(
      program, ExactCell(box, balls: balls), refines: refines, effort: &effort)
    var quantities = QuantityRanges(propagation, atoms, thresholds)
    if substitutes { try quantities.substitute(effort: &effort) }
    return quantities.ranges
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
