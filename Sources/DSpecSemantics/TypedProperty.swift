package import Diagnostics
package import RigorousArithmetic

/// What a bound variable ranges over or is drawn from, in full.
package enum BinderSource: Hashable, Sendable {
  /// Every element of a declared domain.
  case domain(DomainDeclaration)
  /// Every case of an enumeration.
  case enumeration(EnumType)
  /// Every record of a dataset.
  case dataset(DatasetDeclaration)
  /// All weights of a set of weights.
  case weights(WeightDomainDeclaration)
  /// A draw from a law; `name` is nil where the law is written in place.
  case law(Law, name: String?)
}

/// A variable that a claim binds.
package struct Binder: Hashable, Sendable {
  /// The name, unique in the claim.
  package let name: String
  /// What it ranges over or is drawn from.
  package let source: BinderSource
  /// The type of the variable.
  package let type: ValueType
  /// Where it is written.
  package let span: SourceSpan

  /// Makes a binder.
  package init(name: String, source: BinderSource, type: ValueType, span: SourceSpan) {
    self.name = name
    self.source = source
    self.type = type
    self.span = span
  }
}

/// A number that a law gives to an event or a prediction.
package enum Measure: Hashable, Sendable {
  /// The probability of the event, a boolean expression.
  case probability(event: TypedExpression)
  /// The balanced error rate, the mean over the cases s of the label of P[prediction != s | label = s].
  ///
  /// `prediction` has the type of the variable `label`, which a binder of the claim draws from a
  /// categorical law that gives every case a positive weight.
  case balancedErrorRate(prediction: TypedExpression, label: String)
  /// The expected value of a number.
  case expectation(TypedExpression)
}

/// A measure as a number within a larger expression.
package struct MeasureTerm: Hashable, Sendable {
  /// The measure.
  package let measure: Measure
  /// The independent draws, in order; every source is a law.
  package let binders: [Binder]
  /// The condition on which the measure is taken, if any.
  package let given: TypedExpression?

  /// Makes a term.
  package init(measure: Measure, binders: [Binder], given: TypedExpression?) {
    self.measure = measure
    self.binders = binders
    self.given = given
  }
}

/// One bound on a measure, read as `measure comparison bound`.
package struct MeasureBound: Hashable, Sendable {
  /// The comparison with the measure on its left; never `==` or `!=`.
  package let comparison: ComparisonOperator
  /// The exact bound, in [0, 1].
  package let bound: Rational
  /// Where the bound is written.
  package let span: SourceSpan

  /// Makes a bound.
  package init(comparison: ComparisonOperator, bound: Rational, span: SourceSpan) {
    self.comparison = comparison
    self.bound = bound
    self.span = span
  }
}

/// A claim about a measure under independent draws.
package struct MeasureClaim: Hashable, Sendable {
  /// The measure.
  package let measure: Measure
  /// The independent draws, in order; every source is a law.
  package let binders: [Binder]
  /// The condition on which the measure is taken, if any; a boolean expression.
  package let given: TypedExpression?
  /// The bounds that must all hold; one, or two for a chain `a <= measure <= b`.
  package let bounds: [MeasureBound]

  /// Makes a measure claim.
  package init(measure: Measure, binders: [Binder], given: TypedExpression?, bounds: [MeasureBound]) {
    self.measure = measure
    self.binders = binders
    self.given = given
    self.bounds = bounds
  }
}

/// What a property says.
package enum Claim: Hashable, Sendable {
  /// The boolean predicate holds for every value of the binders, none of which is a law.
  ///
  /// A `where` condition is the antecedent of an implication. No binders: the predicate itself.
  case forall(binders: [Binder], predicate: TypedExpression)
  /// The measure meets all its bounds.
  case measure(MeasureClaim)
  /// The truth of a boolean expression without free variables that is of neither form.
  case general(TypedExpression)
}

