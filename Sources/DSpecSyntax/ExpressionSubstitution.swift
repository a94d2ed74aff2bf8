package import Diagnostics

extension ExpressionSyntax {
  /// The expression with another one in place of every use of a name, and the binders that bind the name
  /// anew.
  ///
  /// Such a binder is reported by the caller: the language lets no variable hide another one. Since no
  /// variable hides a declaration either, no name of `replacement` that stands for a declaration is captured.
  package func replacing(
    _ name: String, by replacement: ExpressionSyntax
  ) -> (expression: ExpressionSyntax, rebindings: [NameSyntax]) {
    var substitution = Substitution(name: name, replacement: replacement)
    let expression = substitution.apply(to: self)
    return (expression, substitution.rebindings)
  }

  /// The conjunction or disjunction of expressions at one place; a single one is itself.
  package static func joined(_ parts: [ExpressionSyntax], by chain: Chain, at span: SourceSpan) -> Self? {
    guard let first = parts.first, parts.count > 1 else { return parts.first }
    let links = parts.dropFirst().map {
      ChainLink(operation: OperatorSyntax(text: chain.rawValue, span: span), operand: $0)
    }
    return ExpressionSyntax(
      kind: .chain(chain, first, links), span: span, isParenthesized: true, height: 1 + parts.maximumHeight)
  }

  /// `condition implies body` at the place of the body.
  package static func implication(_ condition: Self, _ body: Self) -> Self {
    ExpressionSyntax(
      kind: .implies(condition, body), span: body.span, isParenthesized: true,
      height: 1 + max(condition.height, body.height))
  }

  /// What stands for an expression that has an error, which has been reported.
  package static func missing(at span: SourceSpan) -> Self {
    ExpressionSyntax(kind: .missing, span: span, isParenthesized: false, height: 1)
  }

  /// A whole number at a place; a negative one is the negation of a number.
  package static func integer(_ value: Int, at span: SourceSpan) -> Self {
    let magnitude = ExpressionSyntax(
      kind: .number(String(value.magnitude), isPercentage: false), span: span, isParenthesized: false,
      height: 1)
    guard value < 0 else { return magnitude }
    return ExpressionSyntax(kind: .minus(magnitude), span: span, isParenthesized: true, height: 2)
  }

  /// The same quantifier with other binders and another body; the body itself where no binder is left.
  package static func quantified(
    isUniversal: Bool, _ binders: [BinderSyntax], _ body: Self, at span: SourceSpan
  ) -> Self {
    guard !binders.isEmpty else { return body }
    return ExpressionSyntax(
      kind: .quantified(isUniversal: isUniversal, binders, condition: nil, body), span: span,
      isParenthesized: true, height: 1 + max(binders.maximumHeight, body.height))
  }
}

/// One name to replace, and what is met on the way.
private struct Substitution {
  let name: String
  let replacement: ExpressionSyntax
  var rebindings: [NameSyntax] = []

  mutating func apply(to expression: ExpressionSyntax) -> ExpressionSyntax {
    if case .name(let text) = expression.kind, text == name {
      return ExpressionSyntax(
        kind: replacement.kind, span: expression.span, isParenthesized: replacement.isParenthesized,
        height: replacement.height)
    }
    return ExpressionSyntax(
      kind: apply(to: expression.kind), span: expression.span, isParenthesized: expression.isParenthesized,
      height: expression.height + replacement.height)
  }

  private mutating func apply(to kind: ExpressionSyntax.Kind) -> ExpressionSyntax.Kind {
    switch kind {
    case .number, .string, .boolean, .name, .missing: return kind
    case .list(let items): return .list(apply(to: items))
    case .member(let base, let member): return .member(apply(to: base), member)
    case .call(let callee, let arguments):
      return .call(
        apply(to: callee),
        arguments.map { ArgumentSyntax(label: $0.label, value: apply(to: $0.value)) })
    case .subscripted(let base, let indices): return .subscripted(apply(to: base), apply(to: indices))
    case .minus(let operand): return .minus(apply(to: operand))
    case .not(let operand): return .not(apply(to: operand))
    case .chain(let chain, let first, let links):
      return .chain(
        chain, apply(to: first),
        links.map { ChainLink(operation: $0.operation, operand: apply(to: $0.operand)) })
    case .implies(let a, let b): return .implies(apply(to: a), apply(to: b))
    case .conditional(let a, let b, let c): return .conditional(apply(to: a), apply(to: b), apply(to: c))
    case .quantified(let isUniversal, let binders, let condition, let body):
      return .quantified(
        isUniversal: isUniversal, apply(to: binders), condition: condition.map { apply(to: $0) },
        apply(to: body))
    case .measure(let measure):
      return .measure(
        MeasureSyntax(
          measure: measure.measure, name: measure.name, binders: apply(to: measure.binders),
          condition: measure.condition.map { apply(to: $0) }, body: apply(to: measure.body),
          target: measure.target.map { apply(to: $0) }, given: measure.given.map { apply(to: $0) }))
    }
  }

  private mutating func apply(to expressions: [ExpressionSyntax]) -> [ExpressionSyntax] {
    expressions.map { apply(to: $0) }
  }

  private mutating func apply(to binders: [BinderSyntax]) -> [BinderSyntax] {
    rebindings += binders.map(\.name).filter { $0.text == name }
    return binders.map { BinderSyntax(name: $0.name, isDraw: $0.isDraw, source: apply(to: $0.source)) }
  }
}
