import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Leaves with weights: whatever their numbers, no point of a part that they close breaks every atom of the clause.
@Suite struct WeightedLeafTests {
  /// Two layers of rectifiers, evaluated exactly.
  private struct Network {
    let first: Linear
    let second: Linear
    let last: Linear

    init(_ models: inout RandomModels, inputs: Int, outputs: Int) throws {
      first = try models.linear(4, inputs)
      second = try models.linear(3, 4)
      last = try models.linear(outputs, 3)
    }

    func graph() throws -> Graph {
      var builder = GraphBuilder()
      var value = try builder.input("x", shape: Shape([first.inputCount]))
      for layer in [first, second] {
        value = try builder.apply(.relu, [builder.apply(.linear(layer), [value])])
      }
      let output = try builder.apply(.linear(last), [value])
      return try builder.build(outputs: [output])
    }

    private static func apply(_ linear: Linear, _ value: [Rational]) -> [Rational] {
      (0..<linear.outputCount).map { row in
        (0..<linear.inputCount).reduce(Rational(dyadic: linear.bias.values[row])) {
          $0 + Rational(dyadic: linear.weights.values[row * linear.inputCount + $1]) * value[$1]
        }
      }
    }

    func values(at point: [Double]) -> (operands: [Rational], outputs: [Rational]) {
      let a = Self.apply(first, point.map { Rational(dyadic: $0) })
      let b = Self.apply(second, a.map { Swift.max($0, Rational(0)) })
      return (a + b, Self.apply(last, b.map { Swift.max($0, Rational(0)) }))
    }
  }

