import Evidence
import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Every rule on cells that balls cut: no point of cell and ball has a value beyond the bounds, and on linear functions the
/// bounds are about the least values.
@Suite struct BallSoundnessTests {
  private static let ballNorms: [Norm] = [.l1, .l2]

  /// A ball whose centre and radius are no doubles now and then.
  private static func ball(
    _ models: inout RandomModels, start: Int, count: Int, norm: Norm
  ) throws -> Ball {
    let denominator = [1, 3, 8, 10][Int(models.generator.next() % 4)]
    let part = try #require(Rational(1).divided(by: Rational(denominator)))
    let centre = (0..<count).map { _ in Rational(Int(models.generator.next() % 31) - 15) * part }
    let radius = Rational(1 + Int(models.generator.next() % 20)) * part
    return Ball(start: start, centre: centre, radius: radius, norm: norm)
  }

  /// The cell around the ball, or a part of it, or one that reaches beyond.
  private static func cell(_ models: inout RandomModels, _ balls: [Ball], dimension: Int) -> Cell {
    var lower = [Double](repeating: -1, count: dimension)
    var upper = [Double](repeating: 1, count: dimension)
    for ball in balls {
      for (axis, centre) in zip(ball.coordinates, ball.centre) {
        lower[axis] = (centre - ball.radius).roundedDown
        upper[axis] = (centre + ball.radius).roundedUp
      }
    }
    let isCorner = models.generator.next() % 6 == 0
    for axis in 0..<dimension {
      let width = upper[axis] - lower[axis]
      if isCorner {
        lower[axis] = upper[axis] - width / 8
        continue
      }
      switch models.generator.next() % 5 {
      case 0: break
      case 1: lower[axis] += width * models.generator.uniform(0, 0.9)
      case 2: upper[axis] -= width * models.generator.uniform(0, 0.9)
      case 3: (lower[axis], upper[axis]) = (lower[axis] - width / 4, upper[axis] + width / 4)
      default:
        lower[axis] += width * models.generator.uniform(0, 0.5)
        upper[axis] = lower[axis] + (upper[axis] - lower[axis]) * models.generator.uniform(0, 1)
      }
    }
    return Cell(lower: lower, upper: upper)
  }

  /// Points of cell and balls by exact arithmetic, many of them near the spheres and at the cell's corners.
  private static func points(
    _ models: inout RandomModels, _ cell: Cell, _ balls: [Ball], count: Int
  ) -> [[Double]] {
    var points: [[Double]] = []
    for _ in 0..<count * 8 where points.count < count {
      var point = models.point(in: cell.lower, cell.upper)
      for ball in balls {
        let centre = ball.centre.map(\.enclosure.midpoint)
        let offsets = zip(ball.coordinates, centre).map { point[$0] - $1 }
        let size =
          ball.norm == .l1
          ? offsets.reduce(0) { $0 + $1.magnitude } : offsets.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let radius = ball.radius.enclosure.midpoint
        guard size > radius, size > 0 else { continue }
        for (index, axis) in ball.coordinates.enumerated() {
          // To the sphere, or just within it.
          let moved = centre[index] + offsets[index] * (radius / size)
          point[axis] = min(max(moved, cell.lower[axis]), cell.upper[axis])
        }
      }
      let exact = point.map { Rational(dyadic: $0) }
      if balls.allSatisfy({ $0.contains(exact) }) { points.append(point) }
    }
    return points
  }

