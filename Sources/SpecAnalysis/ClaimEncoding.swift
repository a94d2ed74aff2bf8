import DSpecSemantics
import Diagnostics
import RigorousArithmetic
import SMT

/// Writes conditions of claims as formulas over the reals, so that a solver can compare them.
///
/// Theorem. Networks, distances, quantifiers and measures are replaced by unknowns, one for each application to the same
/// arguments; regions are replaced by boxes that contain them. Every point of the real meaning is therefore an
/// assignment of the formula. So what the solver finds unsatisfiable never happens, whatever the networks compute. The
/// converse does not hold: an assignment need not be a point.
///
/// The declared range of a network is no fact about it and is not assumed. That a distance is not negative and that a
/// probability lies in [0, 1] are facts.
struct ClaimEncoding {
  /// What a value is written as.
  private enum Value {
    case number(RealTerm)
    /// The position of a case.
    case choice(RealTerm)
    /// The name by which elements of a tensor are called.
    case tensor(String)
  }

  private(set) var query = Query()
  private var numbers: [String: RealTerm] = [:]
  private var formulas: [String: Formula] = [:]
  private var variables: [String: Binder] = [:]
  /// The names of variables of a second claim, in terms of the first.
  private var renamed: [String: String] = [:]
  /// The applications that occur, by name.
  private(set) var applications: Set<String> = []

  /// Declares the variables of a claim; `names` says which variables of another claim they are.
  mutating func declare(_ binders: [Binder], as names: [String]? = nil) {
    for (position, binder) in binders.enumerated() {
      let name = names?[position] ?? binder.name
      variables[name] = binder
      renamed[binder.name] = name
    }
  }

  /// Requires a formula.
  mutating func require(_ formula: Formula, _ text: String) { query.assert(formula, like: text) }

  /// The formula's negation.
  mutating func negation(_ formula: Formula) -> Formula { query.terms.not(formula) }

  /// A condition as a formula.
  mutating func formula(_ expression: TypedExpression) -> Formula {
    switch expression.kind {
    case .boolean(let value): return query.terms.boolean(value)
    case .not(let operand):
      let inner = formula(operand)
      return query.terms.not(inner)
    case .and(let operands):
      let parts = operands.map { formula($0) }
      return query.terms.and(parts)
    case .or(let operands):
      let parts = operands.map { formula($0) }
      return query.terms.or(parts)
    case .implies(let a, let b):
      let (premise, conclusion) = (formula(a), formula(b))
      return query.terms.implies(premise, conclusion)
    case .conditional(let c, let a, let b):
      let (condition, first, second) = (formula(c), formula(a), formula(b))
      let (then, otherwise) = (
        query.terms.implies(condition, first), query.terms.or([condition, second])
      )
      return query.terms.and([then, otherwise])
    case .compare(let operation, let a, let b): return comparison(operation, a, b)
    default: return unknown(name(expression))
    }
  }

  private mutating func comparison(
    _ operation: ComparisonOperator, _ a: TypedExpression, _ b: TypedExpression
  ) -> Formula {
    switch (value(a), value(b)) {
    case (.number(let left), .number(let right)), (.choice(let left), .choice(let right)):
      switch operation {
      case .less: return query.terms.less(left, right)
      case .lessOrEqual: return query.terms.lessOrEqual(left, right)
      case .greater: return query.terms.less(right, left)
      case .greaterOrEqual: return query.terms.lessOrEqual(right, left)
      case .equal: return query.terms.equal(left, right)
      case .notEqual:
        let equal = query.terms.equal(left, right)
        return query.terms.not(equal)
      }
    default: return unknown("(\(operation.rawValue) \(name(a)) \(name(b)))")
    }
  }

  private mutating func unknown(_ name: String) -> Formula {
    if let known = formulas[name] { return known }
    let symbol = query.terms.freshReal(like: "holds")
    let zero = query.terms.real(Rational(0))
    let formula = query.terms.less(zero, symbol)
    formulas[name] = formula
    return formula
  }

  // MARK: Values

  private mutating func value(_ expression: TypedExpression) -> Value {
    switch expression.kind {
    case .constant(let number): return .number(query.terms.real(number))
    case .enumCase(_, let index): return .choice(query.terms.real(Rational(index)))
    case .variable(let written): return variable(renamed[written] ?? written, expression.type)
    case .negate(let operand):
      guard case .number(let term) = value(operand) else { break }
      return .number(query.terms.scaled(Rational(-1), term))
    case .arithmetic(let operation, let a, let b):
      if let term = arithmetic(operation, a, b) { return .number(term) }
    case .index(let operand, let positions):
      guard case .tensor(let base) = value(operand) else { break }
      return .number(element(base, positions, of: operand))
    case .conditional(let c, let a, let b):
      let condition = formula(c)
      if case .number(let x) = value(a), case .number(let y) = value(b) {
        return .number(query.terms.ite(condition, x, y))
      }
    case .apply: applications.insert(name(expression))
    default: break
    }
    return opaque(expression)
  }

  private mutating func arithmetic(
    _ operation: ArithmeticOperator, _ a: TypedExpression, _ b: TypedExpression
  ) -> RealTerm? {
    guard case .number(let left) = value(a), case .number(let right) = value(b) else { return nil }
    switch operation {
    case .add: return query.terms.sum([left, right])
    case .subtract: return query.terms.difference(left, right)
    case .multiply:
      if let factor = query.terms.constant(left) { return query.terms.scaled(factor, right) }
      return query.terms.constant(right).map { query.terms.scaled($0, left) }
    case .divide:
      guard let divisor = query.terms.constant(right), let factor = Rational(1).divided(by: divisor) else {
        return nil
      }
      return query.terms.scaled(factor, left)
    }
  }

