internal import CZ3
import RigorousArithmetic
import SMT

extension Z3Session {
  /// Values of the query's free symbols in the model of the last check, which must have been satisfiable.
  ///
  /// - Returns: nil when a value is not rational or longer than a rational may be written.
  func model(of query: Query, _ translation: Translation) throws(SolverError) -> Assignment? {
    let model = try checked(Z3_solver_get_model(context, solver))
    Z3_model_inc_ref(context, model)
    defer { Z3_model_dec_ref(context, model) }
    let symbols = query.freeSymbols
    var assignment = Assignment()
    for symbol in symbols.reals {
      guard let value = try value(of: translation.terms[query.position(of: symbol)], in: model),
        Z3_is_numeral_ast(context, value), !Z3_is_algebraic_number(context, value)
      else { return nil }
      guard let text = Z3_get_numeral_string(context, value),
        let exact = Rational(description: String(cString: text))
      else { return nil }
      assignment.reals[symbol] = exact
    }
    for symbol in symbols.booleans {
      guard let value = try value(of: translation.terms[query.position(of: symbol)], in: model) else {
        return nil
      }
      switch Z3_get_bool_value(context, value) {
      case Z3_L_TRUE: assignment.booleans[symbol] = true
      case Z3_L_FALSE: assignment.booleans[symbol] = false
      default: return nil
      }
    }
    return assignment
  }

  /// A term's value, with a value chosen for what the model leaves open.
  private func value(of term: Z3_ast?, in model: Z3_model) throws(SolverError) -> Z3_ast? {
    var value: Z3_ast?
    guard let term, Z3_model_eval(context, model, term, true, &value) else { return nil }
    try check()
    return value
  }
}
