import DSpecSemantics
import DiffusionModels
import Lowering
import ModelFormats
import RigorousArithmetic
import TensorGraph

/// The meaning of a claim at one assignment of its variables, in exact arithmetic, by recursion over the typed claim.
///
/// It follows section 6 of the grammar and shares nothing with the lowering but the sampler's table of coefficients:
/// networks are the closed formulas of `TinyModel`, records are the numbers that the tests wrote.
struct ClaimEvaluator {
  /// A value of an expression.
  enum Value {
    case number(ExactNumber)
    case choice(Int)
    case tensor([Rational], shape: [Int])
  }

  /// What the evaluator cannot give a meaning.
  struct Unsupported: Error { let text: String }

  let spec: TypedSpec
  /// Coefficients of the samplers by name, as exact numbers.
  let tables: [String: SamplerTable]

  init(_ project: CorpusProject) {
    spec = project.spec
    tables = project.library.samplers
  }

  // MARK: Conditions

  func truth(_ expression: TypedExpression, _ variables: [String: Value]) throws -> Bool {
    switch expression.kind {
    case .boolean(let value): return value
    case .not(let operand): return try !truth(operand, variables)
    case .and(let parts): return try parts.map { try truth($0, variables) }.allSatisfy { $0 }
    case .or(let parts): return try parts.map { try truth($0, variables) }.contains(true)
    case .implies(let premise, let conclusion):
      let (first, second) = (try truth(premise, variables), try truth(conclusion, variables))
      return !first || second
    case .conditional(let condition, let first, let second):
      return try truth(condition, variables) ? truth(first, variables) : truth(second, variables)
    case .compare(let comparison, let left, let right):
      return try holds(comparison, value(left, variables), value(right, variables))
    default: throw Unsupported(text: "\(expression.kind)")
    }
  }

  private func holds(_ comparison: ComparisonOperator, _ left: Value, _ right: Value) throws -> Bool {
    switch (left, right) {
    case (.choice(let first), .choice(let second)):
      return comparison == .equal ? first == second : first != second
    case (.number(let first), .number(let second)):
      let sign = try first.adding(second.scaled(by: Rational(-1))).sign()
      return comparison.holds(Rational(sign), Rational(0))
    default: throw Unsupported(text: "a comparison of tensors")
    }
  }

  // MARK: Values

  func value(_ expression: TypedExpression, _ variables: [String: Value]) throws -> Value {
    switch expression.kind {
    case .constant(let number): return .number(ExactNumber(number))
    case .enumCase(_, let index): return .choice(index)
    case .variable(let name):
      guard let value = variables[name] else { throw Unsupported(text: "variable \(name)") }
      return value
    case .record(let dataset, let row): return try Self.record(row, of: dataset, in: spec)
    case .negate(let operand): return .number(try number(operand, variables).scaled(by: Rational(-1)))
    case .arithmetic(let operation, let left, let right):
      return .number(try arithmetic(operation, number(left, variables), number(right, variables)))
    case .distance(let norm, let left, let right):
      return .number(Self.distance(norm, try tensor(left, variables).0, try tensor(right, variables).0))
    case .index(let operand, let indices):
      let (elements, shape) = try tensor(operand, variables)
      // Row-major order: the last index runs fastest.
      var place = 0
      for (index, extent) in zip(indices, shape) { place = place * extent + index }
      return .number(ExactNumber(elements[place]))
    case .conditional(let condition, let first, let second):
      return try truth(condition, variables) ? value(first, variables) : value(second, variables)
    case .apply(let callee, let arguments):
      return try apply(callee, arguments.map { try value($0, variables) })
    default: throw Unsupported(text: "\(expression.kind)")
    }
  }

  private func number(_ expression: TypedExpression, _ variables: [String: Value]) throws -> ExactNumber {
    guard case .number(let number) = try value(expression, variables) else {
      throw Unsupported(text: "a number is needed")
    }
    return number
  }

  private func tensor(
    _ expression: TypedExpression, _ variables: [String: Value]
  ) throws -> ([Rational], [Int]) {
    guard case .tensor(let elements, let shape) = try value(expression, variables) else {
      throw Unsupported(text: "a tensor is needed")
    }
    return (elements, shape)
  }

  private func arithmetic(
    _ operation: ArithmeticOperator, _ left: ExactNumber, _ right: ExactNumber
  ) throws -> ExactNumber {
    switch operation {
    case .add: return try left.adding(right)
    case .subtract: return try left.adding(right.scaled(by: Rational(-1)))
    case .multiply:
      if left.part == nil { return right.scaled(by: left.offset) }
      if right.part == nil { return left.scaled(by: right.offset) }
    case .divide:
      if right.part == nil, let inverse = Rational(1).divided(by: right.offset) {
        return left.scaled(by: inverse)
      }
    }
    throw Unsupported(text: "a product of irrational numbers")
  }

