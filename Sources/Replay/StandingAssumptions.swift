package import Certificates

/// What every certificate rests on and has to say.
///
/// The issuer may add assumptions; leaving one of these out, or calling one discharged, would claim more than the
/// evidence gives.
package enum StandingAssumptions {
  /// The assumptions of a certificate with or without sampled answers.
  package static func list(hasSamples: Bool) -> [Assumption] {
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
    return list
  }

  /// Checks that a certificate states them all.
  static func check(_ predicate: CompliancePredicate) throws(ReplayError) {
    let hasSamples = predicate.properties.contains { $0.grade == .sampled && !$0.evidence.isEmpty }
    for assumption in list(hasSamples: hasSamples) where !predicate.assumptions.contains(assumption) {
      throw ReplayError(.record, step: "assumptions", "assumption \(assumption.id) is not stated")
    }
  }
}
