import Falsification
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

@Suite("Witness search")
struct WitnessSearchTests {
  static let small = AttackBudget(
    scanned: 24, descents: 6, steps: 8, polished: 2, rounds: 10, confirmations: 6)

  @Test("violations just beyond the best of a fine grid are found", arguments: 0..<40)
  func planted(number: Int) throws {
    var dice = Dice(number)
    let dimension = 1 + number % 3
    let graph = try RandomNetwork(
      &dice, inputs: dimension, width: 12, hidden: 2, outputs: 2
    ).graph
    // The largest value on a grid is attained, so that a claim a little below it is false.
    let side = [1: 2001, 2: 81, 3: 21][dimension] ?? 1
    var (largest, smallest) = (-Double.infinity, Double.infinity)
    for cell in 0..<[1: side, 2: side * side, 3: side * side * side][dimension, default: 0] {
      var (rest, point) = (cell, [Double]())
      for _ in 0..<dimension {
        point.append(-1 + 2 * Double(rest % side) / Double(side - 1))
        rest /= side
      }
      let value = try graph.evaluate([point])[0][0]
      (largest, smallest) = (max(largest, value), min(smallest, value))
    }
    try #require(largest > smallest)
    let threshold = Rational(dyadic: largest - 1e-4 * (largest - smallest))
    let region = box(Rational(-1), Rational(1), dimension)
    let obligation = try claim(graph, element(0, .lessOrEqual, threshold), over: region)
    let outcome = try WitnessSearch(obligation, seed: testSeed).run()
    let witness = try #require(outcome.witness)
    #expect(try ExactTruth.isViolation(witness.point, obligation.cases[0], region))
    #expect(threshold < witness.values[0].lower)
  }

  @Test("witnesses lie in the exact region and violate exactly", arguments: 0..<20)
  func noFalseWitness(block: Int) throws {
    var found = 0
    for number in 0..<100 {
      var dice = Dice(1000 + block * 100 + number)
      let dimension = dice.integer(1...3)
      let outputs = dice.integer(1...3)
      let graph = try RandomNetwork(
        &dice, inputs: dimension, width: 4, hidden: dice.integer(0...2), outputs: outputs,
        clip: number % 4 == 0 ? -0.5...0.75 : nil
      ).graph
      var region: [AxisRange] = []
      for _ in 0..<dimension {
        let lower = fraction(dice.integer(-20...20), 7)
        // Some sides are no wider than a few doubles, or a single point.
        let width =
          [fraction(dice.integer(0...9), 3), .zero, fraction(1, 1 << 52)][max(0, dice.integer(-6...2))]
        region.append(AxisRange(lower: lower, upper: lower + width))
      }
      let predicate = Self.predicate(&dice, outputs: outputs, depth: 2)
      let obligation = try claim(graph, predicate, over: region)
      let search = try WitnessSearch(obligation, seed: testSeed, budget: Self.small)
      let outcome = try search.run()
      for best in outcome.best {
        #expect(zip(region, best.point).allSatisfy { $0.coordinate($1) != nil })
      }
      guard let witness = outcome.witness else { continue }
      found += 1
      let isViolation = try ExactTruth.isViolation(witness.point, obligation.cases[0], region)
      #expect(isViolation, "block \(block), number \(number)")
    }
    #expect(found > 10)
  }

  static func predicate(_ dice: inout Dice, outputs: Int, depth: Int) -> Predicate {
    let comparisons: [Comparison] = [.less, .lessOrEqual, .greater, .greaterOrEqual]
    let kind = depth == 0 ? 0 : dice.integer(0...2)
    if kind > 0 {
      var parts: [Predicate] = []
      for _ in 0..<dice.integer(0...3) { parts.append(predicate(&dice, outputs: outputs, depth: depth - 1)) }
      return kind == 1 ? .all(parts) : .any(parts)
    }
    let comparison = comparisons[dice.integer(0...3)]
    if dice.integer(0...1) == 0 {
      // Thresholds on the clip's ends are attained exactly.
      let threshold = [fraction(3, 4), fraction(-1, 2), fraction(dice.integer(-30...30), 9)][
        dice.integer(0...2)]
      return element(dice.integer(0...outputs - 1), comparison, threshold)
    }
    var point: [Double] = []
    for _ in 0..<outputs { point.append(dice.dyadic()) }
    let norm = [Norm.l1, .l2, .linf][dice.integer(0...2)]
    return .atom(
      Atom(
        .distance(start: 0, point: point, norm: norm), comparison,
        .rational(fraction(dice.integer(-1...40), 11))))
  }

