package import Certificates
package import DSpecSemantics

/// What every certificate rests on and has to say.
///
/// The issuer may add assumptions, under other names, which takes away from what is claimed. Leaving one of these out, or
/// calling any discharged, would claim more than the evidence gives.
package enum StandingAssumptions {
  /// What answers from samples rest on.
  package enum Seeds: Hashable, Sendable {
    /// There are no such answers.
    case none
    /// The seeds derive from specification and models alone.
    case chosenByTheAuthor
    /// The seeds derive from something besides that was published later.
    case checkpoint
  }

  /// The assumptions of a certificate.
  package static func list(seeds: Seeds, hasSinglePrecision: Bool, hasOracles: Bool) -> [Assumption] {
    let hasSamples = seeds != .none
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
            + "numbers; inputs, weights and factors are rounded once; exp, log, tanh, erf, sin, cos and powers are within "
            + "8 units of 2^-24 of their value, sigmoid and softplus of 1 plus their value, SiLU and GELU in both forms of "
            + "their operand, or within 2^-120; softmax is computed from the exponentials of the differences to the "
            + "greatest operand and their sum, a normalization from the mean and then the mean of the squared deviations from it, before scale "
            + "and shift, one with stored mean and variance as ((x - m) i) s + b, (x - m) (s i) + b or (s i) x + (b - m (s i)) "
            + "with the inverse root i, a power by products or a function, a Euclidean norm of the elements or of their "
            + "quotients by the greatest, exponential units by sums of multiples of x, exp and 1, HardSigmoid and "
            + "HardSwish by a limited a x + b or a limited x + b / a; Winograd, Fourier and Strassen products, TF32 and flushing to zero are not covered",
          isDischarged: false))
    }
    switch seeds {
    case .none: break
    case .chosenByTheAuthor:
      list.append(
        Assumption(
          id: "A4",
          text:
            "seed chosen by the author: the seeds of samples derive from specification and models alone, which the "
            + "author may have varied until the samples pleased", isDischarged: false))
    case .checkpoint:
      list.append(
        Assumption(
          id: "A4",
          text:
            "the checkpoint that the seeds of samples derive from was published after specification and models were "
            + "fixed; nothing in the certificate shows when", isDischarged: false))
    }
    if hasOracles {
      list.append(
        Assumption(
          id: "A5",
          text:
            "what the networks listed as oracles answer means what the specification takes it to mean",
          isDischarged: false))
    }
    return list
  }

  /// The names of the assumptions here, which no other bears.
  private static let names: Set<String> = ["A1", "A2", "A3", "A4", "A5"]

  /// The arithmetic of claims as a whole: real numbers where there are none, `mixed` where they differ.
  package static func claim(_ arithmetics: [ClaimArithmetic]) -> ArithmeticRecord.Claim {
    guard let first = arithmetics.first else { return .real }
    guard arithmetics.allSatisfy({ $0 == first }) else { return .mixed }
    switch first {
    case .real: return .real
    case .float32AnyOrder: return .float32AnyOrder
    case .float16Weights: return .float16Weights
    }
  }

  /// The record of the arithmetic of claims: where they are not all about real numbers it says what machines must not do.
  package static func arithmetic(_ arithmetics: [ClaimArithmetic]) -> ArithmeticRecord {
    let claim = claim(arithmetics)
    return claim == .real
      ? ArithmeticRecord(claim: claim) : ArithmeticRecord(claim: claim, flushToZero: false, tf32: false)
  }

  /// Checks that a certificate states them all, and the arithmetic of its claims.
  static func check(
    _ predicate: CompliancePredicate, _ spec: TypedSpec, hasOracles: Bool
  ) throws(ReplayError) {
    try check(
      predicate, arithmetics: predicate.properties.compactMap { spec.property(named: $0.id)?.arithmetic },
      hasOracles: hasOracles)
  }

  /// The same for claims about given arithmetics; about real numbers where there are none.
  static func check(
    _ predicate: CompliancePredicate, arithmetics: [ClaimArithmetic], hasOracles: Bool
  ) throws(ReplayError) {
    let recorded = predicate.arithmetic
    guard recorded == arithmetic(arithmetics) else {
      throw ReplayError(
        .record, step: "arithmetic",
        "recorded is `\(recorded.claim.rawValue)` with flags that are \(flags(recorded)); the claims are about "
          + "`\(claim(arithmetics).rawValue)`, and nothing flushes to zero or uses TF32")
    }
    let assumptions = list(
      seeds: seeds(predicate), hasSinglePrecision: arithmetics.contains(.float32AnyOrder),
      hasOracles: hasOracles)
    for assumption in assumptions where !predicate.assumptions.contains(assumption) {
      throw ReplayError(.record, step: "assumptions", "assumption \(assumption.id) is not stated")
    }
    for stated in predicate.assumptions where !assumptions.contains(stated) {
      guard !names.contains(stated.id) else {
        throw ReplayError(
          .record, step: "assumptions", "assumption \(stated.id) is not what the answers rest on")
      }
      guard !stated.isDischarged else {
        throw ReplayError(
          .record, step: "assumptions",
          "assumption \(stated.id) is called discharged, and nothing here shows it")
      }
    }
  }

  private static func flags(_ record: ArithmeticRecord) -> String {
    [record.flushToZero, record.tf32].map { $0.map { "\($0)" } ?? "absent" }.joined(separator: " and ")
  }

  /// What the sampled answers of a certificate rest on.
  package static func seeds(_ predicate: CompliancePredicate) -> Seeds {
    !predicate.hasSamples ? .none : predicate.seedCheckpoint == nil ? .chosenByTheAuthor : .checkpoint
  }
}
