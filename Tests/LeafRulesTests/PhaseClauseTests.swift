import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Trees of phases for claims with several clauses, atoms and leaves: every one of them counts.
@Suite struct PhaseClauseTests {
  private static let cell = Cell(lower: [-1, -1], upper: [1, 1])
  /// The slope one half for `x`, in force from here on.
  private static let half: [UInt8] = [9, 1, 0, 0, 128]

  /// `max(x, 0) + max(y, 0) - x / 2`, which is zero at the least, as often as there are bounds.
  private static func item(_ predicate: ([Predicate]) -> Predicate, atLeast bounds: [Double]) throws
    -> CompiledCase
  {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let hidden = try builder.apply(.relu, [x])
    let sum = try builder.apply(
      .add,
      [
        builder.linear(bounds.flatMap { _ in [1, 1] }, columns: 2, of: hidden),
        builder.linear(bounds.flatMap { _ in [-0.5, 0] }, columns: 2, of: x),
      ])
    let atoms = bounds.enumerated().map {
      Predicate.atom(Atom(.element($0.offset), .greaterOrEqual, .rational(Rational(dyadic: $0.element))))
    }
    return try CompiledCase(
      ObligationCase(
        label: "", weight: Rational(1), graph: builder.build(outputs: [sum]), predicate: predicate(atoms)))
  }

  private static func holds(_ compiled: CompiledCase, _ bytes: [UInt8]) -> Bool {
    CellEvaluator(compiled).claim(on: cell, phases: bytes[...]).truth == true
  }

  @Test func everyClauseHasATree() throws {
    let shown = Self.half + [2]
    let both = try Self.item({ .all($0) }, atLeast: [-0.01, -0.02])
    #expect(Self.holds(both, shown + shown))
    #expect(!Self.holds(both, shown) && !Self.holds(both, shown + [2]) && !Self.holds(both, [2] + shown))
    // One of the clauses is false at the origin, or everywhere.
    for bounds in [[-0.01, 0.2], [0.2, -0.01], [-0.01, 9], [9, -0.01]] {
      let wrong = try Self.item({ .all($0) }, atLeast: bounds)
      #expect(!Self.holds(wrong, shown) && !Self.holds(wrong, shown + shown), "\(bounds)")
    }
    // What no tree speaks of holds by the bounds alone.
    #expect(Self.holds(try Self.item({ .all($0) }, atLeast: [-9, -0.01]), shown))
  }

