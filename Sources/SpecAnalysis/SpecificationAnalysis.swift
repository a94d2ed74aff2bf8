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
  func isImpossible(_ encoding: ClaimEncoding) throws(SolverError) -> Bool {
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
}
