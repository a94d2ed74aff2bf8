import Falsification
import RigorousArithmetic
import Statistics
import TensorGraph
import Testing
import VerificationProblem

/// Points that are moved into a region stand for points of it, exactly, and stay where they are if they already do.
@Suite struct RegionDoublesTests {
  private static func region(_ draws: inout CounterGenerator.Draws, dimension: Int, norm: Norm) throws
    -> InputRegion
  {
    func pick(_ choices: [Rational]) -> Rational { choices[Int(draws.uniform() * Double(choices.count))] }
    let radius = pick([fraction(1, 3), .one, fraction(7, 10), Rational(1000), fraction(1, 1 << 40)])
    let centre = (0..<dimension).map { _ in
      pick([.zero, fraction(1, 3), fraction(-5, 8), Rational(12_345), fraction(1, 10)])
    }
    // Some ranges are cut beside the centre.
    var box: [AxisRange] = []
    for value in centre {
      let lower = draws.uniform() < 0.3 ? value + fraction(1, 4) * radius : value - radius
      box.append(AxisRange(lower: lower, upper: value + radius))
    }
    let ball = Ball(start: 0, centre: centre, radius: radius, norm: norm)
    if !ball.meets(box) { box = centre.map { AxisRange(lower: $0 - radius, upper: $0 + radius) } }
    return InputRegion(box: box, balls: [ball])
  }

  @Test(arguments: 0..<40)
  func settledPointsAreInside(seed: Int) throws {
    var draws = try #require(CounterGenerator(seed: testSeed)).draws(stream: 9, index: UInt64(seed))
    let dimension = 1 + seed % 7
    let region = try Self.region(&draws, dimension: dimension, norm: seed % 2 == 0 ? .l1 : .l2)
    guard let doubles = RegionDoubles(region) else {
      // Only where a range that is no double is about as narrow as the doubles are apart.
      #expect(region.balls[0].radius < .one)
      return
    }
    for _ in 0..<60 {
      var point = (0..<dimension).map { axis in
        let width = doubles.upper[axis] - doubles.lower[axis]
        return doubles.lower[axis] + width * (2 * draws.uniform() - 0.5)
      }
      doubles.settle(&point)
      #expect(region.point(point) != nil, "\(point) of \(region)")
      let before = point
      doubles.settle(&point)
      #expect(point == before)
    }
    for vertex in doubles.vertices { #expect(region.point(vertex) != nil) }
  }

  @Test func pointsOfTheSphereStay() throws {
    let box = [AxisRange](repeating: AxisRange(lower: Rational(-5), upper: Rational(5)), count: 2)
    let disc = InputRegion(
      box: box, balls: [Ball(start: 0, centre: [.zero, .zero], radius: Rational(5), norm: .l2)])
    let doubles = try #require(RegionDoubles(disc))
    for point in [[3.0, 4], [-4, 3], [5, 0], [0, 0]] {
      var moved = point
      doubles.settle(&moved)
      #expect(moved == point)
    }
    var beyond = [3.0, (4.0).nextUp]
    #expect(disc.point(beyond) == nil)
    doubles.settle(&beyond)
    #expect(disc.point(beyond) != nil)
  }

  /// What is attained on the sphere is found, what only the box attains is not.
  @Test(arguments: [Norm.l1, .l2])
  func attacksStayInTheBall(norm: Norm) throws {
    let graph = try RandomNetwork.identity(2)
    let region = InputRegion(
      box: box(Rational(-1), .one, 2),
      balls: [Ball(start: 0, centre: [.zero, .zero], radius: .one, norm: norm)])
    func attack(_ predicate: Predicate) throws -> Witness? {
      try WitnessSearch(
        Obligation(
          name: "ball", question: .forall(region),
          cases: [ObligationCase(label: "", weight: .one, graph: graph, predicate: predicate)]),
        seed: testSeed
      ).run().witness
    }
    // Both coordinates above a half and more: only where the ball is round enough.
    let high = Predicate.any([element(0, .less, fraction(7, 10)), element(1, .less, fraction(7, 10))])
    let found = try attack(high)
    #expect((found != nil) == (norm == .l2))
    if let found { #expect(region.point(found.point) != nil) }
    #expect(try attack(.any([element(0, .less, fraction(3, 4)), element(1, .less, fraction(3, 4))])) == nil)
    // The vertex itself.
    #expect(try attack(element(0, .less, .one))?.point == [1, 0])
    #expect(try attack(element(0, .lessOrEqual, .one)) == nil)
  }
}
