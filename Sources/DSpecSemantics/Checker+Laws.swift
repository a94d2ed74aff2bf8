import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a declared law.
  mutating func law(
    _ name: NameSyntax, _ typeSyntax: TypeSyntax, _ value: ExpressionSyntax, in scope: Scope
  ) -> Entity? {
    guard let type = type(typeSyntax, in: scope), let law = law(value, type: type, in: scope) else {
      return nil
    }
    let qualified = modules[scope.module].qualified(name.text)
    switch (type, law) {
    case (.enumeration(let declared), .categorical(let found, _)):
      guard declared == found else {
        report(
          .typeMismatch,
          "`\(name.text)` is a law on `\(declared.name)`, the definition is one on `\(found.name)`",
          at: value.span)
        return nil
      }
      return .law(LawDeclaration(name: qualified, law: law, span: name.span))
    case (.tensor(let declared), .product(_, let coordinates)):
      guard checkSupport(coordinates, declared, at: value.span) else { return nil }
      return .law(
        LawDeclaration(name: qualified, law: .product(declared, coordinates), span: name.span))
    case (.tensor(let declared), .uniform), (.tensor(let declared), .mixture),
      (.tensor(let declared), .empirical):
      guard case .tensor(let found) = law.type,
        fits(
          found, declared, what: "the definition is a law on \(found)", needer: "`\(name.text)` is a law on",
          at: value.span)
      else { return nil }
      return .law(LawDeclaration(name: qualified, law: law, span: name.span))
    default:
      report(.typeMismatch, "the definition is a law on \(law.type), not on \(type)", at: value.span)
      return nil
    }
  }

  /// Whether an expression is a call with the name of a law.
  func isLaw(_ expression: ExpressionSyntax) -> Bool {
    guard case .call(let callee, _) = expression.kind, case .name(let text) = callee.kind else {
      return false
    }
    return Vocabulary.laws.contains { $0.name == text }
  }

  /// A law as written; `type` is what a `normal` law needs to know its shape.
  mutating func law(_ expression: ExpressionSyntax, type: ValueType?, in scope: Scope) -> Law? {
    if case .call(let callee, let arguments) = expression.kind,
      case .member(let base, let member) = callee.kind, case .call = base.kind
    {
      return truncated(base, member, arguments, at: expression.span, type: type, in: scope)
    }
    guard let call = call(expression, shapes: Vocabulary.laws, needed: "a law") else { return nil }
    switch call.name.text {
    case "normal": return normal(call, type: type, in: scope)
    case "uniform": return uniform(call, type: type, in: scope)
    case "mixture": return mixture(call, in: scope)
    case "product": return product(call, type: type, in: scope)
    case "empirical": return empirical(call, in: scope)
    default: return categorical(call, in: scope)
    }
  }

  private mutating func tensor(_ type: ValueType?, at span: SourceSpan) -> TensorType? {
    if case .tensor(let tensor)? = type { return tensor }
    if let type {
      report(.typeMismatch, "`normal` is a law on tensors, not on \(type)", at: span)
    } else {
      report(
        .malformedValue, "the shape of the law is not known here", at: span,
        help: "declare it, as in `dist PZ: Latent[2] = normal(0, 1)`, and use its name")
    }
    return nil
  }

  private mutating func normal(_ call: CallReading, type: ValueType?, in scope: Scope) -> Law? {
    guard let tensor = tensor(type, at: call.span), let meanSyntax = call["mean"],
      let deviationSyntax = call["deviation"]
    else { return nil }
    let means = coordinates(meanSyntax, tensor, in: scope)
    let deviations = coordinates(deviationSyntax, tensor, in: scope)
    guard let means, let deviations else { return nil }
    if let wrong = deviations.first(where: { $0 <= Rational(0) }) {
      report(
        .numberOutOfRange, "the standard deviation \(wrong.sourceText) is not positive",
        at: deviationSyntax.span)
      return nil
    }
    return .product(
      tensor, zip(means, deviations).map { .normal(mean: $0, standardDeviation: $1) })
  }

  private mutating func truncated(
    _ base: ExpressionSyntax, _ member: NameSyntax, _ arguments: [ArgumentSyntax], at span: SourceSpan,
    type: ValueType?, in scope: Scope
  ) -> Law? {
    guard Vocabulary.lawMembers.contains(member.text) else {
      let meant = SpellingSuggestion.nearest(to: member.text, among: Vocabulary.lawMembers)
      report(
        .malformedValue, "a law has no member `\(member.text)`", at: member.span,
        help: meant.map { "did you mean `\($0)`?" } ?? "write `normal(0, 1).truncated(Z)`")
      return nil
    }
    guard arguments.count == 1, let argument = arguments.first, argument.label == nil else {
      report(.wrongArity, "`truncated` takes one domain", at: span, help: "write `normal(0, 1).truncated(Z)`")
      return nil
    }
    guard let law = law(base, type: type, in: scope),
      let (domain, box) = box(argument.value, type: law.type, in: scope)
    else { return nil }
    guard case .product(let tensor, let coordinates) = law else {
      report(.typeMismatch, "only `normal` can be truncated", at: base.span)
      return nil
    }
    guard fits(domain, to: tensor, at: argument.value.span), checkVolume(box, domain, at: argument.value.span)
    else { return nil }
    var result: [CoordinateLaw] = []
    for (index, coordinate) in coordinates.enumerated() {
      guard case .normal(let mean, let deviation) = coordinate else {
        report(.typeMismatch, "only `normal` can be truncated", at: base.span)
        return nil
      }
      result.append(
        .truncatedNormal(
          mean: mean, standardDeviation: deviation, lower: box.lower[index], upper: box.upper[index]))
    }
    return .product(tensor, result)
  }

  private mutating func fits(_ domain: DomainDeclaration, to tensor: TensorType, at span: SourceSpan) -> Bool
  {
    guard domain.type.kind == tensor.kind, domain.type.shape == tensor.shape else {
      report(
        .shapeMismatch, "the law is one on \(tensor), `\(domain.name)` is a set of \(domain.type)", at: span)
      return false
    }
    return true
  }

  private mutating func checkVolume(_ box: BoxRegion, _ domain: DomainDeclaration, at span: SourceSpan)
    -> Bool
  {
    guard let index = box.lower.indices.first(where: { box.lower[$0] == box.upper[$0] }) else { return true }
    report(
      .noVolume,
      "`\(domain.name)` has no volume: coordinate \(index) is the single number "
        + "\(box.lower[index].sourceText)", at: span, notes: declaration(of: domain, besides: span))
    return false
  }

  /// The place of a domain's declaration, unless it is written at the place of the problem.
  private func declaration(of domain: DomainDeclaration, besides span: SourceSpan) -> [DiagnosticNote] {
    domain.span == span ? [] : [DiagnosticNote("declared here", at: domain.span)]
  }

  /// The box of a domain that is one: a box, or an `linf` ball around constants.
  private func box(of domain: DomainDeclaration) -> BoxRegion? {
    switch domain.region {
    case .box(let box): return box
    case .ball(let ball):
      guard ball.norm == .linf, case .constant(let center) = ball.center else { return nil }
      let lower = center.map { value in
        ball.clip.map { max($0.lower, value - ball.radius) } ?? value - ball.radius
      }
      let upper = center.map { value in
        ball.clip.map { min($0.upper, value + ball.radius) } ?? value + ball.radius
      }
      return BoxRegion(lower: lower, upper: upper)
    case .points, .slice, .product: return nil
    }
  }

  /// The domain to which a law is truncated.
  private mutating func box(
    _ expression: ExpressionSyntax, type: ValueType, in scope: Scope
  ) -> (DomainDeclaration, BoxRegion)? {
    guard let domain = domain(expression, type: type, in: scope) else { return nil }
    guard let box = box(of: domain) else {
      report(
        .unsupportedFeature, "laws truncated to `\(domain.name)`, which is no box, are not supported",
        at: expression.span, notes: declaration(of: domain, besides: expression.span),
        help: "use a `box`, or an `linf` ball around constants")
      return nil
    }
    return (domain, box)
  }

  /// The set that a law of the given type is about: a domain, or a set written in place.
  private mutating func domain(
    _ expression: ExpressionSyntax, type: ValueType?, in scope: Scope
  ) -> DomainDeclaration? {
    if case .tensor(let tensor)? = type, isRegion(expression) {
      return unnamedDomain(expression, tensor, in: scope)
    }
    guard let (found, name) = entity(of: expression, in: scope, needed: "a domain") else { return nil }
    if case .domain(let domain) = found { return domain }
    reportWrong(.entity(found, name: name), at: expression.span, needed: "a domain")
    return nil
  }

  /// A set of tensors that is written where a law needs one; its text serves as its name.
  private mutating func unnamedDomain(
    _ expression: ExpressionSyntax, _ type: TensorType, in scope: Scope
  ) -> DomainDeclaration? {
    let owner = NameSyntax(text: sources.text(expression.span), span: expression.span)
    return region(expression, type, owner: owner, in: scope).map { region, ranged in
      DomainDeclaration(name: owner.text, type: ranged, region: region, span: owner.span)
    }
  }

  private mutating func uniform(_ call: CallReading, type: ValueType?, in scope: Scope) -> Law? {
    guard let set = call["set"] else { return nil }
    if case .tensor(let tensor)? = type, isRegion(set) {
      return unnamedDomain(set, tensor, in: scope).flatMap { uniform(on: $0, at: set.span) }
    }
    guard let (found, name) = entity(of: set, in: scope, needed: "a domain or an enumeration") else {
      return nil
    }
    if case .enumeration(let cases) = found {
      guard let weight = Rational(1).divided(by: Rational(cases.cases.count)) else { return nil }
      return .categorical(cases, weights: Array(repeating: weight, count: cases.cases.count))
    }
    guard case .domain(let domain) = found else {
      reportWrong(.entity(found, name: name), at: set.span, needed: "a domain or an enumeration")
      return nil
    }
    if case .tensor(let tensor)? = type, !fits(domain, to: tensor, at: set.span) { return nil }
    return uniform(on: domain, at: set.span)
  }

  private mutating func uniform(on domain: DomainDeclaration, at span: SourceSpan) -> Law? {
    if let box = box(of: domain) {
      guard checkVolume(box, domain, at: span) else { return nil }
      return .product(domain.type, zip(box.lower, box.upper).map { .uniform(lower: $0, upper: $1) })
    }
    if case .ball(let ball) = domain.region, ball.radius.isZero {
      report(
        .noVolume, "`\(domain.name)` has no volume: its radius is 0", at: span,
        notes: declaration(of: domain, besides: span))
      return nil
    }
    return .uniform(domain)
  }

  private mutating func categorical(_ call: CallReading, in scope: Scope) -> Law? {
    guard let casesSyntax = call["cases"], let weightsSyntax = call["weights"] else { return nil }
    guard case .list(let cases) = casesSyntax.kind, case .list(let weights) = weightsSyntax.kind else {
      report(
        .malformedValue, "`categorical` takes a list of cases and a list of weights", at: call.span,
        help: "write `categorical([Ink.light, Ink.heavy], [50%, 50%])`")
      return nil
    }
    guard cases.count == weights.count, !cases.isEmpty else {
      report(
        .wrongArity, "\(cases.count) cases but \(weights.count) weights", at: call.span,
        help: "give one weight for each case")
      return nil
    }
    var mass: [Int: Rational] = [:]
    var type: EnumType?
    var isSound = true
    for (item, weightSyntax) in zip(cases, weights) {
      let value = typed(item, in: scope.withoutVariables)
      let weight = probability(weightSyntax, in: scope)
      guard let value, let weight else {
        isSound = false
        continue
      }
      guard case .enumCase(let found, let index) = value.kind, type == nil || type == found else {
        report(
          .typeMismatch, "the cases of one enumeration are needed here, \(describe(value))", at: item.span)
        return nil
      }
      type = found
      if mass.updateValue(weight, forKey: index) != nil {
        report(.duplicateName, "case `\(found.cases[index])` has two weights", at: item.span)
        isSound = false
      }
    }
    guard isSound, let type else { return nil }
    let sum = mass.values.reduce(Rational(0), +)
    guard sum == Rational(1) else {
      report(
        .weightsDoNotSumToOne, "the weights sum to \(sum.sourceText), not to 1", at: weightsSyntax.span,
        help: "weights are exact; write fractions such as `1/3` where decimals fall short")
      return nil
    }
    return .categorical(type, weights: type.cases.indices.map { mass[$0] ?? Rational(0) })
  }

  /// Whether a law gives all its mass to the range of its type.
  private mutating func checkSupport(
    _ coordinates: [CoordinateLaw], _ type: TensorType, at span: SourceSpan
  ) -> Bool {
    guard let range = type.range else { return true }
    for coordinate in coordinates {
      switch coordinate {
      case .truncatedNormal(_, _, let lower, let upper), .uniform(let lower, let upper):
        if range.contains(lower) && range.contains(upper) { continue }
      case .normal: break
      }
      report(
        .rangeMismatch, "the law gives mass to values outside the range \(range) of its type", at: span,
        help: "truncate it to a box within the range")
      return false
    }
    return true
  }
}
