import RigorousArithmetic
import SMT
import SMTDraws
import TensorGraph
import Testing
import VerificationProblem
import Z3Solver

let patience = Duration.seconds(20)

func fraction(_ numerator: Int, _ denominator: Int) -> Rational {
  Rational(BigInteger(numerator), over: BigInteger(denominator))
}

func identity(_ count: Int) throws -> Graph {
  var builder = GraphBuilder()
  let x = try builder.input("x", shape: Shape([count]))
  let result = try builder.apply(.scale(1), [x])
  return try builder.build(outputs: [result])
}

func encoding(_ graph: Graph, _ predicate: Predicate, _ region: [AxisRange]) throws -> ObligationEncoding {
  let item = ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: predicate)
  return try ObligationEncoding(
    Obligation(name: "p", question: .forall(region: region), cases: [item]), caseAt: 0)
}

/// Random obligations of both outcomes, with thresholds that grid points attain.
struct RandomObligations {
  var graphs: RandomGraphs
  let graph: Graph
  let region: [AxisRange]
  let grid: [[Rational]]

  init(seed: UInt64) throws {
    graphs = RandomGraphs(seed: seed)
    let dimension = 1 + Int(seed % 2)
    graph = try graphs.graph(inputs: dimension, width: 3, outputs: 2)
    var region: [AxisRange] = []
    for _ in 0..<dimension {
      let centre = graphs.generator.rational(-4...4, over: [3, 4])
      region.append(AxisRange(lower: centre - fraction(1, 3), upper: centre + fraction(1, 2)))
    }
    self.region = region
    let steps = 12
    var points: [[Rational]] = [[]]
    for axis in region {
      points = points.flatMap { point in
        (0...steps).map { point + [axis.lower + fraction($0, steps) * (axis.upper - axis.lower)] }
      }
    }
    grid = points
  }

  /// An atom whose threshold is attained: the extreme of the quantity on the grid, or a value in the middle.
  mutating func atom() throws -> Atom {
    let comparisons: [Comparison] = [.less, .lessOrEqual, .greater, .greaterOrEqual]
    let comparison = comparisons[Int.random(in: 0..<4, using: &graphs.generator)]
    let target = (0..<2).map { _ in Double(Int.random(in: -8...8, using: &graphs.generator)) / 8 }
    let quantities: [Quantity] = [
      .element(0), .element(1), .distance(start: 0, point: target, norm: .l1),
      .distance(start: 0, point: target, norm: .linf),
    ]
    let quantity = quantities[Int.random(in: 0..<4, using: &graphs.generator)]
    var values: [Rational] = []
    for point in grid {
      let output = try graph.evaluate([point])[0]
      switch quantity {
      case .element(let index): values.append(output[index])
      case .distance(_, let target, let norm):
        let parts = zip(output, target).map { ($0 - Rational(dyadic: $1)).magnitude }
        values.append(norm == .l1 ? parts[0] + parts[1] : max(parts[0], parts[1]))
      }
    }
    values.sort()
    let extreme = comparison.boundsAbove ? values[values.count - 1] : values[0]
    let threshold = Bool.random(using: &graphs.generator) ? extreme : values[values.count / 2]
    return Atom(quantity, comparison, .rational(threshold))
  }

  mutating func predicate() throws -> Predicate {
    switch Int.random(in: 0..<4, using: &graphs.generator) {
    case 0: return .all([.atom(try atom()), .any([.atom(try atom()), .atom(try atom())])])
    case 1: return .any([.atom(try atom()), .all([.atom(try atom()), .atom(try atom())])])
    default: return .atom(try atom())
    }
  }
}

