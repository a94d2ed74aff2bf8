/// A question to a solver: whether all assertions can hold at once.
///
/// INVARIANT: every term named here was made by `terms`, which only grows.
package struct Query: Sendable {
  /// A formula that must hold, with the name under which solvers and readers see it.
  package struct Assertion: Hashable, Sendable {
    /// Unique among the symbols and assertions of the query.
    package let name: String
    /// What must hold.
    package let formula: Formula
  }

  /// The terms of the query.
  package var terms: TermStore
  /// What must hold.
  package private(set) var assertions: [Assertion] = []
  /// What the query is about, for people: lines of a comment.
  package private(set) var notes: [String] = []

  /// A query without assertions.
  package init(terms: TermStore = TermStore()) { self.terms = terms }

  /// Asserts a formula under a name that resembles the given text.
  package mutating func assert(_ formula: Formula, like text: String) {
    assertions.append(Assertion(name: terms.freshName(like: text), formula: formula))
  }

  /// Adds a line to the comment.
  package mutating func note(_ line: String) { notes.append(line) }

  /// Positions of the terms that the assertions depend on.
  package var reachable: [Bool] { terms.reachable(from: assertions.map(\.formula.index)) }

  /// The free symbols that the assertions depend on.
  package var freeSymbols: (reals: [RealTerm], booleans: [Formula]) {
    var reals: [RealTerm] = []
    var booleans: [Formula] = []
    let needed = reachable
    for (position, node) in terms.nodes.enumerated() where needed[position] {
      switch node {
      case .variable(_, .real): reals.append(RealTerm(index: position))
      case .variable(_, .bool): booleans.append(Formula(index: position))
      default: break
      }
    }
    return (reals, booleans)
  }

  /// The first assertion that fails under an assignment, by exact evaluation; nil when all hold.
  ///
  /// - Throws: `EvaluationError` when a free symbol has no value.
  package func failure(under assignment: Assignment) throws(EvaluationError) -> Assertion? {
    let values = try Evaluation([], assertions.map(\.formula), in: terms, under: assignment)
    return assertions.first { !values[$0.formula] }
  }

  /// The answer that a solver's model deserves: `sat` only where exact evaluation confirms every assertion.
  package func answer(claiming model: Assignment) -> Answer {
    do throws(EvaluationError) {
      guard let failure = try failure(under: model) else { return .sat(model) }
      return .unknown(.modelRejected("assertion `\(failure.name)` fails at the solver's model"))
    } catch {
      return .unknown(.modelRejected("the solver's model leaves symbol `\(error.symbol)` open"))
    }
  }
}

extension Query {
  /// Position of a term in the query's store.
  package func position(of term: RealTerm) -> Int { term.index }

  /// Position of a formula in the query's store.
  package func position(of formula: Formula) -> Int { formula.index }
}
