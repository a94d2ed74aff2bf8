import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a property.
  mutating func property(
    _ name: NameSyntax, _ title: String?, _ block: BlockSyntax, in scope: Scope
  ) -> Entity? {
    let fields = fields(
      block, of: name,
      allowed: Vocabulary.fields(of: .property))
    let hazards = fields["mitigates"].map { hazardNames($0, in: scope) }
    for hazard in (hazards ?? nil) ?? [] { mitigatedHazards.insert(hazard) }
    let isEmpty = hazards == .some([])
    let isMissing = fields["mitigates"] == nil && namesHazards
    if isMissing || isEmpty, !fields.isDamaged, scope.module == 0 {
      report(
        .propertyWithoutHazard, "`\(name.text)` mitigates no hazard", at: name.span,
        help: "add a field `mitigates` with the name of a hazard")
    }
    let claimSyntax = required("claim", fields, example: "forall z in Z: …")
    let claim = claimSyntax.flatMap { self.claim($0, in: scope) }
    let evidenceSyntax = required("evidence", fields, example: "proof")
    let evidence = evidenceSyntax.flatMap { self.evidence($0, in: scope) }
    let engine = fields["engine"].map { choice($0, of: EngineHint.self, needed: "an engine") }
    let reliesOn = fields["relies_on"].map { reliedOn($0, in: scope) }
    let conditions = fields["conditions"].map { self.conditions($0) }
    let arithmetic = fields["arithmetic"].map { claimArithmetic($0) }
    if case .some(.none) = reliesOn { return nil }
    if case .some(.none) = arithmetic { return nil }
    if case .some(.none) = conditions { return nil }
    if case .some(.none) = hazards {
      hasBrokenMitigates = true
      return nil
    }
    if case .some(.none) = engine { return nil }
    guard let claim, let evidence, let claimSyntax, checkGrades(evidence, claim) else { return nil }
    let qualified = modules[scope.module].qualified(name.text)
    let grades = evidence.map(\.grade)
    let canonical = CanonicalText(entities: entities).property(
      name: qualified, hazards: (hazards ?? nil) ?? [], claim: claim, evidence: grades,
      arithmetic: (arithmetic ?? nil) ?? .real)
    let property = Property(
      name: qualified, title: title, hazards: (hazards ?? nil) ?? [], claim: claim, evidence: grades,
      engine: engine ?? nil, arithmetic: (arithmetic ?? nil) ?? .real, reliesOn: (reliesOn ?? nil) ?? [],
      conditions: (conditions ?? nil) ?? [],
      span: name.span, claimText: sources.text(claimSyntax.span),
      canonicalText: canonical)
    if scope.module == 0 { properties.append(property) }
    return .property
  }

  /// The names of the hazards of a name or a list of names.
  mutating func hazardNames(_ expression: ExpressionSyntax, in scope: Scope) -> [String]? {
    var items = [expression]
    if case .list(let list) = expression.kind { items = list }
    var names: [String] = []
    for item in items {
      guard let (found, name) = entity(of: item, in: scope, needed: "a hazard") else { continue }
      guard case .hazard = found else {
        reportWrong(.entity(found, name: name), at: item.span, needed: "a hazard")
        continue
      }
      if !names.contains(name) { names.append(name) }
    }
    return names.count == items.count ? names : nil
  }
}

// MARK: Arithmetic

extension Checker {
  /// Reads `real`, `float32(any_order)` or `float16(weights)`.
  private mutating func claimArithmetic(_ expression: ExpressionSyntax) -> ClaimArithmetic? {
    let written: String?
    switch expression.kind {
    case .missing: return nil
    case .name(let text): written = text
    case .call(let callee, let arguments):
      if case .name(let text) = callee.kind, arguments.count == 1, let argument = arguments.first,
        argument.label == nil, case .name(let mode) = argument.value.kind
      {
        written = "\(text)(\(mode))"
      } else {
        written = nil
      }
    default: written = nil
    }
    if let known = written.flatMap(ClaimArithmetic.init(rawValue:)) { return known }
    let list = ClaimArithmetic.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    report(
      .malformedValue, written.map { "`\($0)` is no arithmetic" } ?? "an arithmetic is needed here",
      at: expression.span, help: "one of \(list)")
    return nil
  }
}

// MARK: Conditions

extension Checker {
  /// Reads `covers(classes: [one, two], steps: 10)`.
  private mutating func conditions(_ expression: ExpressionSyntax) -> [OperatingCondition]? {
    guard case .call(let callee, let arguments) = expression.kind, case .name("covers") = callee.kind else {
      if expression.kind != .missing {
        report(
          .malformedValue, "the conditions that the property covers are needed here", at: expression.span,
          help: "write `covers(classes: [one, two], guidance: 7.5)`")
      }
      return nil
    }
    var result: [OperatingCondition] = []
    for argument in arguments {
      guard let label = argument.label else {
        report(
          .malformedValue, "a condition has a name", at: argument.span, help: "write `classes: [one, two]`")
        return nil
      }
      guard !result.contains(where: { $0.name == label.text }) else {
        report(.duplicateField, "condition `\(label.text)` is given twice", at: label.span)
        return nil
      }
      var items = [argument.value]
      if case .list(let list) = argument.value.kind { items = list }
      result.append(OperatingCondition(name: label.text, values: items.map { sources.text($0.span) }))
    }
    return result
  }
}

// MARK: Evidence

/// The privacy accountants by name.
enum AccountingMethod: String, CaseIterable {
  case rdp, pld
}

