import DSpecSyntax
import Diagnostics
import RigorousArithmetic

/// Laws made of other laws or of records.
extension Checker {
  /// Checks `mixture([A, B], [30%, 70%])`.
  mutating func mixture(_ call: CallReading, in scope: Scope) -> Law? {
    guard let lawsSyntax = call["laws"], let weightsSyntax = call["weights"] else { return nil }
    guard case .list(let laws) = lawsSyntax.kind, case .list(let weights) = weightsSyntax.kind else {
      report(
        .malformedValue, "`mixture` takes a list of laws and a list of weights", at: call.span,
        help: "write `mixture([A, B], [30%, 70%])`")
      return nil
    }
    guard laws.count == weights.count, !laws.isEmpty else {
      report(
        .wrongArity, "\(laws.count) laws but \(weights.count) weights", at: call.span,
        help: "give one weight for each law")
      return nil
    }
    var parts: [MixturePart] = []
    for (item, weightSyntax) in zip(laws, weights) {
      let law = namedLaw(item, in: scope)
      let weight = probability(weightSyntax, in: scope)
      if let law, let weight { parts.append(MixturePart(weight: weight, law: law.law)) }
    }
    guard parts.count == laws.count, let first = parts.first else { return nil }
    guard case .tensor(let type) = first.law.type else {
      report(
        .typeMismatch, "a mixture is one of laws on tensors, this is a law on \(first.law.type)",
        at: lawsSyntax.span, help: "write `categorical(…)` for a law on cases")
      return nil
    }
    for (part, item) in zip(parts, laws) where part.law.type != first.law.type {
      report(
        .typeMismatch, "the laws of a mixture are laws on one type, \(type); this is one on \(part.law.type)",
        at: item.span)
      return nil
    }
    let sum = parts.reduce(Rational(0)) { $0 + $1.weight }
    guard sum == Rational(1) else {
      report(
        .weightsDoNotSumToOne, "the weights sum to \(sum.sourceText), not to 1", at: weightsSyntax.span,
        help: "weights are exact; write fractions such as `1/3` where decimals fall short")
      return nil
    }
    return .mixture(type, parts)
  }

  /// Checks `product(A, B)`: independent draws one after the other in one tensor.
  mutating func product(_ call: CallReading, type: ValueType?, in scope: Scope) -> Law? {
    guard case .tensor(let tensor)? = type else {
      report(
        .malformedValue, "the shape of the law is not known here", at: call.span,
        help: "declare it, as in `dist PZ: Latent[4] = product(A, B)`, and use its name")
      return nil
    }
    var coordinates: [CoordinateLaw] = []
    var isSound = true
    for item in call.rest {
      guard let law = namedLaw(item, in: scope) else {
        isSound = false
        continue
      }
      guard case .product(let found, let own) = law.law, found.kind == tensor.kind else {
        report(
          .typeMismatch, "the product is a law on \(tensor), `\(law.name)` is one on \(law.law.type)",
          at: item.span, help: "factors are `normal`, truncated or `uniform` laws on tensors of that kind")
        isSound = false
        continue
      }
      coordinates += own
    }
    guard isSound else { return nil }
    guard coordinates.count == tensor.elementCount else {
      report(
        .shapeMismatch,
        "\(tensor) has \(tensor.elementCount) elements, the factors have \(coordinates.count) together",
        at: call.span)
      return nil
    }
    return .product(tensor, coordinates)
  }

  /// Checks `empirical(D)`.
  mutating func empirical(_ call: CallReading, in scope: Scope) -> Law? {
    guard let set = call["dataset"], let (found, name) = entity(of: set, in: scope, needed: "a dataset")
    else { return nil }
    if case .dataset(let dataset) = found { return .empirical(dataset) }
    reportWrong(.entity(found, name: name), at: set.span, needed: "a dataset")
    return nil
  }

  private mutating func namedLaw(_ expression: ExpressionSyntax, in scope: Scope) -> LawDeclaration? {
    guard let (found, name) = entity(of: expression, in: scope, needed: "a law") else { return nil }
    if case .law(let law) = found { return law }
    reportWrong(.entity(found, name: name), at: expression.span, needed: "a law")
    return nil
  }
}