  @Test(arguments: 0..<40)
  func noPointOfAClosedPartBreaksTheClause(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 49_979_687 &+ 11)
    let inputs = 1 + seed % 3
    let network = try Network(&models, inputs: inputs, outputs: 3)
    let lower = (0..<inputs).map { _ in models.generator.uniform(-1.5, 0) }
    let upper = lower.map { $0 + models.generator.uniform(0.2, 1.5) }
    let cell = Cell(lower: lower, upper: upper)
    let points = (0..<48).map { _ in
      zip(lower, upper).map { models.generator.uniform($0, $1) }
    }
    let values = points.map { network.values(at: $0) }
    let workspace = Workspace()
    var closed = 0
    var compared = 0
    for round in 0..<40 {
      // The last atom may speak of an element that another speaks of too.
      let elements = [0, 1, round % 3]
      let isAbove = [round % 2 == 0, true, round % 5 == 0]
      let weights = (0..<3).map { _ in
        models.generator.next() % 4 == 0 ? 0 : (models.generator.uniform(0, 2) * 64).rounded() / 64
      }
      let model = values[round % values.count].operands
      let signs = isAbove.map { $0 ? -1.0 : 1 }
      // Thresholds about what the weighted sum reaches.
      let middle = values[(round + 7) % values.count].outputs.map { $0.enclosure.lower }
      let shift = models.generator.uniform(-0.6, 0.6)
      let atoms = (0..<3).map { index in
        Predicate.atom(
          Atom(
            .element(elements[index]),
            isAbove[index]
              ? (round % 7 == 0 ? .less : .lessOrEqual) : (round % 7 == 0 ? .greater : .greaterOrEqual),
            .rational(Rational(dyadic: middle[elements[index]] - signs[index] * shift))))
      }
      let compiled = try CompiledCase(
        ObligationCase(
          label: "", weight: Rational(1), graph: network.graph(), predicate: .any(atoms)))
      let clauses = try #require(compiled.clauses)
      let base = try #require(PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace))
      var path: [WeightedLeaf.Phase] = []
      for neuron in base.openNeurons where models.generator.next() % 3 != 0 {
        path.append(
          WeightedLeaf.Phase(
            neuron: neuron, isActive: model[neuron] >= Rational(0),
            multiplier: [0, 0.1, 1][Int(models.generator.next() % 3)] * models.generator.uniform(0, 1)))
      }
      let leaf = WeightedLeaf(
        weights: weights, path: path,
        slopes: (0..<base.openNeurons.count - path.count).map { _ in models.generator.uniform(0, 1) })
      guard leaf.closes(clauses[0], compiled, base, workspace: workspace) else { continue }
      closed += 1
      for (operands, outputs) in values {
        let hasPhases = path.allSatisfy {
          $0.isActive ? operands[$0.neuron] >= Rational(0) : operands[$0.neuron] <= Rational(0)
        }
        guard hasPhases else { continue }
        compared += 1
        let holds = compiled.atoms.contains { atom in
          guard case .element(let element) = atom.quantity, case .rational(let bound) = atom.threshold else {
            return false
          }
          return atom.comparison.holds(outputs[element], bound)
        }
        #expect(holds, "seed \(seed), round \(round)")
      }
    }
    #expect(closed > 0 && compared > 0)
  }

  /// `x` or `-x` is at least 0 everywhere, which weights show up to rounding and not beyond; `y` is a rectifier of `x`.
  @Test func weightsShowWhatNoAtomShows() throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1]))
    let bent = try builder.apply(.relu, [x])
    let both = try builder.apply(.concat(axis: 0), [x, bent])
    let linear = try Linear(
      weights: Tensor(shape: Shape([3, 2]), values: [1, 0, -1, 0, 0, 1]),
      bias: Tensor(shape: Shape([3]), values: [0, 0, 0]))
    let output = try builder.apply(.linear(linear), [both])
    let graph = try builder.build(outputs: [output])
    func closes(_ bounds: [Double], _ leaf: WeightedLeaf, _ comparison: Comparison = .greaterOrEqual) throws
      -> Bool
    {
      let atoms = bounds.enumerated().map { index, bound in
        Predicate.atom(Atom(.element(index), comparison, .rational(Rational(dyadic: bound))))
      }
      let compiled = try CompiledCase(
        ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .any(atoms)))
      let clauses = try #require(compiled.clauses)
      let workspace = Workspace()
      let cell = Cell(lower: [-1], upper: [2])
      let base = try #require(PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace))
      #expect(base.openNeurons.count == 1)
      return leaf.closes(clauses[0], compiled, base, workspace: workspace)
    }
    func leaf(_ weights: [Double], slopes: [Double] = [0.5], path: [WeightedLeaf.Phase] = []) -> WeightedLeaf
    {
      WeightedLeaf(weights: weights, path: path, slopes: slopes)
    }
    #expect(try closes([-1e-9, -1e-9], leaf([1, 1])))
    #expect(try closes([-1e-9, 0], leaf([1, 1])))
    #expect(try closes([-1e-9, -1e-9], leaf([0.25, 0.25])))
    // Only the ratio of weights matters, and these are wrong ones, none, too few, or no numbers that a rule takes.
    #expect(try !closes([-1e-9, -1e-9], leaf([1, 1.0009765625])))
    #expect(try !closes([-1e-9, -1e-9], leaf([0, 0])))
    #expect(try !closes([-1e-9, -1e-9], leaf([1])))
    #expect(try !closes([-1e-9, -1e-9], leaf([-1, -1])))
    #expect(try !closes([-1e-9, -1e-9], leaf([.infinity, .infinity])))
    #expect(try !closes([-1e-9, -1e-9], leaf([.nan, 1])))
    #expect(try !closes([-1e-9, -1e-9], leaf([1, 1], slopes: [1.5])))
    #expect(try !closes([-1e-9, -1e-9], leaf([1, 1], slopes: [.nan])))
    #expect(try !closes([-1e-9, -1e-9], leaf([1, 1], slopes: [])))
    // The bound itself is attained at 0, strictly or not: rounding leaves it open.
    #expect(try !closes([0, 0], leaf([1, 1]), .greater))
    #expect(try !closes([1e-9, 1e-9], leaf([1, 1])))
    // On the active side the rectifier is x: `-x >= -1e-9` or `y >= -1e-9`.
    let active = [WeightedLeaf.Phase(neuron: 0, isActive: true, multiplier: 0)]
    #expect(try closes([9, -1e-9, -1e-9], leaf([0, 1, 1], slopes: [], path: active)))
    // An empty part: the operand would be not negative and at most -1e-9 by a weight of nothing; here it is not empty.
    #expect(
      try !closes(
        [9, 9, 9],
        leaf(
          [0, 0, 0], slopes: [], path: [WeightedLeaf.Phase(neuron: 0, isActive: true, multiplier: 1)])))
  }
}
