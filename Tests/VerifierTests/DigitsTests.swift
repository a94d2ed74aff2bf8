import BranchAndBound
import Certificates
import DSpecSemantics
import Falsification
import Foundation
import Inference
import LeafRules
import Lowering
import Replay
import RigorousArithmetic
import SampleLaw
import SeededDraws
import Testing
import VerificationProblem
import Verifier

/// The bundled example: what is proved of it stands up to points that look for a violation.
@Suite struct DigitsTests {
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("examples/digits/digits.dspec").path

  static func lowered(_ name: String) throws -> LoweredProperty {
    let project = try Project(path: path, parameters: [:])
    let property = try #require(project.spec.property(named: name))
    return try SpecLowering(project.spec, project.library()).lower(property)
  }

  @Test(arguments: ["NeverEight", "NoCopy"])
  func provedClaimsHaveNoViolation(name: String) async throws {
    let lowered = try Self.lowered(name)
    let outcome = await PropertyRun(budget: SearchBudget(nodes: 200_000, workers: 2)).decide(lowered)
    #expect(outcome.verdict == .proved)
    let evidence = try #require(outcome.evidence)
    let checked = try await EvidenceCheck.check(lowered.obligation, evidence, plan: nil, workers: 2)
    #expect(checked.holds == true)

    // Random points, a million over the cases, in floating point; a violation would exceed rounding by far.
    guard case .forall(let region) = lowered.obligation.question else { return }
    var generator = SeededGenerator(seed: 99)
    let batch = 4_000
    let rounds = 1_000_000 / batch / lowered.obligation.cases.count
    for item in lowered.obligation.cases {
      var program = BatchProgram(item.graph)
      let atoms = item.predicate.atoms
      for _ in 0..<rounds {
        let points = (0..<batch).flatMap { _ in
          region.box.map { generator.uniform($0.lower.enclosure.upper, $0.upper.enclosure.lower) }
        }
        let values = try program.values(inputs: points, batch: batch)
        let width = program.outputCount
        var worst = Double.infinity
        for start in 0..<batch {
          // Checking one atom of many a point keeps this quick; each atom is met thousands of times.
          let atom = atoms[start % atoms.count]
          let output = values[start * width..<(start + 1) * width].map { Interval($0) }
          let value = atom.quantity.value(of: output).midpoint
          let gap = value - atom.threshold.enclosure.midpoint
          worst = min(worst, atom.comparison.boundsAbove ? -gap : gap)
        }
        #expect(worst > -1e-9)
      }
    }

    // Ten thousand points that end an attack.
    let search = try WitnessSearch(
      lowered.obligation, seed: [UInt8](repeating: 17, count: 32),
      budget: AttackBudget(scanned: 12_000, descents: 12_000, steps: 30))
    let ends = try search.adversarialPoints(12_000)
    #expect(ends.count >= 10_000)
    #expect(ends.allSatisfy { $0.margin > -1e-9 })
  }

  @Test(arguments: ["EightLooksSafe", "NoCopyFar"])
  func refutedClaimsCarryAWitness(name: String) async throws {
    let lowered = try Self.lowered(name)
    let outcome = await PropertyRun(budget: SearchBudget(nodes: 20_000, workers: 2)).decide(lowered)
    #expect(outcome.verdict == .refuted)
    let evidence = try #require(outcome.evidence)
    let checked = try await EvidenceCheck.check(lowered.obligation, evidence, plan: nil, workers: 1)
    #expect(checked.holds == false)
  }

  @Test func certifiedIntervalsHoldSampledFrequencies() async throws {
    let lowered = try Self.lowered("RareEight")
    let outcome = await PropertyRun(budget: SearchBudget(nodes: 40_000, workers: 2)).decide(lowered)
    let bounds = try #require(outcome.bounds)
    let seed = [UInt8](repeating: 3, count: 32)
    let rule = try SampleRule(lowered.obligation, seed: seed)
    let counts = try #require(await rule.tally(first: 20_000, workers: 2))
    let frequency = Double(counts.hits) / Double(counts.total)
    // Five deviations of a frequency of 20,000 draws.
    #expect(frequency > bounds.lower - 0.018)
    #expect(frequency < bounds.upper + 0.018)
  }
}