  @Test func everyAtomIsLookedAt() throws {
    let right = try Self.item({ .any($0) }, atLeast: [0.2, -0.01])
    let wrong = try Self.item({ .any($0) }, atLeast: [0.2, 0.3])
    let slopes: [UInt8] = [9, 1, 1, 0, 0, 128]
    #expect(Self.holds(right, slopes + [2, 1]))
    #expect(!Self.holds(right, slopes + [2, 0]) && !Self.holds(right, [2, 1]))
    #expect(!Self.holds(right, slopes + [2, 2]))
    #expect(
      !Self.holds(wrong, slopes + [2, 1]) && !Self.holds(wrong, [2, 0]) && !Self.holds(wrong, [2, 1]))
  }

  /// `|x + y| + |x - y|` is 2 at the most: what contradicts that it exceeds 3.2 says nothing of its exceeding 1.9.
  @Test(arguments: [[3.2, 1.9], [1.9, 3.2], [3.2, 3.2]])
  func refinementsSpeakOfTheirOwnClause(limits: [Double]) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let hidden = try builder.apply(.relu, [builder.linear([1, 1, 1, -1], columns: 2, of: x)])
    let sum = try builder.apply(
      .add,
      [
        builder.linear([2, 2, 2, 2], columns: 2, of: hidden),
        builder.linear([-2, 0, -2, 0], columns: 2, of: x),
      ])
    let compiled = try CompiledCase(
      ObligationCase(
        label: "", weight: Rational(1), graph: builder.build(outputs: [sum]),
        predicate: .all(
          limits.enumerated().map {
            .atom(Atom(.element($0.offset), .lessOrEqual, .rational(Rational(dyadic: $0.element))))
          })))
    let both: [UInt8] = [4, 2, 0] + [0, 1].flatMap { [1, 0, $0, 0x80, 0x3f, 0, 0, 128, 255] as [UInt8] }
    let tree = [1, 0, 0] + both + both + [5] + both + both + [5]
    #expect(Self.holds(compiled, tree + tree) == limits.allSatisfy { $0 > 3 })
  }

  /// More leaves than one pass takes; any of them may be the one that is not shown.
  @Test(arguments: [1, 2, 6, 7])
  func everyLeafIsLookedAt(count: Int) throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([count]))
    let hidden = try builder.apply(.relu, [x])
    let sum = try builder.apply(
      .add,
      [
        builder.linear([Double](repeating: 1, count: count), columns: count, of: hidden),
        builder.linear([Double](repeating: -0.5, count: count), columns: count, of: x),
      ])
    let compiled = try CompiledCase(
      ObligationCase(
        label: "", weight: Rational(1), graph: builder.build(outputs: [sum]),
        predicate: .atom(Atom(.element(0), .greaterOrEqual, .rational(Rational(dyadic: -0.01))))))
    let evaluator = CellEvaluator(compiled)
    let cell = Cell(
      lower: [Double](repeating: -1, count: count), upper: [Double](repeating: 2, count: count))
    // Multipliers of one half show each part; none do not.
    let leaf: [UInt8] = [0] + (0..<count).flatMap { _ in [0, 0x3f] as [UInt8] }
    var leaves = 0
    func tree(_ depth: Int, open: Int?) -> [UInt8] {
      if depth == count {
        leaves += 1
        return leaves - 1 == open ? [2] : leaf
      }
      let active = tree(depth + 1, open: open)
      return [1, UInt8(depth), 0] + active + tree(depth + 1, open: open)
    }
    #expect(evaluator.claim(on: cell, phases: tree(0, open: nil)[...]).truth == true)
    #expect(leaves == 1 << count)
    for open in 0..<1 << count {
      leaves = 0
      #expect(evaluator.claim(on: cell, phases: tree(0, open: open)[...]).truth != true, "leaf \(open)")
    }
  }

  /// What is known of a cell does not change with the cells that the workspace meets afterwards.
  @Test func otherCellsLeaveNoTrace() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let sum = try builder.linear([-1, -1], columns: 2, of: builder.apply(.relu, [x]))
    let compiled = try CompiledCase(
      ObligationCase(
        label: "", weight: Rational(1), graph: builder.build(outputs: [sum]),
        predicate: .atom(Atom(.element(0), .greaterOrEqual, .rational(Rational(dyadic: -0.5))))))
    let clauses = try #require(compiled.clauses)
    let workspace = Workspace()
    let rule = try #require(PhaseRule(compiled, workspace: workspace))
    let base = try #require(PhaseBase(compiled, clauses: clauses, cell: Self.cell, workspace: workspace))
    let leaf = WeightedLeaf(weights: [1], path: [], slopes: [0.5, 0.5])
    // Where the sum is below -1/2 both operands are at most twice what exceeds it: with the bounds of the other cell that
    // would be nothing.
    let refined: [UInt8] =
      [4, 2, 0] + [0, 1].flatMap { [0, 0, $0, 0x80, 0x40, 128, 128] as [UInt8] } + [5]
    let checks = [
      { rule.closes(base, [2]) }, { rule.closes(base, leaf.bytes[...]) }, { rule.closes(base, refined[...]) },
      { leaf.closes(clauses[0], compiled, base, workspace: workspace) },
    ]
    for check in checks {
      // Where no operand is positive, the sum is zero.
      let other = Cell(lower: [-1, -1], upper: [-0.5, -0.5])
      #expect(PhaseBase(compiled, clauses: clauses, cell: other, workspace: workspace) != nil)
      #expect(!check())
    }
  }

  /// An atom that fails is at most as large as its threshold, also where that is no double.
  @Test func thresholdsAreRoundedOutwards() throws {
    for (numerator, denominator) in [(1, 3), (2, 3), (-1, 3), (1, 10), (-7, 10), (1, 1)] {
      let threshold = Rational(BigInteger(numerator), over: BigInteger(denominator))
      for comparison in [Comparison.less, .lessOrEqual, .greater, .greaterOrEqual] {
        var builder = GraphBuilder()
        let x = try builder.input("x", shape: Shape([1]))
        let y = try builder.apply(.relu, [x])
        let compiled = try CompiledCase(
          ObligationCase(
            label: "", weight: Rational(1), graph: builder.build(outputs: [y]),
            predicate: .atom(Atom(.element(0), comparison, .rational(threshold)))))
        let limit = BackwardMatrix(compiled, workspace: Workspace()).limit(atom: 0)
        let isAbove = comparison == .less || comparison == .lessOrEqual
        #expect(Rational(dyadic: limit) >= (isAbove ? Rational(0) - threshold : threshold))
      }
    }
  }
}