/// A grade with the place where it is asked for.
struct WrittenGrade {
  let grade: EvidenceGrade
  let span: SourceSpan
}

extension Checker {
  private mutating func evidence(_ expression: ExpressionSyntax, in scope: Scope) -> [WrittenGrade]? {
    var items = [expression]
    if case .list(let list) = expression.kind { items = list }
    var grades: [WrittenGrade] = []
    for item in items {
      if let grade = grade(item, in: scope) { grades.append(WrittenGrade(grade: grade, span: item.span)) }
    }
    if items.isEmpty {
      report(
        .malformedValue, "a grade of evidence is needed here", at: expression.span, help: "write `proof`")
      return nil
    }
    return grades.count == items.count ? grades : nil
  }

  private mutating func grade(_ expression: ExpressionSyntax, in scope: Scope) -> EvidenceGrade? {
    switch expression.kind {
    case .missing: return nil
    case .name("proof"): return .proof
    case .name("bound"): return .bound
    case .name(let word):
      let words = Vocabulary.plainGrades + Vocabulary.grades.map(\.name)
      let meant = SpellingSuggestion.nearest(to: word, among: words)
      let isBare = words.contains(word)
      report(
        .malformedValue, isBare ? "`\(word)` needs arguments" : "`\(word)` is no grade of evidence",
        at: expression.span,
        help: meant.map { "did you mean `\($0)`?" }
          ?? "write `proof`, `bound`, `sampled(n: 20_000, confidence: 99.9%)` or `attacked(budget: 1000)`",
        fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: expression.span, with: $0)] } ?? [])
      return nil
    default: break
    }
    if case .call(let callee, let arguments) = expression.kind, case .name("derived") = callee.kind {
      let list = arguments.map(\.value)
      var names: [String] = []
      for item in list {
        guard let (found, name) = entity(of: item, in: scope, needed: "a property") else { return nil }
        guard case .property = found else {
          reportWrong(.entity(found, name: name), at: item.span, needed: "a property")
          return nil
        }
        names.append(name)
      }
      return .derived(from: names)
    }
    guard let call = call(expression, shapes: Vocabulary.grades, needed: "a grade of evidence") else {
      return nil
    }
    if let method = call["method"] {
      return choice(method, of: AccountingMethod.self, needed: "an accountant")
        .map { .accounting(method: $0.rawValue) }
    }
    if let budget = call["budget"] {
      return integer(budget, in: scope, within: 1...1_000_000_000_000).map { .attacked(budget: $0) }
    }
    guard let samplesSyntax = call["n"], let confidenceSyntax = call["confidence"] else { return nil }
    let samples = integer(samplesSyntax, in: scope, within: 1...1_000_000_000)
    let confidence = probability(confidenceSyntax, in: scope)
    guard let samples, let confidence else { return nil }
    // Below one half a claim may be supported and contradicted at once.
    guard confidence + confidence >= .one, confidence < .one else {
      report(
        .numberOutOfRange, "a confidence is at least 50% and less than 100%", at: confidenceSyntax.span)
      return nil
    }
    return .sampled(samples: samples, confidence: confidence)
  }

  /// The accountants' theorems are about batches drawn by independent coins; others leak more.
  private mutating func checkSampling(_ claim: TypedExpression, at span: SourceSpan) -> Bool {
    for quantity in claim.accountedQuantities {
      guard let training = training(named: quantity.training), training.sampling != .poisson else { continue }
      report(
        .uncoveredSampling,
        "the accountant assumes Poisson sampling, `\(training.name)` draws batches `\(training.sampling.rawValue)`",
        at: span, notes: [DiagnosticNote("declared here", at: training.span)],
        help: "train with Poisson sampling; shuffled and fixed batches are not covered by its theorem")
      return false
    }
    return true
  }

  private func training(named name: String) -> TrainingDeclaration? {
    if case .training(let training)? = entities[name] { return training }
    return nil
  }

  /// Whether every grade can decide the claim at all; reports those that cannot.
  private mutating func checkGrades(_ grades: [WrittenGrade], _ claim: Claim) -> Bool {
    var isSound = true
    for written in grades {
      let message: String
      let help: String
      switch (claim, written.grade) {
      case (.forall, .proof), (.forall, .attacked), (.measure, .bound), (.measure, .sampled): continue
      case (.general(let claim), .accounting), (.general(let claim), .derived):
        if claim.isAccounted {
          if case .accounting = written.grade { isSound = checkSampling(claim, at: written.span) && isSound }
          continue
        }
        (message, help) = ("nothing in the claim is accounted for", "write `proof` or `bound`")
      case (.general, _): continue
      case (_, .accounting), (_, .derived):
        (message, help) = ("nothing in the claim is accounted for", "write `proof` or `bound`")
      case (.measure, .proof):
        (message, help) = ("a probability is bounded, not proved", "write `bound`")
      case (.measure, .attacked):
        (message, help) = ("an attack says nothing about a probability", "write `bound` or `sampled(…)`")
      case (.forall, .bound):
        (message, help) = ("`bound` is for probabilities, the claim is a `forall`", "write `proof`")
      case (.forall, .sampled):
        (message, help) = ("samples cannot support a `forall`", "write `proof` or `attacked(budget: …)`")
      }
      isSound = false
      let replacement: String? =
        switch (claim, written.grade) {
        case (.measure, .proof): "bound"
        case (.forall, .bound): "proof"
        default: nil
        }
      report(
        .impossibleGrade, message, at: written.span, help: help,
        fixIts: replacement.map { [FixIt("write `\($0)`", replace: written.span, with: $0)] } ?? [])
    }
    return isSound
  }
}
