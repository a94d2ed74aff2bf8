package import DSpecSemantics
package import Diagnostics
import RigorousArithmetic
package import SMT

/// Finds what a specification says in vain: antecedents that never hold, claims that follow from their form, properties
/// that contradict or repeat one another.
///
/// Findings rest on a solver's `unsat` for formulas that admit at least what the specification admits, see
/// `ClaimEncoding`. A missing finding means nothing.
package struct SpecificationAnalysis<Backend: Solver>: Sendable {
  private let solver: Backend
  private let timeout: Duration

  /// The greatest number of pairs of properties that are compared.
  static var maximumPairs: Int { 2_000 }

  /// An analysis that asks a solver, each question for at most `timeout`.
  package init(solver: Backend, timeout: Duration = .seconds(1)) {
    self.solver = solver
    self.timeout = timeout
  }

  /// What was found.
  package struct Findings: Sendable {
    /// The findings in source order.
    package let diagnostics: [Diagnostic]
    /// The names of properties whose antecedent or condition never holds, so that their claims are vacuous.
    package let vacuous: Set<String>
  }

  /// Analyses a checked specification.
  ///
  /// - Throws: `SolverError` where the solver fails, which says nothing about the specification.
  package func run(_ spec: TypedSpec) throws(SolverError) -> Findings {
    var diagnostics: [Diagnostic] = []
    var vacuous: Set<String> = []
    var informative: [Property] = []
    for property in spec.properties {
      let found = try antecedents(of: property)
      diagnostics += found
      diagnostics += [SampleSize.problem(of: property), TruncatedMass.problem(of: property)].compactMap { $0 }
      if found.contains(where: { $0.code == .deadAntecedent }) {
        vacuous.insert(property.name)
        continue
      }
      let trivial = try triviality(of: property)
      diagnostics += trivial
      if trivial.isEmpty { informative.append(property) }
    }
    diagnostics += try pairs(informative)
    return Findings(diagnostics: diagnostics.inSourceOrder(), vacuous: vacuous)
  }

  /// Whether no assignment meets the requirements.
  private func isImpossible(_ encoding: ClaimEncoding) throws(SolverError) -> Bool {
    try solver.check(encoding.query, timeout: timeout) == .unsat
  }

  // MARK: One property

  /// Antecedents and conditions that never or always hold.
  private func antecedents(of property: Property) throws(SolverError) -> [Diagnostic] {
    let binders: [Binder]
    var conditions: [(expression: TypedExpression, isGiven: Bool)] = []
    switch property.claim {
    case .forall(let list, let predicate):
      binders = list
      conditions = predicate.implication.conditions.map { ($0, false) }
    case .measure(let claim):
      binders = claim.binders
      if let given = claim.given { conditions.append((given, true)) }
    case .general: return []
    }
    var diagnostics: [Diagnostic] = []
    var earlier: [TypedExpression] = []
    for (condition, isGiven) in conditions {
      var encoding = ClaimEncoding()
      encoding.declare(binders)
      for item in earlier { encoding.require(encoding.formula(item), "earlier") }
      var refutation = encoding
      encoding.require(encoding.formula(condition), "antecedent")
      if try isImpossible(encoding) {
        diagnostics.append(
          Diagnostic(
            .deadAntecedent,
            isGiven
              ? "the condition never holds, so the probability is undefined"
              : "the antecedent never holds, so `\(property.name)` is vacuous", at: condition.span,
            notes: [DiagnosticNote("`\(property.name)` is declared here", at: property.span)],
            help: "compare it with the region that the variables range over"))
        return diagnostics
      }
      // The checker has told of constants.
      let formula = refutation.formula(condition)
      refutation.require(refutation.negation(formula), "never_false")
      if condition.truth == nil, try isImpossible(refutation) {
        diagnostics.append(
          Diagnostic(
            .redundantCondition, "the condition always holds and restricts nothing", at: condition.span,
            help: "remove it, or compare it with the region that the variables range over"))
      }
      earlier.append(condition)
    }
    return diagnostics
  }

  /// A claim that holds or fails whatever the networks compute.
  private func triviality(of property: Property) throws(SolverError) -> [Diagnostic] {
    // The checker has told of claims that constants decide.
    guard case .forall(let binders, let predicate) = property.claim,
      predicate.implication.consequent.truth == nil
    else { return [] }
    var claim = ClaimEncoding()
    claim.declare(binders)
    let formula = claim.formula(predicate)
    var refutation = claim
    refutation.require(refutation.negation(formula), "counterexample")
    if try isImpossible(refutation) {
      return [
        Diagnostic(
          .trivialClaim, "the claim holds whatever the networks compute", at: predicate.span,
          help: "a claim about a network should fail for a wrong one")
      ]
    }
    claim.require(formula, "claim")
    guard try isImpossible(claim) else { return [] }
    return [
      Diagnostic(
        .trivialClaim, "the claim fails whatever the networks compute", at: predicate.span,
        help: "its parts contradict one another")
    ]
  }

  // MARK: Two properties

  private func pairs(_ properties: [Property]) throws(SolverError) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var compared = 0
    for (index, first) in properties.enumerated() {
      for second in properties[(index + 1)...] {
        guard compared < Self.maximumPairs else { return diagnostics }
        guard first.arithmetic == second.arithmetic else { continue }
        switch (first.claim, second.claim) {
        case (.forall(let a, let p), .forall(let b, let q)):
          guard matches(a, b) else { continue }
          compared += 1
          diagnostics += try compare(first, a, p, second, b, q)
        case (.measure(let a), .measure(let b)): diagnostics += compare(first, a, second, b)
        default: continue
        }
      }
    }
    return diagnostics
  }

  /// Whether two claims speak of the same region, variable by variable.
  private func matches(_ a: [Binder], _ b: [Binder]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.source == $1.source }
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

  private func compare(
    _ first: Property, _ a: MeasureClaim, _ second: Property, _ b: MeasureClaim
  ) -> [Diagnostic] {
    guard a.binders.map(\.source) == b.binders.map(\.source), a.binders.map(\.name) == b.binders.map(\.name),
      sameMeaning(a.measure, b.measure), a.given.map(\.shape) == b.given.map(\.shape)
    else { return [] }
    let bounds = a.bounds + b.bounds
    let lower = bounds.filter { $0.comparison == .greater || $0.comparison == .greaterOrEqual }
    let upper = bounds.filter { $0.comparison == .less || $0.comparison == .lessOrEqual }
    for low in lower {
      for high in upper
      where low.bound > high.bound
        || low.bound == high.bound && (low.comparison == .greater || high.comparison == .less)
      {
        return [contradiction(first, second)]
      }
    }
    return []
  }

  private func sameMeaning(_ a: Measure, _ b: Measure) -> Bool {
    switch (a, b) {
    case (.probability(let x), .probability(let y)), (.expectation(let x), .expectation(let y)):
      x.shape == y.shape
    case (.balancedErrorRate(let x, let s), .balancedErrorRate(let y, let t)): x.shape == y.shape && s == t
    default: false
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
