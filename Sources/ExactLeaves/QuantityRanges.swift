import CellMasses
import RigorousArithmetic
import VerificationProblem

// Theorem: |x - p| >= v . (x - p) / |v|* for every vector v other than zero, |.|* the dual norm; and the norm of the least and
// greatest magnitudes of the coordinates encloses the distance.
// Theorem (clauses). At a point where no atom of a clause holds, s_i q_i <= s_i t_i for each of its atoms, with s_i = 1 where the
// atom bounds q_i from below and -1 where from above, so sum w_i s_i q_i <= sum w_i s_i t_i for weights that are not
// negative. Where a lower bound of the left side exceeds an upper bound of the right one, there is no such point.

/// What a cell shows of the atoms of a predicate.
struct QuantityRanges {
  private let propagation: Propagation
  private let atoms: [Atom]
  private let thresholds: [Interval]
  private(set) var ranges: [Propagation.Range]

  /// Ranges by the affine forms alone.
  init(_ propagation: Propagation, _ atoms: [Atom], _ thresholds: [Interval]) {
    self.propagation = propagation
    self.atoms = atoms
    self.thresholds = thresholds
    let output = propagation.ranges[propagation.program.output]
    ranges = []
    for atom in atoms {
      switch atom.quantity {
      case .element(let index): ranges.append(output[index])
      case .distance(let start, let point, let norm):
        ranges.append(Self.distance(output[start..<start + point.count], point, norm))
      }
    }
    for (index, atom) in atoms.enumerated() {
      guard let direction = direction(of: atom) else { continue }
      raise(index, propagation.least(direction.coefficients), direction)
    }
  }

  /// Makes ranges better by substituting backwards, where atoms are open.
  mutating func substitute(effort: inout Int) throws(ExactFailure) {
    let position = propagation.program.output
    for (index, atom) in atoms.enumerated() where known(index) == nil {
      switch atom.quantity {
      case .element(let element):
        let low = try Substitution(propagation, at: position, [(element, Grid.one)], effort: &effort)
        let high = try Substitution(propagation, at: position, [(element, -Grid.one)], effort: &effort)
        ranges[index] = ranges[index].cut(to: low.least, -high.least)
      case .distance:
        guard let direction = direction(of: atom) else { continue }
        let low = try Substitution(propagation, at: position, direction.coefficients, effort: &effort)
        raise(index, low.least, direction)
      }
    }
  }

  /// Affine bounds of an atom's quantity in the coordinates' symbols, by the affine forms or by substituting backwards, of
  /// either side the one that is tighter in the middle; nil where it has none.
  func affine(_ index: Int, substitutes: Bool, effort: inout Int) -> AffineBounds? {
    guard case .element(let element) = atoms[index].quantity else { return nil }
    let form = propagation.output
    let (slopes, rest) = form.element(element, of: propagation.cell.middle.count)
    let centre = form.centre[element]
    guard let below = side(below: centre - rest, slopes),
      let above = side(below: -centre - rest, slopes.map { -$0 })
    else { return nil }
    let bounds = AffineBounds(lower: below, upper: above.negated)
    guard substitutes else { return bounds }
    let sides = [Grid.one, -Grid.one].compactMap { sign -> AffineBounds.Side? in
      let line = try? Substitution(
        propagation, at: propagation.program.output, [(element, sign)], effort: &effort)
      return line.flatMap { side(below: $0.total, $0.slopes) }
    }
    guard sides.count == 2 else { return bounds }
    return bounds.tightened(by: AffineBounds(lower: sides[0], upper: sides[1].negated))
  }

