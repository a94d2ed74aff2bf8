package import Certificates

/// Which of many things a reviewer looks at: drawn from the certificate, so that it can be drawn again.
package struct DrawnChoice: Hashable, Sendable {
  /// What is drawn; the text that a draw starts with.
  package enum Subject: String, Sendable {
    /// Chunks of the trees of each answer, for a partial replay.
    case chunks = "dspec chunk choice 1"
    /// Leaves of all trees, for exact arithmetic.
    case leaves = "dspec exact choice 1"
  }

  /// What is drawn.
  package let subject: Subject
  /// How many.
  package let number: Int
  /// The certificate by the digest of its payload.
  package let certificate: ContentDigest
  /// What the reviewer adds, so that no issuer can have known the choice.
  package let salt: String

  /// Chooses so many of a certificate's chunks or leaves.
  package init(_ subject: Subject, _ number: Int, of certificate: ContentDigest, salt: String = "") {
    self.subject = subject
    self.number = number
    self.certificate = certificate
    self.salt = salt
  }

  /// The positions that are chosen of so many, all of them where there are no more.
  ///
  /// The n-th draw is the first eight bytes, most significant first, of the SHA-256 of the subject's text, the certificate,
  /// the root, n from 0 and the salt, each on a line; draws beyond the greatest multiple of the count, and repeated ones, do
  /// not count.
  ///
  /// - Parameter root: Root over the chunks of the trees that are drawn from.
  package func positions(of count: Int, root: ContentDigest) -> Set<Int> {
    guard number < count else { return Set(0..<max(0, count)) }
    let modulus = UInt64(count)
    // 2^64 modulo the count.
    let surplus = (UInt64.max % modulus + 1) % modulus
    var chosen: Set<Int> = []
    var draw = 0
    while chosen.count < number {
      let text = "\(subject.rawValue)\n\(certificate.hex)\n\(root.hex)\n\(draw)\n\(salt)\n"
      let value = ContentDigest(of: Array(text.utf8)).bytes.prefix(8).reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      draw += 1
      guard value <= UInt64.max - surplus else { continue }
      chosen.insert(Int(value % modulus))
    }
    return chosen
  }
}
