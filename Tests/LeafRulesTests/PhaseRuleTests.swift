import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Trees of phases: what closes a cell, and bytes that close none.
@Suite struct PhaseRuleTests {
  /// `|x + y| + |x - y| <= bound` on [-1, 1]^2, by two rectifiers; the greatest value is 2, the first bound 4.
  private static func diamond(atMost bound: Double) throws -> CellEvaluator {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    func linear(_ rows: Int, _ weights: [Double]) throws -> Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([rows, 2]), values: weights),
          bias: Tensor(shape: Shape([rows]), values: [Double](repeating: 0, count: rows))))
    }
    let hidden = try builder.apply(.relu, [builder.apply(linear(2, [1, 1, 1, -1]), [x])])
    let sum = try builder.apply(
      .add, [builder.apply(linear(1, [2, 2]), [hidden]), builder.apply(linear(1, [-2, 0]), [x])])
    let compiled = try CompiledCase(
      ObligationCase(
        label: "", weight: Rational(1), graph: builder.build(outputs: [sum]),
        predicate: .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(dyadic: bound))))))
    return CellEvaluator(compiled)
  }

  /// Where `x + y` has a sign and the sum exceeds 3.2, `x - y` lies in [-0.8, 0.8]; from there in nothing.
  @Test func theRuleDerivesBoundsWhereTheClaimFails() throws {
    let cell = Cell(lower: [-1, -1], upper: [1, 1])
    let right = try Self.diamond(atMost: 3.2)
    let wrong = try Self.diamond(atMost: 1.9)
    func holds(_ bytes: [UInt8], _ evaluator: CellEvaluator) -> Bool {
      evaluator.claim(on: cell, phases: bytes[...]).truth == true
    }
    // The neuron `x - y`, the factor one, no multiplier, any slopes.
    func entry(_ side: UInt8, position: UInt8 = 1, weight: [UInt8] = [0x80, 0x3f]) -> [UInt8] {
      [position, 0, side] + weight + [0, 0] + [128, 255]
    }
    let both: [UInt8] = [4, 2, 0] + entry(0) + entry(1)
    let split: [UInt8] = [1, 0, 0]
    #expect(!holds([2], right))
    #expect(!holds(split + [2, 2], right))
    #expect(holds(split + both + [2] + both + [2], right))
    #expect(holds(split + both + both + [5] + both + [2], right))
    #expect(holds(split + both + both + [5] + both + both + [5], right))
    // The bounds end with their part, and one refinement leaves some points.
    #expect(!holds(split + both + [2, 2], right))
    #expect(!holds(split + both + [5] + both + [2], right))
    #expect(!holds([5], right))
    #expect(!holds(both + [5], right))
    // The other split of the same neuron would follow from bounds; the neuron itself splits once.
    #expect(!holds(split + both + split + [5, 5] + both + [2], right))
    let forged: [[UInt8]] = [
      entry(2), entry(0, position: 2), entry(0, weight: [0x80, 0xbf]), entry(0, weight: [0xc0, 0x7f]),
      entry(0, weight: [0x80, 0x7f]),
    ]
    for first in forged {
      #expect(!holds(split + [4, 2, 0] + first + entry(1) + [2] + both + [2], right))
    }
    #expect(!holds(split + [4, 5, 0] + (0..<5).flatMap { _ in entry(0) } + [2] + both + [2], right))
    let whole = split + both + both + [5] + both + [2]
    for length in 0..<whole.count { #expect(!holds(Array(whole.prefix(length)), right)) }
    #expect(!holds(whole + [2], right))
    #expect(!holds(split + both + [6, 0, 0] + both + [2], right))
    #expect(!holds(split + both + [7] + both + [2], right))
    // Twelve refinements in a row find no proof of what is false.
    let many = (0..<12).flatMap { _ in both }
    for end: [UInt8] in [[2], [5]] { #expect(!holds(split + many + end + many + end, wrong)) }
  }

  /// `max(x, 0) + max(y, 0) - x / 2 >= -0.01` on [-1, 1]^2 takes a slope near one half for `x`.
  @Test func slopesMayBeWrittenByWhatChanges() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let hidden = try builder.apply(.relu, [x])
    func row(_ weights: [Double]) throws -> Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([1, 2]), values: weights),
          bias: Tensor(shape: Shape([1]), values: [0])))
    }
    let sum = try builder.apply(
      .add, [builder.apply(row([1, 1]), [hidden]), builder.apply(row([-0.5, 0]), [x])])
    let compiled = try CompiledCase(
      ObligationCase(
        label: "", weight: Rational(1), graph: builder.build(outputs: [sum]),
        predicate: .atom(Atom(.element(0), .greaterOrEqual, .rational(Rational(dyadic: -0.01))))))
    let evaluator = CellEvaluator(compiled)
    func holds(_ bytes: [UInt8]) -> Bool {
      evaluator.claim(on: Cell(lower: [-1, -1], upper: [1, 1]), phases: bytes[...]).truth == true
    }
    let split: [UInt8] = [1, 1, 0]
    let half: [UInt8] = [9, 1, 0, 0, 128]
    #expect(!holds([2]))
    #expect(holds([3, 128, 0, 2]) && holds(half + [2]))
    // Where `y` is not negative, one times it is taken away. A mask says which multipliers there are.
    let one: [UInt8] = [10, 1, 0x80, 0x3f]
    #expect(
      holds(split + half + one + half + [2]) && holds(split + half + [0, 0x80, 0x3f] + half + [10, 0]))
    #expect(!holds(split + half + [10, 0] + half + [2]))
    #expect(!holds(split + half + [10, 3, 0x80, 0x3f, 0, 0] + half + [2]))
    #expect(!holds(split + half + [10, 1, 0x80, 0xbf] + half + [2]))
    // No change at all is a change of the usual slopes, or of those that were written last.
    #expect(!holds([9, 0, 2]))
    #expect(holds(split + half + one + [9, 0, 2]) && holds(split + [3, 128, 0] + one + [9, 0, 2]))
    #expect(!holds(split + half + one + [2]) && !holds(split + half + one + [9, 1, 0, 0, 0, 2]))
    #expect(holds(half + split + one + [2]))
    #expect(!holds([9, 1, 2, 0, 128, 2]) && !holds([9, 1, 0, 0]) && !holds([9]))
    let whole = split + half + one + half + [10, 1, 0, 0]
    #expect(holds(whole))
    for length in 0..<whole.count { #expect(!holds(Array(whole.prefix(length)))) }
    #expect(!holds(whole + [2]))
  }

  @Test func clausesAreReadOffThePredicate() throws {
    var models = RandomModels(seed: 5)
    let graph = try models.multilayer(inputs: 2, widths: [3], outputs: 3)
    func clauses(_ predicate: Predicate) throws -> [[Int]]? {
      try CompiledCase(
        ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: predicate)
      ).clauses
    }
    let a = (0..<3).map { Predicate.atom(Atom(.element($0), .less, .rational(Rational(1)))) }
    #expect(try clauses(a[0]) == [[0]])
    #expect(try clauses(.all([a[0], .any([a[1], a[2]])])) == [[0], [1, 2]])
    #expect(try clauses(.any([.any([a[0], a[1]]), .all([a[2]])])) == [[0, 1, 2]])
    #expect(try clauses(.any([a[0], .all([a[1], a[2]])])) == nil)
    #expect(try clauses(.all([])) == [])
    #expect(try clauses(.any([])) == [[]])
    let distance = Predicate.atom(
      Atom(.distance(start: 0, point: [0, 0, 0], norm: .l2), .less, .rational(Rational(1))))
    #expect(try clauses(distance) == nil)
  }
}
