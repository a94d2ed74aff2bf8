package import RigorousArithmetic

/// A real-valued term: a position in the `TermStore` that made it, and meaningful only there.
package struct RealTerm: Hashable, Sendable {
  let index: Int
}

/// A Boolean term: a position in the `TermStore` that made it, and meaningful only there.
package struct Formula: Hashable, Sendable {
  let index: Int
}

/// The sort of a term.
package enum Sort: String, Hashable, Sendable {
  /// Truth values.
  case bool = "Bool"
  /// Real numbers.
  case real = "Real"
}

/// A value of either sort.
package enum Value: Hashable, Sendable {
  /// A truth value.
  case boolean(Bool)
  /// An exact real.
  case real(Rational)
}

/// One node of the term graph, over the positions of its operands.
///
/// The sorts of operands need no check at run time: nodes are made only by the constructors of `TermStore`,
/// whose arguments are `RealTerm` or `Formula`.
package enum TermNode: Hashable, Sendable {
  /// A constant of either sort.
  case constant(Value)
  /// A free symbol.
  case variable(name: String, sort: Sort)
  /// A real symbol that stands for the term at `value`: the equation `name = value` belongs to its meaning.
  case defined(name: String, value: Int)
  /// Sum of at least two terms.
  case sum([Int])
  /// A constant times a term.
  case scaled(Rational, Int)
  /// `then` where the condition holds, else `otherwise`; all real but the condition.
  case choice(condition: Int, then: Int, otherwise: Int)
  /// `left < right`.
  case less(Int, Int)
  /// `left <= right`.
  case lessOrEqual(Int, Int)
  /// `left = right` on reals.
  case equal(Int, Int)
  /// Negation.
  case not(Int)
  /// Conjunction of at least two.
  case and([Int])
  /// Disjunction of at least two.
  case or([Int])
  /// `premise => conclusion`.
  case implies(Int, Int)

  /// Positions of the operands, left to right; all smaller than the node's own.
  package var operands: [Int] {
    switch self {
    case .constant, .variable: return []
    case .defined(_, let operand), .scaled(_, let operand), .not(let operand): return [operand]
    case .sum(let operands), .and(let operands), .or(let operands): return operands
    case .choice(let condition, let then, let otherwise): return [condition, then, otherwise]
    case .less(let left, let right), .lessOrEqual(let left, let right), .equal(let left, let right),
      .implies(let left, let right):
      return [left, right]
    }
  }

  /// Sort of the term.
  package var sort: Sort {
    switch self {
    case .constant(.real), .defined, .sum, .scaled, .choice: return .real
    case .variable(_, let sort): return sort
    case .constant(.boolean), .less, .lessOrEqual, .equal, .not, .and, .or, .implies: return .bool
    }
  }

  /// The name of a symbol, nil for any other node.
  package var symbol: String? {
    switch self {
    case .variable(let name, _), .defined(let name, _): return name
    default: return nil
    }
  }
}
