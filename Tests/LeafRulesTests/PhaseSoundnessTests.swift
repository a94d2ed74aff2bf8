import LeafRules
import RigorousArithmetic
import SeededDraws
import TensorGraph
import Testing
import VerificationProblem

/// Bounds under known phases, with any multipliers and slopes: no point that has the phases lies beyond them.
@Suite struct PhaseSoundnessTests {
  /// A network of rectifiers whose operands can be computed exactly one by one.
  private struct Rectifiers {
    var layers: [Linear] = []

    init(_ models: inout RandomModels, widths: [Int], magnitudes: Magnitudes) throws {
      for (columns, rows) in zip(widths, widths.dropFirst()) {
        layers.append(
          try Linear(
            weights: Tensor(
              shape: Shape([rows, columns]),
              values: (0..<rows * columns).map { _ in models.weight(magnitudes) }),
            bias: Tensor(shape: Shape([rows]), values: (0..<rows).map { _ in models.weight(magnitudes) })))
      }
    }

    func graph() throws -> Graph {
      var builder = GraphBuilder()
      var value = try builder.input("x", shape: Shape([layers[0].inputCount]))
      for (index, layer) in layers.enumerated() {
        value = try builder.apply(.linear(layer), [value])
        if index + 1 < layers.count { value = try builder.apply(.relu, [value]) }
      }
      return try builder.build(outputs: [value])
    }

    /// The operands of all rectifiers in order, and the outputs.
    func values(at point: [Double]) -> (operands: [Rational], outputs: [Rational]) {
      var operands: [Rational] = []
      var value = point.map { Rational(dyadic: $0) }
      for (index, layer) in layers.enumerated() {
        var next: [Rational] = []
        for row in 0..<layer.outputCount {
          var sum = Rational(dyadic: layer.bias.values[row])
          for column in 0..<layer.inputCount {
            sum =
              sum + Rational(dyadic: layer.weights.values[row * layer.inputCount + column]) * value[column]
          }
          next.append(sum)
        }
        if index + 1 == layers.count { return (operands, next) }
        operands += next
        value = next.map { $0 < Rational(0) ? Rational(0) : $0 }
      }
      return (operands, value)
    }
  }

