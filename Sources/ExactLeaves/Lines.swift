import RigorousArithmetic
import TensorGraph

// Theorem: let places t_0 < ... < t_n cover a range, and let f on [t_k, t_(k+1)] be nowhere more than `dip` below and `rise` above
// its linear interpolation there. Then for every slope s, f(x) - s x on that piece is at least the lesser of its values at
// the ends less `dip`, and at most the greater plus `rise`, since the interpolation less s x is linear.
// A function with |f''| <= M is within M h^2 / 8 of its interpolation on a piece of width h (remainder of linear interpolation);
// a convex one is nowhere above it, a concave one nowhere below. Also f(x) - s x >= least f - greatest s t, and likewise above.
// A piecewise linear function is its interpolation where the places hold its kinks.

/// `slope x + offset`.
struct Line: Sendable {
  /// Binary places of a slope.
  static let bits = 40

  /// In units of `2^-bits`.
  let slope: BigInteger
  /// In the grid.
  let offset: BigInteger

  /// About the value at a place, rounded downwards.
  func height(at place: BigInteger) -> BigInteger { (slope * place).floorShifted(by: Line.bits) + offset }
}

/// Lines below and above a function on a range, and one slope with a line below and one above for affine forms.
struct Lines: Sendable {
  let below: Line
  let above: Line
  /// The slope of both, and their offsets.
  let slope: BigInteger
  let least: BigInteger
  let most: BigInteger
  /// Bounds of the values.
  let image: (least: BigInteger, most: BigInteger)

  /// - Parameter candidates: Slopes to choose from, of which the first is zero.
  private init(candidates: [BigInteger], middle: BigInteger, extremes: (BigInteger) -> Extremes) {
    var found: [(slope: BigInteger, ends: Extremes)] = []
    for slope in candidates where !found.contains(where: { $0.slope == slope }) {
      found.append((slope, extremes(slope)))
    }
    var (best, below, above) = (0, 0, 0)
    func height(_ index: Int, _ offset: BigInteger) -> BigInteger {
      Line(slope: found[index].slope, offset: offset).height(at: middle)
    }
    for index in found.indices.dropFirst() {
      let ends = found[index].ends
      if ends.most - ends.least < found[best].ends.most - found[best].ends.least { best = index }
      if height(index, ends.least) > height(below, found[below].ends.least) { below = index }
      if height(index, ends.most) < height(above, found[above].ends.most) { above = index }
    }
    self.below = Line(slope: found[below].slope, offset: found[below].ends.least)
    self.above = Line(slope: found[above].slope, offset: found[above].ends.most)
    slope = found[best].slope
    least = found[best].ends.least
    most = found[best].ends.most
    image = (found[0].ends.least, found[0].ends.most)
  }

  /// What `f(x) - s x` is at least and at most.
  private struct Extremes {
    var least: BigInteger
    var most: BigInteger
  }

  /// Lines of a function on `[low, high]`.
  ///
  /// - Throws: Where the function is not defined there, or its values are out of reach.
  static func of(_ bent: Bent, low: BigInteger, high: BigInteger) throws(ExactFailure) -> Lines {
    switch bent {
    case .atLeast(let limit): return try piecewise(low, high, limits: [limit])
    case .clip(let lower, let upper):
      return try piecewise(low, high, limits: [lower, upper])
    case .sign:
      let ends = Extremes(least: sign(low), most: sign(high))
      return Lines(candidates: [.zero], middle: low) { _ in ends }
    case .smooth(let function): return try smooth(function, low, high)
    }
  }

  /// Whether a function seems to be one line on a range.
  static func isStraight(_ bent: Bent, low: BigInteger, high: BigInteger) -> Bool {
    let kinks: [Double]
    switch bent {
    case .atLeast(let limit): kinks = [limit]
    case .clip(let lower, let upper): kinks = [lower, upper]
    case .sign: kinks = [0]
    case .smooth: return low == high
    }
    return !kinks.compactMap { Grid.floor($0) }.contains { low < $0 && $0 < high }
  }

  private static func sign(_ value: BigInteger) -> BigInteger {
    value.isNegative ? -Grid.one : value.isZero ? .zero : Grid.one
  }

  /// The slope of the line between two points, rounded; no bound of anything.
  private static func secant(
    _ x: BigInteger, _ y: BigInteger, _ otherX: BigInteger, _ otherY: BigInteger
  ) -> BigInteger {
    guard x < otherX else { return .zero }
    return (otherY - y).shiftedLeft(by: Line.bits).floorDivided(by: otherX - x)
  }

