internal import CZ3
import Dispatch
package import SMT

/// Z3 as a decision procedure, each query in a context of its own.
package struct Z3: Solver {
  /// Steps after which a check gives up, in Z3's own count; 0 for no limit.
  ///
  /// Unlike a timeout it gives the same answer on every run.
  package let resourceLimit: UInt32

  /// Makes a solver.
  package init(resourceLimit: UInt32 = 0) { self.resourceLimit = resourceLimit }

  /// Version of the library, such as `4.8.12.0`.
  package static var version: String {
    var parts: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    Z3_get_version(&parts.0, &parts.1, &parts.2, &parts.3)
    return "\(parts.0).\(parts.1).\(parts.2).\(parts.3)"
  }

  package func check(_ query: Query, timeout: Duration) throws(SolverError) -> Answer {
    try check(query, timeout: timeout, interruption: Interruption())
  }

  /// Answers a query unless it is interrupted.
  package func check(
    _ query: Query, timeout: Duration, interruption: Interruption
  ) throws(SolverError) -> Answer {
    let session = try Z3Session(timeout: timeout, resourceLimit: resourceLimit)
    let translation = try session.translate(query)
    for equation in translation.definitions { try session.assert(equation) }
    for assertion in query.assertions {
      try session.assert(translation.terms[query.position(of: assertion.formula)])
    }
    switch try session.verdict(interruption) {
    case .unsat: return .unsat
    case .unknown(let reason): return .unknown(reason)
    case .sat:
      guard let model = try session.model(of: query, translation) else {
        return .unknown(
          .modelRejected("the solver's model has a value that is no rational of bounded length"))
      }
      return query.answer(claiming: model)
    }
  }

  /// Answers a query; the cancellation of the task interrupts Z3.
  ///
  /// Z3 runs on a thread of its own, so that tasks, and among them the one that cancels, keep theirs.
  package func answer(to query: Query, timeout: Duration) async throws(SolverError) -> Answer {
    let interruption = Interruption()
    let result: Result<Answer, SolverError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "Z3").async {
          do throws(SolverError) {
            let answer = try check(query, timeout: timeout, interruption: interruption)
            continuation.resume(returning: .success(answer))
          } catch {
            continuation.resume(returning: .failure(error))
          }
        }
      }
    } onCancel: {
      interruption.interrupt()
    }
    return try result.get()
  }
}
