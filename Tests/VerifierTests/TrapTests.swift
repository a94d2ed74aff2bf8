import BranchAndBound
import Foundation
import ModelFormats
import RigorousArithmetic
import TensorGraph
import Testing
import Verifier

/// Networks and formulas that have led verifiers to wrong answers: each with the answers that are true in the real numbers.
///
/// Rounding and summation order: Jia and Rinard, Exploiting Verified Neural Networks via Floating Point Numerical Error
/// (2021); deployment: Szász, Bánhelyi and Jelasity, No Soundness in the Real World (2025). The networks here are our own.
@Suite struct TrapTests {
  struct Trap: Sendable, CustomTestStringConvertible {
    let name: String
    let graph: @Sendable () throws -> Graph
    let formula: String
    /// The true answer and, where it may stay open, `unknown`.
    let answers: Set<NetworkInstance.Result>

    var testDescription: String { name }
  }

  private static func linear(_ weights: [[Double]], _ bias: [Double]) throws -> TensorGraph.Operation {
    .linear(
      try Linear(
        weights: Tensor(shape: Shape([weights.count, weights[0].count]), values: weights.flatMap(\.self)),
        bias: Tensor(shape: Shape(vector: bias.count), values: bias)))
  }

  /// One input, layers of rectifiers between the given ones.
  private static func rectified(_ layers: [(weights: [[Double]], bias: [Double])]) throws -> Graph {
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([1, 1]))
    for (index, layer) in layers.enumerated() {
      if index > 0 { value = try builder.apply(.relu, [value]) }
      value = try builder.apply(linear(layer.weights, layer.bias), [value])
    }
    return try builder.build(outputs: [value])
  }

  private static func function(
    _ functions: [SmoothFunction], scaledBy factor: Double = 1
  ) throws -> Graph {
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([1, 1]))
    for function in functions { value = try builder.apply(.smooth(function), [value]) }
    value = try builder.apply(linear([[factor]], [0]), [value])
    return try builder.build(outputs: [value])
  }

  private static func range(_ lower: String, _ upper: String, _ output: String) -> String {
    "(declare-const X_0 Real)\n(declare-const Y_0 Real)\n(assert (>= X_0 \(lower)))\n(assert (<= X_0 \(upper)))\n"
      + "(assert \(output))\n"
  }

  /// `((10^17 x + x) + (2 10^17 - 10^17 x)) - 2 10^17`: the real value is `x`, which doubles lose.
  @Sendable private static func order() throws -> Graph {
    try rectified([([[1e17], [1], [-1e17]], [0, 0, 2e17]), ([[1, 1, 1]], [-2e17])])
  }

  /// `max(0, 1 - 2^27 |x - c|)` for the double nearest to 0.3: a spike that no sample meets.
  @Sendable private static func spike() throws -> Graph {
    let steep = 0x1p27
    return try rectified([
      ([[1], [-1]], [-0.3, 0.3]), ([[-steep, -steep]], [1]), ([[1]], [0]),
    ])
  }

  /// `max(0, (x + 2^60) - 2^60 - x)`, which is zero; doubles lose `x` in the first sum.
  @Sendable private static func absorbed() throws -> Graph {
    try rectified([
      ([[1], [1]], [0x1p60, 0]), ([[1, -1], [0, 0]], [-0x1p60, 0]), ([[1, 0]], [0]),
    ])
  }

  static let traps: [Trap] = [
    Trap(
      name: "a sum whose order matters, asked for what rounding hides", graph: order,
      formula: range("0.75", "0.8", "(>= Y_0 0.75)"), answers: [.sat, .unknown]),
    Trap(
      name: "a sum whose order matters, asked for what rounding invents", graph: order,
      formula: range("0.75", "0.8", "(<= Y_0 0.5)"), answers: [.unsat, .unknown]),
    Trap(
      name: "a spike that hides a counterexample", graph: spike,
      formula: range("-1", "1", "(>= Y_0 0.5)"), answers: [.sat, .unknown]),
    Trap(
      name: "a spike that is not high enough", graph: spike,
      formula: range("-1", "1", "(>= Y_0 1.0000001)"), answers: [.unsat]),
    Trap(
      name: "a difference that absorption makes positive", graph: absorbed,
      formula: range("-0.5", "0.75", "(>= Y_0 0.001)"), answers: [.unsat, .unknown]),
    Trap(
      name: "a miss by less than every tolerance",
      graph: { try rectified([([[1]], [0]), ([[1]], [0])]) },
      formula: range("0", "1", "(>= Y_0 1.000000000001)"), answers: [.unsat]),
    Trap(
      name: "a bound that is just attained", graph: { try rectified([([[1]], [0]), ([[1]], [0])]) },
      formula: range("0", "1", "(>= Y_0 1)"), answers: [.sat]),
    Trap(
      name: "a range whose decimal end no double holds",
      graph: { try rectified([([[1]], [0]), ([[1]], [0])]) },
      formula: range("0", "0.1", "(>= Y_0 0.1000000000000000055)"), answers: [.unsat, .unknown]),
    Trap(
      name: "values beyond the doubles", graph: { try function([.exp, .square, .square], scaledBy: -1) },
      formula: range("100", "300", "(>= Y_0 0)"), answers: [.unsat, .unknown]),
    Trap(
      name: "values beyond the doubles, asked the other way",
      graph: { try function([.exp, .square, .square], scaledBy: -1) },
      formula: range("100", "300", "(<= Y_0 -1)"), answers: [.sat, .unknown]),
    Trap(
      name: "a root of negative numbers", graph: { try function([.sqrt]) },
      formula: range("-1", "1", "(<= Y_0 -5)"), answers: [.unknown]),
    Trap(
      name: "a division by zero, multiplied by zero", graph: { try function([.reciprocal], scaledBy: 0) },
      formula: range("-1", "1", "(>= Y_0 1)"), answers: [.unknown]),
    Trap(
      name: "one of two alternatives", graph: { try rectified([([[1]], [0]), ([[1]], [0])]) },
      formula: range("-1", "1", "(or (and (>= Y_0 2)) (and (<= Y_0 0) (>= X_0 -0.5) (<= X_0 -0.5)))"),
      answers: [.sat]),
    Trap(
      name: "alternatives that fail one by one", graph: { try rectified([([[1]], [0]), ([[1]], [0])]) },
      formula: range("-1", "1", "(or (and (>= Y_0 2)) (and (<= Y_0 -0.5)))"), answers: [.unsat]),
  ]

  @Test(arguments: traps)
  func answer(to trap: Trap) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dspec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appending(path: "m.onnx").path
    let property = folder.appending(path: "p.vnnlib").path
    try ModelFile.write(ONNXWriter(elementType: .float64).bytes(of: trap.graph(), file: model), to: model)
    try ModelFile.write(Array(trap.formula.utf8), to: property)
    let instance = try NetworkInstance(network: model, property: property)
    let budget = SearchBudget(nodes: 20_000, workers: 1)
    let answer = await instance.replay(await instance.decide(budget: budget), workers: 1)
    #expect(trap.answers.contains(answer.result), "\(answer.result)")
    if answer.result == .sat || answer.result == .unsat { #expect(answer.isReplayed == true) }
  }
}
