import Lowering
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// An input meets a formula exactly where the obligation of its box fails.
@Suite struct VNNLIBLoweringTests {
  /// `y0 = max(x0 - x1, 0)`, `y1 = x0 + 2 x1 - 1`.
  private static func network() throws -> Graph {
    var builder = GraphBuilder()
    let input = try builder.input("x", shape: try Shape([1, 1, 2]))
    let flat = try builder.apply(.reshape(Shape(vector: 2)), [input])
    let hidden = try builder.apply(.linear(try linear([[1, -1], [1, 2], [-1, -2]], [0, -1, 1])), [flat])
    let bent = try builder.apply(.relu, [hidden])
    let output = try builder.apply(.linear(try linear([[1, 0, 0], [0, 1, -1]], [0, 0])), [bent])
    return try builder.build(outputs: [output])
  }

  private static func linear(_ weights: [[Double]], _ bias: [Double]) throws -> Linear {
    try Linear(
      weights: Tensor(shape: Shape([weights.count, weights[0].count]), values: weights.flatMap(\.self)),
      bias: Tensor(shape: Shape(vector: bias.count), values: bias))
  }

  private static func outputs(_ x: [Rational]) -> [Rational] {
    [max(x[0] - x[1], Rational(0)), x[0] + Rational(2) * x[1] - Rational(1)]
  }

  private func problem(_ assertions: String) throws -> VNNLIBProblem {
    let names = ["X_0", "X_1", "Y_0", "Y_1"].map { "(declare-const \($0) Real)" }.joined()
    return try VNNLIBParser.parse(Array((names + assertions).utf8), file: "p")
  }

  /// The truth of a formula, by exact arithmetic.
  private static func holds(_ formula: VNNLIBFormula, _ x: [Rational], _ y: [Rational]) -> Bool {
    switch formula {
    case .all(let parts): return parts.allSatisfy { holds($0, x, y) }
    case .any(let parts): return parts.contains { holds($0, x, y) }
    case .constraint(let constraint):
      var value = constraint.constant
      for (variable, coefficient) in constraint.coefficients {
        switch variable {
        case .input(let index): value = value + coefficient * x[index]
        case .output(let index): value = value + coefficient * y[index]
        }
      }
      switch constraint.comparison {
      case .less: return value < Rational(0)
      case .lessOrEqual: return value <= Rational(0)
      case .greater: return value > Rational(0)
      case .greaterOrEqual: return value >= Rational(0)
      }
    }
  }

  static let box = "(assert (>= X_0 -1)) (assert (<= X_0 1)) (assert (>= X_1 0)) (assert (<= X_1 0.5))"

