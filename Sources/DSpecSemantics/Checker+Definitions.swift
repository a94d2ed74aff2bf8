import DSpecSyntax
import Diagnostics

/// A `let` declaration: a name, with inputs or without, for an expression.
///
/// Its meaning is that of its expression with the arguments in place of the inputs. Arguments are checked where they
/// are written, so that a name means the same in them whatever the definition binds.
struct Definition {
  /// The name in the whole specification.
  let name: String
  let reference: DeclarationReference
  /// Nil where no parentheses are written.
  let inputs: [PortSyntax]?
  let type: TypeSyntax?
  let value: ExpressionSyntax
}

/// What the name of an input of a definition stands for.
enum BoundArgument {
  case value(TypedExpression)
  case thing(Entity, name: String)
  /// The argument has an error; uses of it are not reported again.
  case unsound
}

/// What may be given for an input of a definition besides values.
enum ArgumentKind: String, CaseIterable {
  case network = "Network"
  case sampler = "Sampler"
  case domain = "Domain"
  case law = "Dist"
  case dataset = "Dataset"

  func admits(_ entity: Entity) -> Bool {
    switch (self, entity) {
    case (.network, .network), (.sampler, .sampler), (.sampler, .pipeline), (.domain, .domain), (.law, .law),
      (.dataset, .dataset):
      true
    default: false
    }
  }

  /// The kind with its article, for messages.
  var text: String {
    switch self {
    case .network: "a network"
    case .sampler: "a sampler"
    case .domain: "a domain"
    case .law: "a law"
    case .dataset: "a dataset"
    }
  }
}

/// The result of putting a definition's expression in place of its use.
enum Unfolding {
  /// The expression is no use of a definition.
  case none
  /// The use has an error, which has been reported.
  case failed
  /// The expression in the scope of the definition.
  case unfolded(ExpressionSyntax, Scope, Definition)
}

/// An expression that is no use of a definition, and the uses that led to it, outermost first.
struct UnfoldedExpression {
  var expression: ExpressionSyntax
  var scope: Scope
  var uses: [(definition: Definition, span: SourceSpan)] = []
}

extension Checker {
  /// The greatest number of uses of definitions, each use within a use counted.
  static let maximumUnfoldings = 20_000
  /// The greatest size of an expression that definitions build.
  static let maximumSize = 200_000

  /// Checks a `let`: its inputs, and every name of its expression.
  mutating func definition(
    _ name: NameSyntax, _ inputs: [PortSyntax]?, _ type: TypeSyntax?, _ value: ExpressionSyntax,
    reference: DeclarationReference
  ) -> Entity? {
    var places: [String: SourceSpan] = [:]
    var isSound = true
    for input in inputs ?? [] {
      if let first = places[input.name.text] {
        report(
          .duplicateName, "input `\(input.name.text)` is declared twice", at: input.name.span,
          notes: [DiagnosticNote("first declared here", at: first)], help: "rename one of them")
        isSound = false
      } else if Vocabulary.reservedNames.contains(input.name.text) {
        report(
          .reservedName, "`\(input.name.text)` has a meaning of its own in the language", at: input.name.span,
          help: "choose another name")
        isSound = false
      }
      places[input.name.text] = input.name.span
      if argumentKind(input.type) == nil, self.type(input.type, in: Scope(module: reference.module)) == nil {
        isSound = false
      }
    }
    if let type, self.type(type, in: Scope(module: reference.module)) == nil { isSound = false }
    let known = Set(places.keys)
    if !checkNames(of: value, known: known, module: reference.module) { isSound = false }
    guard isSound else { return nil }
    return .definition(
      Definition(
        name: modules[reference.module].qualified(name.text), reference: reference, inputs: inputs,
        type: type,
        value: value))
  }

  private func argumentKind(_ type: TypeSyntax) -> ArgumentKind? {
    type.extents.isEmpty && type.range == nil ? ArgumentKind(rawValue: type.path.text) : nil
  }

