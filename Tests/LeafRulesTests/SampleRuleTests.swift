import LeafRules
import RigorousArithmetic
import SampleLaw
import TensorGraph
import Testing
import VerificationProblem

/// Samples decided by enclosures: what holds counts as a hit, what does not as a miss, what rounding hides as neither.
@Suite struct SampleRuleTests {
  private static let seed = [UInt8](repeating: 3, count: 32)
  private static let unit = AxisRange(lower: .zero, upper: .one)

  private static func item(
    _ comparison: Comparison, _ limit: Double, weight: Rational = .one, factors: [Double] = []
  ) throws -> ObligationCase {
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([1]))
    for factor in factors { value = try builder.apply(.scale(factor), [value]) }
    return ObligationCase(
      label: "", weight: weight, graph: try builder.build(outputs: [value]),
      predicate: .atom(Atom(.element(0), comparison, .rational(Rational(dyadic: limit)))))
  }

  private static func rule(_ cases: [ObligationCase], seed: [UInt8] = seed) throws -> SampleRule {
    try SampleRule(
      Obligation(
        name: "P", question: .measure(law: [.uniform(unit)], bounds: [MeasureBound(.lessOrEqual, .one)]),
        cases: cases), seed: seed)
  }

  @Test func whatIsCertainCounts() throws {
    let all = try Self.rule([Self.item(.lessOrEqual, 2)]).tally(0..<200)
    #expect(all.hits == 200 && all.misses == 0 && all.undecided == 0)
    let none = try Self.rule([Self.item(.greater, 2)]).tally(0..<200)
    #expect(none.hits == 0 && none.misses == 200 && none.undecided == 0)
    let half = try Self.rule([Self.item(.less, 0.5)]).tally(0..<2_000)
    #expect(half.undecided == 0 && half.total == 2_000 && (900...1_100).contains(half.hits))
  }

  /// A threshold at the very point that is drawn is never decided wrongly; a little away from it it is decided.
  @Test func thresholdsAtThePointItself() throws {
    let source = try Self.rule([Self.item(.less, 0)])
    for index in 0..<50 {
      let drawn = source.sample(index).point[0]
      func tally(_ comparison: Comparison, _ limit: Double, _ factors: [Double] = []) throws -> SampleTally {
        try Self.rule([Self.item(comparison, limit, factors: factors)]).tally(index..<index + 1)
      }
      #expect(try tally(.lessOrEqual, drawn).misses == 0 && tally(.greaterOrEqual, drawn).misses == 0)
      #expect(try tally(.less, drawn).hits == 0 && tally(.greater, drawn).hits == 0)
      let (above, below) = (drawn * (1 + 1e-12), drawn * (1 - 1e-12))
      #expect(try tally(.less, above).hits == 1 && tally(.greater, above).misses == 1)
      #expect(try tally(.less, below).misses == 1 && tally(.greater, below).hits == 1)
      // A tenth and ten, of which the product of doubles is a little more than one.
      #expect(try tally(.lessOrEqual, drawn, [0.1, 10]).undecided == 1)
      #expect(try tally(.lessOrEqual, above, [0.1, 10]).hits == 1)
      #expect(try tally(.greaterOrEqual, above, [0.1, 10]).misses == 1)
    }
  }

  @Test func partsAddUpInAnyOrder() async throws {
    let rule = try Self.rule([Self.item(.less, 0.3)])
    let whole = rule.tally(0..<300)
    var sum = rule.tally(120..<300)
    sum.add(rule.tally(0..<120))
    #expect(sum == whole)
    for workers in [1, 2, 5] { #expect(await rule.tally(first: 300, workers: workers) == whole) }
    // Fewer samples than were asked for are no answer.
    let stopped = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await rule.tally(first: 300, workers: 2)
    }
    #expect(await stopped.value == nil)
  }

  @Test func casesAreDrawnByTheirWeights() throws {
    let quarter = Rational(dyadic: 0.25)
    let rule = try Self.rule([
      Self.item(.lessOrEqual, 2, weight: quarter), Self.item(.greater, 2, weight: .one - quarter),
    ])
    let tally = rule.tally(0..<2_000)
    #expect(tally.hits == (0..<2_000).count { rule.sample($0).caseIndex == 0 })
    #expect((420...580).contains(tally.hits) && tally.misses == 2_000 - tally.hits)
  }

  @Test func whatCannotBeDrawnIsRefused() throws {
    let half = Rational(dyadic: 0.5)
    #expect(throws: SampleLawError.self) { try Self.rule([Self.item(.less, 1, weight: half)]) }
    #expect(throws: SampleLawError.self) { try Self.rule([Self.item(.less, 1)], seed: [1, 2]) }
    // Where there is no value a sample is open.
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let root = try builder.apply(.smooth(.sqrt), [builder.apply(.scale(-1), [x])])
    let item = ObligationCase(
      label: "", weight: .one, graph: try builder.build(outputs: [root]),
      predicate: .atom(Atom(.element(0), .less, .rational(.one))))
    #expect(try Self.rule([item]).tally(0..<20).undecided == 20)
  }
}