  @Test(arguments: [
    box + "(assert (<= Y_0 Y_1))",
    box + "(assert (>= Y_0 0.5)) (assert (< Y_1 0.25))",
    box + "(assert (or (and (>= Y_0 1) (>= Y_1 -1)) (> Y_1 1) (<= (+ (* 2 Y_0) (* -4 Y_1)) 3)))",
    box + "(assert (>= (- Y_1 X_0) -0.5))",
    box + "(assert (< X_0 0.5)) (assert (>= Y_1 0))",
    box + "(assert (not (or (> Y_0 0.25) (= Y_1 0))))",
    box + "(assert (>= (+ X_0 X_1) 1)) (assert (<= Y_0 1))",
    "(assert (or (and (>= X_0 -1) (<= X_0 0) (>= X_1 0) (<= X_1 1) (<= Y_1 -1))"
      + "(and (>= X_0 0) (<= X_0 1) (>= X_1 -1) (<= X_1 0) (>= Y_0 1))"
      + "(and (>= X_0 0) (<= X_0 1) (>= X_1 -1) (<= X_1 0) (<= Y_1 -2.5))))",
    "(assert (<= X_1 0.5)) (assert (>= X_1 0.5)) (assert (>= X_0 0)) (assert (<= X_0 2)) (assert (>= Y_0 1))",
    "(assert (<= X_1 0.1)) (assert (>= X_1 0.1)) (assert (>= X_0 0)) (assert (<= X_0 2)) (assert (>= Y_0 1))",
    box + "(assert (= Y_0 Y_1))",
    box + "(assert (= (+ Y_0 (* 3 X_1)) 1.5)) (assert (<= X_0 0.5))",
    box + "(assert (or (= Y_1 0) (and (= X_0 0.25) (> Y_0 X_1))))",
    box + "(assert (or (and (<= X_0 0) (>= Y_0 X_0))"
      + "(and (>= X_0 0.5) (or (<= Y_1 -1) (>= (+ X_1 Y_1) 1)))))",
    // Quotients by the first coefficient are no doubles here, the coefficients are.
    box + "(assert (>= (+ (* 3 Y_0) Y_1) 1))",
    box + "(assert (or (< (- (* -3 Y_0) Y_1) -2) (<= (+ (* -7 Y_1) (* 3 X_0)) 1)))",
    box + "(assert (>= (+ (* 0.3 Y_0) (* 0.3 Y_1)) 0.3))",
    box + "(assert (<= 0 1))",
    box + "(assert (<= 1 0))",
  ])
  func obligationsFailExactlyWhereTheFormulaHolds(text: String) throws {
    let problem = try problem(text)
    let queries = try VNNLIBLowering.queries(problem, network: try Self.network(), file: "p")
    let grid = (-8...16).map { Rational($0) * (Rational(1).divided(by: Rational(8)) ?? Rational(0)) }
    let tenth = try #require(Rational(decimal: "0.1"))
    var met = 0
    for x0 in grid + [tenth] {
      for x1 in grid + [tenth] {
        let x = [x0, x1]
        let expected = Self.holds(.all(problem.assertions), x, Self.outputs(x))
        var found = false
        for query in queries where zip(query.box, x).allSatisfy({ $0.lower <= $1 && $1 <= $0.upper }) {
          guard case .forall(let region) = query.obligation.question else { continue }
          let point = query.coordinates.map { x[$0].roundedDown }
          guard zip(region.box, point).allSatisfy({ $0.coordinate($1) != nil }), query.inputs(at: point) == x
          else { continue }
          let answer = try query.obligation.cases[0].truth(at: point, in: region)
          #expect(answer?.truth != nil)
          if answer?.truth == false { found = true }
        }
        // Points off the doubles are no witnesses unless their coordinate is fixed.
        let isOffGrid = x.map { Rational(dyadic: $0.roundedDown) != $0 }
        if !isOffGrid[0], !isOffGrid[1] || text.contains("0.1") { #expect(found == expected) }
        if expected { met += 1 }
      }
    }
    if !text.contains("(<= 1 0)") { #expect(met > 0) }
  }

  @Test func emptyBoxesAreDropped() throws {
    let problem = try problem(
      "(assert (<= X_0 0)) (assert (>= X_0 1)) (assert (<= X_1 0)) (assert (>= X_1 0)) (assert (<= Y_0 0))")
    #expect(try VNNLIBLowering.queries(problem, network: try Self.network(), file: "p").isEmpty)
  }

  @Test(arguments: [
    (
      "(assert (<= X_0 1)) (assert (<= Y_0 0))",
      "p: `X_0` has no bound from below; the inputs must form a box"
    ),
    (
      "(assert (<= X_0 1)) (assert (>= X_0 1)) (assert (>= X_1 1)) (assert (<= Y_0 0))",
      "p: `X_1` has no bound from above; the inputs must form a box"
    ),
    (
      "(assert (<= X_0 1e400)) (assert (>= X_0 1)) (assert (>= X_1 1)) (assert (<= X_1 1)) (assert (<= Y_0 0))",
      "p: `X_0` is bounded beyond the range of doubles; give it bounds within ±1.7e308"
    ),
  ])
  func unboundedInputsAreNamed(text: String, message: String) throws {
    let problem = try problem(text)
    let graph = try Self.network()
    let error = #expect(throws: VNNLIBError.self) {
      try VNNLIBLowering.queries(problem, network: graph, file: "p")
    }
    #expect(error?.description == message)
  }

  @Test func otherSignaturesAreNamed() throws {
    let problem = try VNNLIBParser.parse(
      Array("(declare-const X_0 Real)(declare-const Y_0 Real)(assert (<= X_0 1))".utf8), file: "p")
    let graph = try Self.network()
    let error = #expect(throws: VNNLIBError.self) {
      try VNNLIBLowering.queries(problem, network: graph, file: "p")
    }
    #expect(error?.description == "p: declares 1 inputs, the network takes 2")
  }
}