  /// Puts the expression of a definition in place of a use of it.
  mutating func unfold(_ expression: ExpressionSyntax, in scope: Scope) -> Unfolding {
    var callee = expression
    var arguments: [ArgumentSyntax]?
    if case .call(let inner, let written) = expression.kind { (callee, arguments) = (inner, written) }
    guard let path = path(of: callee), let reference = definitionReference(path, in: scope) else {
      return .none
    }
    guard case .definition(let definition)? = entity(reference) else { return .failed }
    guard !scope.unfolding.contains(reference) else {
      report(.cyclicDefinition, "`\(definition.name)` is defined in terms of itself", at: expression.span)
      return .failed
    }
    unfoldings += 1
    guard unfoldings <= Self.maximumUnfoldings else {
      if unfoldings == Self.maximumUnfoldings + 1 {
        report(
          .tooDeep,
          "definitions are used more than \(Self.maximumUnfoldings) times, uses within uses counted",
          at: expression.span)
      }
      return .failed
    }
    var inner = Scope(module: reference.module)
    inner.unfolding = scope.unfolding + [reference]
    inner.taken = scope.taken.union(scope.variables.values.map(\.name))
    guard bind(arguments, to: definition, of: expression, from: scope, into: &inner) else { return .failed }
    return .unfolded(definition.value, inner, definition)
  }

  /// The same until no definition is left at the top; nil where a use has an error.
  mutating func unfoldedFully(_ expression: ExpressionSyntax, in scope: Scope) -> UnfoldedExpression? {
    var result = UnfoldedExpression(expression: expression, scope: scope)
    while true {
      switch unfold(result.expression, in: result.scope) {
      case .none:
        guard let expanded = expanded(result.expression, in: result.scope) else { return result }
        result.expression = expanded
      case .failed: return nil
      case .unfolded(let value, let inner, let definition):
        result.uses.append((definition, result.expression.span))
        (result.expression, result.scope) = (value, inner)
      }
    }
  }

  /// The typed form of a use of a definition, with what is wrong in it explained at the use.
  mutating func typedUse(
    _ value: ExpressionSyntax, in inner: Scope, of definition: Definition, at span: SourceSpan
  ) -> TypedExpression? {
    let before = diagnostics.count
    let result = typed(value, in: inner)
    explainUse(of: definition, at: span, since: before)
    guard let result else { return nil }
    guard result.size <= Self.maximumSize else {
      report(
        .tooDeep, "with this use the expression consists of more than \(Self.maximumSize) parts", at: span,
        help: "an argument stands wherever the definition names its input, and in it the next: use fewer")
      return nil
    }
    if let written = definition.type {
      guard let type = type(written, in: Scope(module: definition.reference.module)) else { return nil }
      let port = Port(name: definition.name, type: type)
      guard fits(result, port, of: definition.name, isResult: true) else { return nil }
    }
    return TypedExpression(kind: result.kind, type: result.type, span: span)
  }

  /// Adds the place of the use to what was reported within a definition, once for each problem.
  mutating func explainUse(of definition: Definition, at span: SourceSpan, since start: Int) {
    let source = modules[definition.reference.module].source
    let added = Array(diagnostics[start...])
    diagnostics.removeSubrange(start...)
    for item in added {
      let isKnown = diagnostics.contains {
        $0.code == item.code && $0.span == item.span && $0.message == item.message
      }
      if isKnown { continue }
      let isInside = item.span.source == source && item.notes.count < 3
      let notes =
        isInside ? item.notes + [DiagnosticNote("`\(definition.name)` is used here", at: span)] : item.notes
      diagnostics.append(
        Diagnostic(
          item.code, item.message, at: item.span, notes: notes, help: item.help, fixIts: item.fixIts))
    }
  }

  private func definitionReference(_ path: [NameSyntax], in scope: Scope) -> DeclarationReference? {
    guard let first = path.first, scope.variables[first.text] == nil, scope.arguments[first.text] == nil
    else {
      return nil
    }
    var (module, name) = (scope.module, first)
    if path.count == 2, case .some(.some(let target)) = modules[module].imports[first.text] {
      (module, name) = (target, path[1])
    } else if path.count != 1 {
      return nil
    }
    guard let reference = scopes[module][name.text],
      case .definition = modules[module].syntax.declarations[reference.index].body
    else { return nil }
    return reference
  }

  // MARK: Arguments