  /// `min(max(x, limits[0]), limits[1])`, or the first alone.
  ///
  /// A limit that is no number of the grid lies between two neighbours of it; what depends on which is less than a unit.
  private static func piecewise(
    _ low: BigInteger, _ high: BigInteger, limits: [Double]
  ) throws(ExactFailure) -> Lines {
    var places = [low, high]
    var floors: [BigInteger] = []
    var slack = BigInteger.zero
    for limit in limits {
      guard let floor = Grid.floor(limit), let ceil = Grid.ceil(limit) else {
        throw ExactFailure("a limit is not finite")
      }
      if floor != ceil { slack = BigInteger(2) }
      floors.append(floor)
      if low < floor, floor < high { places.append(floor) }
    }
    places.sort()
    let values = places.map { place in
      let value = max(place, floors[0])
      return floors.count > 1 ? min(value, floors[1]) : value
    }
    var candidates = [BigInteger.zero, BigInteger.powerOfTwo(Line.bits)]
    for index in places.indices {
      for other in index + 1..<max(index + 1, places.count) {
        candidates.append(secant(places[index], values[index], places[other], values[other]))
      }
    }
    return Lines(candidates: candidates, middle: (low + high).floorShifted(by: 1)) { slope in
      var ends: Extremes?
      for (place, value) in zip(places, values) {
        let product = slope * place
        let least = value - product.ceilShifted(by: Line.bits)
        let most = value - product.floorShifted(by: Line.bits)
        ends = Extremes(
          least: min(ends?.least ?? least, least), most: max(ends?.most ?? most, most))
      }
      let found = ends ?? Extremes(least: .zero, most: .zero)
      return Extremes(least: found.least - slack, most: found.most + slack)
    }
  }

  // MARK: Smooth functions

  /// A stretch between two places.
  private struct Piece {
    /// The function is nowhere lower than its interpolation less this; nil where nothing is known.
    let dip: BigInteger?
    /// The function is nowhere higher than its interpolation plus this; nil where nothing is known.
    let rise: BigInteger?
    /// Bounds of the values.
    let least: BigInteger
    let most: BigInteger
  }

  private static func smooth(
    _ function: SmoothFunction, _ low: BigInteger, _ high: BigInteger
  ) throws(ExactFailure) -> Lines {
    let (start, end) = (Grid.roundedDown(low), Grid.roundedUp(high))
    guard start.isFinite, end.isFinite, function.isDefined(on: Interval(start, end)) else {
      throw ExactFailure("\(function.name) may be undefined or out of reach")
    }
    let count = Int(min(32, max(4, ((end - start) * 8).rounded(.up))))
    var doubles = [start]
    for index in 1..<count {
      // No double has fewer digits after it is cut to the grid.
      guard let cut = Grid.floor(start + (end - start) * (Double(index) / Double(count))) else { continue }
      let place = Grid.roundedDown(cut)
      if let last = doubles.last, last < place, place < end { doubles.append(place) }
    }
    if start < end { doubles.append(end) }
    var places: [BigInteger] = []
    var values: [(least: BigInteger, most: BigInteger)] = []
    for place in doubles {
      let value = function.enclosure(over: Interval(place))
      guard let exact = Grid.floor(place), exact == Grid.ceil(place), let least = Grid.floor(value.lower),
        let most = Grid.ceil(value.upper)
      else { throw ExactFailure("\(function.name) is out of reach") }
      places.append(exact)
      values.append((least, most))
    }
    var pieces: [Piece] = []
    for index in places.indices.dropLast() {
      let stretch = Interval(doubles[index], doubles[index + 1])
      let image = function.enclosure(over: stretch)
      let bend = function.bend(over: stretch)
      guard let least = Grid.floor(image.lower), let most = Grid.ceil(image.upper) else {
        throw ExactFailure("\(function.name) is out of reach")
      }
      // M h^2 / 8 in the grid.
      let width = places[index + 1] - places[index]
      let off = Grid.ceil(function.curvature(over: stretch)).map {
        ($0 * width * width).ceilShifted(by: 2 * Grid.bits + 3)
      }
      pieces.append(
        Piece(
          dip: bend == .concave ? .zero : off, rise: bend == .convex ? .zero : off, least: least, most: most))
    }
    let middle = (low + high).floorShifted(by: 1)
    var candidates = [BigInteger.zero]
    if let last = places.last {
      candidates.append(secant(places[0], values[0].least, last, values[values.count - 1].least))
    }
    for place in [start, start / 2 + end / 2, end, start * 0.75 + end * 0.25, start * 0.25 + end * 0.75] {
      let slope = function.derivative(at: place) * 0x1p40
      if slope.isFinite, slope.magnitude < 0x1p62 { candidates.append(BigInteger(Int(slope))) }
    }
    let (lines, bounds, stretches) = (places, values, pieces)
    return Lines(candidates: candidates, middle: middle) { slope in
      extremes(slope, lines, bounds, stretches)
    }
  }

  private static func extremes(
    _ slope: BigInteger, _ places: [BigInteger], _ values: [(least: BigInteger, most: BigInteger)],
    _ pieces: [Piece]
  ) -> Extremes {
    let products = places.map { slope * $0 }
    let floors = products.map { $0.floorShifted(by: Line.bits) }
    let ceils = products.map { $0.ceilShifted(by: Line.bits) }
    var ends = Extremes(least: values[0].least - ceils[0], most: values[0].most - floors[0])
    for (index, piece) in pieces.enumerated() {
      var least = piece.least - max(ceils[index], ceils[index + 1])
      var most = piece.most - min(floors[index], floors[index + 1])
      if let dip = piece.dip {
        least = max(
          least, min(values[index].least - ceils[index], values[index + 1].least - ceils[index + 1]) - dip)
      }
      if let rise = piece.rise {
        most = min(
          most, max(values[index].most - floors[index], values[index + 1].most - floors[index + 1]) + rise)
      }
      ends = Extremes(least: min(ends.least, least), most: max(ends.most, most))
    }
    return ends
  }
}
