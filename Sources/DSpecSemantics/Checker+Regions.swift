import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a domain.
  mutating func domain(
    _ name: NameSyntax, _ typeSyntax: TypeSyntax, _ value: ExpressionSyntax, in scope: Scope
  ) -> Entity? {
    if typeSyntax.path.text == "Weights" { return weightDomain(name, typeSyntax, value, in: scope) }
    guard let type = tensorType(typeSyntax, in: scope, owner: "a domain"),
      let (region, ranged) = region(value, type, owner: name, in: scope)
    else { return nil }
    let qualified = modules[scope.module].qualified(name.text)
    return .domain(DomainDeclaration(name: qualified, type: ranged, region: region, span: name.span))
  }

  /// Whether an expression is a set of tensors written in place.
  func isRegion(_ expression: ExpressionSyntax) -> Bool {
    guard case .call(let callee, _) = expression.kind, case .name(let text) = callee.kind else {
      return false
    }
    return Vocabulary.sets.contains { $0.name == text }
  }

  /// A set of tensors as written, and its type, which may take the range of a record.
  mutating func region(
    _ value: ExpressionSyntax, _ type: TensorType, owner: NameSyntax, in scope: Scope
  ) -> (Region, TensorType)? {
    guard let call = call(value, shapes: Vocabulary.sets, needed: "a region") else { return nil }
    var type = type
    let region: Region?
    switch call.name.text {
    case "box": region = box(call, type, owner: owner, in: scope).map { .box($0) }
    case "points": region = points(call, type, in: scope)
    case "product": region = product(call, type, in: scope)
    case "slice": region = slice(call, type, owner: owner, in: scope)
    default:
      guard let (ball, ranged) = ball(call, type, owner: owner, in: scope) else { return nil }
      (region, type) = (.ball(ball), ranged)
    }
    return region.map { ($0, type) }
  }

  mutating func box(
    _ call: CallReading, _ type: TensorType, owner: NameSyntax, in scope: Scope
  ) -> BoxRegion? {
    guard let lowerSyntax = call["lower"], let upperSyntax = call["upper"] else { return nil }
    let lower = coordinates(lowerSyntax, type, in: scope)
    let upper = coordinates(upperSyntax, type, in: scope)
    guard let lower, let upper else { return nil }
    if let index = lower.indices.first(where: { lower[$0] > upper[$0] }) {
      let place = type.elementCount > 1 && Set(lower).count > 1 ? " at coordinate \(index)" : ""
      report(
        .emptyDomain,
        "`\(owner.text)` is empty\(place): lower bound \(lower[index].sourceText) exceeds upper bound "
          + "\(upper[index].sourceText), so every `forall x in \(owner.text)` would be vacuous",
        at: call.span, help: "swap the bounds",
        fixIts: lower.indices.allSatisfy { lower[$0] >= upper[$0] }
          ? [
            FixIt(
              "swap the bounds",
              edits: [
                TextEdit(span: lowerSyntax.span, replacement: sources.text(upperSyntax.span)),
                TextEdit(span: upperSyntax.span, replacement: sources.text(lowerSyntax.span)),
              ])
          ] : [])
      return nil
    }
    if let range = type.range,
      let index = lower.indices.first(where: { lower[$0] < range.lower || upper[$0] > range.upper })
    {
      report(
        .rangeMismatch,
        "the box leaves the range \(range) of its type: coordinate \(index) runs from "
          + "\(lower[index].sourceText) to \(upper[index].sourceText)", at: call.span)
      return nil
    }
    return BoxRegion(lower: lower, upper: upper)
  }

  private mutating func ball(
    _ call: CallReading, _ type: TensorType, owner: NameSyntax, in scope: Scope
  ) -> (BallRegion, TensorType)? {
    guard let centerSyntax = call["center"], let radiusSyntax = call["radius"],
      let normSyntax = call["norm"]
    else { return nil }
    let center = center(centerSyntax, type, in: scope)
    let radius = constant(radiusSyntax, in: scope)
    let norm = choice(normSyntax, of: Norm.self, needed: "a norm")
    guard let (center, type) = center, let radius, let norm else { return nil }
    guard radius >= Rational(0) else {
      report(
        .emptyDomain,
        "`\(owner.text)` is empty: radius \(radius.sourceText) is negative, so every "
          + "`forall x in \(owner.text)` would be vacuous", at: radiusSyntax.span)
      return nil
    }
    return (BallRegion(center: center, radius: radius, norm: norm, clip: type.range), type)
  }

  /// The centre of a ball, and the type of the ball, which takes the range of a record.
  private mutating func center(
    _ expression: ExpressionSyntax, _ type: TensorType, in scope: Scope
  ) -> (BallCenter, TensorType)? {
    if case .call(let callee, _) = expression.kind, callee.kind == .name("prompt") {
      return prompt(expression, type).map { (.prompt($0), type) }
    }
    if case .subscripted(let base, let indices) = expression.kind, let path = path(of: base) {
      guard let (found, name) = entity(at: path, span: base.span, in: scope, needed: "a dataset") else {
        return nil
      }
      guard case .dataset(let dataset) = found else {
        reportWrong(.entity(found, name: name), at: base.span, needed: "a dataset")
        return nil
      }
      guard let record = record(of: dataset, indices, at: expression.span, in: scope),
        case .record(let name, let row) = record.kind,
        fits(
          dataset.elementType, type, what: describe(record), needer: "the domain is", at: expression.span)
      else { return nil }
      let ranged = TensorType(
        kind: type.kind, shape: type.shape, range: type.range ?? dataset.elementType.range)
      return (.record(dataset: name, row: row), ranged)
    }
    guard let values = coordinates(expression, type, in: scope) else { return nil }
    if let range = type.range, let outside = values.first(where: { !range.contains($0) }) {
      report(
        .rangeMismatch, "the centre leaves the range \(range) of its type: \(outside.sourceText)",
        at: expression.span)
      return nil
    }
    return (.constant(values), type)
  }

  /// Reads `prompt("…")`, whose embedding is a point of an embedding space.
  private mutating func prompt(_ expression: ExpressionSyntax, _ type: TensorType) -> String? {
    guard
      let call = call(expression, shapes: Vocabulary.centers, needed: "the centre"),
      let textSyntax = call["text"], let text = string(textSyntax, needed: "the prompt")
    else { return nil }
    guard type.kind == .embedding else {
      report(
        .typeMismatch, "a prompt is a point of an `Embedding`, not of \(type)", at: expression.span)
      return nil
    }
    return text
  }

  /// One exact number for each element of a type: a constant for all of them, a list of all in row-major
  /// order, or lists nested like the shape.
  mutating func coordinates(
    _ expression: ExpressionSyntax, _ type: TensorType, in scope: Scope
  ) -> [Rational]? {
    guard case .list(let items) = expression.kind else {
      guard let value = constant(expression, in: scope) else { return nil }
      return Array(repeating: value, count: type.elementCount)
    }
    let isNested = items.contains { if case .list = $0.kind { true } else { false } }
    if !isNested {
      guard items.count == type.elementCount else {
        report(
          .shapeMismatch, "\(type) has \(type.elementCount) elements, the list has \(items.count)",
          at: expression.span)
        return nil
      }
      return constants(items, in: scope)
    }
    return nested(expression, shape: type.shape[...], type, in: scope)
  }

  private mutating func nested(
    _ expression: ExpressionSyntax, shape: ArraySlice<Int>, _ type: TensorType, in scope: Scope
  ) -> [Rational]? {
    guard let extent = shape.first else { return constant(expression, in: scope).map { [$0] } }
    guard case .list(let items) = expression.kind, items.count == extent else {
      report(
        .shapeMismatch, "the lists are not nested like the shape of \(type)", at: expression.span,
        help: "a list of \(extent) is needed here")
      return nil
    }
    var result: [Rational] = []
    for item in items {
      guard let part = nested(item, shape: shape.dropFirst(), type, in: scope) else { return nil }
      result += part
    }
    return result
  }

  mutating func constants(_ items: [ExpressionSyntax], in scope: Scope) -> [Rational]? {
    var result: [Rational] = []
    for item in items {
      if let value = constant(item, in: scope) { result.append(value) }
    }
    return result.count == items.count ? result : nil
  }
}