  @Test(arguments: 0..<24)
  func noPointWithThePhasesLiesBeyond(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 15_485_863 &+ 7)
    let magnitudes = Magnitudes.allCases[seed % 3]
    let inputs = 1 + seed % 4
    let network = try Rectifiers(&models, widths: [inputs, 5, 4, 2], magnitudes: magnitudes)
    let atoms: [Predicate] = [
      .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(0)))),
      .atom(Atom(.element(1), .greater, .rational(Rational(0)))),
    ]
    let compiled = try CompiledCase(
      ObligationCase(label: "", weight: Rational(1), graph: network.graph(), predicate: .all(atoms)))
    let clauses = try #require(compiled.clauses)
    let workspace = Workspace()
    var compared = 0
    for _ in 0..<6 {
      let box = models.mixedCell(dimension: inputs)
      let cell = Cell(lower: box.lower, upper: box.upper)
      guard let base = PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace) else {
        continue
      }
      let points = (0..<12).map { _ in models.point(in: box.lower, box.upper) }
      let values = points.map { network.values(at: $0) }
      for (operands, _) in values {
        for (neuron, operand) in operands.enumerated() {
          let range = Interval(base.lower[neuron], base.upper[neuron])
          #expect(range.contains(operand), "neuron \(neuron) on \(cell)")
        }
      }
      for atom in 0..<2 {
        compared += try check(
          compiled, base, atom: atom, values: values, models: &models, workspace: workspace)
      }
    }
    #expect(magnitudes == .wild || compared > 100)
  }

  /// Rectifiers whose values meet other operators: products, signs and quotients behind them.
  @Test(arguments: 0..<12)
  func otherOperatorsBehindThePhases(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 32_452_843 &+ 3)
    let magnitudes: Magnitudes = seed % 2 == 0 ? .ordinary : .cancelling
    let inputs = 1 + seed % 3
    let first = try models.linear(5, inputs, magnitudes: magnitudes)
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([inputs]))
    let hidden = try builder.apply(.relu, [builder.apply(.linear(first), [x])])
    let mixed = try builder.apply(.linear(models.linear(4, 5, magnitudes: magnitudes)), [hidden])
    let other = try builder.apply(.linear(models.linear(4, inputs, magnitudes: magnitudes)), [x])
    let product = try builder.apply(.multiply, [mixed, other])
    let steps = try builder.apply(.divide(Divisor(3)), [builder.apply(.sign, [mixed])])
    let sum = try builder.apply(.add, [product, steps])
    let result = try builder.apply(.linear(models.linear(2, 4, magnitudes: magnitudes)), [sum])
    let graph = try builder.build(outputs: [result])
    let atoms: [Predicate] = [
      .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(0)))),
      .atom(Atom(.element(1), .greater, .rational(Rational(0)))),
    ]
    let compiled = try CompiledCase(
      ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: .all(atoms)))
    let clauses = try #require(compiled.clauses)
    let workspace = Workspace()
    var compared = 0
    for _ in 0..<6 {
      let box = models.mixedCell(dimension: inputs)
      let cell = Cell(lower: box.lower, upper: box.upper)
      guard let base = PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace) else {
        continue
      }
      let values = try (0..<12).map { _ in
        let point = models.point(in: box.lower, box.upper).map { Rational(dyadic: $0) }
        let operands = (0..<5).map { row in
          (0..<inputs).reduce(Rational(dyadic: first.bias.values[row])) {
            $0 + Rational(dyadic: first.weights.values[row * inputs + $1]) * point[$1]
          }
        }
        return (operands: operands, outputs: try graph.evaluate([point])[0])
      }
      for atom in 0..<2 {
        compared += try check(
          compiled, base, atom: atom, values: values, models: &models, workspace: workspace)
      }
    }
    #expect(compared > 100)
  }

  /// What is computed in single precision, with one tensor used three times: the phases are those of computed operands.
  @Test(arguments: 0..<24)
  func computedValuesWithThePhases(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 49_979_687 &+ 11)
    let magnitudes = Magnitudes.allCases[seed % 3]
    let inputs = 1 + seed % 3
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([inputs]))
    let first = try builder.apply(.linear(models.linear(5, inputs, magnitudes: magnitudes)), [x])
    let hidden = try builder.apply(.relu, [first])
    let second = try builder.apply(.linear(models.linear(5, 5, magnitudes: magnitudes)), [hidden])
    let joined = try builder.apply(
      .add, [builder.apply(.relu, [second]), builder.apply(.scale(-0.3), [hidden])])
    let sum = try builder.apply(.add, [joined, first])
    let third = try builder.apply(.relu, [sum])
    let result = try builder.apply(.linear(models.linear(2, 5, magnitudes: magnitudes)), [third])
    let graph = try builder.build(outputs: [result])
    let atoms: [Predicate] = [
      .atom(Atom(.element(0), .lessOrEqual, .rational(Rational(0)))),
      .atom(Atom(.element(1), .greater, .rational(Rational(0)))),
    ]
    let compiled = try CompiledCase(
      ObligationCase(
        label: "", weight: Rational(1), graph: graph, predicate: .all(atoms), arithmetic: .float32AnyOrder))
    let clauses = try #require(compiled.clauses)
    let workspace = Workspace()
    var compared = 0
    for index in 0..<6 {
      var box = models.mixedCell(dimension: inputs)
      if index % 3 == 0 { box.upper = box.lower.map { $0 + 1e-7 } }
      let cell = Cell(lower: box.lower, upper: box.upper)
      guard let base = PhaseBase(compiled, clauses: clauses, cell: cell, workspace: workspace) else {
        continue
      }
      var values: [(operands: [Rational], outputs: [Rational])] = []
      for number in 0..<4 {
        let point = models.point(in: box.lower, box.upper)
        for mode in DeployedRun.Mode.allCases {
          var run = DeployedRun(mode: mode, generator: models.generator)
          run.directions = DeployedRun.directions(of: graph, at: point, output: number % 2)
          let nodes = run.values(of: graph, at: point)
          models.generator = run.generator
          guard nodes.joined().allSatisfy(\.isFinite) else { continue }
          let operands = graph.nodes.filter { $0.operation == .relu }.flatMap { nodes[$0.operands[0]] }
          values.append(
            (operands.map { Rational(dyadic: $0) }, nodes[graph.outputs[0]].map { Rational(dyadic: $0) }))
        }
      }
      for (operands, _) in values {
        for (neuron, operand) in operands.enumerated() {
          #expect(Interval(base.lower[neuron], base.upper[neuron]).contains(operand), "neuron \(neuron)")
        }
      }
      guard !values.isEmpty else { continue }
      for atom in 0..<2 {
        compared += try check(
          compiled, base, atom: atom, values: values, models: &models, workspace: workspace)
      }
    }
    #expect(magnitudes == .wild || compared > 100)
  }

  private func check(
    _ compiled: CompiledCase, _ base: PhaseBase, atom: Int,
    values: [(operands: [Rational], outputs: [Rational])], models: inout RandomModels, workspace: Workspace
  ) throws -> Int {
    let columns = 11
    var phases = ColumnPhases(neurons: compiled.neuronCount)
    var paths: [[(neuron: Int, isActive: Bool)]] = []
    let lines = ColumnLines(base, columns: columns)
    for column in 0..<columns {
      // Phases of a point, so that some point has them.
      let model = values[column % values.count].operands
      var path: [(Int, Bool)] = []
      for neuron in base.openNeurons where models.generator.next() % 3 == 0 {
        let isActive = model[neuron] > Rational(0) || model[neuron] == Rational(0) && column % 2 == 0
        path.append((neuron, isActive))
        let multiplier = [0, 0.25, 1, 3e3][Int(models.generator.next() % 4)] * models.generator.uniform(0, 1)
        phases.assume(neuron: neuron, isActive: isActive, column: column, multiplier: multiplier)
      }
      paths.append(path)
      lines.set(
        column, slopes: base.openNeurons.map { _ in Double(models.generator.next() % 256) / 255 }, bounds: nil
      )
    }
    var pass = BackwardMatrix(compiled, workspace: workspace)
    var compared = 0
    for usesSlopes in [true, false] {
      base.load(into: workspace, of: compiled)
      pass.begin(atom: atom, columns: columns)
      pass.run(cell: base.cell, phases: phases, lines: usesSlopes ? lines : nil)
      for column in 0..<columns {
        let bound = pass.lowerBound(column)
        guard let exact = Rational(exactly: bound) else { continue }
        for (operands, outputs) in values {
          let hasPhases = paths[column].allSatisfy {
            $0.isActive ? operands[$0.neuron] >= Rational(0) : operands[$0.neuron] <= Rational(0)
          }
          guard hasPhases else { continue }
          compared += 1
          let quantity = atom == 0 ? Rational(0) - outputs[0] : outputs[1]
          #expect(exact <= quantity, "column \(column), slopes \(usesSlopes), cell \(base.cell)")
        }
      }
    }
    return compared
  }

  private static func holds(_ comparison: Comparison, _ value: Rational, _ threshold: Rational) -> Bool {
    switch comparison {
    case .less: return value < threshold
    case .lessOrEqual: return value <= threshold
    case .greater: return value > threshold
    case .greaterOrEqual: return value >= threshold
    }
  }

  /// Refined bounds, by any numbers and one after the other: no point with the phases at which the atom fails has an
  /// operand beyond them, or an output beyond a bound that rests on them.
  @Test func noFailingPointLiesBeyondRefinedBounds() throws {
    var (narrowed, compared) = (0, 0)
    for seed in 0..<24 { try refineAndCompare(seed: seed, &narrowed, &compared) }
    #expect(narrowed >= 10 && compared > 200)
  }

  private func refineAndCompare(seed: Int, _ narrowed: inout Int, _ compared: inout Int) throws {
    var models = RandomModels(seed: UInt64(seed) &* 49_979_687 &+ 11)
    let magnitudes: Magnitudes = seed % 3 == 0 ? .cancelling : .ordinary
    let inputs = 1 + seed % 4
    let network = try Rectifiers(&models, widths: [inputs, 6, 4, 1], magnitudes: magnitudes)
    for round in 0..<6 {
      let box = models.mixedCell(dimension: inputs)
      let points = (0..<40).map { _ in models.point(in: box.lower, box.upper) }
      let values = points.map { network.values(at: $0) }
      // A threshold that some points meet and others do not.
      let threshold = values[0].outputs[0]
      let comparison: Comparison = [.less, .lessOrEqual, .greater, .greaterOrEqual][(seed + round) % 4]
      let compiled = try CompiledCase(
        ObligationCase(
          label: "", weight: Rational(1), graph: network.graph(),
          predicate: .atom(Atom(.element(0), comparison, .rational(threshold)))))
      let workspace = Workspace()
      let cell = Cell(lower: box.lower, upper: box.upper)
      guard let base = PhaseBase(compiled, clauses: [[0]], cell: cell, workspace: workspace),
        !base.openNeurons.isEmpty
      else { continue }
      let failing = values.filter { !Self.holds(comparison, $0.outputs[0], threshold) }
      guard let model = failing.last else { continue }
      let path = base.openNeurons.filter { _ in models.generator.next() % 4 == 0 }.map {
        (neuron: $0, isActive: model.operands[$0] >= Rational(0))
      }
      func numbers(_ count: Int, _ scale: Double) -> [Double] {
        (0..<count).map { _ in models.generator.next() % 3 == 0 ? 0 : models.generator.uniform(0, scale) }
      }
      var bounds = PartBounds(base)
      var refinement = PhaseRefinement(compiled, base, workspace: workspace, atom: 0)
      for _ in 0..<3 {
        // More than one pass takes.
        let entries = (0..<50).map { _ in
          PhaseRefinement.Entry(
            position: Int(models.generator.next() % UInt64(base.openNeurons.count)),
            isUpper: models.generator.next() % 2 == 0, weight: numbers(1, 2)[0],
            multipliers: numbers(path.count, 1), slopes: numbers(base.openNeurons.count, 1))
        }
        bounds = refinement.refine(bounds, path: path, by: entries)
      }
      let before = PartBounds(base)
      if bounds != before { narrowed += 1 }
      let lines = ColumnLines(base, columns: 4)
      var phases = ColumnPhases(neurons: compiled.neuronCount)
      for column in 0..<4 {
        lines.set(column, slopes: numbers(base.openNeurons.count, 1), bounds: bounds)
        for phase in path {
          phases.assume(
            neuron: phase.neuron, isActive: phase.isActive, column: column, multiplier: numbers(1, 1)[0])
        }
      }
      var pass = BackwardMatrix(compiled, workspace: workspace)
      pass.begin(atom: 0, columns: 4)
      pass.run(cell: cell, phases: phases, lines: lines)
      for (operands, outputs) in failing {
        let hasPhases = path.allSatisfy {
          $0.isActive ? operands[$0.neuron] >= Rational(0) : operands[$0.neuron] <= Rational(0)
        }
        guard hasPhases else { continue }
        #expect(!bounds.isEmpty)
        guard !bounds.isEmpty else { continue }
        for (position, neuron) in base.openNeurons.enumerated() {
          compared += 1
          let range = Interval(bounds.lower[position], bounds.upper[position])
          #expect(range.contains(operands[neuron]), "neuron \(neuron) of \(path) on \(cell)")
        }
        for column in 0..<4 {
          guard let exact = Rational(exactly: pass.lowerBound(column)) else { continue }
          let isAbove = comparison == .less || comparison == .lessOrEqual
          #expect(exact <= (isAbove ? Rational(0) - outputs[0] : outputs[0]))
        }
      }
    }
  }
}