  @Test("a bound that is attained exactly is violated when strict and only then", arguments: 0..<60)
  func attainedBound(number: Int) throws {
    var dice = Dice(5000 + number)
    // The clip's end is a value on a whole neighbourhood, since the network passes 1 at some points.
    let graph = try RandomNetwork(&dice, inputs: 2, width: 6, hidden: 1, outputs: 1).graph
    var builder = GraphBuilder()
    let input = try builder.input("z", shape: Shape(vector: 2))
    var value = try builder.inline(graph, arguments: [input])[0]
    let high = try WitnessSearch(
      claim(graph, .any([]), over: box(Rational(-1), Rational(1), 2)), seed: testSeed, budget: Self.small
    ).extremes(of: .element(0))
    let top = try #require(high).largest.value.lower
    let end = (top * 4 - 1).rounded(.down) / 4
    value = try builder.apply(.clip(Clip(lower: end - 100, upper: end)), [value])
    let clipped = try builder.build(outputs: [value])
    let region = box(Rational(-1), Rational(1), 2)
    let bound = Rational(dyadic: end)
    for (comparison, isViolated) in [(Comparison.lessOrEqual, false), (.less, true)] {
      let obligation = try claim(clipped, element(0, comparison, bound), over: region)
      let outcome = try WitnessSearch(obligation, seed: testSeed, budget: Self.small).run()
      #expect((outcome.witness != nil) == isViolated)
      #expect(outcome.best[0].margin == 0)
    }
  }

  @Test("the exact largest value of an affine function is no violation, however it rounds", arguments: 0..<10)
  func roundedBound(block: Int) throws {
    var strict = 0
    for number in 0..<60 {
      var dice = Dice(20_000 + block * 60 + number)
      var (region, weights, corner) = ([AxisRange](), [Double](), [Rational]())
      for _ in 0..<3 {
        let (a, b) = (dice.uniform(-2...2), dice.uniform(-2...2))
        let range = AxisRange(lower: Rational(dyadic: min(a, b)), upper: Rational(dyadic: max(a, b)))
        let weight = dice.uniform(-1...1)
        region.append(range)
        weights.append(weight)
        corner.append(weight > 0 ? range.upper : range.lower)
      }
      var builder = GraphBuilder()
      let input = try builder.input("z", shape: Shape(vector: 3))
      let linear = try Linear(
        weights: Tensor(shape: Shape([1, 3]), values: weights),
        bias: Tensor(shape: Shape(vector: 1), values: [dice.uniform()]))
      let output = try builder.apply(.linear(linear), [input])
      let graph = try builder.build(outputs: [output])
      let largest = try graph.evaluate([corner])[0][0]
      // Half an ulp or less away, so that plain evaluation at the corner may well cross the bound.
      let offset = [Rational.zero, .zero, fraction(1, 1 << 60), fraction(-1, 1 << 60)][number % 4]
      for comparison in [Comparison.lessOrEqual, .less] {
        let obligation = try claim(graph, element(0, comparison, largest + offset), over: region)
        let outcome = try WitnessSearch(obligation, seed: testSeed, budget: Self.small).run()
        #expect(abs(outcome.best.first?.margin ?? 1) < 1e-12)
        guard let witness = outcome.witness else { continue }
        strict += 1
        let isViolation = try ExactTruth.isViolation(witness.point, obligation.cases[0], region)
        #expect(isViolation, "block \(block), number \(number)")
      }
    }
    // Enclosures of sums that round cannot tell a bound that is met from one that is missed by so little.
    #expect(strict < 60)
  }

  @Test(
    "margins of predicates on [-1, 1]",
    arguments: [
      (
        Predicate.any([
          element(0, .lessOrEqual, fraction(-1, 2)), element(0, .greaterOrEqual, fraction(1, 4)),
        ]), -0.375
      ),
      (.all([element(0, .less, Rational(2)), element(0, .greater, Rational(-5))]), 1),
      (.any([element(0, .less, Rational(2)), element(0, .greater, Rational(-5))]), 4),
      (.all([.any([element(0, .greater, .zero), element(0, .less, Rational(3))]), .all([])]), 2.0),
      (.atom(Atom(.element(0), .less, .logit(fraction(1, 2)))), -1),
      (.atom(Atom(.element(0), .less, .logit(fraction(9, 10)))), 1.1972245773362196),
      (.atom(Atom(.distance(start: 0, point: [0.5], norm: .l2), .less, .rational(Rational(1)))), -0.5),
      (.atom(Atom(.distance(start: 0, point: [0.5], norm: .l1), .greater, .rational(Rational(1)))), -1),
      (.any([]), -.infinity), (.all([]), .infinity),
    ])
  func margins(predicate: Predicate, expected: Double) throws {
    let obligation = try claim(RandomNetwork.identity(1), predicate, over: box(Rational(-1), .one, 1))
    let best = try #require(try WitnessSearch(obligation, seed: testSeed).adversarialPoints(1).first)
    #expect(best.margin == expected || abs(best.margin - expected) < 1e-9)
  }

