import Falsification
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

@Suite("Extremes of quantities")
struct QuantityExtremesTests {
  /// Distances of the box [-1, 1]^n from a record outside, known in closed form.
  @Test("the nearest of many records and its distance", arguments: [Norm.l1, .l2, .linf], [1, 2, 5])
  func nearestRecord(norm: Norm, dimension: Int) throws {
    var dice = Dice(300 + dimension)
    var records: [[Double]] = []
    for number in 0..<200 {
      var record: [Double] = []
      for _ in 0..<dimension { record.append(dice.uniform(2...4) * (dice.integer(0...1) == 0 ? -1 : 1)) }
      if number == 137 { record = record.map { $0 < 0 ? -1.5 : 1.5 } }
      records.append(record)
    }
    let search = try WitnessSearch(
      claim(RandomNetwork.identity(dimension), .all([]), over: box(Rational(-1), Rational(1), dimension)),
      seed: testSeed)
    let quantities = records.map { Quantity.distance(start: 0, point: $0, norm: norm) }
    let found = try #require(try search.extremes(of: quantities))
    #expect(found.smallest.quantityIndex == 137)
    let expected =
      switch norm {
      case .l1: 0.5 * Double(dimension)
      case .l2: 0.5 * Double(dimension).squareRoot()
      case .linf: 0.5
      }
    #expect(abs(found.smallest.value.midpoint - expected) < 1e-9)
    #expect(found.smallest.value.width < 1e-9)
    // The farthest point of the box from any record is a corner.
    let farthest = records.map { record -> Double in
      let parts = record.map { $0.magnitude + 1 }
      switch norm {
      case .l1: return parts.reduce(0, +)
      case .l2: return parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
      case .linf: return parts.max() ?? 0
      }
    }
    #expect(abs(found.largest.value.midpoint - (farthest.max() ?? 0)) < 1e-9)
  }

  @Test("a record inside the image is reached", arguments: [Norm.l1, .l2, .linf])
  func attainedRecord(norm: Norm) throws {
    let search = try WitnessSearch(
      claim(RandomNetwork.identity(2), .all([]), over: box(Rational(-1), Rational(1), 2)), seed: testSeed)
    let records = [[3.0, 3], [0.3, -0.7], [2, 2], [-5, 0], [4, 4]]
    let found = try #require(
      try search.smallest(of: records.map { .distance(start: 0, point: $0, norm: norm) }))
    #expect(found.quantityIndex == 1)
    #expect(found.value.upper < 1e-6)
  }

  @Test("gradients alone reach an extreme in forty dimensions", arguments: [Norm.l1, .l2, .linf])
  func gradients(norm: Norm) throws {
    var dice = Dice(4242)
    // The record is the image of an inner point, so that the smallest distance is zero.
    let graph = try RandomNetwork(&dice, inputs: 40, width: 40, hidden: 0, outputs: 6).graph
    var place: [Double] = []
    for _ in 0..<40 { place.append(dice.uniform(-0.5...0.5)) }
    let record = try graph.evaluate([place])[0]
    let decoys = (0..<5).map { number in record.map { $0 + 500 + Double(number) } }
    let quantities = ([record] + decoys).map { Quantity.distance(start: 0, point: $0, norm: norm) }
    func smallest(steps: Int) throws -> Double {
      let budget = AttackBudget(scanned: 12, descents: 12, steps: steps, polished: 1, rounds: 0)
      let search = try WitnessSearch(
        claim(graph, .all([]), over: box(Rational(-1), .one, 40)), seed: testSeed, budget: budget)
      return try #require(try search.smallest(of: quantities)).value.midpoint
    }
    let (first, last) = (try smallest(steps: 0), try smallest(steps: 150))
    #expect(last < 0.05 * first)
  }

  @Test("attained values lie on the true side of values at other points", arguments: 0..<30)
  func attained(number: Int) throws {
    var dice = Dice(900 + number)
    let graph = try RandomNetwork(&dice, inputs: 2, width: 8, hidden: 2, outputs: 6).graph
    let region = box(fraction(-2, 3), fraction(4, 3), 2)
    let search = try WitnessSearch(claim(graph, .all([]), over: region), seed: testSeed)
    var point: [Double] = []
    for _ in 0..<4 { point.append(dice.dyadic()) }
    let quantity: Quantity =
      number % 2 == 0
      ? .element(number % 6) : .distance(start: 1, point: point, norm: [.l1, .l2, .linf][number % 3])
    let found = try #require(try search.extremes(of: quantity))
    for extreme in [found.smallest, found.largest] {
      #expect(zip(region, extreme.point).allSatisfy { $0.contains($1) })
      let exact = try graph.evaluate([extreme.point.map { Interval($0) }])[0]
      #expect(extreme.value == quantity.value(of: exact))
    }
    // An attack that is worth its name beats a thousand random points.
    for _ in 0..<1000 {
      let place = [dice.uniform(-0.66...1.33), dice.uniform(-0.66...1.33)]
      let value = quantity.value(of: try graph.evaluate([place.map { Interval($0) }])[0])
      #expect(found.smallest.value.lower <= value.upper + 1e-6)
      #expect(found.largest.value.upper >= value.lower - 1e-6)
    }
  }

  @Test("a claim on distances to hundreds of records is refuted at the right record")
  func records() throws {
    var dice = Dice(42)
    var parts: [Predicate] = []
    for number in 0..<300 {
      let radius = number == 211 ? fraction(6, 10) : fraction(1, 10)
      let point = number == 211 ? [1.5, 0.25] : [dice.uniform(2...4), dice.uniform(-4...4)]
      parts.append(
        .atom(Atom(.distance(start: 0, point: point, norm: .l2), .greaterOrEqual, .rational(radius))))
    }
    let region = box(Rational(-1), Rational(1), 2)
    let obligation = try claim(RandomNetwork.identity(2), .all(parts), over: region)
    let witness = try #require(try WitnessSearch(obligation, seed: testSeed).run().witness)
    #expect(witness.values.count == 300)
    #expect(witness.values[211].upper < 0.6)
    #expect(try ExactTruth.isViolation(witness.point, obligation.cases[0], region))
  }
}
