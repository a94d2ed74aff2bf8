/// What a solver says of a query.
package enum Answer: Hashable, Sendable {
  /// No assignment satisfies every assertion.
  case unsat
  /// This assignment of the free symbols does, by exact evaluation.
  case sat(Assignment)
  /// The solver came to no answer that may be relied on.
  case unknown(UnknownReason)
}

/// Why there is no answer.
package enum UnknownReason: Hashable, Sendable, CustomStringConvertible {
  /// The time was used up.
  case timeout
  /// The solver's step limit was reached.
  case resourceLimit
  /// The caller gave up.
  case cancelled
  /// The solver's model does not survive exact evaluation; the text says where.
  case modelRejected(String)
  /// The only models found lie where an irrational threshold is known only up to its enclosure.
  case thresholdGap
  /// The solver's own words.
  case solver(String)

  package var description: String {
    switch self {
    case .timeout: return "the time was used up"
    case .resourceLimit: return "the solver's step limit was reached"
    case .cancelled: return "the solver was interrupted"
    case .modelRejected(let text): return text
    case .thresholdGap: return "the answer depends on digits of a logit threshold beyond its enclosure"
    case .solver(let text): return "the solver gave up: \(text)"
    }
  }
}

/// A failure of the solver itself, as opposed to a question that it cannot decide.
package struct SolverError: Error, Hashable, CustomStringConvertible {
  /// Name of the solver.
  package let solver: String
  /// What it reported.
  package let message: String

  /// Makes an error.
  package init(solver: String, message: String) {
    self.solver = solver
    self.message = message
  }

  package var description: String { "\(solver) failed: \(message)" }
}

/// A decision procedure for queries.
///
/// Untrusted: `unsat` is its word alone, `sat` carries an assignment that was checked.
package protocol Solver: Sendable {
  /// Answers a query.
  ///
  /// - Parameter timeout: after this long the answer is `unknown`; at least a millisecond is given.
  /// - Returns: `sat` only with a model for which `Query.failure(under:)` is nil.
  func check(_ query: Query, timeout: Duration) throws(SolverError) -> Answer
}