  @Test(
    "an exact end point decides",
    arguments: [
      // The region ends between two doubles: the double nearest to 1/3 lies below it, that of 1/10 above.
      (fraction(1, 3), Comparison.less, fraction(1, 3), false),
      (fraction(1, 3), .less, Rational(dyadic: 1.0 / 3), true),
      (fraction(1, 3), .lessOrEqual, Rational(dyadic: 1.0 / 3), false),
      (fraction(1, 10), .lessOrEqual, Rational(dyadic: 0.1.nextDown), false),
      (fraction(1, 10), .less, Rational(dyadic: 0.1.nextDown), true),
      (Rational(1), .less, Rational(1), true), (Rational(1), .lessOrEqual, Rational(1), false),
    ])
  func endPoint(upper: Rational, comparison: Comparison, threshold: Rational, isViolated: Bool) throws {
    let obligation = try claim(
      RandomNetwork.identity(1), element(0, comparison, threshold), over: box(Rational(-1), upper, 1))
    let outcome = try WitnessSearch(obligation, seed: testSeed, budget: Self.small).run()
    #expect((outcome.witness != nil) == isViolated)
  }

  @Test("constant predicates")
  func constantPredicates() throws {
    let region = box(Rational(0), Rational(1), 2)
    let graph = try RandomNetwork.identity(2)
    let never = try WitnessSearch(claim(graph, .any([]), over: region), seed: testSeed).run()
    #expect(never.witness != nil)
    let always = try WitnessSearch(claim(graph, .all([]), over: region), seed: testSeed).run()
    #expect(always.witness == nil)
    #expect(always.best.map(\.margin) == [.infinity])
  }

  @Test("a region without doubles has no witness")
  func noDoubles() throws {
    let region = box(fraction(1, 3), fraction(1, 3) + fraction(1, 1 << 62), 1)
    let search = try WitnessSearch(claim(RandomNetwork.identity(1), .any([]), over: region), seed: testSeed)
    let outcome = try search.run()
    #expect(outcome.witness == nil && outcome.best.isEmpty)
    #expect(try search.adversarialPoints(5).isEmpty)
    #expect(try search.extremes(of: .element(0)) == nil)
  }

