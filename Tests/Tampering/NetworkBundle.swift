import BranchAndBound
import Certificates
import Evidence
import Foundation
import LeafRules
import ModelFormats
import Replay
package import TensorGraph
import VerificationProblem
import Verifier

/// Certificates about a network and a VNN-LIB file.
package enum NetworkBundle: String, CaseIterable, Sendable {
  /// No input of two boxes meets the formula.
  case unsat
  /// An input does.
  case sat
  /// No input of one box meets it.
  case square
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
      let answer = await instance.decide(budget: SearchBudget(nodes: 60_000, workers: 1))
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
    case .square:
      let box = "(assert (>= X_0 0))(assert (<= X_0 1))(assert (>= X_1 -0.5))(assert (<= X_1 1))\n"
      return (try Self.distance(), Self.variables + "(assert (>= Y_0 1.75))\n" + box)
    case .phases: return try Self.rectifiers(seed: 0, margin: 1.2, outputs: [0])
    case .weighted: return try Self.triangles()
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

  private static let variables = ["X_0", "X_1", "Y_0"].map { "(declare-const \($0) Real)\n" }.joined()

  /// Two boxes, and a distance of at least `limit`; it is at most 1.5 on the first and at most 2.5 on the second.
  package static func boxes(_ limit: String) -> String {
    variables + "(assert (>= Y_0 \(limit)))\n(assert (or"
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

  /// `|u + v| - |u| - |v|`, at most zero and zero wherever `u` and `v` have one sign, for as many pairs of linear forms
  /// of the inputs; each distance is made of a rectifier whose operand is scaled by 3, 7 or 11, so that the best multipliers
  /// are no short numbers.
  ///
  /// - Parameter batch: extents before that of the inputs.
  package static func triangle(pairs: Int, shift: Double = 0, batch: [Int] = []) throws -> Graph {
    let inputs = 2 * pairs
    var operands: [[Double]] = []
    var weights: [Double] = []
    var through = [Double](repeating: 0, count: inputs)
    for pair in 0..<pairs {
      var u = [Double](repeating: 0, count: inputs)
      var v = u
      (u[2 * pair], u[2 * pair + 1]) = (0.75, -0.3125)
      (v[2 * pair], v[2 * pair + 1]) = (0.4375, 1.125)
      for (form, scale, sign) in [(zip(u, v).map { $0 + $1 }, 3.0, 1.0), (u, 7, -1), (v, 11, -1)] {
        // |z| = 2 max(z, 0) - z.
        operands.append(form.map { scale * $0 })
        weights.append(2 * sign / scale)
        for axis in 0..<inputs { through[axis] -= sign * form[axis] }
      }
    }
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape(batch + [inputs]))
    let none = [Double](repeating: 0, count: operands.count)
    let bent = try builder.apply(.relu, [builder.apply(linear(operands, none), [x])])
    let sum = try builder.apply(
      .add, [builder.apply(linear([weights], [shift]), [bent]), builder.apply(linear([through], [0]), [x])])
    return try builder.build(outputs: [sum])
  }

  /// Four pairs of forms of inputs in [-1, 1] together exceed zero.
  private static func triangles() throws -> (Graph, formula: String) {
    var text = ((0..<8).map { "X_\($0)" } + ["Y_0"]).map { "(declare-const \($0) Real)\n" }.joined()
    text += (0..<8).map { "(assert (>= X_\($0) -1))\n(assert (<= X_\($0) 1))\n" }.joined()
    return (try triangle(pairs: 4, batch: [1]), text + "(assert (>= Y_0 0.000001))\n")
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
