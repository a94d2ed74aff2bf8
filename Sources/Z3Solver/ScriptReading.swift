internal import CZ3
package import SMT

/// The second way into Z3, through the text of a script: a check that the text says what the terms say.
extension Z3 {
  /// Z3's answer to an SMT-LIB script of declarations, definitions and assertions.
  ///
  /// - Throws: `SolverError` when the script cannot be read.
  package func verdict(onScript text: String, timeout: Duration) throws(SolverError) -> RawVerdict {
    let session = try Z3Session(timeout: timeout, resourceLimit: resourceLimit)
    for formula in try session.formulas(ofScript: text) { try session.assert(formula) }
    return try session.verdict(Interruption())
  }

  /// Whether an assignment tells the script of a query from its terms; `unsat` means that none does.
  package func disagreement(of query: Query, timeout: Duration) throws(SolverError) -> RawVerdict {
    let session = try Z3Session(timeout: timeout, resourceLimit: resourceLimit)
    let translation = try session.translate(query, nestingLimit: .max)
    let built =
      translation.definitions + query.assertions.map { translation.terms[query.position(of: $0.formula)] }
    let read = try session.formulas(ofScript: query.text)
    let both = [
      try session.checked(Z3_mk_and(session.context, UInt32(built.count), built)),
      try session.checked(Z3_mk_and(session.context, UInt32(read.count), read)),
    ]
    let difference = try session.checked(
      Z3_mk_not(session.context, try session.checked(Z3_mk_iff(session.context, both[0], both[1]))))
    try session.assert(difference)
    return try session.verdict(Interruption())
  }
}

extension Z3Session {
  /// The assertions of a script, read by Z3's own parser.
  fileprivate func formulas(ofScript text: String) throws(SolverError) -> [Z3_ast?] {
    guard !text.utf8.contains(0) else {
      throw SolverError(solver: "Z3", message: "the script has a zero byte, at which Z3 would stop reading")
    }
    let vector = try checked(
      Z3_parse_smtlib2_string(context, text, 0, nil, nil, 0, nil, nil))
    Z3_ast_vector_inc_ref(context, vector)
    defer { Z3_ast_vector_dec_ref(context, vector) }
    var formulas: [Z3_ast?] = []
    for position in 0..<Z3_ast_vector_size(context, vector) {
      formulas.append(try checked(Z3_ast_vector_get(context, vector, position)))
    }
    return formulas
  }
}
