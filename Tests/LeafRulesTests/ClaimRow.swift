import Evidence
import LeafRules
import RigorousArithmetic
import TensorGraph
import Testing
import VerificationProblem

/// A claim on a cell, the rules that show it, and those that may not.
struct ClaimRow: Sendable, CustomTestStringConvertible {
  /// Every rule that bounds quantities.
  static let all: Set<LeafRule> = [.interval, .zonotope, .linearBounds, .attained, .fullLinearBounds]
  /// Those that keep how values depend on coordinates.
  static let correlated: Set<LeafRule> = [.zonotope, .linearBounds, .fullLinearBounds]

  let name: String
  let graph: @Sendable (inout GraphBuilder, Int) throws -> Int
  let cell: Cell
  let quantity: Quantity
  let comparison: Comparison
  let limit: Rational
  let balls: [Ball]
  let accepts: Set<LeafRule>
  let rejects: Set<LeafRule>

  /// - Parameters:
  ///   - graph: Applies operators to an input with as many elements as the cell has coordinates.
  ///   - rejects: All where nothing is accepted, since the claim is false then; else those that know nothing, unless given.
  init(
    _ name: String, on ranges: [ClosedRange<Double>], of quantity: Quantity = .element(0),
    _ comparison: Comparison, _ limit: Rational, balls: [Ball] = [], accepts: Set<LeafRule> = [],
    rejects: Set<LeafRule>? = nil, graph: @escaping @Sendable (inout GraphBuilder, Int) throws -> Int
  ) {
    self.name = name
    self.graph = graph
    cell = Cell(lower: ranges.map(\.lowerBound), upper: ranges.map(\.upperBound))
    self.quantity = quantity
    self.comparison = comparison
    self.limit = limit
    self.balls = balls
    self.accepts = accepts
    self.rejects = rejects ?? (accepts.isEmpty ? Set(LeafRule.allCases) : [.open, .outside])
  }

  /// A limit that is a double.
  init(
    _ name: String, on ranges: [ClosedRange<Double>], of quantity: Quantity = .element(0),
    _ comparison: Comparison, _ limit: Double, balls: [Ball] = [], accepts: Set<LeafRule> = [],
    rejects: Set<LeafRule>? = nil, graph: @escaping @Sendable (inout GraphBuilder, Int) throws -> Int
  ) {
    self.init(
      name, on: ranges, of: quantity, comparison, Rational(dyadic: limit), balls: balls, accepts: accepts,
      rejects: rejects, graph: graph)
  }

  var testDescription: String { "\(name), \(comparison) \(limit)" }

  func evaluator() throws -> CellEvaluator {
    var builder = GraphBuilder()
    let x = try builder.input("x", shape: Shape([cell.lower.count]))
    let output = try graph(&builder, x)
    let item = ObligationCase(
      label: "", weight: .one, graph: try builder.build(outputs: [output]),
      predicate: .atom(Atom(quantity, comparison, .rational(limit))))
    return CellEvaluator(try CompiledCase(item, balls: balls))
  }

  /// Checks what each rule says.
  func check() throws {
    let evaluator = try evaluator()
    for rule in accepts {
      #expect(evaluator.claim(on: cell, rule: rule).truth == true, "\(rule.title) does not show it")
    }
    for rule in rejects where rule != .phases {
      #expect(evaluator.claim(on: cell, rule: rule).truth != true, "\(rule.title) shows it")
    }
  }
}

extension GraphBuilder {
  /// The product with a matrix of so many columns, and a bias.
  mutating func linear(
    _ weights: [Double], columns: Int, bias: [Double]? = nil, of value: Int
  ) throws -> Int {
    let rows = weights.count / columns
    return try apply(
      .linear(
        try Linear(
          weights: Tensor(shape: Shape([rows, columns]), values: weights),
          bias: Tensor(shape: Shape([rows]), values: bias ?? [Double](repeating: 0, count: rows)))), [value])
  }
}
