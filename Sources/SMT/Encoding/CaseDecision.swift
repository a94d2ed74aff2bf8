package import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// What is known of one case of a `forall` obligation after asking a solver.
package enum CaseAnswer: Hashable, Sendable {
  /// The predicate holds on the region, on the solver's word.
  case holds
  /// The predicate fails at this point of the region, by exact evaluation of the graph.
  case fails(at: [Rational])
  /// Neither is known.
  case unknown(UnknownReason)
}

extension ObligationEncoding {
  /// Asks a solver whether the case holds.
  ///
  /// A model counts as a violation only if the graph's own exact evaluation at its point says so too.
  ///
  /// - Parameter timeout: time for each of at most two questions.
  package func decide(with solver: some Solver, timeout: Duration) throws(SolverError) -> CaseAnswer {
    switch try solver.check(violation, timeout: timeout) {
    case .unsat: return .holds
    case .unknown(let reason): return .unknown(reason)
    case .sat(let model):
      let first = confirmed(model)
      guard let certainViolation, first == .unknown(.thresholdGap) else { return first }
      switch try solver.check(certainViolation, timeout: timeout) {
      case .unsat: return .unknown(.thresholdGap)
      case .unknown(let reason): return .unknown(reason)
      case .sat(let model): return confirmed(model)
      }
    }
  }

  /// What the point of a model proves, by exact evaluation alone.
  package func confirmed(_ model: Assignment) -> CaseAnswer {
    guard let point = model.point(coordinates) else {
      return .unknown(.modelRejected("the model has no value for a coordinate of the region"))
    }
    guard region.contains(point) else {
      return .unknown(.modelRejected("the model's point lies outside the region"))
    }
    do throws(GraphError) {
      switch try source.exactTruth(at: point) {
      case false: return .fails(at: point)
      case nil: return .unknown(.thresholdGap)
      default: return .unknown(.modelRejected("the predicate holds at the model's point"))
      }
    } catch {
      return .unknown(.modelRejected("the graph has no exact value at the model's point: \(error)"))
    }
  }
}
