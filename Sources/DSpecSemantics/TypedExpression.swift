package import Diagnostics
package import RigorousArithmetic

/// A norm of R^n.
package enum Norm: String, Hashable, Sendable, CaseIterable {
  /// The sum of absolute values.
  case l1
  /// The Euclidean norm.
  case l2
  /// The greatest absolute value.
  case linf
}

/// A comparison of two values; strictness is kept exactly as written.
package enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="

  /// The operator that says the same with its operands exchanged.
  package var mirrored: ComparisonOperator {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .equal, .notEqual: self
    }
  }

  /// The operator that is true exactly where this one is false.
  package var negated: ComparisonOperator {
    switch self {
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .equal: .notEqual
    case .notEqual: .equal
    }
  }
}

/// An arithmetic operation on two real numbers.
package enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
}

/// What a typed application applies.
package indirect enum Callee: Hashable, Sendable {
  /// The network of this name in `TypedSpec.networks`.
  case network(String)
  /// The sampler of this name in `TypedSpec.samplers`.
  case sampler(String)
  /// The pipeline that the mitigation with this `yields` name makes, in `TypedSpec.mitigations`.
  case mitigated(String)
  /// The base with other weights for one of its networks, which the application's last argument gives.
  case reweighted(Callee, network: String)
  /// A sampler whose own noise is the application's last argument, one latent for each step.
  case noised(Callee)
  /// A pipeline with attribute switching that switches after another number of steps.
  case switched(Callee, step: Int)

  /// The name of what is applied, without changes to it.
  package var name: String { base.text }

  /// What is applied, without changes to it.
  package var base: Callee {
    switch self {
    case .network, .sampler, .mitigated: self
    case .reweighted(let callee, _), .noised(let callee), .switched(let callee, _): callee.base
    }
  }

  /// The text of what is applied with the changes to it; different for different callees.
  package var text: String {
    switch self {
    case .network(let name), .sampler(let name), .mitigated(let name): name
    case .reweighted(let callee, let network): "\(callee.text).using(\(network))"
    case .noised(let callee): "\(callee.text).noise"
    case .switched(let callee, let step): "\(callee.text).at(\(step))"
    }
  }
}

/// An expression of a claim with its type and place; free of syntax and of names to resolve.
///
/// Parameters are replaced by their values, constant sub-expressions are folded, and a comparison
/// chain `a < b <= c` is the conjunction of its links.
package struct TypedExpression: Hashable, Sendable {
  /// The forms of an expression.
  package indirect enum Kind: Hashable, Sendable {
    /// A number. Type `.real` or `.integer`.
    case constant(Rational)
    /// A truth value.
    case boolean(Bool)
    /// The case at `index` of an enumeration.
    case enumCase(EnumType, index: Int)
    /// The value that the binder of this name binds; names of binders of a claim are all different.
    case variable(String)
    /// Row `row`, counted in the declared `rows` range of dataset `dataset`, from 0: the record is row
    /// `rows.lowerBound + row` of the artifact.
    case record(dataset: String, row: Int)
    /// A network or pipeline applied to arguments: one for each declared input in order, then one for each
    /// change to the callee, the innermost first.
    case apply(Callee, [TypedExpression])
    /// The distance between two tensors of the same kind and shape.
    case distance(Norm, TypedExpression, TypedExpression)
    /// One element of a tensor; as many indices as the tensor has extents, each from 0 and in range.
    case index(TypedExpression, [Int])
    /// The negative of a number.
    case negate(TypedExpression)
    /// An arithmetic operation on numbers; a divisor is always a non-zero constant, and at least one
    /// factor of a product is a constant.
    case arithmetic(ArithmeticOperator, TypedExpression, TypedExpression)
    /// A comparison of two numbers, or `==`/`!=` of two values of one enumeration.
    case compare(ComparisonOperator, TypedExpression, TypedExpression)
    /// Holds where all operands hold; at least two operands.
    case and([TypedExpression])
    /// Holds where some operand holds; at least two operands.
    case or([TypedExpression])
    /// Holds where the operand does not.
    case not(TypedExpression)
    /// Holds where the first operand does not, or the second does.
    case implies(TypedExpression, TypedExpression)
    /// The second operand where the first holds, else the third; both of one type.
    case conditional(TypedExpression, TypedExpression, TypedExpression)
    /// Holds if the body holds for every value of the binders, or for some.
    case quantified(isUniversal: Bool, [Binder], TypedExpression)
    /// A measure, a number.
    case measure(MeasureTerm)
    /// What an accountant derives from a training: a number.
    case accounted(AccountedQuantity)
  }

  /// The form and its operands.
  package let kind: Kind
  /// The type of the value.
  package let type: ValueType
  /// Where it is written.
  package let span: SourceSpan
  /// How many expressions it consists of, those that stand in several places counted in each.
  package let size: Int

  /// Makes a typed expression.
  package init(kind: Kind, type: ValueType, span: SourceSpan) {
    self.kind = kind
    self.type = type
    self.span = span
    size = kind.operands.reduce(1) { sum, operand in
      let (next, overflow) = sum.addingReportingOverflow(operand.size)
      return overflow ? .max : next
    }
  }
}
