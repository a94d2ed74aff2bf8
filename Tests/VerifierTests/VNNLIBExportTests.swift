import BranchAndBound
import Foundation
import ModelFormats
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem
import Verifier

private typealias Claim = VerificationProblem.Predicate

/// A question written for other tools is the same question when it is read again.
@Suite struct VNNLIBExportTests {
  private static func obligation(seed: Int, _ predicate: Claim) throws -> Obligation {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 5
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state) >> 40) * 0x1p-23
    }
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([1, 2]))
    for (rows, columns) in [(6, 2), (3, 6)] {
      let linear = try Linear(
        weights: Tensor(shape: Shape([rows, columns]), values: (0..<rows * columns).map { _ in next() }),
        bias: Tensor(shape: Shape([rows]), values: (0..<rows).map { _ in next() / 4 }))
      value = try builder.apply(.linear(linear), [value])
      if rows == 6 { value = try builder.apply(.relu, [value]) }
    }
    let graph = try builder.build(outputs: [value])
    let third = try #require(Rational(1).divided(by: Rational(3)))
    let region = [
      AxisRange(lower: Rational(-1), upper: third), AxisRange(lower: -third, upper: Rational(1)),
    ]
    return try Obligation(
      name: "claim", question: .forall(region: region),
      cases: [ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: predicate)])
  }

  private static func atom(_ element: Int, _ comparison: Comparison, _ threshold: Threshold) -> Claim {
    .atom(Atom(.element(element), comparison, threshold))
  }

  private func answer(_ instance: VNNLIBExport.Instance) async throws -> NetworkInstance.Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dspec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appending(path: "m.onnx").path
    let property = folder.appending(path: "p.vnnlib").path
    try ModelFile.write(instance.network, to: model)
    try ModelFile.write(Array(instance.formula.utf8), to: property)
    return try await NetworkInstance(network: model, property: property).decide(
      budget: SearchBudget(nodes: 40_000, workers: 1)
    ).result
  }

  @Test func answersAgree() async throws {
    let tenth = try #require(Rational(1).divided(by: Rational(10)))
    var seen: Set<Bool> = []
    for seed in 0..<12 {
      for level in [-4, 0, 2, 5, 9, 30] {
        let bound = Threshold.rational(tenth * Rational(level))
        let predicates = [
          Self.atom(0, .less, bound),
          .all([
            Self.atom(0, .lessOrEqual, bound), Self.atom(1, .greaterOrEqual, .rational(Rational(-level))),
          ]),
          .any([Self.atom(0, .less, bound), .all([Self.atom(1, .less, bound), Self.atom(2, .less, bound)])]),
          Self.atom(2, .lessOrEqual, .logit(try #require(Rational(level + 5).divided(by: Rational(37))))),
        ]
        let obligation = try Self.obligation(seed: seed, predicates[(seed + level + 4) % 4])
        let search = try #require(try ForallSearch(obligation))
        let holds = try await search.run(budget: SearchBudget(nodes: 40_000, workers: 1)).holds
        let instance = try #require(try VNNLIBExport.instances(obligation).first)
        guard let holds else { continue }
        seen.insert(holds)
        #expect(try await answer(instance) == (holds ? .unsat : .sat), "\(instance.formula)")
      }
    }
    #expect(seen == [true, false])
  }

  @Test func whatHasNoFormIsRefused() throws {
    let distance = Claim.atom(
      Atom(.distance(start: 0, point: [0, 0, 0], norm: .l2), .less, .rational(Rational(1))))
    let tall = Claim.any(
      (0..<13).map { _ in
        .all([Self.atom(0, .less, .rational(Rational(1))), Self.atom(1, .less, .rational(Rational(1)))])
      })
    for (predicate, word) in [
      (distance, "distance"), (.all([]), "holds"), (.any([]), "fails"), (tall, "4096"),
    ] {
      let obligation = try Self.obligation(seed: 1, predicate)
      let error = #expect(throws: VNNLIBExport.Failure.self) { try VNNLIBExport.instances(obligation) }
      #expect(error?.description.contains(word) == true)
    }
  }

  @Test func drawingsNameEveryNode() throws {
    let obligation = try Self.obligation(seed: 2, Self.atom(0, .less, .rational(Rational(1))))
    let text = GraphDrawing.dot(obligation)
    #expect(text.hasPrefix("digraph {") && text.hasSuffix("}\n"))
    #expect(text.contains("Linear 6 x 2") && text.contains("n0_2 -> n0_3"))
  }
}
