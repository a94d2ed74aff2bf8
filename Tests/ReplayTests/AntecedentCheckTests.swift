import Replay
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Antecedents that some point meets are told from those that none does, and from those that only few do.
@Suite struct AntecedentCheckTests {
  private static func third(_ numerator: Int) -> Rational {
    Rational(BigInteger(numerator), over: BigInteger(3))
  }

  /// The question whether no point of a region meets `x_0 > limit`, the input being the output.
  private static func negation(
    _ region: InputRegion, above limit: Rational, cases: Int = 1
  ) throws -> Obligation {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([region.dimension]))
    let value = try builder.apply(.scale(1), [x])
    let graph = try builder.build(outputs: [value])
    let never = Predicate.atom(Atom(.element(0), .lessOrEqual, .rational(limit)))
    let always = Predicate.atom(Atom(.element(0), .lessOrEqual, .rational(Rational(1_000))))
    return try Obligation(
      name: "P", question: .forall(region),
      cases: (0..<cases).map {
        ObligationCase(
          label: "", weight: .one, graph: graph, predicate: $0 == cases - 1 ? never : always)
      })
  }

  private static func box(_ lower: Rational, _ upper: Rational, _ dimension: Int = 1) -> InputRegion {
    InputRegion(box: [AxisRange](repeating: AxisRange(lower: lower, upper: upper), count: dimension))
  }

  @Test func antecedentsThatPointsMeetAreAccepted() throws {
    let unit = Self.box(Rational(-1), Rational(1))
    #expect(try AntecedentCheck.isMet(Self.negation(unit, above: .zero)))
    // A fiftieth of the region.
    #expect(try AntecedentCheck.isMet(Self.negation(unit, above: Rational(dyadic: 0.96))))
    // In the last of several cases.
    #expect(try AntecedentCheck.isMet(Self.negation(unit, above: .zero, cases: 5)))
    // A point that is no double.
    let point = Self.box(Self.third(1), Self.third(1))
    #expect(try AntecedentCheck.isMet(Self.negation(point, above: Rational(dyadic: 0.25))))
    // In a ball that holds little of its box.
    let centre = [Rational](repeating: .zero, count: 20)
    let ball = Ball(start: 0, centre: centre, radius: .one, norm: .l2)
    let round = InputRegion(box: Self.box(Rational(-1), Rational(1), 20).box, balls: [ball])
    #expect(try AntecedentCheck.isMet(Self.negation(round, above: .zero)))
  }

  @Test func antecedentsThatNoPointMeetsAreRefused() throws {
    let unit = Self.box(Rational(-1), Rational(1))
    #expect(try !AntecedentCheck.isMet(Self.negation(unit, above: .one)))
    #expect(try !AntecedentCheck.isMet(Self.negation(unit, above: .one, cases: 3)))
    let point = Self.box(Self.third(1), Self.third(1))
    #expect(try !AntecedentCheck.isMet(Self.negation(point, above: Self.third(1))))
    // Within the box and without the ball.
    let ball = Ball(start: 0, centre: [.zero, .zero], radius: .one, norm: .l1)
    let corner = InputRegion(
      box: [
        AxisRange(lower: Rational(dyadic: -1), upper: .one),
        AxisRange(lower: Rational(dyadic: 0.75), upper: .one),
      ], balls: [ball])
    #expect(try !AntecedentCheck.isMet(Self.negation(corner, above: Rational(dyadic: 0.25))))
    // What is asked of a law has no antecedent at a point.
    let obligation = try Self.negation(unit, above: .zero)
    let law = [AxisLaw.uniform(AxisRange(lower: Rational(-1), upper: .one))]
    #expect(
      try !AntecedentCheck.isMet(
        Obligation(
          name: "P", question: .measure(law: law, bounds: []), cases: obligation.cases)))
  }
}
