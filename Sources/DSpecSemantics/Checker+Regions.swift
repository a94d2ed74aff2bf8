import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a domain.
  mutating func domain(
    _ name: NameSyntax, _ typeSyntax: TypeSyntax, _ value: ExpressionSyntax, in scope: Scope
  ) -> Entity? {
    guard let type = tensorType(typeSyntax, in: scope, owner: "a domain") else { return nil }
    let shapes = [
      CallShape(name: "box", positional: ["lower", "upper"]),
      CallShape(name: "ball", labelled: ["center", "radius", "norm"]),
    ]
    guard let call = call(value, shapes: shapes, needed: "a region") else { return nil }
    let qualified = modules[scope.module].qualified(name.text)
    if call.name.text == "box" {
      guard let box = box(call, type, owner: name, in: scope) else { return nil }
      return .domain(
        DomainDeclaration(name: qualified, type: type, region: .box(box), span: name.span))
    }
    guard let (ball, type) = ball(call, type, typeSyntax: typeSyntax, owner: name, in: scope) else {
      return nil
    }
    return .domain(DomainDeclaration(name: qualified, type: type, region: .ball(ball), span: name.span))
  }

  private mutating func box(
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
    _ call: CallReading, _ type: TensorType, typeSyntax: TypeSyntax, owner: NameSyntax, in scope: Scope
  ) -> (BallRegion, TensorType)? {
    guard let centerSyntax = call["center"], let radiusSyntax = call["radius"],
      let normSyntax = call["norm"]
    else { return nil }
    let center = center(centerSyntax, type, typeSyntax: typeSyntax, in: scope)
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
    _ expression: ExpressionSyntax, _ type: TensorType, typeSyntax: TypeSyntax, in scope: Scope
  ) -> (BallCenter, TensorType)? {
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