  /// A linear function in doubles that is nowhere above one in the grid, in the symbols of the cell's doubles; nil where it
  /// is out of reach.
  private func side(below constant: BigInteger, _ slopes: [BigInteger]) -> AffineBounds.Side? {
    let doubles = slopes.map(Grid.roundedDown)
    var least = constant - propagation.cell.drift(slopes)
    for (slope, double) in zip(slopes, doubles) {
      guard let floor = Grid.floor(double), let ceil = Grid.ceil(double) else { return nil }
      least = least - max((slope - floor).magnitude, (slope - ceil).magnitude)
    }
    let end = Grid.roundedDown(least)
    return end.isFinite ? AffineBounds.Side(constant: end, slopes: doubles) : nil
  }

  /// The function whose operand's sign would help the first open atom most, as it seems.
  func costliest(effort: inout Int) throws(ExactFailure) -> Site? {
    guard let index = atoms.indices.first(where: { known($0) == nil }),
      case .element(let element) = atoms[index].quantity
    else { return nil }
    let sign = atoms[index].comparison.boundsAbove ? -Grid.one : Grid.one
    return try Substitution(
      propagation, at: propagation.program.output, [(element, sign)], effort: &effort
    ).costliest?.site
  }

  // MARK: Distances

  private struct Direction {
    /// In the grid.
    let coefficients: [(element: Int, value: BigInteger)]
    /// What it is at the fixed point, from above.
    let atPoint: BigInteger
    /// Dual norm, from above.
    let dual: BigInteger
  }

  private mutating func raise(_ index: Int, _ bound: BigInteger, _ direction: Direction) {
    let over = bound - direction.atPoint
    guard over.signum > 0 else { return }
    let low = over.shiftedLeft(by: Grid.bits).floorDivided(by: direction.dual)
    ranges[index] = ranges[index].cut(to: low, ranges[index].high)
  }

  /// From the fixed point towards the middle of the output's form.
  private func direction(of atom: Atom) -> Direction? {
    guard case .distance(let start, let point, let norm) = atom.quantity, norm != .linf else { return nil }
    var (coefficients, offsets) = ([(element: Int, value: BigInteger)](), [BigInteger]())
    for (index, number) in point.enumerated() {
      guard let fixed = Grid.floor(number) else { return nil }
      let offset = propagation.output.centre[start + index] - fixed
      let value =
        norm == .l1
        ? (offset.isNegative ? -Grid.one : Grid.one)
        : offset.floorShifted(by: Grid.bits - 40).shiftedLeft(by: Grid.bits - 40)
      coefficients.append((start + index, value))
      // The number lies between its neighbours in the grid.
      offsets.append((value * fixed + (value.signum > 0 ? value : .zero)).ceilShifted(by: Grid.bits))
    }
    let dual =
      norm == .l1
      ? Grid.one
      : coefficients.reduce(BigInteger.zero) { $0 + $1.value * $1.value }.floorRoot + .one
    return Direction(
      coefficients: coefficients, atPoint: offsets.reduce(.zero) { $0 + $1 }, dual: dual)
  }

  private static func distance(
    _ output: ArraySlice<Propagation.Range>, _ point: [Double], _ norm: Norm
  ) -> Propagation.Range {
    var (lows, highs) = ([BigInteger](), [BigInteger]())
    for (range, number) in zip(output, point) {
      let (floor, ceil) = (Grid.floor(number) ?? .zero, Grid.ceil(number) ?? .zero)
      let (low, high) = (range.low - ceil, range.high - floor)
      lows.append(max(.zero, max(low, -high)))
      highs.append(max(low.magnitude, high.magnitude))
    }
    func sum(_ values: [BigInteger]) -> BigInteger { values.reduce(.zero) { $0 + $1 } }
    switch norm {
    case .l1: return Propagation.Range(low: sum(lows), high: sum(highs))
    case .linf:
      return Propagation.Range(low: lows.reduce(.zero, max), high: highs.reduce(.zero, max))
    case .l2:
      return Propagation.Range(
        low: sum(lows.map { $0 * $0 }).floorRoot, high: sum(highs.map { $0 * $0 }).floorRoot + .one)
    }
  }

  // MARK: Truth