  @Test(arguments: 0..<30)
  func noPointOfCellAndBallLiesBeyond(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 91_193 &+ 5)
    var compared = 0
    var decided = 0
    for round in 0..<30 {
      let inputs = 2 + Int(models.generator.next() % 3)
      let isSmooth = round % 3 == 0
      let magnitudes = Magnitudes.allCases[(seed + round) % 3]
      let graph =
        round % 4 == 0
        ? try models.sampler(latent: inputs, width: 9, steps: 3, outputs: 2, gain: 0.7)
        : try models.network(
          inputs: inputs, operators: 3 + Int(models.generator.next() % 12), outputs: 2,
          magnitudes: magnitudes, isSmooth: isSmooth)
      let norm = Self.ballNorms[(seed + round) % 2]
      let count = round % 2 == 0 ? inputs : 1 + Int(models.generator.next() % UInt64(inputs))
      let start = Int(models.generator.next() % UInt64(inputs - count + 1))
      let balls = [try Self.ball(&models, start: start, count: count, norm: norm)]
      let fixed: Set<Int> = round % 5 == 0 ? [start] : []
      let item = ZonotopeSoundnessTests.elementCase(graph)
      let compiled = try CompiledCase(item, fixed: fixed, balls: balls)
      let evaluator = CellEvaluator(compiled)
      for _ in 0..<3 {
        let cell = Self.cell(&models, balls, dimension: inputs)
        let rules = LeafRule.allCases.filter { $0 != .open }
        let bounds = rules.map { evaluator.bounds(on: cell, rule: $0, attributes: true, decides: false) }
        let outside = compiled.misses(cell)
        if outside { decided += 1 }
        for point in Self.points(&models, cell, balls, count: 6) {
          #expect(!outside, "\(cell) has the point \(point)")
          guard let results = try item.enclosure(at: point) else {
            for (rule, all) in zip(rules, bounds) {
              #expect(all.allSatisfy { $0.range == .entire }, "\(rule) \(cell)")
            }
            continue
          }
          for (rule, all) in zip(rules, bounds) {
            for (index, value) in results[0].enumerated() {
              compared += 1
              let range = all[index].range
              #expect(
                range.lower <= value.upper && value.lower <= range.upper, "\(rule) \(cell) at \(point)")
            }
          }
        }
      }
    }
    #expect(compared > 500 && decided > 0)
  }

  private static func linear(_ weights: [Double]) throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([weights.count]))
    let linear = try Linear(
      weights: Tensor(shape: Shape([1, weights.count]), values: weights),
      bias: Tensor(shape: Shape([1]), values: [0]))
    let result = try builder.apply(.linear(linear), [x])
    return try builder.build(outputs: [result])
  }

  private static func range(_ weights: [Double], _ ball: Ball, _ cell: Cell, _ rule: LeafRule) throws
    -> Interval
  {
    let compiled = try CompiledCase(ZonotopeSoundnessTests.elementCase(linear(weights)), balls: [ball])
    return CellEvaluator(compiled).bounds(on: cell, rule: rule, decides: false)[0].range
  }

  /// Over the whole ball the extremes are `a c ± r |a|*`, by Hölder's inequality with its equality.
  @Test(arguments: [1, 2, 5, 60])
  func wholeBalls(count: Int) throws {
    var models = RandomModels(seed: UInt64(count))
    for round in 0..<20 {
      let norm = Self.ballNorms[round % 2]
      let ball = try Self.ball(&models, start: 0, count: count, norm: norm)
      let weights = (0..<count).map { _ in models.weight(round % 4 < 2 ? .ordinary : .cancelling) }
      let cell = Cell(
        lower: ball.centre.map { ($0 - ball.radius).roundedDown },
        upper: ball.centre.map { ($0 + ball.radius).roundedUp })
      let exact = weights.map { Rational(dyadic: $0) }
      let middle = zip(exact, ball.centre).reduce(Rational.zero) { $0 + $1.0 * $1.1 }
      for rule in [LeafRule.zonotope, .linearBounds, .fullLinearBounds] {
        let range = try Self.range(weights, ball, cell, rule)
        let high = try #require(Rational(exactly: range.upper)) - middle
        let low = middle - (try #require(Rational(exactly: range.lower)))
        let about: Double
        switch norm {
        case .l1:
          let reach = ball.radius * exact.reduce(Rational.zero) { max($0, $1.magnitude) }
          #expect(high >= reach && low >= reach)
          about = reach.enclosure.midpoint
        default:
          let square = ball.radius * ball.radius * exact.reduce(Rational.zero) { $0 + $1 * $1 }
          #expect(high >= .zero && low >= .zero && high * high >= square && low * low >= square)
          about = square.enclosure.midpoint.squareRoot()
        }
        let slack = 1e-9 * (1 + middle.magnitude.enclosure.midpoint + about)
        #expect(high.enclosure.midpoint <= about + slack && low.enclosure.midpoint <= about + slack)
      }
    }
  }

  /// In the plane the least value over a cell cut by a diamond is attained at a corner of the intersection, all of which
  /// are rational; the bound is not above it and not far below.
  @Test(arguments: 0..<60)
  func cutDiamonds(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 131 &+ 9)
    var compared = 0
    for _ in 0..<12 {
      let ball = try Self.ball(&models, start: 0, count: 2, norm: .l1)
      let cell = Self.cell(&models, [ball], dimension: 2)
      // A slope of one makes an edge of the diamond the minimum.
      let weights = (0..<2).map { _ in
        [1, -1, models.generator.uniform(-2, 2)][Int(models.generator.next() % 3)]
      }
      let corners = Self.corners(cell, ball)
      let exact = weights.map { Rational(dyadic: $0) }
      let values = corners.map { exact[0] * $0[0] + exact[1] * $0[1] }
      guard let least = values.min(), let greatest = values.max() else { continue }
      compared += 1
      for rule in [LeafRule.zonotope, .fullLinearBounds] {
        let range = try Self.range(weights, ball, cell, rule)
        #expect(range.contains(least) && range.contains(greatest), "\(cell) \(ball)")
        #expect(range.lower > least.roundedDown - 1e-8 && range.upper < greatest.roundedUp + 1e-8)
      }
    }
    #expect(compared > 2)
  }

  /// Corners of the intersection of a box of doubles and a diamond.
  private static func corners(_ cell: Cell, _ ball: Ball) -> [[Rational]] {
    let lower = cell.lower.map { Rational(dyadic: $0) }
    let upper = cell.upper.map { Rational(dyadic: $0) }
    var candidates: [[Rational]] = []
    for axis in 0..<2 {
      let other = 1 - axis
      for end in [lower[axis], upper[axis]] {
        for far in [lower[other], upper[other]] { candidates.append(axis == 0 ? [end, far] : [far, end]) }
        // The other coordinate at which the edge meets the diamond.
        let room = ball.radius - (end - ball.centre[axis]).magnitude
        for sign in [Rational(1), Rational(-1)] {
          let met = ball.centre[other] + sign * room
          candidates.append(axis == 0 ? [end, met] : [met, end])
        }
      }
      for sign in [Rational(1), Rational(-1)] {
        var vertex = ball.centre
        vertex[axis] = vertex[axis] + sign * ball.radius
        candidates.append(vertex)
      }
    }
    return candidates.filter { point in
      zip(point, zip(lower, upper)).allSatisfy { $1.0 <= $0 && $0 <= $1.1 } && ball.contains(point)
    }
  }

  /// The same for discs, whose corners and touching points are known up to a square root.
  @Test(arguments: 0..<60)
  func cutDiscs(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 977 &+ 1)
    var compared = 0
    for _ in 0..<12 {
      let ball = try Self.ball(&models, start: 0, count: 2, norm: .l2)
      let cell = Self.cell(&models, [ball], dimension: 2)
      let weights = [models.generator.uniform(-2, 2), models.generator.uniform(-2, 2)]
      let centre = ball.centre.map(\.enclosure.midpoint)
      let radius = ball.radius.enclosure.midpoint
      var candidates: [[Double]] = []
      for axis in 0..<2 {
        let other = 1 - axis
        for end in [cell.lower[axis], cell.upper[axis]] {
          for far in [cell.lower[other], cell.upper[other]] {
            candidates.append(axis == 0 ? [end, far] : [far, end])
          }
          let room = radius * radius - (end - centre[axis]) * (end - centre[axis])
          guard room >= 0 else { continue }
          for sign in [1.0, -1] {
            let met = centre[other] + sign * room.squareRoot()
            candidates.append(axis == 0 ? [end, met] : [met, end])
          }
        }
      }
      let length = (weights[0] * weights[0] + weights[1] * weights[1]).squareRoot()
      for sign in [1.0, -1] {
        candidates.append((0..<2).map { centre[$0] + sign * radius * weights[$0] / length })
      }
      let tolerance = 1e-9 * (1 + radius + centre[0].magnitude + centre[1].magnitude)
      let values = candidates.filter { point in
        let distance = (0..<2).map { (point[$0] - centre[$0]) * (point[$0] - centre[$0]) }.reduce(0, +)
          .squareRoot()
        return distance <= radius + tolerance
          && (0..<2).allSatisfy {
            cell.lower[$0] - tolerance <= point[$0] && point[$0] <= cell.upper[$0] + tolerance
          }
      }.map { weights[0] * $0[0] + weights[1] * $0[1] }
      guard let least = values.min(), let greatest = values.max() else { continue }
      compared += 1
      for rule in [LeafRule.zonotope, .fullLinearBounds] {
        let range = try Self.range(weights, ball, cell, rule)
        // A cell that barely touches the disc has candidates that may lie beside it.
        #expect(range.lower <= least + 1e-4 && range.upper >= greatest - 1e-4)
        #expect(range.lower > least - 1e-6 && range.upper < greatest + 1e-6, "\(cell) \(ball) \(weights)")
      }
    }
    #expect(compared > 2)
  }

  @Test func touchingIsNotMissing() throws {
    func misses(_ norm: Norm, _ lower: [Double], _ upper: [Double], centre: [Rational], radius: Rational)
      throws
      -> Bool
    {
      let ball = Ball(start: 0, centre: centre, radius: radius, norm: norm)
      let compiled = try CompiledCase(
        ZonotopeSoundnessTests.elementCase(Self.linear([1, 1])), balls: [ball])
      let cell = Cell(lower: lower, upper: upper)
      let claim = CellEvaluator(compiled).claim(on: cell, rule: .outside)
      #expect((claim.truth == true) == compiled.misses(cell))
      return claim.truth == true
    }
    let origin = [Rational(0), Rational(0)]
    // (3, 4) is at distance 5 and (3, 2) at l1 distance 5; a sum may hide a distance of a few units in the last place.
    #expect(try !misses(.l2, [3, 4], [9, 9], centre: origin, radius: Rational(5)))
    #expect(try misses(.l2, [3 + 0x1p-40, 4], [9, 9], centre: origin, radius: Rational(5)))
    #expect(try !misses(.l2, [-9, -9], [-3, -4], centre: origin, radius: Rational(5)))
    #expect(try !misses(.l1, [3, 2], [9, 9], centre: origin, radius: Rational(5)))
    #expect(try misses(.l1, [3, 2 + 0x1p-40], [9, 9], centre: origin, radius: Rational(5)))
    #expect(try !misses(.l2, [5, -1], [9, 9], centre: origin, radius: Rational(5)))
    #expect(try misses(.l2, [(5.0).nextUp, -1], [9, 9], centre: origin, radius: Rational(5)))
    // Corners of the box around the ball.
    #expect(try misses(.l2, [4, 4], [5, 5], centre: origin, radius: Rational(5)))
    // A centre that is no double: the cell ends at the doubles beside 1/3.
    let third = try #require(Rational(1).divided(by: Rational(3)))
    let (below, above) = (third.roundedDown, third.roundedUp)
    for norm in Self.ballNorms {
      #expect(try !misses(norm, [below, below], [above, above], centre: [third, third], radius: .zero))
      #expect(try !misses(norm, [0, 0], [1, 1], centre: [Rational(0), third], radius: .zero))
      #expect(try misses(norm, [1, 0], [2, 1], centre: [Rational(0), third], radius: .zero))
    }
  }

  /// Contraction: beside the edge of a disc little of a cell is left for the other coordinate.
  @Test func cellsShrink() throws {
    let ball = Ball(start: 0, centre: [.zero, .zero], radius: .one, norm: .l2)
    let compiled = try CompiledCase(
      ZonotopeSoundnessTests.elementCase(Self.linear([0, 1])), balls: [ball])
    let cell = Cell(lower: [0.75, -1], upper: [1, 1])
    for rule in [LeafRule.interval, .attained, .zonotope] {
      let range = CellEvaluator(compiled).bounds(on: cell, rule: rule)[0].range
      // sqrt(1 - 0.75^2) = 0.66143782776...
      #expect(range.upper >= 0.661437827766147 && range.upper < 0.6614378278)
      #expect(range.lower <= -0.661437827766147 && range.lower > -0.6614378278)
    }
  }

  /// Two balls at once, and coordinates of none: each part has its own least value.
  @Test func severalBalls() throws {
    let balls = [
      Ball(start: 0, centre: [.zero, .zero], radius: .one, norm: .l2),
      Ball(start: 3, centre: [.one, .one], radius: Rational(2), norm: .l1),
    ]
    let compiled = try CompiledCase(
      ZonotopeSoundnessTests.elementCase(Self.linear([3, 4, 10, 1, -1])), balls: balls)
    let cell = Cell(lower: [-1, -1, -1, -1, -1], upper: [1, 1, 1, 3, 3])
    for rule in [LeafRule.zonotope, .fullLinearBounds] {
      let range = CellEvaluator(compiled).bounds(on: cell, rule: rule)[0].range
      // 5 from the disc, 10 from the free coordinate, 2 from the diamond.
      #expect(range.upper >= 17 && range.upper < 17 + 1e-9)
      #expect(range.lower <= -17 && range.lower > -17 - 1e-9)
    }
  }

  /// Phases, slopes and multipliers of any kind: no point of cell, ball and phases lies below the bound.
  @Test(arguments: 0..<16)
  func phasesOnBalls(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 1_299_709 &+ 3)
    let inputs = 2 + seed % 4
    let first = try models.linear(6, inputs, magnitudes: .ordinary)
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([inputs]))
    let hidden = try builder.apply(.relu, [builder.apply(.linear(first), [x])])
    let next = try builder.apply(
      .relu, [builder.apply(.linear(models.linear(5, 6, magnitudes: .ordinary)), [hidden])])
    let result = try builder.apply(.linear(models.linear(1, 5, magnitudes: .ordinary)), [next])
    let graph = try builder.build(outputs: [result])
    let ball = try Self.ball(&models, start: 0, count: inputs, norm: Self.ballNorms[seed % 2])
    let item = ObligationCase(
      label: "", weight: Rational(1), graph: graph,
      predicate: .atom(Atom(.element(0), .greater, .rational(.zero))))
    let compiled = try CompiledCase(item, balls: [ball])
    let plain = try CompiledCase(item)
    let clauses = try #require(compiled.clauses)
    let workspace = Workspace()
    let columns = 9
    var compared = 0
    var gains = 0
    for _ in 0..<8 {
      let cell = Self.cell(&models, [ball], dimension: inputs)
      guard let base = PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace) else {
        continue
      }
      let points = Self.points(&models, cell, [ball], count: 10)
      let values = try points.map { point in
        let exact = point.map { Rational(dyadic: $0) }
        let operands = (0..<6).map { row in
          (0..<inputs).reduce(Rational(dyadic: first.bias.values[row])) {
            $0 + Rational(dyadic: first.weights.values[row * inputs + $1]) * exact[$1]
          }
        }
        return (operands, try graph.evaluate([exact])[0][0])
      }
      for (operands, _) in values {
        for (neuron, operand) in operands.enumerated() {
          #expect(Interval(base.lower[neuron], base.upper[neuron]).contains(operand))
        }
      }
      var phases = ColumnPhases(neurons: compiled.neuronCount)
      var paths: [[(neuron: Int, isActive: Bool)]] = []
      let lines = ColumnLines(base, columns: columns)
      for column in 0..<columns {
        var path: [(Int, Bool)] = []
        for neuron in base.openNeurons where neuron < 6 && models.generator.next() % 3 == 0 && !values.isEmpty
        {
          let isActive = values[column % values.count].0[neuron] >= .zero
          path.append((neuron, isActive))
          phases.assume(
            neuron: neuron, isActive: isActive, column: column,
            multiplier: [0, 0.25, 3][Int(models.generator.next() % 3)] * models.generator.uniform(0, 1))
        }
        paths.append(path)
        let slopes = base.openNeurons.map { _ in Double(models.generator.next() % 256) / 255 }
        lines.set(column, slopes: slopes, bounds: nil)
      }
      base.load(into: workspace, of: compiled)
      var pass = BackwardMatrix(compiled, workspace: workspace)
      pass.begin(atom: 0, columns: columns)
      pass.run(cell: base.cell, phases: phases, lines: lines)
      let bounds = (0..<columns).map { pass.lowerBound($0) }
      let relaxed = RelaxedValues(pass, cell: base.cell, phases: phases, lines: lines)
      for column in 0..<columns {
        let exact = try #require(Rational(exactly: bounds[column]))
        for (operands, output) in values
        where paths[column].allSatisfy({
          $0.isActive ? operands[$0.neuron] >= .zero : operands[$0.neuron] <= .zero
        }) {
          compared += 1
          #expect(exact <= output, "column \(column) on \(cell)")
        }
        // The point that the search looks at is one of cell and ball, but for rounding.
        let place = relaxed.point(column).map { Rational(dyadic: $0) }
        let wider = Ball(
          start: 0, centre: ball.centre, radius: ball.radius * (try #require(Rational(exactly: 1 + 1e-6))),
          norm: ball.norm)
        if !values.isEmpty { #expect(wider.contains(place)) }
      }
      if !compiled.misses(cell),
        let other = PhaseBase(plain, clauses: clauses, cell: base.cell, workspace: workspace)
      {
        other.load(into: workspace, of: plain)
        var loose = BackwardMatrix(plain, workspace: workspace)
        loose.begin(atom: 0, columns: 1)
        loose.run(cell: base.cell)
        base.load(into: workspace, of: compiled)
        var tight = BackwardMatrix(compiled, workspace: workspace)
        tight.begin(atom: 0, columns: 1)
        tight.run(cell: base.cell)
        if tight.lowerBound(0) > loose.lowerBound(0) { gains += 1 }
      }
    }
    #expect(compared > 20 && gains > 0)
  }
}
