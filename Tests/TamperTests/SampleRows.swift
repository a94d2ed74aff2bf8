import Certificates
import Evidence
import Tampering

/// Rows on samples and on kinds of evidence: 17 to 19 and 45.
enum SampleRows {
  static let samples: [Row] = [
    Row(17, "of zeros", by: .keyHolder, .refused("SEED_RULE")) {
      try $0.changeSamples {
        SampleRecord(
          seed: [UInt8](repeating: 0, count: 32), count: $0.count, hits: $0.hits, undecided: $0.undecided)
      }
    },
    Row(17, "of another length", by: .keyHolder, .refused("SEED_RULE"), each: [0, 31, 33, 64]) {
      attempt, length in
      try attempt.changeSamples {
        SampleRecord(
          seed: [UInt8](repeating: 1, count: length), count: $0.count, hits: $0.hits, undecided: $0.undecided)
      }
    },
    Row(18, "a bit of it", by: .keyHolder, .refused("SEED_RULE")) {
      try $0.changeSamples {
        SampleRecord(
          seed: [$0.seed[0] ^ 1] + $0.seed.dropFirst(), count: $0.count, hits: $0.hits,
          undecided: $0.undecided)
      }
    },
    Row(18, "of another question", by: .keyHolder, .refused("SEED_RULE")) {
      try $0.replace(
        "> 30%] <= 5%\n  evidence: sampled(n: 2000, confidence: 99%)",
        "> 29%] <= 5%\n  evidence: sampled(n: 2000, confidence: 99%)")
      try $0.derive()
    },
    Row(18, "of another number of samples", by: .keyHolder, .refused("SEED_RULE")) {
      try $0.replace("n: 2000", "n: 1999")
      try $0.derive()
    },
    Row(
      18, "of another rule", by: .keyHolder, .refused("SEED_RULE"),
      each: [("seedDerivation", "dspec sample seed 2"), ("seedDerivation", "mine"), ("prng", "mt19937")]
        as [(String, JSONValue)]
    ) { try $0.set("sampling/" + $1.0, of: .seldom, $1.1) },
    Row(18, "of a checkpoint that was chosen afterwards", by: .keyHolder, .refused("SEED_RULE")) {
      try $0.set("seedCheckpoint", SeedCheckpoint(of: [1, 2, 3]).json)
      try $0.set("sampling/seedDerivation", of: .seldom, "dspec sample seed 2")
      try $0.derive()
    },
    Row(19, "fewer hits", by: .keyHolder, .refused("SAMPLE_MISMATCH")) {
      try $0.changeSamples {
        SampleRecord(seed: $0.seed, count: $0.count, hits: $0.hits + 1, undecided: $0.undecided)
      }
    },
    Row(19, "undecided ones", by: .keyHolder, .refused("SAMPLE_MISMATCH")) {
      try $0.changeSamples {
        SampleRecord(seed: $0.seed, count: $0.count, hits: $0.hits, undecided: $0.undecided + 1)
      }
    },
    Row(
      19, "another number of samples", by: .keyHolder,
      .refusedAs(["SAMPLE_MISMATCH", "STATISTIC_MISMATCH"]), each: [0, 1, 1999, 1 << 60]
    ) {
      attempt, count in
      try attempt.changeSamples {
        SampleRecord(seed: $0.seed, count: count, hits: $0.hits, undecided: $0.undecided)
      }
    },
    Row(
      19, "more samples asked for and recorded", by: .keyHolder, .refusedAs(["SAMPLE_MISMATCH", "SEED_RULE"])
    ) {
      try $0.replace("n: 2000", "n: 3000")
      try $0.derive()
      try $0.changeSamples {
        SampleRecord(seed: $0.seed, count: 3000, hits: $0.hits, undecided: $0.undecided)
      }
    },
    Row(
      19, "as they are described", by: .keyHolder, .refused("STATISTIC_MISMATCH"),
      each: [
        ("n", 2001), ("failures", 1), ("undecided", 1), ("delta", "1/1000"), ("delta", "2/200"),
        ("method", "clopper-pearson-bonferroni"),
      ] as [(String, JSONValue)]
    ) { try $0.set("sampling/" + $1.0, of: .seldom, $1.1) },
    Row(19, "not described", by: .keyHolder, .refused("STATISTIC_MISMATCH")) {
      try $0.set("sampling", of: .seldom, nil)
    },
    Row(
      19, "described where there are none", by: .keyHolder, .refused("STATISTIC_MISMATCH"),
      each: [PipelineProperty.rarely, .neverUnsafe, .open]
    ) {
      try $0.set("sampling", of: $1, $0.value("sampling", of: .seldom))
    },
    Row(19, "described for a formula", .unsat, by: .keyHolder, .refused("STATISTIC_MISMATCH")) {
      try $0.set(
        "properties/0/sampling",
        [
          "delta": "1/100", "failures": 0, "method": "clopper-pearson", "n": 0, "prng": "chacha20",
          "seedDerivation": "dspec sample seed 1", "undecided": 0,
        ])
    },
    Row(19, "a number that is negative", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeBytes(of: "Seldom") { $0[$0.count - 1] = 0xFF }
    },
    Row(19, "limits that the counts do not give", by: .keyHolder, .refused("BOUND_NOT_MET")) {
      try $0.tighten("upper", of: .seldom) { $0.nextDown }
    },
    Row(
      45, "evidence of a kind that does not exist", by: .keyHolder, .refused("TREE_SHAPE"),
      each: [0, 4, 5, 0xFF] as [UInt8]
    ) {
      attempt, kind in
      try attempt.changeBytes(of: "NeverUnsafe") { $0[17] = kind }
    },
    Row(45, "an SMT proof with a step of trust", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeBytes(of: "NeverUnsafe") {
        $0 = Array("(assume a0 (>= x 1.0))\n(step t0 (cl) :rule hole)\n".utf8)
      }
    },
    Row(45, "evidence of another version", by: .keyHolder, .refused("TREE_SHAPE")) {
      try $0.changeBytes(of: "NeverUnsafe") { $0[15] = UInt8(ascii: "1") }
    },
    Row(45, "samples for a claim about every point", by: .keyHolder, .refused("EVIDENCE_MISSING")) {
      let samples = try $0.evidence(of: "Seldom")
      try $0.changeEvidence(of: "NeverUnsafe") { _ in samples }
    },
    Row(45, "samples for a formula", .unsat, by: .keyHolder, .refused("EVIDENCE_MISSING")) {
      try $0.changeEvidence(of: "claim.vnnlib") { _ in
        .samples(SampleRecord(seed: [1], count: 1, hits: 1, undecided: 0))
      }
    },
    Row(45, "a witness that is no proof", .unsat, by: .keyHolder, .refused("WITNESS_INVALID")) {
      try $0.changeEvidence(of: "claim.vnnlib") { _ in .witness(caseIndex: 0, point: [0, 0]) }
    },
    Row(45, "a witness for a probability", by: .keyHolder, .refused("EVIDENCE_MISSING")) {
      let witness = try $0.evidence(of: "NeverBright")
      try $0.changeEvidence(of: "RarelySuspicious") { _ in witness }
    },
    Row(45, "samples where none are accepted", by: .keyHolder, .refused("EVIDENCE_MISSING")) {
      let samples = try $0.evidence(of: "Seldom")
      try $0.changeEvidence(of: "RarelySuspicious") { _ in samples }
    },
  ]
}
