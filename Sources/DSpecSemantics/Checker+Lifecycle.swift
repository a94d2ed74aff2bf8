import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a goal.
  mutating func goal(_ name: NameSyntax, _ title: String?, _ block: BlockSyntax, in scope: Scope) -> Entity? {
    let fields = fields(block, of: name, allowed: Vocabulary.fields(of: .goal))
    let hazardsSyntax = required("hazards", fields, example: "[SexualContent]")
    let bySyntax = required("by", fields, example: "[NeverUnsafe]")
    let hazards = hazardsSyntax.flatMap { hazardNames($0, in: scope) }
    let properties = bySyntax.flatMap { propertyNames($0, in: scope) }
    guard let hazards, let properties, let hazardsSyntax else { return nil }
    for hazard in hazards {
      let isMet = properties.contains { mitigations(of: $0).contains(hazard) }
      if isMet { continue }
      report(
        .openGoal, "no property of `\(name.text)` mitigates `\(hazard)`", at: hazardsSyntax.span,
        help: "add a property with `mitigates: \(hazard)` to `by`")
    }
    if scope.module == 0 {
      goals.append(
        GoalDeclaration(
          name: modules[scope.module].qualified(name.text), title: title, hazards: hazards,
          properties: properties, span: name.span))
    }
    return .goal
  }

  /// The hazards that a checked property mitigates.
  private func mitigations(of property: String) -> [String] {
    properties.first { $0.name == property }?.hazards ?? []
  }

  /// The names of the properties of a name or a list of names.
  private mutating func propertyNames(_ expression: ExpressionSyntax, in scope: Scope) -> [String]? {
    var items = [expression]
    if case .list(let list) = expression.kind { items = list }
    var names: [String] = []
    for item in items {
      guard let (found, name) = entity(of: item, in: scope, needed: "a property") else { continue }
      guard case .property = found else {
        reportWrong(.entity(found, name: name), at: item.span, needed: "a property")
        continue
      }
      names.append(name)
    }
    return names.count == items.count ? names : nil
  }

  // MARK: Tests

  /// Checks a test.
  mutating func test(_ title: NameSyntax, _ block: BlockSyntax, in scope: Scope) {
    let owner = NameSyntax(text: title.text, span: title.span)
    let fields = fields(block, of: owner, allowed: Vocabulary.fields(of: .test))
    let underSyntax = required("under", fields, example: "replace(nsfw, always(1))")
    let expectSyntax = required("expect", fields, example: "refuted(NeverUnsafe)")
    let replacements = underSyntax.flatMap { items(of: $0) { $0.replacement($1, in: scope) } }
    let expectations = expectSyntax.flatMap { items(of: $0) { $0.expectations($1, in: scope) } }
    guard let replacements, let expectations, scope.module == 0 else { return }
    tests.append(
      TestDeclaration(
        title: title.text, replacements: replacements, expectations: expectations.flatMap { $0 },
        span: title.span))
  }

  /// Reads an expression or each of a list of them; nil unless all are sound.
  private mutating func items<Item>(
    of expression: ExpressionSyntax, _ read: (inout Checker, ExpressionSyntax) -> Item?
  ) -> [Item]? {
    var items = [expression]
    if case .list(let list) = expression.kind { items = list }
    var result: [Item] = []
    for item in items {
      if let value = read(&self, item) { result.append(value) }
    }
    return result.count == items.count ? result : nil
  }

  private mutating func replacement(
    _ expression: ExpressionSyntax, in scope: Scope
  ) -> TestDeclaration.Replacement? {
    guard let call = call(expression, shapes: Vocabulary.changes, needed: "a change of the specification"),
      let networkSyntax = call["network"], let bySyntax = call["by"],
      let (found, name) = entity(of: networkSyntax, in: scope, needed: "a network")
    else { return nil }
    switch found {
    case .network(let network): return replacement(of: network, by: bySyntax, in: scope)
    case .sampler(let sampler): return replacement(of: sampler.name, sampler, by: bySyntax, in: scope)
    case .pipeline(let mitigation, let base):
      return replacement(of: mitigation.yields, base, by: bySyntax, in: scope)
    default:
      reportWrong(.entity(found, name: name), at: networkSyntax.span, needed: "a network or sampler")
      return nil
    }
  }

  private mutating func replacement(
    of network: NetworkDeclaration, by expression: ExpressionSyntax, in scope: Scope
  ) -> TestDeclaration.Replacement? {
    guard let always = call(expression, shapes: Vocabulary.replacements, needed: "what replaces the network"),
      let valueSyntax = always["value"]
    else { return nil }
    if case .subscripted = valueSyntax.kind {
      guard let value = typed(valueSyntax, in: scope) else { return nil }
      guard case .record(let dataset, let row) = value.kind,
        fits(value, Port(name: network.name, type: network.output), of: network.name, isResult: true)
      else { return nil }
      return .record(network: network.name, dataset: dataset, row: row)
    }
    guard let value = constant(valueSyntax, in: scope) else { return nil }
    let range: ValueRange?
    switch network.output {
    case .tensor(let type): range = type.range
    default: range = network.output.numericRange
    }
    if let range, !range.contains(value) {
      report(
        .rangeMismatch, "`\(network.name)` yields \(network.output), never \(value.sourceText)",
        at: valueSyntax.span)
      return nil
    }
    return .constant(network: network.name, value)
  }

  private mutating func replacement(
    of name: String, _ base: SamplerDeclaration, by expression: ExpressionSyntax, in scope: Scope
  ) -> TestDeclaration.Replacement? {
    guard let (found, other) = entity(of: expression, in: scope, needed: "a sampler") else { return nil }
    let callee: Callee
    let signature: SamplerDeclaration
    switch found {
    case .sampler(let sampler): (callee, signature) = (.sampler(sampler.name), sampler)
    case .pipeline(let mitigation, let sampler):
      (callee, signature) = (.mitigated(mitigation.yields), sampler)
    default:
      reportWrong(.entity(found, name: other), at: expression.span, needed: "a sampler")
      return nil
    }
    guard signature.inputs == base.inputs, signature.output == base.output else {
      report(.typeMismatch, "`\(other)` and `\(name)` have different signatures", at: expression.span)
      return nil
    }
    return .pipeline(name, by: callee)
  }

  private mutating func expectations(
    _ expression: ExpressionSyntax, in scope: Scope
  ) -> [TestDeclaration.Expectation]? {
    let words = TestDeclaration.Expected.allCases.map(\.rawValue)
    guard case .call(let callee, let arguments) = expression.kind, case .name(let text) = callee.kind,
      let verdict = TestDeclaration.Expected(rawValue: text)
    else {
      if expression.kind != .missing {
        report(
          .malformedValue, "an expected verdict is needed here", at: expression.span,
          help: "write `refuted(NeverUnsafe)`; the verdicts are "
            + words.map { "`\($0)`" }.joined(separator: ", "))
      }
      return nil
    }
    var result: [TestDeclaration.Expectation] = []
    for argument in arguments {
      guard let names = propertyNames(argument.value, in: scope) else { return nil }
      result += names.map { TestDeclaration.Expectation(property: $0, verdict: verdict) }
    }
    return result
  }

  // MARK: Training

  /// Checks a training.
  mutating func training(
    _ name: NameSyntax, _ path: PathSyntax, _ block: BlockSyntax, in scope: Scope
  ) -> Entity? {
    let fields = fields(block, of: name, allowed: Vocabulary.fields(of: .training))
    let mechanismSyntax = required(
      "mechanism", fields,
      example: "dp_sgd(noise: 1.1, clip: 1.0, rate: 0.1%, steps: 20_000, sampling: poisson)")
    let adjacencySyntax = required("adjacency", fields, example: "add_remove")
    let adjacency = adjacencySyntax.flatMap {
      choice($0, of: TrainingDeclaration.Adjacency.self, needed: "an adjacency")
    }
    if let log = fields["log"] { _ = artifact(log, formats: [.file], in: scope) }
    guard let (found, foundName) = entity(at: path.names, span: path.span, in: scope, needed: "a network")
    else { return nil }
    guard case .network(let network) = found else {
      reportWrong(.entity(found, name: foundName), at: path.span, needed: "a network")
      return nil
    }
    guard let mechanismSyntax,
      let call = call(mechanismSyntax, shapes: Vocabulary.mechanisms, needed: "a mechanism"),
      let noiseSyntax = call["noise"], let clipSyntax = call["clip"], let rateSyntax = call["rate"],
      let stepsSyntax = call["steps"], let samplingSyntax = call["sampling"]
    else { return nil }
    let noise = positive(noiseSyntax, "the noise multiplier", in: scope)
    let clip = positive(clipSyntax, "the clipping norm", in: scope)
    let rate = probability(rateSyntax, in: scope)
    let steps = integer(stepsSyntax, in: scope, within: 1...1_000_000_000)
    let sampling = choice(
      samplingSyntax, of: TrainingDeclaration.BatchSampling.self, needed: "a way to draw batches")
    if let rate, rate.isZero {
      report(.numberOutOfRange, "a rate of 0 trains on nothing", at: rateSyntax.span)
      return nil
    }
    guard let noise, let clip, let rate, let steps, let sampling, let adjacency else { return nil }
    return .training(
      TrainingDeclaration(
        name: modules[scope.module].qualified(name.text), network: network.name, noise: noise, clip: clip,
        rate: rate, steps: steps, sampling: sampling, adjacency: adjacency, span: name.span))
  }

  private mutating func positive(
    _ expression: ExpressionSyntax, _ what: String, in scope: Scope
  ) -> Rational? {
    guard let value = constant(expression, in: scope) else { return nil }
    if value > Rational(0) { return value }
    report(.numberOutOfRange, "\(what) \(value.sourceText) is not positive", at: expression.span)
    return nil
  }

  /// Checks `dp_epsilon(T, delta: 1e-6)` or `attack_tpr(T, fpr: 0.1%)`.
  mutating func accounted(
    _ quantity: AccountedQuantity.Quantity, _ expression: ExpressionSyntax, in scope: Scope
  ) -> TypedExpression? {
    let shapes = Vocabulary.quantities.filter { $0.name == quantity.rawValue }
    guard let call = call(expression, shapes: shapes, needed: "a quantity"),
      let trainingSyntax = call["training"], let argumentSyntax = call[quantity.label],
      let (found, name) = entity(of: trainingSyntax, in: scope, needed: "a training")
    else { return nil }
    guard case .training(let training) = found else {
      reportWrong(.entity(found, name: name), at: trainingSyntax.span, needed: "a training")
      return nil
    }
    guard let argument = probability(argumentSyntax, in: scope) else { return nil }
    guard argument > Rational(0), argument < Rational(1) else {
      report(
        .numberOutOfRange, "`\(quantity.label)` lies strictly between 0 and 1", at: argumentSyntax.span)
      return nil
    }
    let range: ValueRange? = quantity == .attackRate ? .unit : nil
    return TypedExpression(
      kind: .accounted(AccountedQuantity(quantity: quantity, training: training.name, argument: argument)),
      type: .real(range: range), span: expression.span)
  }
}
