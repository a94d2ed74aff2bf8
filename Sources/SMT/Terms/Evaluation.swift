package import RigorousArithmetic

/// Exact values of free symbols.
package struct Assignment: Hashable, Sendable {
  /// Values of real symbols.
  package var reals: [RealTerm: Rational]
  /// Values of Boolean symbols.
  package var booleans: [Formula: Bool]

  /// Makes an assignment.
  package init(reals: [RealTerm: Rational] = [:], booleans: [Formula: Bool] = [:]) {
    self.reals = reals
    self.booleans = booleans
  }

  /// Assigns a point to symbols, one coordinate to each.
  ///
  /// - Precondition: the symbols are distinct and as many as the coordinates.
  package init(_ symbols: [RealTerm], at point: [Rational]) {
    precondition(symbols.count == point.count)
    self.init(reals: Dictionary(uniqueKeysWithValues: zip(symbols, point)))
  }

  /// The coordinates of the given symbols; nil when one has no value.
  package func point(_ symbols: [RealTerm]) -> [Rational]? {
    var point: [Rational] = []
    for symbol in symbols {
      guard let value = reals[symbol] else { return nil }
      point.append(value)
    }
    return point
  }
}

/// A free symbol without a value.
package struct EvaluationError: Error, Hashable, CustomStringConvertible {
  /// Name of the symbol.
  package let symbol: String

  package var description: String { "symbol `\(symbol)` has no value; assign one to every free symbol" }
}

/// The exact values of terms under an assignment.
package struct Evaluation: Sendable {
  private let values: [Value?]

  /// Evaluates the given terms and formulas with everything that they depend on.
  ///
  /// A defined symbol takes the value of its definition, whatever the assignment says of it.
  ///
  /// - Throws: `EvaluationError` when a free symbol that is needed has no value.
  package init(
    _ terms: [RealTerm] = [], _ formulas: [Formula] = [], in store: TermStore, under assignment: Assignment
  ) throws(EvaluationError) {
    let needed = store.reachable(from: terms.map(\.index) + formulas.map(\.index))
    var values = [Value?](repeating: nil, count: store.nodes.count)
    func real(_ position: Int) -> Rational {
      guard case .real(let value) = values[position] else {
        preconditionFailure("a real operand is not real")
      }
      return value
    }
    func truth(_ position: Int) -> Bool {
      guard case .boolean(let value) = values[position] else {
        preconditionFailure("a Boolean operand is not Boolean")
      }
      return value
    }
    for (position, node) in store.nodes.enumerated() where needed[position] {
      let value: Value
      switch node {
      case .constant(let constant): value = constant
      case .variable(let name, .real):
        guard let known = assignment.reals[RealTerm(index: position)] else {
          throw EvaluationError(symbol: name)
        }
        value = .real(known)
      case .variable(let name, .bool):
        guard let known = assignment.booleans[Formula(index: position)] else {
          throw EvaluationError(symbol: name)
        }
        value = .boolean(known)
      case .defined(_, let operand): value = .real(real(operand))
      case .sum(let operands): value = .real(operands.reduce(Rational.zero) { $0 + real($1) })
      case .scaled(let factor, let operand): value = .real(factor * real(operand))
      case .choice(let condition, let then, let otherwise):
        value = .real(truth(condition) ? real(then) : real(otherwise))
      case .less(let left, let right): value = .boolean(real(left) < real(right))
      case .lessOrEqual(let left, let right): value = .boolean(real(left) <= real(right))
      case .equal(let left, let right): value = .boolean(real(left) == real(right))
      case .not(let operand): value = .boolean(!truth(operand))
      case .and(let operands): value = .boolean(operands.allSatisfy(truth))
      case .or(let operands): value = .boolean(operands.contains(where: truth))
      case .implies(let premise, let conclusion): value = .boolean(!truth(premise) || truth(conclusion))
      }
      values[position] = value
    }
    self.values = values
  }

  /// Value of a term.
  ///
  /// - Precondition: the term was asked for, or one that was depends on it.
  package subscript(term: RealTerm) -> Rational {
    guard case .real(let value) = values[term.index] else {
      preconditionFailure("the term was not evaluated")
    }
    return value
  }

  /// Truth of a formula.
  ///
  /// - Precondition: the formula was asked for, or a term that was depends on it.
  package subscript(formula: Formula) -> Bool {
    guard case .boolean(let value) = values[formula.index] else {
      preconditionFailure("the formula was not evaluated")
    }
    return value
  }
}
