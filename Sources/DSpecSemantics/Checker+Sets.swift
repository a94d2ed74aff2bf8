import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks `points([0, 0], [1, 2])`, a finite set.
  mutating func points(_ call: CallReading, _ type: TensorType, in scope: Scope) -> Region? {
    var points: [[Rational]] = []
    for item in call.rest {
      guard let point = coordinates(item, type, in: scope) else { continue }
      if let range = type.range, let outside = point.first(where: { !range.contains($0) }) {
        report(
          .rangeMismatch, "the point leaves the range \(range) of its type: \(outside.sourceText)",
          at: item.span)
        continue
      }
      points.append(point)
    }
    return points.count == call.rest.count ? .points(points) : nil
  }

  /// Checks `product(A, B)`: the tensors whose first coordinates lie in A and whose others lie in B.
  mutating func product(_ call: CallReading, _ type: TensorType, in scope: Scope) -> Region? {
    var factors: [RegionFactor] = []
    var isSound = true
    for item in call.rest {
      guard let (found, name) = entity(of: item, in: scope, needed: "a domain") else {
        isSound = false
        continue
      }
      guard case .domain(let domain) = found else {
        reportWrong(.entity(found, name: name), at: item.span, needed: "a domain")
        isSound = false
        continue
      }
      guard domain.type.kind == type.kind else {
        report(
          .shapeMismatch, "the product is a set of \(type), `\(name)` one of \(domain.type)", at: item.span)
        isSound = false
        continue
      }
      if let range = type.range, domain.type.range != range {
        report(
          .rangeMismatch, "the product is a set of \(type), `\(name)` one of \(domain.type)", at: item.span,
          help: "declare the range of `\(name)`")
        isSound = false
        continue
      }
      if case .product(let inner) = domain.region {
        factors += inner
      } else {
        factors.append(RegionFactor(count: domain.type.elementCount, region: domain.region))
      }
    }
    guard isSound else { return nil }
    let count = factors.reduce(0) { $0 + $1.count }
    guard count == type.elementCount else {
      report(
        .shapeMismatch, "\(type) has \(type.elementCount) elements, the factors have \(count) together",
        at: call.span)
      return nil
    }
    var lower: [Rational] = []
    var upper: [Rational] = []
    for factor in factors {
      guard case .box(let box) = factor.region else { return .product(factors) }
      lower += box.lower
      upper += box.upper
    }
    return .box(BoxRegion(lower: lower, upper: upper))
  }

  /// Checks `slice(origin:, directions:, lower:, upper:)`, a piece of an affine subspace.
  mutating func slice(
    _ call: CallReading, _ type: TensorType, owner: NameSyntax, in scope: Scope
  ) -> Region? {
    guard let originSyntax = call["origin"], let directionsSyntax = call["directions"] else { return nil }
    let origin = coordinates(originSyntax, type, in: scope)
    guard case .list(let items) = directionsSyntax.kind, !items.isEmpty else {
      report(
        .malformedValue, "a list of directions is needed here", at: directionsSyntax.span,
        help: "write `[[1, 0], [0, 1]]`, one list of \(type.elementCount) numbers for each direction")
      return nil
    }
    guard items.count <= type.elementCount else {
      report(
        .numberOutOfRange, "\(items.count) directions in a space of \(type.elementCount) dimensions",
        at: directionsSyntax.span)
      return nil
    }
    var directions: [[Rational]] = []
    for item in items {
      if let direction = coordinates(item, type, in: scope) { directions.append(direction) }
    }
    let axes = TensorType(kind: .real, shape: [items.count], range: nil)
    let box = box(call, axes, owner: owner, in: scope)
    guard let origin, let box, directions.count == items.count else { return nil }
    let slice = SliceRegion(origin: origin, directions: directions, coefficients: box)
    if let range = type.range {
      for index in origin.indices {
        let (lower, upper) = slice.range(of: index)
        if range.contains(lower) && range.contains(upper) { continue }
        report(
          .rangeMismatch,
          "the slice leaves the range \(range) of its type: coordinate \(index) runs from "
            + "\(lower.sourceText) to \(upper.sourceText)", at: call.span)
        return nil
      }
    }
    return .slice(slice)
  }

  /// Checks `Weights[unet] = ball(center: unet.weights, radius: 1e-3, norm: linf)`.
  mutating func weightDomain(
    _ name: NameSyntax, _ typeSyntax: TypeSyntax, _ value: ExpressionSyntax, in scope: Scope
  ) -> Entity? {
    guard case .weights(let network)? = type(typeSyntax, in: scope) else { return nil }
    guard let call = call(value, shapes: [Vocabulary.ball], needed: "a set of weights"),
      let centerSyntax = call["center"], let radiusSyntax = call["radius"], let normSyntax = call["norm"]
    else { return nil }
    let center = weightsOwner(centerSyntax, in: scope)
    let radius = constant(radiusSyntax, in: scope)
    let norm = choice(normSyntax, of: Norm.self, needed: "a norm")
    guard let center, let radius, let norm else { return nil }
    guard center == network else {
      report(
        .typeMismatch, "the domain is one of the weights of `\(network)`, its centre of `\(center)`",
        at: centerSyntax.span)
      return nil
    }
    guard radius >= Rational(0) else {
      report(
        .emptyDomain,
        "`\(name.text)` is empty: radius \(radius.sourceText) is negative, so every "
          + "`forall w in \(name.text)` would be vacuous", at: radiusSyntax.span)
      return nil
    }
    return .weightDomain(
      WeightDomainDeclaration(
        name: modules[scope.module].qualified(name.text), network: network, radius: radius, norm: norm,
        span: name.span))
  }

  /// The network N of `N.weights`.
  private mutating func weightsOwner(_ expression: ExpressionSyntax, in scope: Scope) -> String? {
    if expression.kind == .missing { return nil }
    guard case .member(let base, let member) = expression.kind, member.text == "weights" else {
      report(
        .malformedValue, "the weights of a network are needed here", at: expression.span,
        help: "write `unet.weights`")
      return nil
    }
    guard let (found, name) = entity(of: base, in: scope, needed: "a network") else { return nil }
    guard case .network(let network) = found else {
      reportWrong(.entity(found, name: name), at: base.span, needed: "a network")
      return nil
    }
    return network.name
  }
}
