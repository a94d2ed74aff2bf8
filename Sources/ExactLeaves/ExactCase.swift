package import CellMasses
package import Evidence
package import RigorousArithmetic
import TensorGraph
package import VerificationProblem

// Theorem: a leaf speaks of the points of its cell that lie in the region. Where `CellProof` shows the predicate on the part of
// the cell within the region's ranges, the leaf's claim is true. A point of cell and region at which exact arithmetic finds
// the predicate false shows that it is not.

/// What a leaf claims of the points of its cell.
package enum ExactClaim: Hashable, Sendable {
  /// The predicate holds at every point of the region.
  case holds
  /// It holds at none.
  case fails
  /// There is no point of the region.
  case outside
}

/// What exact arithmetic finds of a leaf.
package enum ExactVerdict: Hashable, Sendable {
  /// The claim is true.
  case shown
  /// The claim is neither shown nor contradicted; why a graph is not followed, where that is the reason.
  case notShown(String?)
  /// The claim is false at a point.
  case contradicted([Rational])
}

/// One case of an obligation, whose leaves are derived again in exact arithmetic.
///
/// Nothing is shared with the rules that closed the leaves: numbers are integers in units of 2^-72, sums and products are
/// exact, and what is rounded is counted. Values and curvatures of elementary functions are enclosures of `SmoothFunction`.
package struct ExactCase: Sendable {
  private let region: InputRegion?
  private let holds: CellProof
  private let fails: CellProof
  private let truths: (holds: PointTruth, fails: PointTruth)
  private let isPiecewiseLinear: Bool
  /// Whether the values at a point are single numbers; what single precision computes is not.
  private let isReal: Bool

  /// Prepares a case.
  ///
  /// - Parameter region: The points that a claim under forall speaks of; nil for a measure, whose leaves speak of their
  ///   whole cells.
  /// - Throws: Where an operator is not followed; then no leaf is shown.
  package init(_ item: ObligationCase, region: InputRegion?) throws(ExactFailure) {
    let program = try ExactProgram(item.graph, item.arithmetic)
    let balls = (region?.balls ?? []).map { ExactBall($0) }
    self.region = region
    holds = try CellProof(program, item.predicate, item.arithmetic, balls: balls)
    fails = try CellProof(program, item.predicate.negated, item.arithmetic, balls: balls)
    isReal = item.arithmetic == .real
    truths = (
      PointTruth(item.graph, item.predicate), PointTruth(item.graph, item.predicate.negated)
    )
    isPiecewiseLinear = item.graph.isPiecewiseLinear
  }

  /// Judges a leaf.
  ///
  /// - Parameters:
  ///   - lower, upper: Corners of its cell, one double for each coordinate.
  ///   - seed: Which points are looked at where the claim is not shown.
  package func judge(
    _ claim: ExactClaim, lower: [Double], upper: [Double], seed: UInt64 = 0
  ) -> ExactVerdict {
    guard let cell = cell(lower, upper) else { return .notShown("the cell is no box") }
    guard let box = within(cell) else { return .shown }
    let proof = claim == .fails ? fails : holds
    guard let part = proof.contracted(box) else { return .shown }
    var reason: String?
    if claim != .outside {
      let truth = claim == .fails ? truths.fails : truths.holds
      do {
        if try proof.shows(on: part) { return .shown }
      } catch {
        reason = error.description
      }
      guard isReal else { return .notShown(reason) }
      // Where a bound is attained, only exact arithmetic through the graph shows it.
      if isPiecewiseLinear, truth.truth(on: part) == true { return .shown }
      for point in points(of: part, seed) where truth.fails(at: point) { return .contradicted(point) }
    } else if let point = points(of: part, seed).first {
      return .contradicted(point)
    }
    return .notShown(reason)
  }

  /// Bounds of the quantity of each atom on the points of a cell that lie in the region, in the predicate's order, rounded
  /// outwards.
  ///
  /// - Parameters:
  ///   - refines: Whether ranges within the graph are made better by substituting backwards.
  ///   - substitutes: Whether those of open atoms are.
  /// - Returns: Nil where the cell has no such points.
  /// - Throws: Where a function may be undefined, or it would take too long.
  package func ranges(
    lower: [Double], upper: [Double], refines: Bool, substitutes: Bool
  ) throws(ExactFailure) -> [Interval]? {
    guard let cell = cell(lower, upper), let box = within(cell), let part = holds.contracted(box) else {
      return nil
    }
    return try holds.ranges(on: part, refines: refines, substitutes: substitutes).map {
      Interval(Grid.roundedDown($0.low), Grid.roundedUp($0.high))
    }
  }

  /// Masses of the event on a leaf's cell under a law, by as much as the leaf's rule asks for.
  ///
  /// - Throws: Where the leaf is out of reach, a function may be undefined, or it would take too long.
  package func masses(of cell: Cell, under laws: [AxisMass], rule: LeafRule) throws(ExactFailure) -> CellMass
  {
    guard rule.bounds else { return CellMass(undecided: cell, under: laws) }
    return try holds.masses(
      of: cell, under: laws, substitutes: rule.substitutes, refines: rule == .fullLinearBounds)
  }

  /// Affine bounds of the quantity of each atom on a leaf's cell, from which its masses follow; nil where there are none.
  ///
  /// - Throws: As `masses`.
  package func lines(on cell: Cell, rule: LeafRule) throws(ExactFailure) -> [AffineBounds?] {
    try holds.lines(on: cell, substitutes: rule.substitutes, refines: rule == .fullLinearBounds)
  }

  private func cell(_ lower: [Double], _ upper: [Double]) -> [AxisRange]? {
    guard lower.count == upper.count, lower.count == (region?.dimension ?? lower.count) else { return nil }
    var box: [AxisRange] = []
    for (low, high) in zip(lower, upper) {
      guard let low = Rational(exactly: low), let high = Rational(exactly: high), low <= high else {
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

  /// Points of a box that lie in the region: middle, corners, and some in between, pulled into balls that they are out of.
  private func points(of box: [AxisRange], _ seed: UInt64) -> [[Rational]] {
    var draws = PointDraws(seed)
    var points = [box.map { draws.between($0, 512) }]
    if box.count <= 3 {
      for corner in 0..<(1 << box.count) {
        points.append(
          box.enumerated().map { $1.lower == $1.upper || corner >> $0 & 1 == 0 ? $1.lower : $1.upper })
      }
    } else {
      for _ in 0..<8 { points.append(box.map { draws.next(1) == 0 ? $0.lower : $0.upper }) }
    }
    for _ in 0..<8 { points.append(box.map { draws.between($0, draws.next(10)) }) }
    guard let region, !region.balls.isEmpty else { return points }
    return points.map { pulled($0, box, region.balls) }.filter { point in
      region.contains(point) && zip(point, box).allSatisfy { $1.lower <= $0 && $0 <= $1.upper }
    }
  }

  /// Halves the way to the centre of each ball until the point lies in it.
  private func pulled(_ point: [Rational], _ box: [AxisRange], _ balls: [Ball]) -> [Rational] {
    var point = point
    for ball in balls {
      var tries = 0
      while !ball.contains(point), tries < 8 {
        for (axis, centre) in zip(ball.coordinates, ball.centre) {
          let nearest = min(max(centre, box[axis].lower), box[axis].upper)
          point[axis] = PointDraws.middle(point[axis], nearest)
        }
        tries += 1
      }
    }
    return point
  }
}

/// Points to look at: multiples of the golden ratio modulo one, which lie evenly whatever they start from.
private struct PointDraws {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// So many binary places of the next multiple.
  mutating func next(_ places: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Int(state >> UInt64(64 - places))
  }

  /// The point of a range so many 1024ths of the way from its lower end.
  func between(_ range: AxisRange, _ part: Int) -> Rational {
    range.lower + (range.upper - range.lower) * Rational(BigInteger(part), over: BigInteger(1_024))
  }

  static func middle(_ a: Rational, _ b: Rational) -> Rational {
    (a + b) * Rational(BigInteger(1), over: BigInteger(2))
  }
}