@Suite struct ObligationTests {
  /// `holds` leaves no violating grid point, `fails` names a point of the box that violates exactly.
  @Test(arguments: 0..<30)
  func answersAgreeWithExactEvaluation(seed: UInt64) throws {
    var random = try RandomObligations(seed: seed)
    for _ in 0..<4 {
      let encoding = try encoding(random.graph, try random.predicate(), random.region)
      let counterexample = try random.grid.first { try encoding.source.exactTruth(at: $0) == false }
      switch try encoding.decide(with: Z3(), timeout: patience) {
      case .holds: #expect(counterexample == nil)
      case .fails(let point):
        #expect(try encoding.source.exactTruth(at: point) == false)
        #expect(zip(point, random.region).allSatisfy { $1.lower <= $0 && $0 <= $1.upper })
      case .unknown(let reason): Issue.record("\(reason)")
      }
    }
  }

  /// The random obligations above reach both outcomes, or the test above would be idle.
  @Test func bothOutcomesOccur() throws {
    var outcomes: [Bool: Int] = [:]
    for seed in UInt64(0)..<12 {
      var random = try RandomObligations(seed: seed)
      let answer = try encoding(random.graph, try random.predicate(), random.region)
        .decide(with: Z3(), timeout: patience)
      outcomes[answer == .holds, default: 0] += 1
    }
    #expect(outcomes[true, default: 0] >= 2)
    #expect(outcomes[false, default: 0] >= 2)
  }

  /// The greatest value of a network of one input, found by following its pieces exactly, is attained: `<=`
  /// holds there and `<` fails, and only at points that attain it.
  @Test(arguments: 0..<20)
  func strictnessAtAnAttainedMaximum(seed: UInt64) throws {
    var graphs = RandomGraphs(seed: seed &+ 500)
    let graph = try graphs.graph(inputs: 1, width: 4, outputs: 1, isPlain: true)
    let region = [AxisRange(lower: fraction(-4, 3), upper: fraction(5, 4))]
    let maximum = try Pieces(graph, over: region[0]).maximum
    func decide(_ comparison: Comparison, _ threshold: Rational) throws -> CaseAnswer {
      try encoding(graph, .atom(Atom(.element(0), comparison, .rational(threshold))), region)
        .decide(with: Z3(), timeout: patience)
    }
    #expect(try decide(.lessOrEqual, maximum) == .holds)
    let tiny = Rational(dyadic: 0x1p-200)
    #expect(try decide(.less, maximum + tiny) == .holds)
    guard case .fails(let point) = try decide(.less, maximum) else {
      Issue.record("the strict bound cannot hold at an attained maximum")
      return
    }
    #expect(try graph.evaluate([point])[0][0] == maximum)
    guard case .fails = try decide(.lessOrEqual, maximum - tiny) else {
      Issue.record("the maximum exceeds every smaller bound")
      return
    }
  }

  struct Row: Sendable {
    let comparison: Comparison
    let threshold: Rational
    let holds: Bool
  }

  @Test(arguments: [
    Row(comparison: .lessOrEqual, threshold: Rational(1), holds: true),
    Row(comparison: .less, threshold: Rational(1), holds: false),
    Row(comparison: .less, threshold: Rational(dyadic: 1.0.nextUp), holds: true),
    Row(comparison: .lessOrEqual, threshold: Rational(dyadic: 1.0.nextDown), holds: false),
    Row(comparison: .greaterOrEqual, threshold: fraction(1, 3), holds: true),
    Row(comparison: .greater, threshold: fraction(1, 3), holds: false),
    Row(comparison: .greater, threshold: Rational(dyadic: 1.0 / 3), holds: true),
    Row(comparison: .greaterOrEqual, threshold: Rational(dyadic: (1.0 / 3).nextUp), holds: false),
  ])
  func strictnessAtEndPoints(row: Row) throws {
    let region = [AxisRange(lower: fraction(1, 3), upper: Rational(1))]
    let answer = try encoding(
      identity(1), .atom(Atom(.element(0), row.comparison, .rational(row.threshold))), region
    ).decide(with: Z3(), timeout: patience)
    #expect((answer == .holds) == row.holds)
    if case .unknown(let reason) = answer { Issue.record("\(reason)") }
  }

  static let square = [AxisRange](repeating: AxisRange(lower: Rational(-1), upper: Rational(1)), count: 2)

