package import Lowering
import SMT
import VerificationProblem

/// Self-contained SMT-LIB text of a property's question.
package enum SMTExport {
  /// One script a case, each ending in `(check-sat)`; unsat means that the case holds.
  ///
  /// - Throws: `EncodingError` when the question is no `forall` or has no piecewise-linear encoding.
  package static func text(_ lowered: LoweredProperty) throws -> String {
    var parts: [String] = []
    for index in lowered.obligation.cases.indices {
      parts.append(try ObligationEncoding(lowered.obligation, caseAt: index).violation.text)
    }
    return parts.joined(separator: "\n(reset)\n")
  }
}
