/// Why a certificate does not hold: the step that failed and the reason.
package struct ReplayError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable names of the reasons.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// The tree is malformed, or lacks or exceeds leaves.
    case treeShape = "TREE_SHAPE"
    /// The root of a tree does not cover the region.
    case coverage = "COVERAGE"
    /// A leaf is not closed by the rule that it names.
    case boundNotMet = "BOUND_NOT_MET"
    /// The witness lies outside the region or does not violate the claim.
    case witness = "WITNESS_INVALID"
    /// Samples or counts are not those of the seed.
    case sampleMismatch = "SAMPLE_MISMATCH"
    /// A seed that does not derive from specification and models.
    case seedRule = "SEED_RULE"
    /// What is recorded of the samples is not what the evidence and the property say.
    case statistic = "STATISTIC_MISMATCH"
    /// The evidence is of a kind that cannot support the verdict.
    case evidenceKind = "EVIDENCE_MISSING"
    /// The verdict differs from the one that the evidence gives.
    case verdict = "VERDICT_MISMATCH"
    /// The specification does not lower to the recorded question.
    case obligation = "FORMULA_DIGEST"
    /// Properties recorded and declared differ.
    case propertySet = "PROPERTY_SET"
    /// The specification has errors.
    case specification = "SPEC_INVALID"
    /// A model file is not the one that the specification names.
    case model = "MODEL_DIGEST"
    /// The sampler's table differs from its formula, or its unrolled graph from the loop.
    case sampler = "SAMPLER_DIGEST"
    /// A record in the certificate that contradicts what was re-derived.
    case record = "RECORD_MISMATCH"
    /// A leaf claims what is false at a point in exact arithmetic.
    case exactContradiction = "EXACT_CONTRADICTION"
  }

  /// The reason.
  package let code: Code
  /// The step: a property's name or a part of the certificate.
  package let step: String
  /// What is wrong, in words.
  package let reason: String

  /// Makes an error.
  package init(_ code: Code, step: String, _ reason: String) {
    self.code = code
    self.step = step
    self.reason = reason
  }

  package var description: String { "\(code.rawValue) at \(step): \(reason)" }
}
