import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// What an operator may lose in single precision is part of its bounds, also at zeros and where one operand of a group
/// stands out.
@Suite struct DeployedOperatorTests {
  private static func evaluator(
    _ rows: Int, _ apply: (inout GraphBuilder, Int) throws -> Int
  ) throws -> (Graph, CellEvaluator) {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([rows]))
    let y = try apply(&builder, x)
    let graph = try builder.build(outputs: [y])
    let atoms = (0..<rows).map { Predicate.atom(Atom(.element($0), .lessOrEqual, .rational(Rational(0)))) }
    let item = ObligationCase(
      label: "", weight: Rational(1), graph: graph, predicate: .all(atoms), arithmetic: .float32AnyOrder)
    return (graph, CellEvaluator(try CompiledCase(item)))
  }

  /// The real value is zero; the computed one need not be.
  @Test func functionsOfZerosAreNoZeros() throws {
    for function in [SmoothFunction.tanh, .sin, .erf, .silu, .gelu, .tanhGELU, .quotientGELU, .productGELU] {
      let (_, evaluator) = try Self.evaluator(2) { builder, x in
        try builder.apply(.smooth(function), [builder.apply(.relu, [x])])
      }
      let error = SingleRounding.function(function, at: 0, value: 0)
      for rule in [LeafRule.interval, .zonotope, .linearBounds, .fullLinearBounds] {
        for bounds in evaluator.bounds(on: Cell(lower: [-2, -2], upper: [-1, -1]), rule: rule) {
          #expect(bounds.range.lower <= -error && error <= bounds.range.upper, "\(function) \(rule)")
        }
      }
    }
  }

  /// Operands whose difference may overflow, wherever in the group they are.
  @Test func hugeOperandsOfASoftmaxShowNothing() throws {
    for isLogarithm in [false, true] {
      // The first is within what inputs are followed to.
      for (place, huge) in (0..<3).flatMap({ place in [0x1p99, 0x1p127].map { (place, $0) } }) {
        let (_, evaluator) = try Self.evaluator(3) { builder, x in
          try builder.apply(.softmax(Softmax(size: 3, isLogarithm: isLogarithm)), [x])
        }
        var point = [0.0, 0.5, 1]
        point[place] = huge
        for rule in [LeafRule.interval, .zonotope, .linearBounds, .fullLinearBounds] {
          let bounds = evaluator.bounds(on: Cell(lower: point, upper: point), rule: rule)
          #expect(bounds.allSatisfy { $0.range == .entire }, "\(isLogarithm) \(place) \(rule)")
        }
      }
    }
  }

  /// A group with one element far from the others.
  @Test func normalizationsLoseByTheirGreatestOperand() throws {
    for size in [2, 8, 40] {
      let normalization = try Normalization(size: size, epsilon: Double(Float(1e-5)))
      let (graph, evaluator) = try Self.evaluator(size) { builder, x in
        try builder.apply(.normalize(normalization), [x])
      }
      for place in [0, size - 1] {
        var point = [Double](repeating: 0.125, count: size)
        point[place] = 3
        let exact = try graph.evaluate([point.map { Interval($0) }])[0]
        let sum = point.reduce(Interval.zero) { $0 + Interval($1) }
        let count = Interval(Double(size))
        let inverse = try normalization.inverseRoot(of: point.map { count * Interval($0) - sum }) * count
        for rule in [LeafRule.interval, .zonotope, .linearBounds, .fullLinearBounds] {
          let bounds = evaluator.bounds(on: Cell(lower: point, upper: point), rule: rule)
          for (bound, real) in zip(bounds, exact) {
            let error = SingleRounding.normalization(
              normalization, operands: 3, inverse: inverse.lower, value: real.magnitude)
            #expect(
              bound.range.lower <= real.upper - 0.99 * error
                && real.lower + 0.99 * error <= bound.range.upper,
              "\(size) \(rule)")
          }
        }
      }
    }
  }
}
