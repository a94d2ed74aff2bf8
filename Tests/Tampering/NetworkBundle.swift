import BranchAndBound
import Certificates
import Evidence
import Foundation
import LeafRules
import ModelFormats
import Replay
import TensorGraph
import VerificationProblem
import Verifier

/// Certificates about a network and a VNN-LIB file.
package enum NetworkBundle: String, CaseIterable, Sendable {
  /// No input of two boxes meets the formula.
  case unsat
  /// An input does.
  case sat
  /// Eight inputs, proved by splits of phases.
  case phases
  /// Proved by splits of phases whose leaves have weights of full precision.
  case weighted
  /// Proved by cells on which the parts of the formula are weighed, since none of them shows it alone.
  case weighed

  /// Makes the bundle.
  package func make() async throws -> ValidBundle {
    try await ValidBundle.inTemporaryFolder { folder in
      let (graph, formula) = try question()
      let (model, property) = (folder + "/net.onnx", folder + "/claim.vnnlib")
      try ModelFile.write(ONNXWriter(elementType: .float64).bytes(of: graph, file: "net.onnx"), to: model)
      try ModelFile.write(Array(formula.utf8), to: property)
      let instance = try NetworkInstance(network: model, property: property)
      let answer = await instance.decide(budget: SearchBudget(nodes: 20_000, workers: 1))
      let holder = try ValidBundle.holder()
      let path = folder + "/out.dcert"
      _ = try instance.certify(answer, to: path, key: holder.key, issuedAt: ValidBundle.issuedAt)
      return try ValidBundle(at: path, holder: holder)
    }
  }

  private func question() throws -> (Graph, formula: String) {
    switch self {
    case .unsat: return (try Self.distance(), Self.boxes("2.6"))
    case .sat: return (try Self.distance(), Self.boxes("2.25"))
    case .phases: return try Self.rectifiers(seed: 0, margin: 1.2, outputs: [0])
    case .weighted: return try Self.triangle()
    case .weighed: return try Self.planes()
    }
  }

  // MARK: A distance

  /// `|x0 - x1|`.
  private static func distance() throws -> Graph {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1, 2]))
    let sides = try builder.apply(.relu, [try builder.apply(linear([[1, -1], [-1, 1]], [0, 0]), [x])])
    let sum = try builder.apply(linear([[1, 1]], [0]), [sides])
    return try builder.build(outputs: [sum])
  }

  /// Two boxes, and a distance of at least `limit`; it is at most 1.5 on the first and at most 2.5 on the second.
  package static func boxes(_ limit: String) -> String {
    ["X_0", "X_1", "Y_0"].map { "(declare-const \($0) Real)\n" }.joined()
      + "(assert (>= Y_0 \(limit)))\n(assert (or"
      + "(and (>= X_0 0) (<= X_0 1) (>= X_1 -0.5) (<= X_1 1))"
      + "(and (>= X_0 1) (<= X_0 2) (>= X_1 -0.5) (<= X_1 1))))\n"
  }

  private static func linear(_ weights: [[Double]], _ bias: [Double]) throws -> TensorGraph.Operation {
    .linear(
      try Linear(
        weights: Tensor(shape: Shape([weights.count, weights[0].count]), values: weights.flatMap(\.self)),
        bias: Tensor(shape: Shape(vector: bias.count), values: bias)))
  }

  // MARK: Rectifiers

  /// Eight inputs in [-1, 1] and three outputs; the formula is met where all of some outputs exceed what a corner attains by
  /// a margin.
  private static func rectifiers(
    seed: UInt64, margin: Double, outputs: [Int]
  ) throws -> (Graph, formula: String) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state) >> 40) * 0x1p-23
    }
    var builder = GraphBuilder()
    var value = try builder.input("x", shape: Shape([1, 8]))
    for (index, (columns, rows)) in zip([8, 12, 10], [12, 10, 3]).enumerated() {
      let weights = (0..<rows).map { _ in (0..<columns).map { _ in next() } }
      value = try builder.apply(linear(weights, (0..<rows).map { _ in next() / 4 }), [value])
      if index < 2 { value = try builder.apply(.relu, [value]) }
    }
    let graph = try builder.build(outputs: [value])
    var attained = [Double](repeating: -.infinity, count: 3)
    for corner in 0..<256 {
      let point = (0..<8).map { corner >> $0 & 1 == 0 ? -1.0 : 1 }
      for (output, value) in try graph.evaluate([point])[0].enumerated() {
        attained[output] = max(attained[output], value)
      }
    }
    var text = (0..<8).map { "(declare-const X_\($0) Real)\n" }.joined()
    text += (0..<3).map { "(declare-const Y_\($0) Real)\n" }.joined()
    text += (0..<8).map { "(assert (>= X_\($0) -1))\n(assert (<= X_\($0) 1))\n" }.joined()
    for output in outputs {
      let limit = ((attained[output] + margin) * 1024).rounded() / 1024
      text += "(assert (>= Y_\(output) \(limit)))\n"
    }
    return (graph, text)
  }

  /// `|u + v| - |u| - |v|` for two forms of two inputs, at most zero; each distance by a rectifier whose operand is scaled, so
  /// that the best multipliers are no short numbers.
  private static func triangle() throws -> (Graph, formula: String) {
    let (u, v) = ([0.75, -0.3125], [0.4375, 1.125])
    let sum = [u[0] + v[0], u[1] + v[1]]
    let forms = [(sum, 3.0, 1.0), (u, 7, -1), (v, 11, -1)]
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1, 2]))
    let operands = try builder.apply(
      linear(forms.map { form in form.0.map { form.1 * $0 } }, [0, 0, 0]), [x])
    let bent = try builder.apply(.relu, [operands])
    let distances = try builder.apply(linear([forms.map { 2 * $0.2 / $0.1 }], [0]), [bent])
    // |z| = 2 max(z, 0) - z.
    let through = (0..<2).map { axis in forms.reduce(0) { $0 - $1.2 * $1.0[axis] } }
    let rest = try builder.apply(linear([through], [0]), [x])
    let result = try builder.apply(.add, [distances, rest])
    let graph = try builder.build(outputs: [result])
    var text = ["X_0", "X_1", "Y_0"].map { "(declare-const \($0) Real)\n" }.joined()
    text += (0..<2).map { "(assert (>= X_\($0) -1))\n(assert (<= X_\($0) 1))\n" }.joined()
    return (graph, text + "(assert (>= Y_0 0.000001))\n")
  }

  /// Three inputs in [-1, 1.7]; at each point the first output or the second is above zero, on either side of a plane.
  private static func planes() throws -> (Graph, formula: String) {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([1, 3]))
    let none = [0.0, 0, 0]
    let forms = try builder.apply(
      linear([[0.75, -0.3125, 0.4375], [-0.75, 0.3125, -0.4375], [0.25, 0.5, 0.125]], none), [x])
    let bent = try builder.apply(
      .relu, [builder.apply(linear([[3, 1, -2], [-1, 0.75, 0.25]], [0, 0]), [x])])
    let bump = try builder.apply(linear([[0.375, 0.125], [0.375, 0.125], [0, 0]], none), [bent])
    let sum = try builder.apply(.add, [forms, bump])
    let graph = try builder.build(outputs: [sum])
    var text = ["X_0", "X_1", "X_2", "Y_0", "Y_1", "Y_2"].map { "(declare-const \($0) Real)\n" }.joined()
    text += (0..<3).map { "(assert (>= X_\($0) -1))\n(assert (<= X_\($0) 1.7))\n" }.joined()
    text += "(assert (<= Y_0 -0.000001))\n(assert (<= Y_1 -0.000001))\n(assert (<= Y_2 50))\n"
    return (graph, text)
  }
}
