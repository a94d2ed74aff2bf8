import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// The greatest number of extents of a tensor type.
  static let maximumRank = 8

  /// The type that is written.
  mutating func type(_ syntax: TypeSyntax, in scope: Scope) -> ValueType? {
    let name = syntax.path.text
    let range = syntax.range.map { self.range($0, in: scope) }
    // A range that is written but wrong has been reported.
    if case .some(.none) = range { return nil }
    let declared = range ?? nil
    switch name {
    case "Real" where syntax.extents.isEmpty: return .real(range: declared)
    case "Prob" where syntax.extents.isEmpty: return probability(declared, syntax)
    case "Int" where syntax.extents.isEmpty: return .integer(range: declared)
    case "Bool" where syntax.extents.isEmpty:
      return withoutRange(.boolean, syntax)
    case "Step": return step(syntax, in: scope)
    case "Weights": return weights(syntax, in: scope)
    case "Prob", "Int", "Bool":
      report(
        .typeMismatch, "`\(name)` takes no shape", at: syntax.span, help: "tensors are written `Real[4]`")
      return nil
    default: break
    }
    if let kind = TensorKind(rawValue: name) { return tensor(kind, syntax, range: declared, in: scope) }
    return enumeration(syntax, in: scope)
  }

  private mutating func probability(_ range: ValueRange?, _ syntax: TypeSyntax) -> ValueType? {
    guard let range else { return .real(range: .unit) }
    guard ValueRange.unit.contains(range) else {
      report(
        .notAProbability, "probabilities lie in [0, 1], not in \(range)",
        at: syntax.range?.span ?? syntax.span)
      return nil
    }
    return .real(range: range)
  }

  private mutating func withoutRange(_ type: ValueType, _ syntax: TypeSyntax) -> ValueType? {
    guard let range = syntax.range else { return type }
    report(.typeMismatch, "`\(syntax.path.text)` takes no range", at: range.span)
    return nil
  }

  private mutating func range(_ syntax: TypeRangeSyntax, in scope: Scope) -> ValueRange? {
    guard let lower = constant(syntax.lower, in: scope), let upper = constant(syntax.upper, in: scope)
    else { return nil }
    guard let range = ValueRange(lower: lower, upper: upper) else {
      report(
        .emptyDomain, "the range is empty: \(lower.sourceText) exceeds \(upper.sourceText)",
        at: syntax.span, help: "swap the ends")
      return nil
    }
    return range
  }

  private mutating func step(_ syntax: TypeSyntax, in scope: Scope) -> ValueType? {
    guard syntax.extents.count == 1, let extent = syntax.extents.first else {
      report(
        .typeMismatch, "`Step` needs the number of sampler steps", at: syntax.span,
        help: "write it in brackets, as in `Step[10]`")
      return nil
    }
    guard let count = integer(extent, in: scope, within: 1...1_000_000) else { return nil }
    return withoutRange(.step(count: count), syntax)
  }

  private mutating func weights(_ syntax: TypeSyntax, in scope: Scope) -> ValueType? {
    guard syntax.extents.count == 1, let extent = syntax.extents.first else {
      report(
        .typeMismatch, "`Weights` needs the name of a network", at: syntax.span,
        help: "write it in brackets, as in `Weights[unet]`")
      return nil
    }
    guard let (found, name) = entity(of: extent, in: scope, needed: "a network") else { return nil }
    guard case .network(let network) = found else {
      reportWrong(.entity(found, name: name), at: extent.span, needed: "a network")
      return nil
    }
    return withoutRange(.weights(network: network.name), syntax)
  }

  private mutating func tensor(
    _ kind: TensorKind, _ syntax: TypeSyntax, range: ValueRange?, in scope: Scope
  ) -> ValueType? {
    guard !syntax.extents.isEmpty else {
      report(
        .typeMismatch, "`\(kind.rawValue)` needs a shape", at: syntax.span,
        help: "write it in brackets, as in `\(kind.rawValue)[8, 8]`")
      return nil
    }
    guard syntax.extents.count <= Self.maximumRank else {
      report(
        .numberOutOfRange, "a tensor has at most \(Self.maximumRank) extents", at: syntax.span)
      return nil
    }
    var shape: [Int] = []
    var count = 1
    for extent in syntax.extents {
      guard let value = integer(extent, in: scope, within: 1...TensorType.maximumElementCount) else {
        return nil
      }
      count *= value
      guard count <= TensorType.maximumElementCount else {
        report(
          .numberOutOfRange, "a tensor has at most \(TensorType.maximumElementCount) elements",
          at: syntax.span)
        return nil
      }
      shape.append(value)
    }
    return .tensor(TensorType(kind: kind, shape: shape, range: range))
  }

  private mutating func enumeration(_ syntax: TypeSyntax, in scope: Scope) -> ValueType? {
    if syntax.path.names.count == 1, scopes[scope.module][syntax.path.text] == nil,
      modules[scope.module].aliasSpans[syntax.path.text] == nil
    {
      let enums = modules[scope.module].syntax.declarations.filter { $0.keyword == .enum }
      let meant = SpellingSuggestion.nearest(
        to: syntax.path.text, among: Vocabulary.types + enums.compactMap(\.name?.text))
      report(
        .unknownName, "unknown type `\(syntax.path.text)`", at: syntax.path.span,
        help: meant.map { "did you mean `\($0)`?" },
        fixIts: meant.map { [FixIt("replace it with `\($0)`", replace: syntax.path.span, with: $0)] } ?? [])
      return nil
    }
    guard
      let (found, name) = entity(
        at: syntax.path.names, span: syntax.path.span, in: scope, needed: "a type")
    else { return nil }
    guard case .enumeration(let type) = found else {
      reportWrong(.entity(found, name: name), at: syntax.path.span, needed: "a type")
      return nil
    }
    guard syntax.extents.isEmpty else {
      report(.typeMismatch, "`\(type.name)` takes no shape", at: syntax.span)
      return nil
    }
    return withoutRange(.enumeration(type), syntax)
  }

  /// The tensor type that is written, for declarations of `owner`.
  mutating func tensorType(_ syntax: TypeSyntax, in scope: Scope, owner: String) -> TensorType? {
    guard let type = type(syntax, in: scope) else { return nil }
    if case .tensor(let tensor) = type { return tensor }
    report(
      .typeMismatch, "\(owner) is a set of tensors, not of \(type)", at: syntax.span,
      help: "give a tensor type such as `Latent[2]`; a single number is `Real[1]`")
    return nil
  }
}
