import DSpecSyntax
import Diagnostics

extension Checker {
  /// Collects the names of a module and reports reserved and repeated ones.
  mutating func declareNames(of module: Int) -> [String: DeclarationReference] {
    var scope: [String: DeclarationReference] = [:]
    var places: [String: SourceSpan] = modules[module].aliasSpans
    func declare(_ name: NameSyntax, _ reference: DeclarationReference, into checker: inout Checker) {
      if Vocabulary.reservedNames.contains(name.text) {
        checker.report(
          .reservedName, "`\(name.text)` has a meaning of its own in the language", at: name.span,
          help: "choose another name")
      } else if let first = places[name.text] {
        checker.report(
          .duplicateName, "`\(name.text)` is declared twice", at: name.span,
          notes: [DiagnosticNote("first declared here", at: first)], help: "rename one of them")
      } else {
        scope[name.text] = reference
        places[name.text] = name.span
      }
    }
    for (index, declaration) in modules[module].syntax.declarations.enumerated() {
      if let name = declaration.name {
        declare(name, DeclarationReference(module: module, index: index, isYield: false), into: &self)
      }
      if case .mitigation(_, _, let block) = declaration.body,
        let field = block.fields.first(where: { $0.name.text == "yields" }),
        case .name(let text) = field.value.kind
      {
        declare(
          NameSyntax(text: text, span: field.value.span),
          DeclarationReference(module: module, index: index, isYield: true), into: &self)
      }
    }
    return scope
  }

  /// The names of a dotted expression such as `m.Ink.light`, or nil for any other expression.
  func path(of expression: ExpressionSyntax) -> [NameSyntax]? {
    switch expression.kind {
    case .name(let text): [NameSyntax(text: text, span: expression.span)]
    case .member(let base, let name): path(of: base).map { $0 + [name] }
    default: nil
    }
  }

  /// What a dotted name stands for; unknown names are reported.
  mutating func resolve(_ path: [NameSyntax], in scope: Scope) -> Resolved? {
    guard var name = path.first else { return nil }
    var rest = path.dropFirst()
    if scope.brokenVariables.contains(name.text) { return nil }
    switch scope.arguments[name.text] {
    case nil: break
    case .unsound: return nil
    case .thing(let entity, let known) where rest.isEmpty: return .entity(entity, name: known)
    case .value(let value) where rest.isEmpty: return .value(value)
    case .thing, .value:
      report(
        .unknownName, "`\(name.text)` has no member `\(rest.first?.text ?? "")`",
        at: rest.first?.span ?? name.span)
      return nil
    }
    if let binder = scope.variables[name.text] {
      guard let member = rest.first else { return .variable(binder) }
      report(.unknownName, "`\(name.text)` has no member `\(member.text)`", at: member.span)
      return nil
    }
    var module = scope.module
    if let imported = modules[module].imports[name.text] {
      guard let target = imported else { return nil }
      guard let member = rest.popFirst() else {
        report(
          .wrongEntity, "`\(name.text)` is an import", at: name.span,
          help: "name one of its declarations, as in `\(name.text).X`")
        return nil
      }
      (module, name) = (target, member)
    } else if modules[module].aliasSpans[name.text] != nil {
      return nil
    }
    guard let reference = scopes[module][name.text] else {
      if modules[module].syntax.hasDamagedImport { return nil }
      reportUnknown(name, module: module, scope: module == scope.module ? scope : nil)
      return nil
    }
    guard let entity = entity(reference) else { return nil }
    guard let member = rest.popFirst() else {
      return .entity(entity, name: modules[module].qualified(name.text))
    }
    guard case .enumeration(let type) = entity else {
      report(
        .wrongEntity, "`\(name.text)` is \(entity.kindText) and has no member `\(member.text)`",
        at: member.span)
      return nil
    }
    return resolve(member, of: type, rest: rest.first)
  }

