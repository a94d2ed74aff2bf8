internal import CZ3
import SMT

/// A Z3 context with one solver in it: made for one query and gone with it.
///
/// Z3 reports errors through a code that is read after each call. The handler installed here does nothing, so
/// that no error unwinds through Swift frames or ends the process.
///
/// INVARIANT: the context is of the kind that keeps every term until it is deleted (`Z3_mk_context`), so that
/// terms are not counted; none leaves the session.
struct Z3Session: ~Copyable {
  /// The context.
  let context: Z3_context
  /// The solver.
  let solver: Z3_solver
  /// The sort of reals.
  let realSort: Z3_sort
  /// The sort of truth values.
  let boolSort: Z3_sort

  /// Opens a context.
  ///
  /// - Parameters:
  ///   - timeout: time for a check.
  ///   - resourceLimit: Z3's own step count for a check; 0 for none.
  init(timeout: Duration, resourceLimit: UInt32) throws(SolverError) {
    guard let configuration = Z3_mk_config() else {
      throw SolverError(solver: "Z3", message: "no configuration could be made")
    }
    defer { Z3_del_config(configuration) }
    Z3_set_param_value(configuration, "model", "true")
    Z3_set_param_value(configuration, "auto_config", "true")
    guard let context = Z3_mk_context(configuration) else {
      throw SolverError(solver: "Z3", message: "no context could be made")
    }
    Z3_set_error_handler(context) { _, _ in }
    guard let logic = Z3_mk_string_symbol(context, "QF_LRA"),
      let solver = Z3_mk_solver_for_logic(context, logic),
      let realSort = Z3_mk_real_sort(context), let boolSort = Z3_mk_bool_sort(context)
    else {
      let failure = Self.failure(in: context)
      Z3_del_context(context)
      throw failure ?? SolverError(solver: "Z3", message: "no solver could be made")
    }
    Z3_solver_inc_ref(context, solver)
    if let failure = Self.configure(solver, in: context, timeout: timeout, resourceLimit: resourceLimit) {
      Z3_solver_dec_ref(context, solver)
      Z3_del_context(context)
      throw failure
    }
    self.context = context
    self.solver = solver
    self.realSort = realSort
    self.boolSort = boolSort
  }

  deinit {
    Z3_solver_dec_ref(context, solver)
    Z3_del_context(context)
  }

  /// Asserts a formula.
  func assert(_ formula: Z3_ast?) throws(SolverError) {
    Z3_solver_assert(context, solver, try checked(formula))
    try check()
  }

  /// Throws what the last call reported, if it did.
  func check() throws(SolverError) {
    if let failure = Self.failure(in: context) { throw failure }
  }

  /// The result of a call, unless the call failed.
  func checked<Handle>(_ handle: Handle?) throws(SolverError) -> Handle {
    try check()
    guard let handle else { throw SolverError(solver: "Z3", message: "a call returned nothing") }
    return handle
  }

  /// Sets the limits of a solver; returns what went wrong, if anything did.
  private static func configure(
    _ solver: Z3_solver, in context: Z3_context, timeout: Duration, resourceLimit: UInt32
  ) -> SolverError? {
    guard let parameters = Z3_mk_params(context) else { return failure(in: context) }
    Z3_params_inc_ref(context, parameters)
    defer { Z3_params_dec_ref(context, parameters) }
    for (name, value) in [("timeout", timeout.milliseconds), ("rlimit", resourceLimit), ("random_seed", 0)] {
      Z3_params_set_uint(context, parameters, Z3_mk_string_symbol(context, name), value)
      if let failure = failure(in: context) { return failure }
    }
    Z3_solver_set_params(context, solver, parameters)
    return failure(in: context)
  }

  private static func failure(in context: Z3_context) -> SolverError? {
    let code = Z3_get_error_code(context)
    guard code != Z3_OK else { return nil }
    let message = Z3_get_error_msg(context, code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    return SolverError(solver: "Z3", message: message)
  }
}

extension Duration {
  /// Whole milliseconds, from 1 to the largest timeout that Z3 takes as one.
  fileprivate var milliseconds: UInt32 {
    let (seconds, attoseconds) = components
    guard seconds < 4_000_000 else { return 4_000_000_000 }
    guard seconds >= 0, attoseconds >= 0 else { return 1 }
    return max(1, UInt32(seconds) * 1000 + UInt32(attoseconds / 1_000_000_000_000_000))
  }
}