  @Test("a range of a single number that is no double has that number")
  func singleNumber() throws {
    let region = box(fraction(1, 3), fraction(1, 3), 1)
    for comparison in [Comparison.less, .lessOrEqual, .greater] {
      let obligation = try claim(
        RandomNetwork.identity(1), .atom(Atom(.element(0), comparison, .rational(fraction(1, 3)))),
        over: region)
      let witness = try WitnessSearch(obligation, seed: testSeed).run().witness
      // The enclosure of a third cannot tell it from a third.
      #expect(witness == nil)
      let apart = try claim(
        RandomNetwork.identity(1),
        .atom(Atom(.element(0), comparison, .rational(fraction(1, 3) - fraction(1, 1 << 40)))), over: region)
      let found = try WitnessSearch(apart, seed: testSeed).run().witness
      #expect((found != nil) == (comparison != .greater))
      if let found { #expect(try ExactTruth.isViolation(found.point, apart.cases[0], region)) }
    }
  }

  @Test("a given starting point finds a needle that the search does not")
  func startingPoint() throws {
    // relu(1 - 10^7 |z - 0.123...|) is positive on an interval of length 2 * 10^-7 of the box [-1000, 1000].
    let place = 0.1230007
    var builder = GraphBuilder()
    let input = try builder.input("z", shape: Shape(vector: 1))
    let sides = Linear.Sides(place)
    var value = input
    for linear in [try sides.split(), try sides.join()] {
      value = try builder.apply(.linear(linear), [value])
      value = try builder.apply(.relu, [value])
    }
    let graph = try builder.build(outputs: [value])
    let region = box(Rational(-1000), Rational(1000), 1)
    let obligation = try claim(graph, element(0, .lessOrEqual, .zero), over: region)
    let budget = AttackBudget(scanned: 64, descents: 8, steps: 10, polished: 1, rounds: 10)
    #expect(try WitnessSearch(obligation, seed: testSeed, budget: budget).run().witness == nil)
    let helped = try WitnessSearch(obligation, seed: testSeed, budget: budget, startingPoints: [[place]])
    let witness = try #require(try helped.run().witness)
    #expect(abs(witness.point[0] - place) < 1e-7)
    // A given point beyond the region is moved to its edge.
    let outside = try WitnessSearch(obligation, seed: testSeed, budget: budget, startingPoints: [[1e9]])
    #expect(try outside.run().witness == nil)
  }

  @Test("cases are attacked in order of their margins")
  func cases() throws {
    let region = box(Rational(-1), Rational(1), 2)
    let graph = try RandomNetwork.identity(2)
    let items = [Rational(5), fraction(1, 2), Rational(3)].enumerated().map {
      ObligationCase(label: "\($0)", weight: .one, graph: graph, predicate: element(0, .less, $1))
    }
    let search = try WitnessSearch(items, over: InputRegion(box: region), seed: testSeed)
    #expect(try search.run().witness?.caseIndex == 1)
    let fine = try WitnessSearch([items[0], items[2]], over: InputRegion(box: region), seed: testSeed).run()
    #expect(fine.witness == nil)
    #expect(fine.best.map(\.caseIndex) == [0, 1])
    #expect(fine.best.map(\.margin) == [4, 2])
  }

  @Test("equal seeds give equal searches, other seeds other points")
  func determinism() throws {
    var dice = Dice(77)
    let graph = try RandomNetwork(&dice, inputs: 3, width: 16, hidden: 2, outputs: 2).graph
    let region = box(fraction(-1, 3), fraction(2, 3), 3)
    let obligation = try claim(graph, element(1, .lessOrEqual, Rational(1000)), over: region)
    let first = try WitnessSearch(obligation, seed: testSeed)
    let second = try WitnessSearch(obligation, seed: testSeed)
    let other = try WitnessSearch(obligation, seed: [UInt8](repeating: 4, count: 32))
    #expect(try first.run() == second.run())
    let points = try first.adversarialPoints(50)
    #expect(try points == second.adversarialPoints(50))
    #expect(try points != other.adversarialPoints(50))
    #expect(points.count == 50)
    #expect(Set(points.map(\.point)).count == 50)
    #expect(points.allSatisfy { zip(region, $0.point).allSatisfy { $0.contains($1) } })
    #expect(points.map(\.margin) == points.map(\.margin).sorted())
  }

  @Test("questions that cannot be attacked are refused")
  func refusals() throws {
    let graph = try RandomNetwork.identity(1)
    let item = ObligationCase(label: "", weight: .one, graph: graph, predicate: element(0, .less, .one))
    let law = [AxisLaw.normal(mean: .zero, deviation: .one)]
    let measure = try Obligation(name: "p", question: .measure(law: law, bounds: []), cases: [item])
    #expect(throws: FalsificationError.noRegion("p")) { try WitnessSearch(measure, seed: testSeed) }
    let region = box(.zero, .one, 1)
    #expect(throws: FalsificationError.seedLength(3)) {
      try WitnessSearch([item], over: InputRegion(box: region), seed: [1, 2, 3])
    }
    #expect(throws: FalsificationError.self) {
      try WitnessSearch([item], over: InputRegion(box: region), seed: testSeed, startingPoints: [[0, 0]])
    }
    #expect(throws: FalsificationError.self) {
      try WitnessSearch([item], over: InputRegion(box: box(.zero, .one, 2)), seed: testSeed)
    }
    let search = try WitnessSearch([item], over: InputRegion(box: region), seed: testSeed)
    #expect(throws: FalsificationError.self) { try search.extremes(of: .element(1)) }
    #expect(throws: FalsificationError.self) {
      try search.extremes(of: .distance(start: 0, point: [0, 0], norm: .l1))
    }
  }
}

extension Linear {
  /// The maps of `z -> relu(1 - 10^7 |z - place|)`.
  fileprivate struct Sides {
    let place: Double

    init(_ place: Double) { self.place = place }

    func split() throws -> Linear {
      try Linear(
        weights: Tensor(shape: Shape([2, 1]), values: [1, -1]),
        bias: Tensor(shape: Shape(vector: 2), values: [-place, place]))
    }

    func join() throws -> Linear {
      try Linear(
        weights: Tensor(shape: Shape([1, 2]), values: [-1e7, -1e7]),
        bias: Tensor(shape: Shape(vector: 1), values: [1]))
    }
  }
}
