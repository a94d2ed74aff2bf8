internal import CZ3
package import SMT

/// Z3's answer to what was asserted in a session, before any model is looked at.
package enum RawVerdict: Hashable, Sendable {
  /// Contradictory.
  case unsat
  /// Satisfiable, on Z3's word.
  case sat
  /// Neither.
  case unknown(UnknownReason)
}

extension Z3Session {
  /// Checks what was asserted.
  func verdict(_ interruption: Interruption) throws(SolverError) -> RawVerdict {
    guard interruption.attach(context) else { return .unknown(.cancelled) }
    let result = Z3_solver_check(context, solver)
    interruption.detach()
    if result == Z3_L_FALSE || result == Z3_L_TRUE {
      try check()
      return result == Z3_L_FALSE ? .unsat : .sat
    }
    if interruption.isRequested { return .unknown(.cancelled) }
    let reason = Z3_solver_get_reason_unknown(context, solver).map { String(cString: $0) } ?? ""
    switch reason {
    case "timeout", "canceled", "interrupted", "interrupted from keyboard": return .unknown(.timeout)
    case "max. resource limit exceeded": return .unknown(.resourceLimit)
    default: return .unknown(.solver(reason.isEmpty ? "no reason given" : reason))
    }
  }
}