/// A grade of evidence that a property accepts.
package enum EvidenceGrade: Hashable, Sendable {
  /// A deterministic, replayable proof.
  case proof
  /// A certified interval of a probability.
  case bound
  /// `samples` seeded samples decided at `confidence`, at least 1/2 and below 1.
  case sampled(samples: Int, confidence: Rational)
  /// The rules of a privacy accountant of this name.
  case accounting(method: String)
  /// A conclusion from the verdicts of other properties, by name.
  case derived(from: [String])
  /// A search for a witness with `budget` attempts; refutes, and otherwise only reports.
  case attacked(budget: Int)
}

/// A circumstance of operation and the values of it that a property covers, such as `classes` and `[one, two]`.
package struct OperatingCondition: Hashable, Sendable {
  /// What varies.
  package let name: String
  /// The values covered, in source text.
  package let values: [String]
}

/// The arithmetic in which a claim is meant.
package enum ClaimArithmetic: String, Hashable, Sendable, CaseIterable {
  /// Real numbers.
  case real
  /// IEEE 754 binary32 in every order of summation that a deployment may choose.
  case float32AnyOrder = "float32(any_order)"
  /// Real numbers, with the weights rounded to IEEE 754 binary16.
  case float16Weights = "float16(weights)"
}

/// An engine that a property prefers.
package enum EngineHint: String, Hashable, Sendable, CaseIterable {
  /// Bound propagation with branch and bound.
  case bounds
  /// Satisfiability modulo theories.
  case smt
}

/// A declared hazard.
package struct HazardDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// What may go wrong, in words.
  package let title: String?
  /// The severities that rules speak of, such as the two stages that a critical hazard needs.
  package static let severities = ["critical", "major", "minor"]

  /// The severity as written.
  package let severity: String?
  /// The code of the hazard in its taxonomy.
  package let code: String?
  /// The taxonomy and its version.
  package let source: String?
  /// Names of hazards of other taxonomies that this one corresponds to.
  package let maps: [String]
  /// Why the risk is accepted without a property, if it is.
  package let accepted: String?
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a hazard.
  package init(
    name: String, title: String?, severity: String?, code: String? = nil, source: String? = nil,
    maps: [String] = [], accepted: String? = nil, span: SourceSpan
  ) {
    self.name = name
    self.title = title
    self.severity = severity
    self.code = code
    self.source = source
    self.maps = maps
    self.accepted = accepted
    self.span = span
  }
}

/// A property: a claim, the hazards it mitigates, and the evidence it accepts.
package struct Property: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The property in words.
  package let title: String?
  /// The names of the hazards it mitigates.
  package let hazards: [String]
  /// The claim.
  package let claim: Claim
  /// The acceptable grades of evidence, in order of preference; never empty.
  package let evidence: [EvidenceGrade]
  /// The engine it prefers, if any.
  package let engine: EngineHint?
  /// The arithmetic in which the networks of the claim compute.
  package let arithmetic: ClaimArithmetic
  /// The names of mitigations whose contracts it relies on.
  package let reliesOn: [String]
  /// Operating conditions that it covers, by name; empty where none are stated.
  package let conditions: [OperatingCondition]
  /// The name in the declaration.
  package let span: SourceSpan
  /// The claim in source text, for reports.
  package let claimText: String
  /// The property and everything that it refers to, without comments, spans or parameters, in one
  /// deterministic text: two properties of equal canonical text mean the same.
  package let canonicalText: String

  /// Makes a property.
  package init(
    name: String, title: String?, hazards: [String], claim: Claim, evidence: [EvidenceGrade],
    engine: EngineHint?, arithmetic: ClaimArithmetic = .real, reliesOn: [String] = [],
    conditions: [OperatingCondition] = [], span: SourceSpan,
    claimText: String, canonicalText: String
  ) {
    self.name = name
    self.title = title
    self.hazards = hazards
    self.claim = claim
    self.evidence = evidence
    self.engine = engine
    self.arithmetic = arithmetic
    self.reliesOn = reliesOn
    self.conditions = conditions
    self.span = span
    self.claimText = claimText
    self.canonicalText = canonicalText
  }
}
