import DSpecSyntax
import Diagnostics

// A variable may range over steps, `t in steps(1, 9)`, or over networks and pipelines, `f in [probe, guard]`.
// Neither is a value that a network computes with, so a quantifier over them is the conjunction (`forall`) or
// disjunction (`exists`) of what it says of each. Both commute with the quantifiers over values beside them.

extension Checker {
  /// Most claims that a quantifier over steps or networks stands for.
  static let maximumExpansion = 1_000

  /// The claims that a quantifier over steps or networks stands for, joined; nil for any other expression.
  ///
  /// After an error, which is reported, the result is of the form `.missing`.
  mutating func expanded(_ expression: ExpressionSyntax, in scope: Scope) -> ExpressionSyntax? {
    guard case .quantified(let isUniversal, let binders, let condition, let body) = expression.kind,
      let position = binders.firstIndex(where: { isFinite($0, in: scope) })
    else { return nil }
    let binder = binders[position]
    var others = binders
    others.remove(at: position)
    guard isFree(binder.name, in: scope), let values = values(of: binder, in: scope) else {
      return .missing(at: expression.span)
    }
    unfoldings += values.count
    guard unfoldings <= Self.maximumUnfoldings else {
      report(
        .tooDeep, "quantifiers over steps or networks stand for too many claims", at: binder.source.span)
      return .missing(at: expression.span)
    }
    var claim = body
    if let condition {
      claim =
        isUniversal
        ? .implication(condition, body)
        : ExpressionSyntax.joined([condition, body], by: .and, at: body.span) ?? body
    }
    var parts: [ExpressionSyntax] = []
    for value in values {
      let (part, rebindings) = claim.replacing(binder.name.text, by: value)
      let bound = rebindings + others.map(\.name).filter { $0.text == binder.name.text }
      if let again = bound.first {
        report(
          .duplicateName, "`\(again.text)` is bound twice", at: again.span,
          notes: [DiagnosticNote("first bound here", at: binder.name.span)], help: "rename one of them")
        return .missing(at: expression.span)
      }
      parts.append(part)
    }
    guard let joined = ExpressionSyntax.joined(parts, by: isUniversal ? .and : .or, at: body.span) else {
      return .missing(at: expression.span)
    }
    return .quantified(isUniversal: isUniversal, others, joined, at: expression.span)
  }

  private func isFinite(_ binder: BinderSyntax, in scope: Scope) -> Bool {
    switch binder.source.kind {
    case .list: return !binder.isDraw
    case .call(let callee, _):
      let word = Vocabulary.stepRange.name
      return callee.kind == .name(word) && !binder.isDraw && scopes[scope.module][word] == nil
        && scope.arguments[word] == nil
    default: return false
    }
  }

  private mutating func values(of binder: BinderSyntax, in scope: Scope) -> [ExpressionSyntax]? {
    if case .list(let items) = binder.source.kind { return callables(items, of: binder, in: scope) }
    guard let call = call(binder.source, shapes: [Vocabulary.stepRange], needed: "a range of steps"),
      let first = call["first"], let last = call["last"],
      let lower = integer(first, in: scope, within: 0...Int.max),
      let upper = integer(last, in: scope, within: 0...Int.max)
    else { return nil }
    guard lower <= upper else {
      report(
        .emptyDomain, "there is no step from \(lower) to \(upper)", at: binder.source.span,
        help: "write the first step before the last")
      return nil
    }
    guard upper - lower < Self.maximumExpansion else {
      report(
        .numberOutOfRange, "at most \(Self.maximumExpansion) steps can be quantified over",
        at: binder.source.span)
      return nil
    }
    return (lower...upper).map { .integer($0, at: binder.source.span) }
  }

  /// The items of a list if all are names of networks or pipelines.
  private mutating func callables(
    _ items: [ExpressionSyntax], of binder: BinderSyntax, in scope: Scope
  ) -> [ExpressionSyntax]? {
    guard !items.isEmpty else {
      report(.emptyDomain, "the list is empty, so `\(binder.name.text)` has no value", at: binder.source.span)
      return nil
    }
    guard items.count <= Self.maximumExpansion else {
      report(
        .numberOutOfRange, "at most \(Self.maximumExpansion) networks can be quantified over",
        at: binder.source.span)
      return nil
    }
    var isSound = true
    for item in items {
      let needed = "a network or sampler"
      guard let (found, name) = entity(of: item, in: scope, needed: needed) else {
        isSound = false
        continue
      }
      switch found {
      case .network, .sampler, .pipeline: break
      default:
        reportWrong(
          .entity(found, name: name), at: item.span, needed: needed,
          help: "a set of points is a `domain` with `points(…)`")
        isSound = false
      }
    }
    return isSound ? items : nil
  }
}
