package import Certificates
package import DSpecSemantics

/// What every certificate rests on and has to say.
///
/// The issuer may add assumptions; leaving one of these out, or calling one discharged, would claim more than the
/// evidence gives.
package enum StandingAssumptions {
  /// The assumptions of a certificate with or without sampled answers.
  package static func list(hasSamples: Bool, hasSinglePrecision: Bool) -> [Assumption] {
    var list = [
      Assumption(
        id: "A1",
        text:
          "the model files are the deployed ones; deployed arithmetic may differ from the real numbers that the "
          + "verdicts speak of", isDischarged: false)
    ]
    if hasSamples {
      list.append(
        Assumption(
          id: "A2",
          text:
            "seeded pseudo-random samples on the grid of doubles stand for independent draws; the seed derives from "
            + "the question, and its author may have chosen among specifications", isDischarged: false))
    }
    if hasSinglePrecision {
      list.append(
        Assumption(
          id: "A3",
          text:
            "in claims about float32(any_order) the deployed programs apply the operators of the bundled networks and of "
            + "the sampler's step A z + B out as they stand, once for what a claim names twice, and fuse none but a "
            + "product or a matrix product's bias with a sum, in IEEE binary32 rounding to nearest with subnormal "
            + "numbers; inputs, weights and factors are rounded once; exp, log, sigmoid, tanh, erf, sin, cos and powers are within "
            + "8 units of 2^-24 of their value, softplus of 1 plus its value, SiLU and GELU in both forms of their operand, "
            + "or within 2^-120; softmax is computed from the exponentials of the differences to the greatest operand and "
            + "their sum, a normalization from the mean and then the mean of the squared deviations from it, before scale "
            + "and shift, one with stored mean and variance as ((x - m) i) s + b, (x - m) (s i) + b or (s i) x + (b - m (s i)) "
            + "with the inverse root i, a power by products or a function, a Euclidean norm of the elements or of their "
            + "quotients by the greatest; Winograd, Fourier and Strassen products, TF32 and flushing to zero are not covered",
          isDischarged: false))
    }
    return list
  }

  /// The arithmetic of a certificate as a whole: single precision only where every claim is about it.
  package static func claim(_ arithmetics: [ClaimArithmetic]) -> ArithmeticRecord.Claim {
    !arithmetics.isEmpty && arithmetics.allSatisfy { $0 == .float32AnyOrder } ? .float32AnyOrder : .real
  }

  /// Checks that a certificate states them all, and the arithmetic of its claims.
  static func check(_ predicate: CompliancePredicate, _ spec: TypedSpec) throws(ReplayError) {
    try check(
      predicate, arithmetics: predicate.properties.compactMap { spec.property(named: $0.id)?.arithmetic })
  }

  /// The same for claims about given arithmetics; about real numbers where there are none.
  static func check(
    _ predicate: CompliancePredicate, arithmetics: [ClaimArithmetic]
  ) throws(ReplayError) {
    let hasSamples = predicate.properties.contains { $0.grade == .sampled && !$0.evidence.isEmpty }
    guard predicate.arithmetic.claim == claim(arithmetics) else {
      throw ReplayError(
        .record, step: "arithmetic",
        "recorded is `\(predicate.arithmetic.claim.rawValue)`, which the claims are not about")
    }
    for assumption in list(hasSamples: hasSamples, hasSinglePrecision: arithmetics.contains(.float32AnyOrder))
    where !predicate.assumptions.contains(assumption) {
      throw ReplayError(.record, step: "assumptions", "assumption \(assumption.id) is not stated")
    }
  }
}
