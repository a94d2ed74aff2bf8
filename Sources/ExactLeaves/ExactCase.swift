package import CellMasses
package import Evidence
package import RigorousArithmetic
import TensorGraph
package import VerificationProblem

// Theorem: a leaf speaks of the points of its cell that lie in the region. Where `CellProof`, or the graph's own evaluation in
// outward-rounded intervals, shows the predicate on the part of the cell within the region's ranges, the leaf's claim is true.
// A point of cell and region at which that evaluation finds the predicate false shows that it is not.

/// What a leaf claims of the points of its cell that lie in the region.
package enum ExactClaim: Hashable, Sendable {
  /// The predicate holds at all of them.
  case holds
  /// There are none.
  case outside
}

/// One case of an obligation, whose leaves are derived again in exact arithmetic.
///
/// Nothing is shared with the rules that closed the leaves: numbers are integers in units of 2^-72, products are exact,
/// and what is rounded from a number that is kept is counted. Values and curvatures of elementary functions are
/// enclosures of `SmoothFunction`, and cells on which a bound is attained are evaluated in intervals, as one rule does
/// that closes such leaves.
package struct ExactCase: Sendable {
  private let item: ObligationCase
  private let region: InputRegion?
  private let proof: CellProof

  /// Prepares a case.
  ///
  /// - Parameter region: The points that a claim under forall speaks of; nil for a measure, whose leaves speak of their
  ///   whole cells.
  /// - Throws: Where an operator is not followed; then no leaf is shown.
  package init(_ item: ObligationCase, region: InputRegion?) throws(ExactFailure) {
    self.item = item
    self.region = region
    proof = try CellProof(
      ExactProgram(item.graph, item.arithmetic), item.predicate, item.arithmetic,
      balls: (region?.balls ?? []).map { ExactBall($0) })
  }

  /// Judges a leaf.
  ///
  /// - Parameter seed: Which points are looked at where the claim is not shown.
  package func judge(_ claim: ExactClaim, on cell: Cell, seed: UInt64 = 0) -> LeafFinding {
    guard let box = box(cell) else { return .notShown("the cell is no box") }
    guard let part = within(box).flatMap(proof.contracted) else { return .shown }
    guard claim == .holds else {
      return points(of: part, seed).first.map { .contradicted($0) } ?? .notShown(nil)
    }
    var reason: String?
    do {
      if try proof.shows(on: part) { return .shown }
    } catch {
      reason = error.description
    }
    // Where a bound is attained, there is no room for what affine forms round away.
    if truth(within: part.map { Interval($0.lower.roundedDown, $0.upper.roundedUp) }) == true {
      return .shown
    }
    let counterexample = points(of: part, seed).first { truth(within: $0.map(\.enclosure)) == false }
    return counterexample.map { .contradicted($0) } ?? .notShown(reason)
  }

  /// Whether the predicate holds everywhere between given ends (true), nowhere (false), or is open.
  private func truth(within box: [Interval]) -> Bool? { (try? item.truth(within: box))?.truth }

  /// Bounds of the quantity of each atom on the points of a cell that lie in the region, in the predicate's order, and
  /// without a region affine ones in the symbols of the cell.
  ///
  /// - Parameters:
  ///   - refines: Whether ranges within the graph are made better by substituting backwards.
  ///   - substitutes: Whether those of open atoms are.
  /// - Returns: Nil where the cell has no such points.
  /// - Throws: Where a function may be undefined, or it would take too long.
  package func bounds(
    on cell: Cell, refines: Bool, substitutes: Bool
  ) throws(ExactFailure) -> [(range: Interval, affine: AffineBounds?)]? {
    guard let box = box(cell), let part = within(box).flatMap(proof.contracted) else { return nil }
    let whole = region == nil ? ExactCell(cell) : nil
    var effort = CellProof.effort
    var quantities = try proof.quantities(
      on: whole ?? ExactCell(part, balls: proof.balls), refines: refines, &effort)
    if substitutes { try quantities.substitute(effort: &effort) }
    return quantities.ranges.enumerated().map { index, range in
      (
        range.interval,
        whole == nil ? nil : quantities.affine(index, substitutes: substitutes, effort: &effort)
      )
    }
  }

  /// Masses of the event on a leaf's cell under a law, by as much as the leaf's rule asks for.
  ///
  /// - Throws: Where the leaf is out of reach, a function may be undefined, or it would take too long.
  package func masses(of cell: Cell, under laws: [AxisMass], rule: LeafRule) throws(ExactFailure) -> CellMass
  {
    guard rule.bounds else { return CellMass(undecided: cell, under: laws) }
    return try proof.masses(
      of: cell, under: laws, substitutes: rule.substitutes, refines: rule == .fullLinearBounds)
  }

  private func box(_ cell: Cell) -> [AxisRange]? {
    guard cell.lower.count == cell.upper.count, cell.lower.count == region?.dimension ?? cell.lower.count
    else { return nil }
    var box: [AxisRange] = []
    for (lower, upper) in zip(cell.lower, cell.upper) {
      guard let low = Rational(exactly: lower), let high = Rational(exactly: upper), low <= high else {
        return nil
      }
      box.append(AxisRange(lower: low, upper: high))
    }
    return box
  }

  /// The part of a box within the region's ranges; nil where it is empty.
  private func within(_ box: [AxisRange]) -> [AxisRange]? {
    guard let region else { return box }
    var result: [AxisRange] = []
    for (range, limits) in zip(box, region.box) {
      let (low, high) = (max(range.lower, limits.lower), min(range.upper, limits.upper))
      guard low <= high else { return nil }
      result.append(AxisRange(lower: low, upper: high))
    }
    return result
  }

  // MARK: Points

  /// Points of a box that lie in the region: middle, corners, and some in between, halfway to the centres of balls that they
  /// are out of.
  private func points(of box: [AxisRange], _ seed: UInt64) -> [[Rational]] {
    // Multiples of the golden ratio modulo one lie evenly whatever they start from.
    var state = seed
    func point(_ part: (Int) -> Int) -> [Rational] {
      box.enumerated().map { axis, range in
        range.lower
          + (range.upper - range.lower) * Rational(BigInteger(part(axis)), over: BigInteger(1_024))
      }
    }
    func next() -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      return Int(state >> 54)
    }
    var points = [point { _ in 512 }]
    for corner in 0..<8 {
      points.append(point { box.count <= 3 ? (corner >> $0 & 1) * 1_024 : next() / 512 * 1_024 })
    }
    for _ in 0..<8 { points.append(point { _ in next() }) }
    guard let region else { return points }
    return points.map { pulled($0, box, region.balls) }.filter { point in
      region.contains(point) && zip(point, box).allSatisfy { $1.lower <= $0 && $0 <= $1.upper }
    }
  }

  private func pulled(_ point: [Rational], _ box: [AxisRange], _ balls: [Ball]) -> [Rational] {
    var point = point
    for ball in balls {
      for _ in 0..<8 where !ball.contains(point) {
        for (axis, centre) in zip(ball.coordinates, ball.centre) {
          let nearest = min(max(centre, box[axis].lower), box[axis].upper)
          point[axis] = (point[axis] + nearest) * Rational(BigInteger(1), over: BigInteger(2))
        }
      }
    }
    return point
  }
}
