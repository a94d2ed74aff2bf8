import RigorousArithmetic

// Theorem: let q = sum c x + constant over the elements of some steps. Replacing a step by its operands keeps a lower bound:
// affine maps by what they are; a function of an element by its line below where c >= 0, by that above where c < 0, both valid
// on the element's range; x y = d x + c y - c d + (x - c)(y - d), the last at most r s in magnitude. A coefficient that is
// rounded down by less than a unit loses at most a unit times the magnitude of its element. In the end what is left is
// linear in the coordinates. At each step, the least value over the ranges of the elements is a bound too. What a deployed
// operator loses of an element, at most e, costs |c| e.

/// A linear function of one step's elements, bounded from below by substituting backwards.
struct Substitution {
  private let propagation: Propagation
  private var coefficients: [[BigInteger]?]
  /// With `slopes` a linear function of the coordinates' symbols that is nowhere above at the points of cell and balls; in the
  /// grid.
  private(set) var total = BigInteger.zero
  private(set) var slopes: [BigInteger]
  /// A lower bound at those points, in the grid.
  private(set) var least = BigInteger.zero
  /// The function on both sides of zero whose lines seem to cost most.
  private(set) var costliest: (site: Site, cost: BigInteger)?

  /// Substitutes over what a propagation has recorded so far.
  ///
  /// - Parameters:
  ///   - given: Coefficients in the grid, with the positions of the elements.
  ///   - effort: What is left of the products that may be formed.
  /// - Throws: Where the effort does not suffice.
  init(
    _ propagation: Propagation, at start: Int, _ given: [(element: Int, value: BigInteger)],
    effort: inout Int
  ) throws(ExactFailure) {
    self.propagation = propagation
    coefficients = []
    slopes = [BigInteger](repeating: .zero, count: propagation.cell.middle.count)
    let best = try run(start, given, &effort)
    least = total + propagation.cell.least(slopes)
    if let best { least = max(least, best) }
  }

  /// Substitutes down to the coordinates; the best bound over ranges on the way.
  private mutating func run(
    _ start: Int, _ given: [(element: Int, value: BigInteger)], _ effort: inout Int
  ) throws(ExactFailure) -> BigInteger? {
    let steps = propagation.program.steps
    coefficients = [[BigInteger]?](repeating: nil, count: start + 1)
    var first = [BigInteger](repeating: .zero, count: steps[start].count)
    for (element, value) in given { first[element] = first[element] + value }
    coefficients[start] = first
    var (alive, best) = (1, BigInteger?.none)
    for position in (0...start).reversed() {
      guard let c = coefficients[position] else { continue }
      coefficients[position] = nil
      let step = steps[position]
      if alive == 1 {
        let bound = total + overRanges(c, position) + propagation.cell.least(slopes)
        best = best.map { max($0, bound) } ?? bound
      }
      for (value, loss) in zip(c, propagation.losses[position] ?? []) {
        total = total - (value.magnitude * loss).ceilShifted(by: Grid.bits)
      }
      alive -= 1
      alive += step.operands.reduce(into: Set<Int>()) { if coefficients[$1] == nil { $0.insert($1) } }.count
      switch step.kind {
      case .input: atInput(c)
      case .constant(let values):
        for (value, factor) in zip(c, values) {
          guard let exact = Factor(factor) else { throw ExactFailure("a constant is not finite") }
          total = total + exact.times(value).value
        }
      case .affine(let map):
        effort -= map.entryCount + step.count
        guard effort >= 0 else { throw ExactFailure("it would take too long") }
        total = total + map.biasTerm(c)
        try give(map.transposed(c), to: step.operands)
      case .bend:
        var slopes: [Floored] = []
        for (row, (value, lines)) in zip(c, propagation.lines[position]).enumerated() {
          let range = propagation.ranges[step.operands[0]][row]
          let cost = value.magnitude * (lines.above.offset - lines.below.offset)
          if range.low.isNegative, range.high.signum > 0, cost > costliest?.cost ?? .zero {
            costliest = (Site(step: position, row: row), cost)
          }
          let line = value.isNegative ? lines.above : lines.below
          slopes.append((value * line.slope).floored(by: Line.bits))
          total = total + (value * line.offset).floorShifted(by: Grid.bits)
        }
        try give(slopes, to: step.operands)
      case .product: try atProduct(c, step.operands)
      }
    }
    return best
  }

  /// The least of a linear function over the ranges of its elements.
  private func overRanges(_ c: [BigInteger], _ position: Int) -> BigInteger {
    var sum = BigInteger.zero
    for (value, range) in zip(c, propagation.ranges[position]) where !value.isZero {
      sum = sum + value * (value.isNegative ? range.high : range.low)
    }
    return sum.floorShifted(by: Grid.bits)
  }

  /// Adds coefficients to those of operands, which stand one after the other.
  ///
  /// - Throws: Where one is out of reach.
  private mutating func give(_ new: [Floored], to operands: [Int]) throws(ExactFailure) {
    guard new.allSatisfy({ $0.value.bitWidth <= Grid.longest }) else {
      throw ExactFailure("a coefficient is out of reach")
    }
    var start = 0
    for operand in operands {
      let count = propagation.program.steps[operand].count
      var sums = coefficients[operand] ?? [BigInteger](repeating: .zero, count: count)
      for index in 0..<count {
        let part = new[start + index]
        sums[index] = sums[index] + part.value
        guard part.lost > 0 else { continue }
        let most = BigInteger(part.lost) * propagation.ranges[operand][index].size
        total = total - most.ceilShifted(by: Grid.bits)
      }
      coefficients[operand] = sums
      start += count
    }
  }

  private mutating func atProduct(_ c: [BigInteger], _ operands: [Int]) throws(ExactFailure) {
    let (xs, ys) = (propagation.ranges[operands[0]], propagation.ranges[operands[1]])
    var (toX, toY) = ([Floored](), [Floored]())
    for (index, value) in c.enumerated() {
      let (x, y) = (xs[index], ys[index])
      let (cx, cy) = ((x.low + x.high).floorShifted(by: 1), (y.low + y.high).floorShifted(by: 1))
      let (r, s) = (max(x.high - cx, cx - x.low), max(y.high - cy, cy - y.low))
      toX.append((value * cy).floored(by: Grid.bits))
      toY.append((value * cx).floored(by: Grid.bits))
      total = total - (value * cx * cy + value.magnitude * r * s).ceilShifted(by: 2 * Grid.bits)
    }
    try give(toX, to: [operands[0]])
    try give(toY, to: [operands[1]])
  }

  private mutating func atInput(_ c: [BigInteger]) {
    let cell = propagation.cell
    for (index, value) in c.enumerated() {
      total = total + (value * cell.middle[index]).floorShifted(by: Grid.bits)
      let product = (value * cell.radii[index]).floored(by: Grid.bits)
      slopes[index] = product.value
      total = total - BigInteger(product.lost)
    }
  }
}
