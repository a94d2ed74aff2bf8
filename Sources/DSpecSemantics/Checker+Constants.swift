import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// The exact number that a constant expression gives.
  mutating func constant(_ expression: ExpressionSyntax, in scope: Scope) -> Rational? {
    guard let typed = typed(expression, in: scope) else { return nil }
    if case .constant(let value) = typed.kind { return value }
    if case .real = typed.type {
      report(.notConstant, "a constant is needed here", at: expression.span)
    } else if case .integer = typed.type {
      report(.notConstant, "a constant is needed here", at: expression.span)
    } else {
      report(.typeMismatch, "a number is needed here, not \(typed.type)", at: expression.span)
    }
    return nil
  }

  /// The integer that a constant expression gives, within `bounds`.
  mutating func integer(
    _ expression: ExpressionSyntax, in scope: Scope, within bounds: ClosedRange<Int>
  ) -> Int? {
    guard let value = constant(expression, in: scope) else { return nil }
    guard let integer = value.asInt(), bounds.contains(integer) else {
      let upper = bounds.upperBound == Int.max ? "" : " and at most \(bounds.upperBound)"
      report(
        .numberOutOfRange,
        "`\(value.sourceText)` should be a whole number, at least \(bounds.lowerBound)\(upper)",
        at: expression.span)
      return nil
    }
    return integer
  }

  /// A probability that a constant expression gives.
  mutating func probability(_ expression: ExpressionSyntax, in scope: Scope) -> Rational? {
    guard let value = constant(expression, in: scope) else { return nil }
    guard checkProbability(value, at: expression.span) else { return nil }
    return value
  }

  /// Reports numbers outside [0, 1].
  mutating func checkProbability(_ value: Rational, at span: SourceSpan) -> Bool {
    guard !ValueRange.unit.contains(value) else { return true }
    let text = value.sourceText
    let mayBePercent = value > Rational(1) && value <= Rational(100)
    let written = sources.text(span)
    let isLiteral = Rational(decimal: written) != nil
    report(
      .notAProbability, "`\(text)` is not a probability", at: span,
      help: mayBePercent ? "did you mean `\(text)%`?" : "probabilities lie between 0 and 1",
      fixIts: mayBePercent && isLiteral
        ? [FixIt("write `\(written)%`", replace: span, with: written + "%")] : [])
    return false
  }

  /// Reads values of parameters from outside as expressions, each in a file of its own.
  mutating func readOverrides(_ values: [String: String]) {
    for (name, text) in values.sorted(by: { $0.key < $1.key }) {
      let file = SourceFile(name: "parameter \(name)", text: text)
      let id = sources.add(file)
      let (expression, problems) = Parser.parseExpression(file, source: id)
      diagnostics += problems
      let known = parameterNames()
      guard known.contains(name) else {
        let meant = SpellingSuggestion.nearest(to: name, among: known)
        report(
          .unknownOverride, "the specification has no parameter `\(name)`",
          at: SourceSpan(source: id, lower: 0, upper: file.utf8.count),
          help: meant.map { "did you mean `\($0)`?" }
            ?? (known.isEmpty
              ? "it declares no parameters"
              : "its parameters are \(known.sorted().prefix(12).map { "`\($0)`" }.joined(separator: ", "))"))
        continue
      }
      overrides[name] = expression
    }
  }

  private func parameterNames() -> Set<String> {
    var names: Set<String> = []
    for module in modules {
      for declaration in module.syntax.declarations where declaration.keyword == .param {
        if let name = declaration.name { names.insert(module.qualified(name.text)) }
      }
    }
    return names
  }

  /// Checks a parameter; a value from outside takes the place of the declared one.
  mutating func parameter(
    _ name: NameSyntax, _ typeSyntax: TypeSyntax, _ value: ExpressionSyntax?, in scope: Scope
  ) -> Entity? {
    guard let type = type(typeSyntax, in: scope) else { return nil }
    switch type {
    case .real, .integer, .enumeration: break
    default:
      report(
        .typeMismatch, "a parameter is a number or a case of an enumeration, not \(type)",
        at: typeSyntax.span)
      return nil
    }
    let qualified = modules[scope.module].qualified(name.text)
    let isProbability = typeSyntax.path.text == "Prob"
    let declared = value.flatMap {
      parameterValue($0, type: type, isProbability, name: qualified, in: scope)
    }
    let outside = overrides[qualified]
    let given = outside.map { parameterValue($0, type: type, isProbability, name: qualified, in: scope) }
    if value == nil, outside == nil {
      report(
        .missingParameterValue, "parameter `\(qualified)` has no value", at: name.span,
        help: "give it one here after `=`, or on the command line")
    }
    if value != nil, declared == nil { return nil }
    guard let result = given ?? declared else { return nil }
    return .parameter(
      ParameterDeclaration(
        name: qualified, type: type, value: result, isOverridden: outside != nil, span: name.span))
  }

  private mutating func parameterValue(
    _ expression: ExpressionSyntax, type: ValueType, _ isProbability: Bool, name: String, in scope: Scope
  ) -> ParameterValue? {
    guard let typed = typed(expression, in: scope) else { return nil }
    switch (type, typed.kind) {
    case (.real(let range), .constant(let value)), (.integer(let range), .constant(let value)):
      if case .integer = type, !value.isInteger {
        report(
          .typeMismatch, "`\(name)` is an integer, `\(value.sourceText)` is not", at: expression.span)
        return nil
      }
      if isProbability, !checkProbability(value, at: expression.span) { return nil }
      if let range, !range.contains(value) {
        report(
          .numberOutOfRange, "`\(name)` lies in \(range), `\(value.sourceText)` does not",
          at: expression.span)
        return nil
      }
      return .number(value)
    case (.enumeration(let expected), .enumCase(let found, let index)) where expected == found:
      return .enumCase(found, index: index)
    case (.enumeration(let expected), _):
      report(
        .typeMismatch, "`\(name)` is a case of `\(expected.name)`, not \(typed.type)", at: expression.span)
      return nil
    default:
      report(.typeMismatch, "`\(name)` is a number, not \(typed.type)", at: expression.span)
      return nil
    }
  }
}