  @Test(arguments: [
    (Norm.l1, Comparison.lessOrEqual, 2, true), (.l1, .less, 2, false), (.linf, .lessOrEqual, 1, true),
    (.linf, .less, 1, false), (.l1, .greaterOrEqual, 0, true), (.l1, .greater, 0, false),
    (.linf, .greaterOrEqual, 0, true), (.linf, .greater, 0, false), (.linf, .greater, -1, true),
    (.l1, .less, -1, false),
  ])
  func distancesAtAttainedBounds(norm: Norm, comparison: Comparison, threshold: Int, holds: Bool) throws {
    let atom = Atom(
      .distance(start: 0, point: [0, 0], norm: norm), comparison, .rational(Rational(threshold)))
    let answer = try encoding(identity(2), .atom(atom), Self.square).decide(with: Z3(), timeout: patience)
    #expect((answer == .holds) == holds)
    if case .unknown(let reason) = answer { Issue.record("\(reason)") }
  }

  @Test func conjunctionAndDisjunctionKeepTheirPlaces() throws {
    func atom(_ index: Int, _ comparison: Comparison, _ threshold: Int) -> Predicate {
      .atom(Atom(.element(index), comparison, .rational(Rational(threshold))))
    }
    let rows: [(Predicate, Bool)] = [
      (.all([]), true), (.any([]), false), (.any([atom(0, .lessOrEqual, 0), atom(0, .greater, 0)]), true),
      (.any([atom(0, .less, 0), atom(0, .greater, 0)]), false),
      (.all([atom(0, .lessOrEqual, 1), atom(1, .greaterOrEqual, -1)]), true),
      (.all([atom(0, .lessOrEqual, 1), atom(1, .greater, -1)]), false),
      (
        .any([
          .all([atom(0, .less, 0), atom(1, .less, 0)]), atom(0, .greaterOrEqual, 0),
          atom(1, .greaterOrEqual, 0),
        ]), true
      ),
      (.all([.any([atom(0, .less, 0), atom(1, .less, 0)]), atom(0, .less, 2)]), false),
    ]
    for (predicate, holds) in rows {
      let answer = try encoding(identity(2), predicate, Self.square).decide(with: Z3(), timeout: patience)
      #expect((answer == .holds) == holds)
    }
  }

