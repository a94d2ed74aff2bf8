import DSpecSemantics
import Diagnostics
import SMT

// Properties that contradict or repeat one another: only those that speak of the same values or laws can.

extension SpecificationAnalysis {
  /// The greatest number of pairs of claims about points that a solver compares, and of pairs of claims about laws.
  static var maximumPairs: Int { 2_000 }

  /// What properties have in common that can be compared at all.
  private enum Subject: Hashable {
    /// Regions, variable by variable.
    case points(ClaimArithmetic, [BinderSource])
    /// One measure of one law under one condition.
    case law(ClaimArithmetic, [BinderSource], names: [String], Measure, given: TypedExpression?)
  }

  /// Findings about pairs of properties.
  func pairs(_ properties: [Property]) throws(SolverError) -> [Diagnostic] {
    var groups: [Subject: [Property]] = [:]
    for property in properties {
      guard let subject = subject(of: property) else { continue }
      groups[subject, default: []].append(property)
    }
    // The limit falls on the same pairs in every run.
    let ordered = groups.values.sorted { ($0.first?.span.lower ?? 0) < ($1.first?.span.lower ?? 0) }
    var diagnostics: [Diagnostic] = []
    var (points, laws) = (0, 0)
    for group in ordered {
      compared: for (index, first) in group.enumerated() {
        for second in group[(index + 1)...] {
          switch (first.claim, second.claim) {
          case (.forall(let a, let p), .forall(let b, let q)):
            guard points < Self.maximumPairs else { break compared }
            points += 1
            diagnostics += try compare(first, a, p, second, b, q)
          case (.measure(let a), .measure(let b)):
            guard laws < Self.maximumPairs else { break compared }
            laws += 1
            if isContradiction(a.bounds + b.bounds) { diagnostics.append(contradiction(first, second)) }
          default: break
          }
        }
      }
    }
    return diagnostics
  }

  private func subject(of property: Property) -> Subject? {
    switch property.claim {
    case .forall(let binders, _): .points(property.arithmetic, binders.map(\.source))
    case .measure(let claim):
      .law(
        property.arithmetic, claim.binders.map(\.source), names: claim.binders.map(\.name),
        claim.measure.shape, given: claim.given?.shape)
    case .general: nil
    }
  }

  private func compare(
    _ first: Property, _ a: [Binder], _ p: TypedExpression, _ second: Property, _ b: [Binder],
    _ q: TypedExpression
  ) throws(SolverError) -> [Diagnostic] {
    var encoding = ClaimEncoding()
    encoding.declare(a)
    let left = encoding.formula(p)
    let applied = encoding.applications
    encoding.declare(b, as: a.map(\.name))
    let right = encoding.formula(q)
    // Claims about different networks say nothing about each other.
    guard !applied.isEmpty, !applied.isDisjoint(with: encoding.applications) else { return [] }
    var both = encoding
    both.require(left, "first")
    both.require(right, "second")
    if try isImpossible(both) { return [contradiction(first, second)] }
    for (strong, weak, known, implied) in [(first, second, left, right), (second, first, right, left)] {
      var gap = encoding
      gap.require(known, "known")
      gap.require(gap.negation(implied), "not_implied")
      if try isImpossible(gap) { return [redundancy(weak, follows: strong)] }
    }
    return []
  }

  /// Whether no number meets all bounds.
  private func isContradiction(_ bounds: [DSpecSemantics.MeasureBound]) -> Bool {
    let lower = bounds.filter { $0.comparison == .greater || $0.comparison == .greaterOrEqual }
    let upper = bounds.filter { $0.comparison == .less || $0.comparison == .lessOrEqual }
    return lower.contains { low in
      upper.contains { high in
        low.bound > high.bound
          || low.bound == high.bound && (low.comparison == .greater || high.comparison == .less)
      }
    }
  }

  private func contradiction(_ first: Property, _ second: Property) -> Diagnostic {
    Diagnostic(
      .contradiction, "`\(first.name)` and `\(second.name)` cannot both hold", at: second.span,
      notes: [DiagnosticNote("`\(first.name)` is declared here", at: first.span)],
      help: "one of them will be refuted; if that is meant, say so in a test")
  }

  private func redundancy(_ weak: Property, follows strong: Property) -> Diagnostic {
    Diagnostic(
      .redundantProperty, "`\(weak.name)` follows from `\(strong.name)`", at: weak.span,
      notes: [DiagnosticNote("`\(strong.name)` is declared here", at: strong.span)],
      help: "remove it, or strengthen it")
  }
}

extension Measure {
  /// The measure without the places where it is written.
  fileprivate var shape: Measure {
    switch self {
    case .probability(let event): .probability(event: event.shape)
    case .balancedErrorRate(let prediction, let label):
      .balancedErrorRate(prediction: prediction.shape, label: label)
    case .expectation(let value): .expectation(value.shape)
    }
  }
}

extension TypedExpression {
  /// The expression without the places where it is written.
  fileprivate var shape: TypedExpression {
    let nowhere = SourceSpan(source: SourceID(index: 0), lower: 0, upper: 0)
    func plain(_ kind: Kind) -> TypedExpression { TypedExpression(kind: kind, type: type, span: nowhere) }
    switch kind {
    case .constant, .boolean, .enumCase, .variable, .record, .accounted, .quantified, .measure:
      return plain(kind)
    case .apply(let callee, let arguments): return plain(.apply(callee, arguments.map(\.shape)))
    case .distance(let norm, let a, let b): return plain(.distance(norm, a.shape, b.shape))
    case .index(let operand, let positions): return plain(.index(operand.shape, positions))
    case .negate(let operand): return plain(.negate(operand.shape))
    case .arithmetic(let operation, let a, let b): return plain(.arithmetic(operation, a.shape, b.shape))
    case .compare(let operation, let a, let b): return plain(.compare(operation, a.shape, b.shape))
    case .and(let operands): return plain(.and(operands.map(\.shape)))
    case .or(let operands): return plain(.or(operands.map(\.shape)))
    case .not(let operand): return plain(.not(operand.shape))
    case .implies(let a, let b): return plain(.implies(a.shape, b.shape))
    case .conditional(let a, let b, let c): return plain(.conditional(a.shape, b.shape, c.shape))
    }
  }
}
