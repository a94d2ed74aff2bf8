package import Diagnostics

/// A name as written.
package struct NameSyntax: Hashable, Sendable {
  /// The name.
  package let text: String
  /// Its place.
  package let span: SourceSpan

  /// Makes a name.
  package init(text: String, span: SourceSpan) {
    self.text = text
    self.span = span
  }
}

/// A dotted name such as `m.Z`; never empty.
package struct PathSyntax: Hashable, Sendable {
  /// The names in order.
  package let names: [NameSyntax]
  /// The place of the whole.
  package let span: SourceSpan

  /// The names with dots between them.
  package var text: String { names.map(\.text).joined(separator: ".") }
}

/// An operator of a chain with its place.
package struct OperatorSyntax: Hashable, Sendable {
  /// The operator as in the language: punctuation, `and` or `or`.
  package let text: String
  /// Its place.
  package let span: SourceSpan
}

/// `x in Z` or `x ~ PZ`.
package struct BinderSyntax: Hashable, Sendable {
  /// The variable.
  package let name: NameSyntax
  /// Whether it is drawn with `~` rather than ranging with `in`.
  package let isDraw: Bool
  /// What it ranges over or is drawn from.
  package let source: ExpressionSyntax
}

/// An argument, named or not.
package struct ArgumentSyntax: Hashable, Sendable {
  /// The label before the colon, if any.
  package let label: NameSyntax?
  /// The value.
  package let value: ExpressionSyntax

  /// The place of label and value.
  package var span: SourceSpan { label.map { $0.span.union(value.span) } ?? value.span }
}

/// `P[...]`, `E[...]` or `BER[...]`.
package struct MeasureSyntax: Hashable, Sendable {
  /// Which measure it is.
  package let measure: MeasureName
  /// The word as written.
  package let name: NameSyntax
  /// The draws.
  package let binders: [BinderSyntax]
  /// The condition after `where`, if any.
  package let condition: ExpressionSyntax?
  /// The event or prediction.
  package let body: ExpressionSyntax
  /// What is predicted, after `predicts`, if any.
  package let target: ExpressionSyntax?
  /// The condition after `given`, if any.
  package let given: ExpressionSyntax?
}

/// One operator of a chain and the operand after it.
package struct ChainLink: Hashable, Sendable {
  /// The operator.
  package let operation: OperatorSyntax
  /// The operand on its right.
  package let operand: ExpressionSyntax
}

/// An expression as written.
///
/// Chains of operators are flat. `height` bounds the depth to which a left-nested reading of the
/// expression recurses; it never exceeds `ExpressionSyntax.maximumHeight`.
package struct ExpressionSyntax: Hashable, Sendable {
  /// The operator groups of chains.
  package enum Chain: String, Hashable, Sendable {
    case or, and, comparison, sum, product
  }

  /// The forms of an expression.
  package indirect enum Kind: Hashable, Sendable {
    /// The digits without `%`.
    case number(String, isPercentage: Bool)
    /// The text with escapes resolved.
    case string(String)
    case boolean(Bool)
    case name(String)
    case list([ExpressionSyntax])
    case member(ExpressionSyntax, NameSyntax)
    case call(ExpressionSyntax, [ArgumentSyntax])
    case subscripted(ExpressionSyntax, [ExpressionSyntax])
    case minus(ExpressionSyntax)
    case not(ExpressionSyntax)
    /// Two or more operands of one group of operators.
    case chain(Chain, ExpressionSyntax, [ChainLink])
    case implies(ExpressionSyntax, ExpressionSyntax)
    case conditional(ExpressionSyntax, ExpressionSyntax, ExpressionSyntax)
    case quantified(
      isUniversal: Bool, [BinderSyntax], condition: ExpressionSyntax?, ExpressionSyntax)
    case measure(MeasureSyntax)
    /// What could not be read; a diagnostic has been given.
    case missing
  }

  /// The greatest height of an expression that the parser makes.
  package static let maximumHeight = 512

  /// A call made of parts that stand in a tree already.
  package static func call(
    _ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], at span: SourceSpan
  ) -> ExpressionSyntax {
    let height = 1 + ([callee.height] + arguments.map(\.value.height)).reduce(0, Swift.max)
    return ExpressionSyntax(
      kind: .call(callee, arguments), span: span, isParenthesized: false, height: height)
  }

  /// The form.
  package let kind: Kind
  /// The place, with the parentheses around it if there are any.
  package let span: SourceSpan
  /// Whether parentheses stand around it.
  package let isParenthesized: Bool
  /// See the type.
  package let height: Int
}
