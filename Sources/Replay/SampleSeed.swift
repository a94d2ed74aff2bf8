import Certificates
package import VerificationProblem

/// The rule by which a sample seed derives.
///
/// It is the SHA-256 of a domain line, the digest of the obligation and the number of samples. The obligation holds graph, weights, law and bounds, so that nobody chooses the seed separately.
package enum SampleSeed {
  /// The 32 bytes for an obligation and a sample size.
  package static func derive(_ obligation: Obligation, count: Int) -> [UInt8] {
    let digest = ContentDigest(of: obligation.canonicalBytes)
    return ContentDigest(of: Array("dspec sample seed 1\n\(digest.hex)\n\(count)\n".utf8)).bytes
  }
}
