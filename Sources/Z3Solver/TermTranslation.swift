internal import CZ3
import RigorousArithmetic
import SMT

extension Z3Session {
  /// Terms of a query in this context, by position; nil for terms that the assertions do not need.
  struct Translation {
    let terms: [Z3_ast?]
    /// The equations of the defined symbols, and of those that stand for deeply nested terms.
    let definitions: [Z3_ast]
  }

  /// Nesting after which a term is replaced by a symbol that equals it.
  ///
  /// Z3 recurses on terms, and does not look at the clock meanwhile; equations of symbols it takes in turn.
  static let nestingLimit = 50

  /// Builds every term that the assertions depend on, operands first.
  ///
  /// The equations and the assertions' terms together have the models of the query, extended to new symbols.
  func translate(
    _ query: Query, nestingLimit: Int = Self.nestingLimit
  ) throws(SolverError) -> Translation {
    let isNeeded = query.reachable
    var nesting = [Int](repeating: 0, count: query.terms.nodes.count)
    var terms = [Z3_ast?](repeating: nil, count: query.terms.nodes.count)
    var definitions: [Z3_ast] = []
    for (position, node) in query.terms.nodes.enumerated() where isNeeded[position] {
      let operands = node.operands.map { terms[$0] }
      let term: Z3_ast?
      switch node {
      case .constant(.boolean(let value)): term = value ? Z3_mk_true(context) : Z3_mk_false(context)
      case .constant(.real(let value)): term = try numeral(value)
      case .variable(let name, let sort): term = try symbol(name, sort == .real ? realSort : boolSort)
      case .defined(let name, _):
        term = try symbol(name, realSort)
        definitions.append(try checked(Z3_mk_eq(context, term, operands[0])))
      case .sum: term = Z3_mk_add(context, UInt32(operands.count), operands)
      case .scaled(let factor, _):
        let factors = [try numeral(factor), operands[0]]
        term = Z3_mk_mul(context, 2, factors)
      case .choice: term = Z3_mk_ite(context, operands[0], operands[1], operands[2])
      case .less: term = Z3_mk_lt(context, operands[0], operands[1])
      case .lessOrEqual: term = Z3_mk_le(context, operands[0], operands[1])
      case .equal: term = Z3_mk_eq(context, operands[0], operands[1])
      case .not: term = Z3_mk_not(context, operands[0])
      case .and: term = Z3_mk_and(context, UInt32(operands.count), operands)
      case .or: term = Z3_mk_or(context, UInt32(operands.count), operands)
      case .implies: term = Z3_mk_implies(context, operands[0], operands[1])
      }
      let built = try checked(term)
      terms[position] = built
      if node.symbol != nil { continue }
      nesting[position] = node.operands.reduce(0) { max($0, nesting[$1] + 1) }
      if nesting[position] > nestingLimit {
        // No symbol of a query has a bar in its name.
        let symbol = try self.symbol("nested|\(position)", node.sort == .real ? realSort : boolSort)
        definitions.append(try checked(Z3_mk_eq(context, symbol, built)))
        terms[position] = symbol
        nesting[position] = 0
      }
    }
    return Translation(terms: terms, definitions: definitions)
  }

  private func numeral(_ value: Rational) throws(SolverError) -> Z3_ast? {
    try checked(Z3_mk_numeral(context, value.description, realSort))
  }

  private func symbol(_ name: String, _ sort: Z3_sort) throws(SolverError) -> Z3_ast? {
    try checked(Z3_mk_const(context, Z3_mk_string_symbol(context, name), sort))
  }
}
