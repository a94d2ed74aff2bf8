import BranchAndBound
import Certificates
import DSpecSemantics
import Evidence
import Foundation
import LeafRules
import Lowering
import Replay
import RigorousArithmetic
import VerificationProblem
import Verifier

/// Measures the figures that the project promises, on the bundled models, and prints them as a table.
///
/// Run from the project's folder on an otherwise idle machine: `make bench`. Arguments `hero`, `second`, `replay`
/// and `language` choose sections; `bounds` is explained at `BoundsBench`.
@main
struct Bench {
  static func main() async throws {
    var table = FigureTable()
    let sections = CommandLine.arguments.dropFirst()
    if sections.first == "bounds" {
      let files = Array(sections.dropFirst())
      guard files.count == 2 else { throw BenchError(description: "bounds NET.onnx BOXES") }
      return try await BoundsBench.run(network: files[0], boxes: files[1], workers: 2)
    }
    func isWanted(_ section: String) -> Bool { sections.isEmpty || sections.contains(section) }
    if isWanted("hero") { try await hero(&table) }
    if isWanted("second") { try await second(&table) }
    if isWanted("replay") { try await replay(&table) }
    if isWanted("language") { try await LanguageBench.run(&table) }
    print(Machine.description)
    print(table.text)
  }

  static func lowered(_ file: String, _ name: String) throws -> LoweredProperty {
    let project = try Project(path: "examples/digits/" + file, parameters: [:])
    guard let property = project.spec.property(named: name) else { throw BenchError(description: name) }
    return try SpecLowering(project.spec, project.library()).lower(property)
  }

  static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - start).seconds
  }

  /// Two latents, ten steps: gap, throughput, and what the error terms cost.
  static func hero(_ table: inout FigureTable) async throws {
    let obligation = try lowered("digits.dspec", "RareEight").obligation
    let one = try Obligation(name: "hero", question: obligation.question, cases: [obligation.cases[0]])
    let whole = ObligationCase(
      label: "", weight: Rational(1), graph: one.cases[0].graph, predicate: one.cases[0].predicate)
    let single = try Obligation(name: "hero", question: one.question, cases: [whole])
    guard let search = try MeasureSearch(single) else { return }
    var width = 0.0
    var nodes = 0
    let gap = try await seconds {
      let outcome = try await search.run(budget: SearchBudget(seconds: 20, workers: 2), gap: 0.001)
      width = outcome.measure.width
      nodes = outcome.nodes
    }
    table.add("hero: seconds to a gap of 0.001, 2 workers (reached \(short(width)))", gap, limit: 0.5)
    table.add("hero: cells per second, 2 workers", Double(nodes) / gap, atLeast: 20_000)

    let evaluator = CellEvaluator(try CompiledCase(whole))
    for radius in [0.01, 0.1] {
      let cell = Cell(lower: [0.2 - radius, 0.1 - radius], upper: [0.2 + radius, 0.1 + radius])
      var ratios: [Double] = []
      for _ in 0..<15 {
        let tracked = await seconds { for _ in 0..<400 { _ = evaluator.bounds(on: cell, rule: .zonotope) } }
        let ignored = await seconds { for _ in 0..<400 { evaluator.runWithoutErrorTerms(on: cell) } }
        ratios.append(tracked / ignored)
      }
      table.add("cost of error terms at radius \(radius), ratio", ratios.sorted()[7], limit: 1.15)
    }
  }

  /// Three latents, ten steps.
  static func second(_ table: inout FigureTable) async throws {
    let obligation = try lowered("digits3.dspec", "EightIsUnsafe").obligation
    guard let search = try MeasureSearch(obligation) else { return }
    var width = 0.0
    var nodes = 0
    let time = try await seconds {
      let outcome = try await search.run(budget: SearchBudget(seconds: 30, workers: 2), gap: 0.005)
      width = outcome.measure.width
      nodes = outcome.nodes
    }
    let name = "d=3: seconds to a gap of 0.005, 2 workers (reached \(short(width)), \(nodes) cells)"
    table.add(name, time, limit: 3)
  }

  /// Every property of the example: verification against replay, and the size of the trees.
  static func replay(_ table: inout FigureTable) async throws {
    let project = try Project(path: "examples/digits/digits.dspec", parameters: [:])
    let library = try project.library()
    let lowering = SpecLowering(project.spec, library)
    var (verification, checking, bytes, leaves) = (0.0, 0.0, 0, 0)
    for property in project.spec.properties {
      let item = try lowering.lower(property)
      var outcome: PropertyOutcome?
      verification += await seconds {
        outcome = await PropertyRun(budget: SearchBudget(seconds: 60, workers: 2)).decide(item)
      }
      guard let evidence = outcome?.evidence else { continue }
      let plan = property.samplePlan.map {
        EvidenceCheck.SamplePlan(
          count: $0.count, confidence: $0.confidence,
          seed: SampleSeed.derive(item.obligation, count: $0.count))
      }
      checking += try await seconds {
        _ = try await EvidenceCheck.check(item.obligation, evidence, plan: plan, workers: 2)
      }
      if case ProofEvidence.trees = evidence {
        bytes += evidence.encoded.count
        leaves += outcome?.leaves ?? 0
      }
    }
    table.add("replay time / verification time, all properties", checking / verification, limit: 0.8)
    table.add("bytes of evidence per leaf", Double(bytes) / Double(max(1, leaves)), limit: 1.5)
  }

  static func short(_ value: Double) -> String { String(format: "%.5f", value) }
}

/// A benchmark that cannot run.
struct BenchError: Error, CustomStringConvertible {
  let description: String
}
