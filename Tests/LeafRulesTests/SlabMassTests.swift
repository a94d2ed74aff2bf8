import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// Certified masses against a fine grid of the cell.
@Suite struct SlabMassTests {
  @Test(arguments: 0..<12)
  func massesNeverExceedTheTruth(seed: Int) throws {
    var models = RandomModels(seed: UInt64(seed) &+ 100)
    let graph = try models.sampler(latent: 2, width: 8, steps: 2, outputs: 1)
    let centre = try graph.evaluate([[0.1, 0.2]])[0][0]
    guard let threshold = Rational(exactly: centre) else { return }
    let item = ObligationCase(
      label: "", weight: Rational(1), graph: graph,
      predicate: .atom(Atom(.element(0), seed % 2 == 0 ? .lessOrEqual : .greater, .rational(threshold))))
    let law = AxisMass(.normal(mean: Rational(0), deviation: Rational(1)))
    let evaluator = CellEvaluator(try CompiledCase(item), laws: [law, law])
    for radius in [0.05, 0.3] {
      let cell = Cell(lower: [0.1 - radius, 0.2 - radius], upper: [0.1 + radius, 0.2 + radius])
      let mass = evaluator.masses(on: cell, rule: .zonotope)
      var inside = 0.0
      var outside = 0.0
      let steps = 60
      for i in 0..<steps {
        for j in 0..<steps {
          let x = cell.lower[0] + 2 * radius * (Double(i) + 0.5) / Double(steps)
          let y = cell.lower[1] + 2 * radius * (Double(j) + 0.5) / Double(steps)
          let width = 2 * radius / Double(steps)
          let share =
            NormalMass.mass(from: x - width / 2, to: x + width / 2).midpoint
            * NormalMass.mass(from: y - width / 2, to: y + width / 2).midpoint
          if try item.truth(at: [x, y]).truth == true { inside += share } else { outside += share }
        }
      }
      let resolution = mass.total * 0.05
      #expect(mass.inside <= inside + resolution)
      #expect(mass.outside <= outside + resolution)
      #expect(mass.inside + mass.outside <= mass.total)
      if radius == 0.05 { #expect(mass.undecided < 0.4 * mass.total) }
    }
  }
}
