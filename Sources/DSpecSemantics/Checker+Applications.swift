import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks the application of a network, a pipeline or a distance.
  mutating func application(
    _ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], at span: SourceSpan, in scope: Scope
  ) -> TypedExpression? {
    if case .name(let text) = callee.kind, let norm = Norm(rawValue: text) {
      return distance(norm, arguments, at: span, in: scope)
    }
    if case .name(let text) = callee.kind, let quantity = AccountedQuantity.Quantity(rawValue: text),
      scopes[scope.module][text] == nil
    {
      let whole = ExpressionSyntax.call(callee, arguments, at: span)
      return accounted(quantity, whole, in: scope)
    }
    guard let applied = applied(callee, in: scope) else {
      // The arguments are checked even if the callee is unknown.
      for argument in arguments { _ = typed(argument.value, in: scope) }
      return nil
    }
    return apply(applied, arguments, at: span, in: scope)
  }

  /// What can be applied: a network or pipeline, with changes to it.
  struct Applied {
    var callee: Callee
    let inputs: [Port]
    let output: ValueType
    /// The sampler that runs, where it is a pipeline.
    let sampler: SamplerDeclaration?
    /// Whether it switches an attribute at a step.
    var isSwitched = false
    /// The values of the changes.
    var changes: [TypedExpression] = []
  }

  private mutating func applied(_ callee: ExpressionSyntax, in scope: Scope) -> Applied? {
    if case .call(let inner, let arguments) = callee.kind, case .member(let base, let change) = inner.kind {
      guard let applied = applied(base, in: scope) else { return nil }
      switch change.text {
      case "using": return reweighted(applied, arguments, at: callee.span, in: scope)
      case "noise": return noised(applied, arguments, at: callee.span, in: scope)
      case "at": return switched(applied, arguments, at: callee.span, in: scope)
      default:
        let meant = SpellingSuggestion.nearest(to: change.text, among: Vocabulary.pipelineMembers)
        report(
          .unknownName, "a pipeline has no member `\(change.text)`", at: change.span,
          help: meant.map { "did you mean `\($0)`?" }
            ?? "write `G.using(unet: w)` for other weights, `G.noise(n)` for a given noise or `G.at(t)` for "
            + "another step of switching")
        return nil
      }
    }
    guard let path = path(of: callee) else {
      if callee.kind != .missing {
        report(.typeMismatch, "only networks, samplers and distances can be applied", at: callee.span)
      }
      return nil
    }
    guard let resolved = resolveCallee(path, in: scope) else { return nil }
    switch resolved {
    case .entity(.network(let network), let name):
      return Applied(
        callee: .network(name), inputs: network.inputs, output: network.output, sampler: nil)
    case .entity(.sampler(let sampler), let name):
      return Applied(
        callee: .sampler(name), inputs: sampler.inputs, output: sampler.output, sampler: sampler)
    case .entity(.pipeline(let mitigation, let base), _):
      return Applied(
        callee: .mitigated(mitigation.yields), inputs: base.inputs, output: base.output, sampler: base,
        isSwitched: mitigation.switching != nil)
    case .entity(.mitigation(let mitigation), _):
      reportWrong(
        resolved, at: callee.span, needed: "a network or sampler",
        help: "apply what it yields, `\(mitigation.yields)`")
    default: reportWrong(resolved, at: callee.span, needed: "a network or sampler")
    }
    return nil
  }

  private mutating func resolveCallee(_ path: [NameSyntax], in scope: Scope) -> Resolved? {
    guard path.count == 1, let name = path.first, scope.variables[name.text] == nil,
      scope.arguments[name.text] == nil, scopes[scope.module][name.text] == nil,
      modules[scope.module].aliasSpans[name.text] == nil
    else { return resolve(path, in: scope) }
    let callable = scopes[scope.module].compactMap { known, reference -> String? in
      let declaration = modules[reference.module].syntax.declarations[reference.index]
      let isCallable =
        declaration.keyword == .network || declaration.keyword == .sampler || reference.isYield
      return isCallable ? known : nil
    }
    let meant = SpellingSuggestion.nearest(to: name.text, among: callable + Norm.allCases.map(\.rawValue))
    report(
      .unknownName, "unknown name `\(name.text)`", at: name.span,
      help: meant.map { "did you mean `\($0)`?" },
      fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: name.span, with: $0)] } ?? [])
    return nil
  }

  private mutating func apply(
    _ applied: Applied, _ arguments: [ArgumentSyntax], at span: SourceSpan, in scope: Scope
  ) -> TypedExpression? {
    let (callee, inputs) = (applied.callee, applied.inputs)
    guard arguments.count == inputs.count else {
      for argument in arguments { _ = typed(argument.value, in: scope) }
      let signature = inputs.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
      report(
        .wrongArity,
        "`\(callee.name)` takes \(inputs.count) argument\(inputs.count == 1 ? "" : "s"), not \(arguments.count)",
        at: span, help: "its inputs are (\(signature))")
      return nil
    }
    var values: [TypedExpression] = []
    for (argument, port) in zip(arguments, inputs) {
      if let label = argument.label {
        report(
          .wrongArity, "arguments of networks and samplers have no labels", at: label.span,
          help: "give them in order",
          fixIts: [
            FixIt(
              "remove the label",
              replace: SourceSpan(
                source: label.span.source, lower: label.span.lower, upper: argument.value.span.lower),
              with: "")
          ])
        continue
      }
      guard let value = typed(argument.value, in: scope),
        fits(value, port, of: callee.name)
      else { continue }
      values.append(value)
    }
    guard values.count == inputs.count else { return nil }
    return TypedExpression(
      kind: .apply(callee, values + applied.changes), type: applied.output, span: span)
  }

  /// Whether an argument fits an input, or the result of a definition its type; reports if it does not.
  mutating func fits(
    _ value: TypedExpression, _ port: Port, of callee: String, isResult: Bool = false
  ) -> Bool {
    let need = isResult ? "`\(callee)` is declared" : "`\(callee)` needs"
    let place = isResult ? "" : " for `\(port.name)`"
    switch (port.type, value.type) {
    case (.boolean, .boolean): return true
    case (.tensor(let needed), .tensor(let found)):
      return fits(found, needed, what: describe(value), needer: need, at: value.span)
    case (.enumeration(let needed), .enumeration(let found)) where needed == found: return true
    case (.real(let needed), .real(let found)), (.real(let needed), .integer(let found)),
      (.integer(let needed), .integer(let found)):
      guard let needed else { return true }
      if let found, needed.contains(found) { return true }
      report(
        .rangeMismatch, "\(need) \(port.type)\(place), \(describe(value))",
        at: value.span, help: "declare a range that lies in \(needed)")
      return false
    case (.weights(let needed), .weights(let found)) where needed == found: return true
    case (.step(let count), .integer):
      if let index = value.constantValue?.asInt(), (0..<count).contains(index) { return true }
      report(
        .indexOutOfRange, "`\(callee)` needs a constant step index from 0 to \(count - 1) for `\(port.name)`",
        at: value.span)
      return false
    default:
      report(
        .typeMismatch, "\(need) \(port.type)\(place), \(describe(value))",
        at: value.span, notes: [])
      return false
    }
  }

  /// Whether one tensor type can stand where another is needed; reports if not.
  ///
  /// Kind and shape must agree. Ranges are units, so a needed range must be met exactly; where none is
  /// needed, any will do.
  mutating func fits(
    _ found: TensorType, _ needed: TensorType, what: String, needer: String, at span: SourceSpan,
    notes: [DiagnosticNote] = []
  ) -> Bool {
    guard found.kind == needed.kind, found.shape == needed.shape else {
      report(.shapeMismatch, "\(needer) \(needed), \(what)", at: span, notes: notes)
      return false
    }
    guard let range = needed.range, found.range != range else { return true }
    let help =
      found.range == nil
      ? "declare the range, as in `\(needed)`" : "values must be rescaled before they are used here"
    report(.rangeMismatch, "\(needer) \(needed), \(what)", at: span, notes: notes, help: help)
    return false
  }

  /// An expression with its type, as the second half of a message.
  func describe(_ value: TypedExpression) -> String {
    switch value.kind {
    case .apply(let callee, _): "`\(callee.name)` yields \(value.type)"
    case .variable(let name): "`\(name)` is \(value.type)"
    case .record(let dataset, _): "a record of `\(dataset)` is \(value.type)"
    case .constant(let number): "this is \(number.sourceText)"
    default: "this is \(value.type)"
    }
  }

  private mutating func distance(
    _ norm: Norm, _ arguments: [ArgumentSyntax], at span: SourceSpan, in scope: Scope
  ) -> TypedExpression? {
    var operands: [(TypedExpression, TensorType)] = []
    var isReported = false
    for argument in arguments {
      guard let value = typed(argument.value, in: scope) else { continue }
      guard case .tensor(let type) = value.type else {
        // Numbers in the place of both tensors are one mistake.
        if isReported { continue }
        isReported = true
        report(
          .typeMismatch, "`\(norm.rawValue)` measures the distance of two tensors, \(describe(value))",
          at: value.span)
        continue
      }
      operands.append((value, type))
    }
    guard arguments.count == 2, arguments.allSatisfy({ $0.label == nil }) else {
      report(
        .wrongArity, "`\(norm.rawValue)` takes two tensors", at: span,
        help: "write `\(norm.rawValue)(x, y)`")
      return nil
    }
    guard let (left, leftType) = operands.first, operands.count == 2, let (right, rightType) = operands.last
    else { return nil }
    guard leftType.kind == rightType.kind, leftType.shape == rightType.shape else {
      report(
        .shapeMismatch,
        "the distance of \(leftType) and \(rightType) is not defined", at: span,
        notes: [
          DiagnosticNote("\(describe(left))", at: left.span),
          DiagnosticNote("\(describe(right))", at: right.span),
        ])
      return nil
    }
    guard leftType.range == rightType.range else {
      report(
        .rangeMismatch, "the operands of `\(norm.rawValue)` have different ranges", at: span,
        notes: [
          DiagnosticNote("\(describe(left))", at: left.span),
          DiagnosticNote("\(describe(right))", at: right.span),
        ], help: "distances are taken between values of one unit")
      return nil
    }
    warnIfOtherNorm(norm, left, right, at: span, in: scope)
    warnIfOtherNorm(norm, right, left, at: span, in: scope)
    return TypedExpression(kind: .distance(norm, left, right), type: .real(range: nil), span: span)
  }

  /// Warns where the distance from the centre of a ball is taken in another norm than the ball's.
  private mutating func warnIfOtherNorm(
    _ norm: Norm, _ point: TypedExpression, _ center: TypedExpression, at span: SourceSpan, in scope: Scope
  ) {
    guard case .variable(let name) = point.kind, let binder = scope.variables[name],
      case .domain(let domain) = binder.source, case .ball(let ball) = domain.region, ball.norm != norm,
      case .record(let dataset, let row) = center.kind, ball.center == .record(dataset: dataset, row: row)
    else { return }
    report(
      .normMismatch,
      "\(norm.rawValue) distance from the centre of the \(ball.norm.rawValue) ball `\(domain.name)`",
      at: span, notes: [DiagnosticNote("the ball is declared here", at: domain.span)],
      help: "use one norm in both places, or declare a domain in the other norm")
  }

  /// Checks `base[indices]`: a record of a dataset or an element of a tensor.
  mutating func element(
    _ base: ExpressionSyntax, _ indices: [ExpressionSyntax], at span: SourceSpan, in scope: Scope
  ) -> TypedExpression? {
    if let path = path(of: base),
      path.count > 1 || path.first.map({ scope.variables[$0.text] == nil }) ?? false
    {
      guard let resolved = resolve(path, in: scope) else { return nil }
      if case .entity(.dataset(let dataset), _) = resolved {
        return record(of: dataset, indices, at: span, in: scope)
      }
    }
    guard let value = typed(base, in: scope) else { return nil }
    guard case .tensor(let type) = value.type else {
      report(.typeMismatch, "only tensors and datasets have elements, \(describe(value))", at: base.span)
      return nil
    }
    guard indices.count == type.shape.count else {
      report(
        .wrongArity,
        "\(type) needs \(type.shape.count) \(type.shape.count == 1 ? "index" : "indices"), not \(indices.count)",
        at: span)
      return nil
    }
    var positions: [Int] = []
    for (index, extent) in zip(indices, type.shape) {
      if let position = position(index, in: scope, below: extent) { positions.append(position) }
    }
    guard positions.count == indices.count else { return nil }
    return TypedExpression(kind: .index(value, positions), type: .real(range: type.range), span: span)
  }

  private mutating func position(_ index: ExpressionSyntax, in scope: Scope, below extent: Int) -> Int? {
    guard let value = constant(index, in: scope) else { return nil }
    guard let position = value.asInt(), (0..<extent).contains(position) else {
      report(
        .indexOutOfRange, "index `\(value.sourceText)` is not a whole number from 0 to \(extent - 1)",
        at: index.span)
      return nil
    }
    return position
  }

  /// A record of a dataset; rows count from 0 within the declared rows.
  mutating func record(
    of dataset: DatasetDeclaration, _ indices: [ExpressionSyntax], at span: SourceSpan, in scope: Scope
  ) -> TypedExpression? {
    guard indices.count == 1, let index = indices.first else {
      report(.wrongArity, "a record has one index", at: span, help: "write `\(dataset.name)[0]`")
      return nil
    }
    guard let row = position(index, in: scope, below: dataset.rows?.count ?? Int.max) else { return nil }
    return TypedExpression(
      kind: .record(dataset: dataset.name, row: row), type: .tensor(dataset.elementType), span: span)
  }
}
