import SMT
package import VerificationProblem

/// Self-contained SMT-LIB text of a property's question.
package enum SMTExport {
  /// One script a case, each ending in `(check-sat)`, with a `(reset)` between them; unsat means that the case holds.
  ///
  /// - Throws: `EncodingError` when the question is no `forall` or has no piecewise-linear encoding.
  package static func text(_ obligation: Obligation) throws -> String {
    var parts: [String] = []
    for index in obligation.cases.indices {
      parts.append(try ObligationEncoding(obligation, caseAt: index).violation.text)
    }
    // Only the last case may end the solver's run.
    let end = "(exit)\n"
    return parts.enumerated().map { index, part in
      index + 1 < parts.count && part.hasSuffix(end) ? part.dropLast(end.count) + "(reset)\n" : part
    }.joined(separator: "\n")
  }
}