  /// An unknown of which only the type is known.
  private mutating func opaque(_ expression: TypedExpression) -> Value {
    let name = name(expression)
    switch expression.type {
    case .tensor: return .tensor(name)
    case .enumeration(let type): return .choice(choice(name, type))
    default:
      let isNew = numbers[name] == nil
      let term = number(name)
      if isNew { stateFacts(expression, term) }
      return .number(term)
    }
  }

  private mutating func stateFacts(_ expression: TypedExpression, _ term: RealTerm) {
    let isProbability: Bool
    switch expression.kind {
    case .distance: isProbability = false
    case .measure(let item):
      if case .expectation = item.measure { return }
      isProbability = true
    default: return
    }
    let zero = query.terms.real(Rational(0))
    query.assert(query.terms.lessOrEqual(zero, term), like: "not_negative")
    guard isProbability else { return }
    let one = query.terms.real(Rational(1))
    query.assert(query.terms.lessOrEqual(term, one), like: "at_most_one")
  }

  private mutating func number(_ name: String) -> RealTerm {
    if let known = numbers[name] { return known }
    let term = query.terms.freshReal(like: "v")
    numbers[name] = term
    return term
  }

  private mutating func choice(_ name: String, _ type: EnumType) -> RealTerm {
    if let known = numbers[name] { return known }
    let term = number(name)
    let options = type.cases.indices.map { index in
      let position = query.terms.real(Rational(index))
      return query.terms.equal(term, position)
    }
    query.assert(query.terms.or(options), like: "case")
    return term
  }

  private mutating func variable(_ name: String, _ type: ValueType) -> Value {
    switch type {
    case .tensor: return .tensor(name)
    case .enumeration(let type):
      let isNew = numbers[name] == nil
      let term = choice(name, type)
      if isNew, case .law(.categorical(_, let weights), _)? = variables[name]?.source {
        let possible = weights.indices.filter { !weights[$0].isZero }.map { index in
          let position = query.terms.real(Rational(index))
          return query.terms.equal(term, position)
        }
        query.assert(query.terms.or(possible), like: "mass")
      }
      return .choice(term)
    default: return .number(number(name))
    }
  }

  private mutating func element(_ base: String, _ positions: [Int], of tensor: TypedExpression) -> RealTerm {
    let name = "\(base)[\(positions.map(String.init).joined(separator: ","))]"
    if let known = numbers[name] { return known }
    let term = number(name)
    guard let binder = variables[base], case .tensor(let type) = binder.type else { return term }
    var index = 0
    for (position, extent) in zip(positions, type.shape) { index = index * extent + position }
    let (lower, upper) = range(binder, index)
    if let lower {
      let bound = query.terms.real(lower)
      query.assert(query.terms.lessOrEqual(bound, term), like: "region")
    }
    if let upper {
      let bound = query.terms.real(upper)
      query.assert(query.terms.lessOrEqual(term, bound), like: "region")
    }
    return term
  }

  /// Bounds of one coordinate that hold on the whole region or support.
  private func range(_ binder: Binder, _ index: Int) -> (lower: Rational?, upper: Rational?) {
    switch binder.source {
    case .domain(let domain): return domain.region.range(of: index)
    case .law(.product(_, let coordinates), _):
      switch coordinates[index] {
      case .normal: return (nil, nil)
      case .truncatedNormal(_, _, let lower, let upper), .uniform(let lower, let upper): return (lower, upper)
      }
    case .law(.uniform(let domain), _): return domain.region.range(of: index)
    case .dataset, .enumeration, .law, .weights: return (nil, nil)
    }
  }

  // MARK: Names

  private func bound(_ expression: TypedExpression, _ binders: [Binder]) -> String {
    let span = expression.span
    let place = "\(span.source.index) \(span.lower) \(span.upper)"
    let sources = binders.map { "\($0.name) \($0.source)" }.joined(separator: " ")
    return "(bound \(place) \(sources)\(expression.operands.map { " " + name($0) }.joined()))"
  }

  /// A text that is the same for expressions of the same meaning and no others.
  private func name(_ expression: TypedExpression) -> String {
    func list(_ head: String, _ items: [TypedExpression]) -> String {
      "(\(head)\(items.map { " " + name($0) }.joined()))"
    }
    switch expression.kind {
    case .constant(let value): return value.description
    case .boolean(let value): return "\(value)"
    case .enumCase(let type, let index): return "\(type.name).\(type.cases[index])"
    case .variable(let written): return renamed[written] ?? written
    case .record(let dataset, let row): return "\(dataset)[\(row)]"
    case .apply(let callee, let arguments): return list(callee.text, arguments)
    case .distance(let norm, let a, let b): return list(norm.rawValue, [a, b])
    case .index(let operand, let positions):
      return list("at \(positions.map(String.init).joined(separator: ","))", [operand])
    case .negate(let operand): return list("-", [operand])
    case .arithmetic(let operation, let a, let b): return list(operation.rawValue, [a, b])
    case .compare(let operation, let a, let b): return list(operation.rawValue, [a, b])
    case .and(let operands): return list("and", operands)
    case .or(let operands): return list("or", operands)
    case .not(let operand): return list("not", [operand])
    case .implies(let a, let b): return list("implies", [a, b])
    case .conditional(let a, let b, let c): return list("if", [a, b, c])
    // The place tells terms apart whose bound variables have one name and another meaning; sources and operands tell
    // apart two uses of one definition.
    case .quantified(_, let binders, _): return bound(expression, binders)
    case .measure(let term): return bound(expression, term.binders)
    case .accounted(let quantity):
      return "(\(quantity.quantity.rawValue) \(quantity.training) \(quantity.argument))"
    }
  }
}
