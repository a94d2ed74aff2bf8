package import Certificates
package import Evidence
package import RigorousArithmetic
package import VerificationProblem

/// The rule by which a sample seed derives.
///
/// It is the SHA-256 of a domain line, the digest of the obligation, the number of samples and, where there is one, the
/// digest of something that was published later. The obligation holds graph, weights, law and bounds, so that nobody chooses
/// the seed separately; with something that nobody knew when these were fixed, nobody can have chosen them for it either.
package enum SampleSeed {
  /// The rule without a checkpoint.
  package static let plainRule = "dspec sample seed 1"
  /// The rule with a checkpoint.
  package static let checkpointRule = "dspec sample seed 2"
  /// The generator that a seed is the key of.
  package static let generator = "chacha20"

  /// The 32 bytes for an obligation, a sample size and a checkpoint.
  package static func derive(
    _ obligation: Obligation, count: Int, checkpoint: ContentDigest? = nil
  ) -> [UInt8] {
    let digest = ContentDigest(of: obligation.canonicalBytes)
    var text = "\(rule(checkpoint))\n\(digest.hex)\n\(count)\n"
    if let checkpoint { text += "\(checkpoint.hex)\n" }
    return ContentDigest(of: Array(text.utf8)).bytes
  }

  private static func rule(_ checkpoint: ContentDigest?) -> String {
    checkpoint == nil ? plainRule : checkpointRule
  }

  /// The record of samples that were drawn for a measure; nil where the counts exceed the number of samples.
  ///
  /// - Parameters:
  ///   - bounds: The bounds asked for.
  ///   - confidence: What the property asks for.
  package static func record(
    _ samples: SampleRecord, bounds: [MeasureBound], confidence: Rational, checkpoint: ContentDigest?
  ) -> SamplingRecord? {
    guard samples.hits <= samples.count, samples.undecided <= samples.count - samples.hits else { return nil }
    let isFromBelow =
      bounds.first.map { $0.comparison == .greater || $0.comparison == .greaterOrEqual } ?? false
    let misses = samples.count - samples.hits - samples.undecided
    return SamplingRecord(
      n: samples.count, failures: isFromBelow ? misses : samples.hits, undecided: samples.undecided,
      delta: (Rational.one - confidence).description,
      method: bounds.count > 1 ? "clopper-pearson-bonferroni" : "clopper-pearson", prng: generator,
      seedDerivation: rule(checkpoint))
  }
}