  /// What is known of an atom.
  func known(_ index: Int) -> Bool? {
    atoms[index].comparison.decided(ranges[index].interval, thresholds[index])
  }

  /// What is known of each atom.
  var known: [Bool?] { atoms.indices.map(known) }

  /// Whether the predicate holds at every point of the cell; false where that is not shown.
  func shows(_ predicate: Predicate, effort: inout Int) -> Bool {
    var next = 0
    return shows(predicate, &next, &effort)
  }

  private func shows(_ predicate: Predicate, _ next: inout Int, _ effort: inout Int) -> Bool {
    switch predicate {
    case .atom:
      defer { next += 1 }
      return known(next) == true
    case .all(let parts):
      var result = true
      for part in parts {
        let isShown = shows(part, &next, &effort)
        result = result && isShown
      }
      return result
    case .any(let parts):
      let start = next
      var result = false
      for part in parts {
        let isShown = shows(part, &next, &effort)
        result = result || isShown
      }
      if result { return true }
      let isClause = parts.allSatisfy { if case .atom = $0 { return true } else { return false } }
      return isClause && parts.count > 1 && showsClause(start..<start + parts.count, &effort)
    }
  }

  /// Weighs the atoms of a clause in pairs and all alike, by affine forms and then by substituting backwards.
  private func showsClause(_ clause: Swift.Range<Int>, _ effort: inout Int) -> Bool {
    let linear = clause.filter {
      if case .element = atoms[$0].quantity { return known($0) != false } else { return false }
    }
    guard linear.count > 1, linear.count <= 12 else { return false }
    var choices: [[(atom: Int, weight: BigInteger)]] = []
    for first in linear {
      for second in linear where first < second { choices.append(balanced(first, second)) }
    }
    if linear.count > 2 { choices.append(linear.map { ($0, Grid.one) }) }
    for choice in choices {
      let form = self.form(choice)
      if propagation.least(form.coefficients) > form.limit { return true }
    }
    for choice in choices.prefix(6) {
      let form = self.form(choice)
      let bound = try? Substitution(
        propagation, at: propagation.program.output, form.coefficients, effort: &effort)
      if let bound, bound.least > form.limit { return true }
    }
    return false
  }

  private func form(
    _ choice: [(atom: Int, weight: BigInteger)]
  ) -> (coefficients: [(element: Int, value: BigInteger)], limit: BigInteger) {
    var coefficients: [(element: Int, value: BigInteger)] = []
    var limit = BigInteger.zero
    for (index, weight) in choice {
      guard case .element(let element) = atoms[index].quantity else { continue }
      let isAbove = atoms[index].comparison.boundsAbove
      let threshold = isAbove ? -thresholds[index] : thresholds[index]
      guard let end = Grid.ceil(threshold.upper) else { continue }
      coefficients.append((element, isAbove ? -weight : weight))
      limit = limit + (weight * end).ceilShifted(by: Grid.bits)
    }
    return (coefficients, limit)
  }

  /// The share of two atoms whose weighted sum seems to be greatest; the bound is concave in it.
  private func balanced(_ first: Int, _ second: Int) -> [(atom: Int, weight: BigInteger)] {
    func choice(_ share: Int) -> [(atom: Int, weight: BigInteger)] {
      let weight = BigInteger(share).shiftedLeft(by: Grid.bits - 10)
      return [(first, weight), (second, Grid.one - weight)]
    }
    func margin(_ share: Int) -> BigInteger {
      let form = form(choice(share))
      return propagation.least(form.coefficients) - form.limit
    }
    var (low, high) = (0, 1_024)
    while high - low > 2 {
      let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
      if margin(a) < margin(b) { low = a } else { high = b }
    }
    return choice((low + high) / 2)
  }
}

extension AffineBounds.Side {
  fileprivate var negated: AffineBounds.Side {
    AffineBounds.Side(constant: -constant, slopes: slopes.map { -$0 })
  }
}