  private mutating func bind(
    _ written: [ArgumentSyntax]?, to definition: Definition, of use: ExpressionSyntax, from scope: Scope,
    into inner: inout Scope
  ) -> Bool {
    guard let inputs = definition.inputs else {
      guard written != nil else { return true }
      report(
        .wrongArity, "`\(definition.name)` takes no arguments", at: use.span,
        help: "write `\(definition.name)`")
      return false
    }
    let signature = inputs.map { "\($0.name.text): \(sources.text($0.type.span))" }.joined(separator: ", ")
    guard let written, written.count == inputs.count else {
      report(
        .wrongArity,
        "`\(definition.name)` takes \(inputs.count) argument\(inputs.count == 1 ? "" : "s"), not "
          + "\(written?.count ?? 0)", at: use.span, help: "its inputs are (\(signature))")
      for argument in written ?? [] where path(of: argument.value) == nil {
        _ = typed(argument.value, in: scope)
      }
      return false
    }
    var isSound = true
    var unlabelled = inputs[...]
    for argument in written {
      let input: PortSyntax
      if let label = argument.label {
        guard let match = inputs.first(where: { $0.name.text == label.text }) else {
          report(
            .unknownField, "`\(definition.name)` has no input `\(label.text)`", at: label.span,
            help: "its inputs are (\(signature))")
          isSound = false
          continue
        }
        input = match
        unlabelled.removeAll { $0.name.text == label.text }
      } else if let next = unlabelled.popFirst() {
        input = next
      } else {
        report(.wrongArity, "unexpected argument of `\(definition.name)`", at: argument.span)
        isSound = false
        continue
      }
      if inner.arguments[input.name.text] != nil {
        report(.duplicateField, "argument `\(input.name.text)` is given twice", at: argument.span)
        isSound = false
        continue
      }
      let bound = self.bound(argument.value, to: input, of: definition, in: scope)
      inner.arguments[input.name.text] = bound
      if case .unsound = bound { isSound = false }
    }
    return isSound
  }

  private mutating func bound(
    _ argument: ExpressionSyntax, to input: PortSyntax, of definition: Definition, in scope: Scope
  ) -> BoundArgument {
    if let kind = argumentKind(input.type) {
      guard let (found, name) = entity(of: argument, in: scope, needed: kind.text) else { return .unsound }
      guard kind.admits(found) else {
        reportWrong(.entity(found, name: name), at: argument.span, needed: kind.text)
        return .unsound
      }
      return .thing(found, name: name)
    }
    guard let type = type(input.type, in: Scope(module: definition.reference.module)),
      let value = typed(argument, in: scope),
      fits(value, Port(name: input.name.text, type: type), of: definition.name)
    else { return .unsound }
    return .value(value)
  }
}

// MARK: Names

extension Checker {
  /// Words that begin a call without being declared.
  private static let builtInCalls = Set(
    Norm.allCases.map(\.rawValue)
      + (Vocabulary.laws + Vocabulary.sets + Vocabulary.quantities + [Vocabulary.stepRange]).map(\.name))

  /// Reports the unknown names of a definition, so that an error in one that nobody uses does not pass.
  private mutating func checkNames(
    of expression: ExpressionSyntax, known: Set<String>, module: Int
  ) -> Bool {
    switch expression.kind {
    case .number, .string, .boolean: return true
    case .missing: return false
    case .name(let text):
      if known.contains(text) || Self.builtInCalls.contains(text) || scopes[module][text] != nil
        || modules[module].aliasSpans[text] != nil
      {
        return true
      }
      var scope = Scope(module: module)
      scope.brokenVariables = []
      return resolve([NameSyntax(text: text, span: expression.span)], in: scope) != nil
    case .list(let items): return checkNames(of: items, known: known, module: module)
    case .member(let base, _), .minus(let base), .not(let base):
      return checkNames(of: base, known: known, module: module)
    case .call(let callee, let arguments):
      return checkNames(of: [callee] + arguments.map(\.value), known: known, module: module)
    case .subscripted(let base, let indices):
      return checkNames(of: [base] + indices, known: known, module: module)
    case .chain(_, let first, let links):
      return checkNames(of: [first] + links.map(\.operand), known: known, module: module)
    case .implies(let a, let b): return checkNames(of: [a, b], known: known, module: module)
    case .conditional(let a, let b, let c): return checkNames(of: [a, b, c], known: known, module: module)
    case .quantified(_, let binders, let condition, let body):
      return checkNames(of: binders, [condition, body], known: known, module: module)
    case .measure(let measure):
      return checkNames(
        of: measure.binders, [measure.condition, measure.body, measure.target, measure.given], known: known,
        module: module)
    }
  }

  private mutating func checkNames(
    of expressions: [ExpressionSyntax], known: Set<String>, module: Int
  ) -> Bool {
    var isSound = true
    for item in expressions where !checkNames(of: item, known: known, module: module) { isSound = false }
    return isSound
  }

  private mutating func checkNames(
    of binders: [BinderSyntax], _ bodies: [ExpressionSyntax?], known: Set<String>, module: Int
  ) -> Bool {
    let isSound = checkNames(of: binders.map(\.source), known: known, module: module)
    let inner = known.union(binders.map(\.name.text))
    return checkNames(of: bodies.compactMap { $0 }, known: inner, module: module) && isSound
  }
}