  /// A box that ends below, beyond and inside the enclosure of the logit: only the last stays open.
  @Test(arguments: [Comparison.less, .lessOrEqual], [fraction(1, 3), fraction(9, 10)])
  func logitThresholds(comparison: Comparison, probability: Rational) throws {
    let enclosure = ThresholdEnclosure(.logit(probability))
    let (lower, upper) = (try #require(enclosure.lower), try #require(enclosure.upper))
    let middle = (lower + upper) * fraction(1, 2)
    func decide(_ end: Rational, sign: Int) throws -> CaseAnswer {
      // The mirror image asks the same of bounds from below: logit(1 - p) = -logit(p).
      let isMirrored = sign < 0
      let atom = Atom(
        .element(0), isMirrored ? comparison.flipped : comparison,
        .logit(isMirrored ? Rational(1) - probability : probability))
      let range =
        isMirrored
        ? AxisRange(lower: -end, upper: Rational(20)) : AxisRange(lower: Rational(-20), upper: end)
      return try encoding(identity(1), .atom(atom), [range]).decide(with: Z3(), timeout: patience)
    }
    let margin = Rational(dyadic: 0x1p-40)
    for sign in [1, -1] {
      #expect(try decide(lower - margin, sign: sign) == .holds)
      #expect(try decide(middle, sign: sign) == .unknown(.thresholdGap))
      guard case .fails(let point) = try decide(upper + margin, sign: sign) else {
        Issue.record("a point beyond the enclosure violates")
        return
      }
      #expect(Rational(sign) * point[0] >= lower)
    }
  }

  @Test func theLogitOfOneHalfIsZero() throws {
    let region = [AxisRange(lower: Rational(-1), upper: Rational(0))]
    let half = Threshold.logit(fraction(1, 2))
    let holds = try encoding(identity(1), .atom(Atom(.element(0), .lessOrEqual, half)), region)
    #expect(try holds.decide(with: Z3(), timeout: patience) == .holds)
    let fails = try encoding(identity(1), .atom(Atom(.element(0), .less, half)), region)
    #expect(try fails.decide(with: Z3(), timeout: patience) == .fails(at: [Rational(0)]))
  }

  /// True bounds change nothing but the work; the graph's interval evaluation proves them.
  @Test(arguments: 0..<6)
  func provedBoundsKeepTheAnswer(seed: UInt64) throws {
    var random = try RandomObligations(seed: seed &+ 90)
    let box = random.region.map { Interval($0.lower.roundedDown, $0.upper.roundedUp) }
    var builder = GraphBuilder()
    let input = try builder.input("x", shape: Shape([random.region.count]))
    _ = try builder.inline(random.graph, arguments: [input])
    var bounds: [Int: [Interval]] = [:]
    for position in random.graph.nodes.indices {
      var copy = GraphBuilder()
      var places: [Int] = []
      for node in random.graph.nodes[...position] {
        if case .input(let input) = node.operation {
          places.append(try copy.input(input.name, shape: node.shape))
        } else {
          places.append(try copy.apply(node.operation, node.operands.map { places[$0] }))
        }
      }
      let part = try copy.build(outputs: [places[position]])
      bounds[position] = try part.evaluate([box])[0]
    }
    for _ in 0..<3 {
      let predicate = try random.predicate()
      let item = ObligationCase(label: "", weight: Rational(1), graph: random.graph, predicate: predicate)
      let plain = try ObligationEncoding(item, of: "p", over: InputRegion(box: random.region))
      let bounded = try ObligationEncoding(
        item, of: "p", over: InputRegion(box: random.region), bounds: ProvedBounds(bounds))
      #expect(bounded.violation.assertions.count > plain.violation.assertions.count)
      let answers = (
        try plain.decide(with: Z3(), timeout: patience), try bounded.decide(with: Z3(), timeout: patience)
      )
      #expect((answers.0 == .holds) == (answers.1 == .holds))
      if case .unknown(let reason) = answers.1 { Issue.record("\(reason)") }
    }
  }
}

/// The linear pieces of a graph of one input over a range, followed exactly node by node.
struct Pieces {
  let maximum: Rational

  init(_ graph: Graph, over range: AxisRange) throws {
    var points = [range.lower, range.upper]
    for (position, node) in graph.nodes.enumerated() {
      let kinks: [Rational]
      switch node.operation {
      case .relu: kinks = [Rational(0)]
      case .clip(let clip): kinks = [Rational(dyadic: clip.lower), Rational(dyadic: clip.upper)]
      default: continue
      }
      // Between neighbouring points the operand is linear, so that it meets a kink at most once.
      let operand = try Self.prefix(of: graph, at: graph.nodes[position].operands[0])
      let values = try points.map { try operand.evaluate([[$0]])[0] }
      var crossings: Set<Rational> = Set(points)
      for index in 1..<points.count {
        for (left, right) in zip(values[index - 1], values[index]) {
          for kink in kinks where (left - kink).signum * (right - kink).signum < 0 {
            guard let share = (kink - left).divided(by: right - left) else { continue }
            crossings.insert(points[index - 1] + share * (points[index] - points[index - 1]))
          }
        }
      }
      points = crossings.sorted()
    }
    let values = try points.map { try graph.evaluate([[$0]])[0][0] }
    maximum = values.reduce(values[0]) { max($0, $1) }
  }

  private static func prefix(of graph: Graph, at position: Int) throws -> Graph {
    var builder = GraphBuilder()
    var places: [Int] = []
    for node in graph.nodes[...position] {
      switch node.operation {
      case .input(let input): places.append(try builder.input(input.name, shape: node.shape))
      case .constant(let tensor): places.append(builder.constant(tensor))
      default: places.append(try builder.apply(node.operation, node.operands.map { places[$0] }))
      }
    }
    return try builder.build(outputs: [places[position]])
  }
}
