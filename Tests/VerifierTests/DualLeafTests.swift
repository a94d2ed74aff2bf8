import BranchAndBound
import Certificates
import DSpecSemantics
import Evidence
import Foundation
import Lowering
import ModelFormats
import Replay
import RigorousArithmetic
import Tampering
import TensorGraph
import Testing
import VerificationProblem
import Verifier

private typealias Claim = VerificationProblem.Predicate

/// Claims that hold by little on large parts of their regions: splits of phases decide them, and the coefficients of each
/// part's linear program close what multipliers found by ascent leave open.
@Suite struct DualLeafTests {
  private static func linear(_ rows: [[Double]], _ bias: [Double]? = nil) throws -> TensorGraph.Operation {
    .linear(
      try Linear(
        weights: Tensor(shape: Shape([rows.count, rows[0].count]), values: rows.flatMap(\.self)),
        bias: Tensor(
          shape: Shape(vector: rows.count), values: bias ?? [Double](repeating: 0, count: rows.count))))
  }

  private static func obligation(
    _ graph: Graph, _ predicate: Claim, lower: Double = -1, upper: Double = 1
  ) throws -> Obligation {
    let range = AxisRange(lower: Rational(dyadic: lower), upper: Rational(dyadic: upper))
    return try Obligation(
      name: "dual",
      question: .forall(region: [AxisRange](repeating: range, count: graph.inputCount)),
      cases: [ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: predicate)])
  }

  private static func atom(_ element: Int, _ comparison: Comparison, _ threshold: Double) -> Claim {
    .atom(Atom(.element(element), comparison, .rational(Rational(dyadic: threshold))))
  }

  private func decide(
    _ obligation: Obligation, splitsPhases: Bool = true, nodes: Int = 4_000, workers: Int = 1
  ) async throws -> ForallSearch.Outcome {
    let search = try #require(try ForallSearch(obligation, splitsPhases: splitsPhases))
    return try await search.run(budget: SearchBudget(nodes: nodes, workers: workers))
  }

  /// Whether an annex holds a leaf with weights: forging that leaf's code must break the proof.
  private func replays(_ obligation: Obligation, _ evidence: ProofEvidence) async throws -> Bool {
    let decoded = try ProofEvidence(decoding: evidence.encoded)
    return try await EvidenceCheck.check(obligation, decoded, plan: nil, workers: 2).holds == true
  }

  @Test(arguments: [(1, 1e-6), (1, 1e-9), (2, 1e-6), (4, 1e-6)])
  func marginsBelowTheReachOfShortMultipliersAreProved(pairs: Int, margin: Double) async throws {
    let graph = try NetworkBundle.triangle(pairs: pairs)
    let obligation = try Self.obligation(graph, Self.atom(0, .lessOrEqual, margin))
    let outcome = try await decide(obligation, nodes: pairs == 4 ? 60_000 : 4_000)
    #expect(outcome.holds == true)
    guard case .trees(let trees) = outcome.evidence else {
      Issue.record("no trees")
      return
    }
    #expect(trees[0].nodes == [0x85])
    #expect(try await replays(obligation, outcome.evidence))
    #expect(
      try await decide(obligation, nodes: pairs == 4 ? 60_000 : 4_000, workers: 2).evidence
        == outcome.evidence)
    // A cell that splits of coordinates would not close soon is tried so too.
    if pairs == 1 {
      let tried = try await decide(obligation, splitsPhases: false)
      #expect(tried.holds == true)
      #expect(try await replays(obligation, tried.evidence))
    }

    // The same trees do not show a claim that fails.
    let reached = try Self.obligation(graph, Self.atom(0, .lessOrEqual, -1e-3))
    await #expect(throws: ReplayError.self) {
      try await EvidenceCheck.check(reached, outcome.evidence, plan: nil, workers: 1)
    }
  }

  @Test func forgedLeavesShowNothingFalse() async throws {
    let graph = try NetworkBundle.triangle(pairs: 1)
    let outcome = try await decide(Self.obligation(graph, Self.atom(0, .lessOrEqual, 1e-6)))
    guard case .trees(let trees) = outcome.evidence, let tree = trees.first else {
      Issue.record("no trees")
      return
    }
    try #require(tree.annexes.count > 4)
    // The distance vanishes in the middle, so that this claim fails by little.
    let reached = try Self.obligation(graph, Self.atom(0, .lessOrEqual, -1e-6))
    var state: UInt64 = 77
    for _ in 0..<400 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var annexes = tree.annexes
      let place = 4 + Int(state >> 33) % (annexes.count - 4)
      switch state >> 20 & 3 {
      case 0, 1: annexes[place] = UInt8(truncatingIfNeeded: state >> 8)
      case 2: annexes[place] ^= 1 << UInt8(state >> 12 & 7)
      default:
        annexes.removeLast(annexes.count - place)
        // The length that stands first.
        annexes.replaceSubrange(
          0..<4, with: (0..<4).map { UInt8(truncatingIfNeeded: (annexes.count - 4) >> (8 * $0)) })
      }
      let forged = ProofEvidence.trees([
        SplitTree(lower: tree.lower, upper: tree.upper, nodes: tree.nodes, annexes: annexes)
      ])
      let answer = try? await EvidenceCheck.check(reached, forged, plan: nil, workers: 1)
      #expect(answer?.holds != true)
    }
  }

  /// No atom of the clause holds on a whole part: at each point the first or the second does, on either side of a plane.
  @Test func clausesThatNeedAllTheirAtomsAreProved() async throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([3]))
    let forms = [[0.75, -0.3125, 0.4375], [-0.75, 0.3125, -0.4375], [0.3, 0.5, 0.1]]
    let bent = try builder.apply(
      .relu, [builder.apply(Self.linear([[3, 1, -2], [-1, 0.7, 0.3]]), [x])])
    let bump = try builder.apply(Self.linear([[1.0 / 3, 0.1], [1.0 / 3, 0.1], [0, 0]]), [bent])
    let sum = try builder.apply(.add, [builder.apply(Self.linear(forms), [x]), bump])
    let graph = try builder.build(outputs: [sum])
    let clause = Claim.any([
      Self.atom(0, .greater, -1e-6), Self.atom(1, .greaterOrEqual, -1e-6), Self.atom(2, .greater, 50),
    ])
    let obligation = try Self.obligation(graph, clause, lower: -1, upper: 1.7)
    let outcome = try await decide(obligation)
    #expect(outcome.holds == true)
    #expect(try await replays(obligation, outcome.evidence))
    let tried = try await decide(obligation, splitsPhases: false)
    #expect(tried.holds == true)
    #expect(try await replays(obligation, tried.evidence))

    // The same without a margin: the planes touch, which no rounding bound shows.
    let touching = try Self.obligation(
      graph, .any([Self.atom(0, .greater, 0), Self.atom(1, .greater, 0)]), lower: -1, upper: 1.7)
    #expect(try await decide(touching, nodes: 400).holds != true)
  }

  /// Two atoms of one element: `f < -0.3` or `f > -0.4`.
  @Test func atomsOfOneElementShareIt() async throws {
    let graph = try NetworkBundle.triangle(pairs: 1)
    let claim = Claim.any([Self.atom(0, .less, -0.3), Self.atom(0, .greater, -0.3000001)])
    let obligation = try Self.obligation(graph, claim)
    let outcome = try await decide(obligation)
    #expect(outcome.holds == true)
    #expect(try await replays(obligation, outcome.evidence))
    let open = Claim.any([Self.atom(0, .less, -0.3000001), Self.atom(0, .greater, -0.3)])
    #expect(try await decide(Self.obligation(graph, open)).holds != true)
  }

  /// A violation that only the tip of a pyramid reaches is found at the program's vertex.
  @Test func verticesAreWitnesses() async throws {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    // -|3 a| - |7 b| with the tip at a point that no split of cells meets.
    let bent = try builder.apply(
      .relu,
      [
        builder.apply(
          Self.linear([[3, 1], [-3, -1], [-1, 7], [1, -7]], [-0.7, 0.7, 0.9, -0.9]), [x])
      ])
    let sum = try builder.apply(Self.linear([[-1, -1, -1, -1]]), [bent])
    let graph = try builder.build(outputs: [sum])
    let obligation = try Self.obligation(graph, Self.atom(0, .less, -1e-9))
    let outcome = try await decide(obligation)
    #expect(outcome.holds == false)
    let point = try #require(outcome.witness?.point)
    guard case .forall(let region) = obligation.question else { return }
    #expect(try obligation.cases[0].truth(at: point, in: region)?.truth == false)
    #expect(try await decide(Self.obligation(graph, Self.atom(0, .less, 1e-9))).holds == true)
  }

  // MARK: Through a specification

  private static func project(_ graph: Graph, _ claim: String, _ engine: String) throws -> SmallProject {
    let network = try ONNXWriter(elementType: .float64).bytes(of: graph, file: "gap.onnx")
    return try SmallProject { files in
      guard let index = files.firstIndex(where: { $0.path.hasSuffix(".dspec") }) else { return }
      files[index].bytes = Array(
        """
        dspec 1.0
        module gap
        domain Box: Latent[2] = box(-1, 1)
        network gap: (x: Latent[2]) -> Real {
          artifact: onnx("models/gap.onnx", sha256: "\(ContentDigest(of: network).hex)")
        }
        property Tight { claim: forall x in Box: \(claim) evidence: proof \(engine) }

        """.utf8)
      files.append(("models/gap.onnx", network))
    }
  }

  /// What z3 decides by cases is proved and replays, as is the same without it.
  @Test func whatTheSolverDecidesIsReplayed() async throws {
    let graph = try NetworkBundle.triangle(pairs: 1)
    for (engine, verdict) in [("engine: smt", Verdict.proved), ("", .proved)] {
      let small = try Self.project(graph, "gap(x) <= 0.000001", engine)
      defer { small.remove() }
      let property = try #require(small.project.spec.properties.first)
      let lowered = try SpecLowering(small.project.spec, small.library).lower(property)
      let outcome = await PropertyRun(budget: SearchBudget(nodes: 4_000, workers: 1)).decide(lowered)
      #expect(outcome.verdict == verdict, "\(outcome.note ?? "")")
      let report = try await small.replay(small.bundle([outcome]))
      #expect(report.properties[0].record.verdict == verdict)
    }
  }

  /// A claim that touches its bound stays a hole, and says so.
  @Test func whatTouchesItsBoundStaysAHole() async throws {
    // The sum of the first two forms is zero or less exactly: weights that the graph computes without rounding.
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([2]))
    let bent = try builder.apply(
      .relu, [builder.apply(Self.linear([[0.75, -0.3125], [-0.75, 0.3125], [0.3, 0.7]]), [x])])
    let sum = try builder.apply(
      .add,
      [
        builder.apply(Self.linear([[1, -1, 0]]), [bent]), builder.apply(Self.linear([[-0.75, 0.3125]]), [x]),
      ])
    let graph = try builder.build(outputs: [sum])
    let small = try Self.project(graph, "gap(x) <= 0", "engine: smt")
    defer { small.remove() }
    let property = try #require(small.project.spec.properties.first)
    let lowered = try SpecLowering(small.project.spec, small.library).lower(property)
    let outcome = await PropertyRun(budget: SearchBudget(nodes: 600, workers: 1)).decide(lowered)
    #expect(outcome.verdict == .unknown)
    #expect(outcome.note?.hasPrefix("only z3 vouches for it") == true)
  }
}
