import BranchAndBound
import Foundation
import ModelFormats
import RigorousArithmetic
import TensorGraph
import Testing
import Verifier

/// VNN-LIB instances from files, with their answers, witnesses and evidence.
@Suite struct NetworkInstanceTests {
  /// `|x0 - x1|` and `silu(x0)`.
  private static func network() throws -> Graph {
    func linear(_ weights: [[Double]]) throws -> TensorGraph.Operation {
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([weights.count, weights[0].count]), values: weights.flatMap(\.self)),
          bias: Tensor(
            shape: Shape(vector: weights.count), values: [Double](repeating: 0, count: weights.count))))
    }
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1, 2]))
    let sides = try builder.apply(.relu, [try builder.apply(linear([[1, -1], [-1, 1]]), [x])])
    let distance = try builder.apply(linear([[1, 1]]), [sides])
    let gated = try builder.apply(.smooth(.silu), [try builder.apply(linear([[1, 0]]), [x])])
    let both = try builder.apply(.concat(axis: 1), [distance, gated])
    return try builder.build(outputs: [both])
  }

  private static let names = ["X_0", "X_1", "Y_0", "Y_1"].map { "(declare-const \($0) Real)\n" }.joined()
  private static let box =
    names + "(assert (>= X_0 -1)) (assert (<= X_0 1)) (assert (>= X_1 -1)) (assert (<= X_1 0.5))\n"

  private func instance(_ text: String) throws -> NetworkInstance {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dspec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appending(path: "m.onnx").path
    let property = folder.appending(path: "p.vnnlib").path
    try ModelFile.write(ONNXWriter().bytes(of: Self.network(), file: model), to: model)
    try ModelFile.write(Array(text.utf8), to: property)
    return try NetworkInstance(network: model, property: property)
  }

  /// More seconds than a clock counts are as good as no limit; what is no number of seconds is none.
  @Test(arguments: [1e300, .infinity, 60] as [Double])
  func budgetsBeyondAnyClock(seconds: Double) async throws {
    let budget = SearchBudget(seconds: seconds, nodes: 20_000, workers: 1)
    #expect(budget.seconds == Swift.min(seconds, SearchBudget.longest))
    let answer = try await instance(Self.box + "(assert (>= Y_0 2.001))").decide(budget: budget)
    #expect(answer.result == .unsat)
    var changed = budget
    changed.seconds = .nan
    #expect(changed.seconds == 0)
    changed.seconds = -1
    #expect(changed.seconds == 0)
  }

  @Test(arguments: [
    // The distance is at most 2.
    (box + "(assert (>= Y_0 2.001))", NetworkInstance.Result.unsat),
    (box + "(assert (>= Y_0 1.999))", .sat),
    (box + "(assert (>= Y_0 2))", .sat),
    // SiLU is at least -0.2685 at -1, and at most 0.7311 at 1.
    (box + "(assert (<= Y_1 -0.2695))", .unsat),
    (box + "(assert (<= Y_1 -0.2685))", .sat),
    (box + "(assert (>= Y_1 0.7312))", .unsat),
    // Both at once: a large distance with x0 = 1, so a large second output.
    (box + "(assert (>= Y_0 1.9)) (assert (<= Y_1 0.5)) (assert (>= X_0 0))", .unsat),
    (box + "(assert (or (and (>= Y_0 3) (<= Y_1 9)) (and (>= Y_1 0.7) (<= Y_0 0.5))))", .sat),
    // Two boxes of which the second holds the point.
    (
      names + "(assert (or (and (>= X_0 0) (<= X_0 1) (>= X_1 0) (<= X_1 1) (>= Y_0 1.5))"
        + "(and (>= X_0 2) (<= X_0 3) (>= X_1 0) (<= X_1 1) (>= Y_0 2.5))))", .sat
    ),
    // No input at all.
    (names + "(assert (>= X_0 1)) (assert (<= X_0 0)) (assert (<= X_1 0)) (assert (>= X_1 0))", .unsat),
    // A tenth is no double; the distance of x0 = 1.1 is exactly 1.
    (
      names + "(assert (<= X_1 0.1)) (assert (>= X_1 0.1)) (assert (>= X_0 1)) (assert (<= X_0 1.2))"
        + "(assert (>= Y_0 1.01))", .sat
    ),
  ])
  func answersAreTrueAndReplay(text: String, result: NetworkInstance.Result) async throws {
    let instance = try instance(text)
    let first = await instance.decide(budget: SearchBudget(seconds: 30, nodes: 20_000, workers: 2))
    #expect(first.isReplayed == nil)
    let answer = await instance.replay(first, workers: 2)
    #expect(answer.result == result)
    #expect(answer.isReplayed == true)
    #expect((answer.witness != nil) == (result == .sat))
    guard let witness = answer.witness else { return }
    let distance = (witness.inputs[0] - witness.inputs[1]).magnitude
    #expect(witness.outputs[0].contains(distance))
    if text.contains("X_1 0.1") { #expect(witness.inputs[1] == Rational(decimal: "0.1")) }
  }

  @Test func evidenceOfAnotherInstanceIsRefused() async throws {
    let budget = SearchBudget(seconds: 30, nodes: 20_000, workers: 1)
    // The distance of two numbers of the box is at most 2.
    let texts = [1.5, 2.5].map { Self.box + "(assert (>= Y_0 \($0)))" }
    let (low, high) = (try instance(texts[0]), try instance(texts[1]))
    let (met, unmet) = (await low.decide(budget: budget), await high.decide(budget: budget))
    #expect(met.result == .sat && unmet.result == .unsat)
    for (answer, own, other) in [(met, low, high), (unmet, high, low)] {
      #expect(await own.replay(answer, workers: 1).isReplayed == true)
      #expect(await other.replay(answer, workers: 1).isReplayed == false)
    }
  }

  @Test func limitsAreTold() async throws {
    // Twice the distance of two numbers is at least their difference, with equality where they meet.
    let instance = try instance(Self.box + "(assert (<= (+ Y_0 Y_0 X_1) (- X_0 0.0001)))")
    let answer = await instance.replay(
      await instance.decide(budget: SearchBudget(nodes: 2, workers: 1)), workers: 1)
    #expect(answer.result == .unknown)
    #expect(answer.isReplayed == nil)
    #expect(answer.note?.contains("--nodes") == true)
  }

  /// Every file of the public benchmarks is read and fits its network, or its operators are named.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["DSPEC_BENCH"] != nil,
      "set DSPEC_BENCH to the folder of the public benchmarks"))
  func publicBenchmarksAreRead() throws {
    let root = ProcessInfo.processInfo.environment["DSPEC_BENCH"] ?? ""
    for suite in ["acasxu", "dist_shift", "rl", "mnist_fc", "safenlp", "test"] {
      let list = try String(contentsOfFile: "\(root)/\(suite)/instances.csv", encoding: .utf8)
      for line in list.split(whereSeparator: \.isNewline).dropFirst() {
        let parts = line.split(separator: ",", omittingEmptySubsequences: false)
        _ = try NetworkInstance(
          network: "\(root)/\(suite)/\(parts[0])", property: "\(root)/\(suite)/\(parts[1])")
      }
    }
  }
}