  private static func distance(_ norm: Norm, _ left: [Rational], _ right: [Rational]) -> ExactNumber {
    let parts = zip(left, right).map { ($0 - $1).magnitude }
    switch norm {
    case .l1: return ExactNumber(parts.reduce(Rational(0)) { $0 + $1 })
    case .linf: return ExactNumber(parts.reduce(Rational(0)) { max($0, $1) })
    case .l2: return ExactNumber(.root(parts.reduce(Rational(0)) { $0 + $1 * $1 }))
    }
  }

  /// A record, from the numbers that the tests wrote.
  static func record(_ row: Int, of name: String, in spec: TypedSpec) throws -> Value {
    guard let dataset = spec.datasets.first(where: { $0.name == name }) else {
      throw Unsupported(text: "dataset \(name)")
    }
    let width = dataset.elementType.elementCount
    let start = ((dataset.rows?.lowerBound ?? 0) + row) * width
    let stored = TinyModelTests.pictures.elements[start..<start + width]
    return .tensor(stored.map { Rational(Int($0)) * dataset.scale }, shape: dataset.elementType.shape)
  }

  // MARK: Applications

  private func apply(_ callee: Callee, _ arguments: [Value], atStep step: Int? = nil) throws -> Value {
    switch callee {
    case .switched(let base, let step): return try apply(base, arguments, atStep: step)
    case .network(let name): return try network(name, arguments)
    case .sampler(let name): return try sampler(name, arguments, switching: nil)
    case .mitigated(let name):
      guard let mitigation = spec.mitigation(yielding: name), var switching = mitigation.switching else {
        throw Unsupported(text: name)
      }
      switching.step = step ?? switching.step
      return try sampler(mitigation.base, arguments, switching: switching)
    case .reweighted, .noised: throw Unsupported(text: callee.text)
    }
  }

  private func network(_ name: String, _ arguments: [Value]) throws -> Value {
    guard let declaration = spec.network(named: name),
      let model = TinyModel.named(String(name.split(separator: ".").last ?? ""))
    else { throw Unsupported(text: name) }
    var elements: [Rational] = []
    var choices: [Int] = []
    for argument in arguments {
      switch argument {
      case .tensor(let values, _): elements += values
      case .choice(let index): choices.append(index)
      case .number: throw Unsupported(text: "a number as an argument")
      }
    }
    let results = model.function(elements, choices)
    switch declaration.output {
    case .enumeration:
      // The greatest score, the earliest at a tie. The one output of a logistic model is the probability of the
      // second case, at even odds the first one.
      if model.isLogistic, results.count == 1 { return .choice(results[0] > Rational(0) ? 1 : 0) }
      var best = 0
      for (index, score) in results.enumerated() where score > results[best] { best = index }
      return .choice(best)
    case .tensor(let type): return .tensor(results, shape: type.shape)
    default: return .number(model.isLogistic ? ExactNumber(.logistic(results[0])) : ExactNumber(results[0]))
    }
  }

  /// `z <- A_i z + B_i denoiser(z, i, s)` from the last step index to 0, then the decoder.
  private func sampler(
    _ name: String, _ arguments: [Value], switching: (attribute: String, step: Int)?
  ) throws -> Value {
    guard let declaration = spec.sampler(named: name), let table = tables[name],
      let denoiser = spec.network(named: declaration.denoiser)
    else { throw Unsupported(text: name) }
    var given: [String: Value] = [:]
    for (port, argument) in zip(declaration.inputs, arguments) { given[port.name] = argument }
    let rows = table.coefficients.table
    for executed in rows.indices {
      let index = rows.count - 1 - executed
      let inputs = try denoiser.inputs.map { port -> Value in
        if port.name == declaration.stepInput { return .choice(index) }
        guard let value = given[port.name] else { throw Unsupported(text: port.name) }
        guard let switching, port.name == switching.attribute, executed >= switching.step,
          case .choice(let own) = value
        else { return value }
        return .choice(own == 0 ? 1 : 0)
      }
      guard case .tensor(let latent, let shape)? = given[declaration.latentInput],
        case .tensor(let output, _) = try network(denoiser.name, inputs)
      else { throw Unsupported(text: "the latent of \(name)") }
      let (a, b) = (Rational(dyadic: rows[index].latent), Rational(dyadic: rows[index].output))
      given[declaration.latentInput] = .tensor(zip(latent, output).map { a * $0 + b * $1 }, shape: shape)
    }
    guard let result = given[declaration.latentInput] else { throw Unsupported(text: name) }
    return try declaration.decoder.map { try network($0, [result]) } ?? result
  }
}