  private mutating func resolve(_ member: NameSyntax, of type: EnumType, rest: NameSyntax?) -> Resolved? {
    guard let index = type.cases.firstIndex(of: member.text) else {
      let meant = SpellingSuggestion.nearest(to: member.text, among: type.cases)
      report(
        .unknownName, "`\(type.name)` has no case `\(member.text)`", at: member.span,
        help: meant.map { "did you mean `\($0)`?" }
          ?? "its cases are \(type.cases.prefix(12).map { "`\($0)`" }.joined(separator: ", "))",
        fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: member.span, with: $0)] } ?? [])
      return nil
    }
    if let extra = rest {
      report(.unknownName, "a case has no member `\(extra.text)`", at: extra.span)
      return nil
    }
    return .enumCase(type, index: index)
  }

  private mutating func reportUnknown(_ name: NameSyntax, module: Int, scope: Scope?) {
    var candidates = Array(scopes[module].keys)
    if let scope {
      candidates += Array(scope.variables.keys) + Array(modules[module].imports.keys)
      candidates += Array(scope.arguments.keys)
    }
    let meant = SpellingSuggestion.nearest(to: name.text, among: candidates)
    let elsewhere = scopes[module].compactMap { known, reference -> String? in
      guard
        case .enumeration(let cases) = modules[reference.module].syntax.declarations[reference.index].body,
        cases.contains(where: { $0.text == name.text })
      else { return nil }
      return "\(known).\(name.text)"
    }.sorted()
    let place = module == scope?.module ? "" : " in `\(modules[module].path)`"
    let suggestion = elsewhere.first ?? meant
    report(
      .unknownName, "unknown name `\(name.text)`\(place)", at: name.span,
      help: suggestion.map { "did you mean `\($0)`?" },
      fixIts: suggestion.map { [FixIt("replace it with `\($0)`", replace: name.span, with: $0)] } ?? [])
  }

  /// Reports that a name stands for the wrong kind of thing.
  mutating func reportWrong(
    _ resolved: Resolved, at span: SourceSpan, needed: String, help: String? = nil
  ) {
    let found: String
    switch resolved {
    case .variable(let binder): found = "`\(binder.name)` is a variable"
    case .entity(let entity, let name): found = "`\(name)` is \(entity.kindText)"
    case .enumCase(let type, let index): found = "`\(type.name).\(type.cases[index])` is a case"
    case .value(let value): found = "this is \(value.type)"
    }
    report(.wrongEntity, "\(found), but \(needed) is needed here", at: span, help: help)
  }

  /// The entity that a dotted name of a declaration stands for.
  mutating func entity(
    at path: [NameSyntax], span: SourceSpan, in scope: Scope, needed: String
  ) -> (Entity, String)? {
    guard let resolved = resolve(path, in: scope) else { return nil }
    if case .entity(let entity, let name) = resolved { return (entity, name) }
    reportWrong(resolved, at: span, needed: needed)
    return nil
  }

  /// How to name a set or a law that is written where a name is needed.
  private func namingHelp(for expression: ExpressionSyntax) -> String? {
    let text = sources.text(expression.span)
    if isRegion(expression) { return "name the domain first: `domain Z: Latent[2] = \(text)`" }
    return isLaw(expression) ? "name the law first: `dist A: Latent[2] = \(text)`" : nil
  }

  /// The entity of an expression that must be a dotted name.
  mutating func entity(
    of expression: ExpressionSyntax, in scope: Scope, needed: String
  ) -> (Entity, String)? {
    if expression.kind == .missing { return nil }
    guard let path = path(of: expression) else {
      report(
        .malformedValue, "the name of \(needed) is needed here", at: expression.span,
        help: namingHelp(for: expression))
      return nil
    }
    return entity(at: path, span: expression.span, in: scope, needed: needed)
  }

  /// The checked declaration, checked now if it was not yet.
  mutating func entity(_ reference: DeclarationReference) -> Entity? {
    let key = DeclarationReference(module: reference.module, index: reference.index, isYield: false)
    let declaration = modules[key.module].syntax.declarations[key.index]
    let found: Entity?
    switch states[key] {
    case .done(let entity): found = entity
    case .visiting:
      report(
        .cyclicDefinition, "`\(declaration.name?.text ?? "")` is defined in terms of itself",
        at: declaration.name?.span ?? declaration.span)
      return nil
    case nil:
      guard demandDepth < Self.maximumDemandDepth else {
        report(
          .tooDeep, "more than \(Self.maximumDemandDepth) declarations build on one another",
          at: declaration.name?.span ?? declaration.span)
        return nil
      }
      states[key] = .visiting
      demandDepth += 1
      found = check(declaration, key)
      demandDepth -= 1
      states[key] = .done(found)
      if let found, let name = declaration.name {
        var known = modules[key.module].qualified(name.text)
        if case .mitigation(let mitigation) = found { known = mitigation.yields }
        // The first of two that share a name, which has been reported: a mitigation never becomes its own base.
        if entities[known] == nil { entities[known] = found }
      }
    }
    guard reference.isYield, case .mitigation(let mitigation)? = found else { return found }
    guard let base = baseSampler(of: declaration, module: key.module) else { return nil }
    return .pipeline(mitigation, base)
  }

  private mutating func baseSampler(of declaration: DeclarationSyntax, module: Int) -> SamplerDeclaration? {
    guard case .mitigation(let path, _, _) = declaration.body,
      case .entity(let entity, _)? = resolve(path.names, in: Scope(module: module))
    else { return nil }
    switch entity {
    case .sampler(let sampler), .pipeline(_, let sampler): return sampler
    default: return nil
    }
  }
}

/// The names that an expression may use beyond those of its module.
struct Scope {
  /// The module in which the expression is written.
  let module: Int
  /// The bound variables by name.
  var variables: [String: Binder] = [:]
  /// Variables whose binder has errors; uses of them are not reported again.
  var brokenVariables: Set<String> = []
  /// The arguments of the definition in which the expression is written, by input.
  var arguments: [String: BoundArgument] = [:]
  /// Names of variables bound around the use of the definition, which its own variables must differ from.
  var taken: Set<String> = []
  /// The definitions in whose expressions the expression stands, outermost first.
  var unfolding: [DeclarationReference] = []

  init(module: Int) {
    self.module = module
  }

  /// The scope of a constant expression at this place.
  var withoutVariables: Scope {
    var scope = Scope(module: module)
    scope.arguments = arguments
    scope.unfolding = unfolding
    scope.taken = taken
    return scope
  }
}
