import DSpecSyntax
import Diagnostics

extension Checker {
  /// Checks a mitigation.
  mutating func mitigation(
    _ name: NameSyntax, _ path: PathSyntax, _ kind: NameSyntax, _ block: BlockSyntax, in scope: Scope
  ) -> Entity? {
    guard kind.text == "attribute_switching" else {
      let meant = SpellingSuggestion.nearest(to: kind.text, among: ["attribute_switching"])
      report(
        .unsupportedFeature, "`\(kind.text)` mitigations are not supported by this version", at: kind.span,
        help: meant.map { "did you mean `\($0)`?" } ?? "only `attribute_switching` is",
        fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: kind.span, with: $0)] } ?? [])
      return nil
    }
    let fields = fields(block, of: name, allowed: ["yields", "attribute", "at"])
    let yields = required("yields", fields, example: "\(path.names.last?.text ?? "G")s").flatMap {
      plainName($0, needed: "the name of the mitigated sampler")
    }
    let attributeSyntax = required("attribute", fields, example: "s")
    let attribute = attributeSyntax.flatMap { plainName($0, needed: "the name of an input") }
    let atSyntax = required("at", fields, example: "step(5)")
    guard let (found, foundName) = entity(at: path.names, span: path.span, in: scope, needed: "a sampler")
    else { return nil }
    guard case .sampler(let base) = found else {
      reportWrong(.entity(found, name: foundName), at: path.span, needed: "a sampler")
      return nil
    }
    let shape = CallShape(name: "step", positional: ["number"])
    guard let attribute, let attributeSyntax,
      checkAttribute(attribute, of: base, at: attributeSyntax.span), let yields, let atSyntax,
      let call = call(atSyntax, shapes: [shape], needed: "a step"), let number = call["number"],
      let step = integer(number, in: scope, within: 0...base.method.steps)
    else { return nil }
    return .mitigation(
      MitigationDeclaration(
        name: modules[scope.module].qualified(name.text), yields: modules[scope.module].qualified(yields),
        base: base.name, attribute: attribute, step: step, span: name.span))
  }

  private mutating func plainName(_ expression: ExpressionSyntax, needed: String) -> String? {
    if expression.kind == .missing { return nil }
    if case .name(let text) = expression.kind { return text }
    report(.malformedValue, "\(needed) is needed here", at: expression.span)
    return nil
  }

  private mutating func checkAttribute(
    _ attribute: String, of base: SamplerDeclaration, at span: SourceSpan
  ) -> Bool {
    let conditions = base.inputs.filter { if case .enumeration = $0.type { true } else { false } }
    guard let port = base.inputs.first(where: { $0.name == attribute }) else {
      let meant = SpellingSuggestion.nearest(to: attribute, among: conditions.map(\.name))
      report(
        .unknownName, "`\(base.name)` has no input `\(attribute)`", at: span,
        help: meant.map { "did you mean `\($0)`?" }
          ?? "name the input to switch, one of \(conditions.map { "`\($0.name)`" }.joined(separator: ", "))",
        fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: span, with: $0)] } ?? [])
      return false
    }
    guard case .enumeration(let type) = port.type, type.cases.count == 2 else {
      report(
        .typeMismatch,
        "an attribute to switch has an enumeration of two cases, `\(attribute)` is \(port.type)",
        at: span)
      return false
    }
    return true
  }
}
