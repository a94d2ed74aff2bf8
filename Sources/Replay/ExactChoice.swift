package import Certificates

/// Which leaves of a certificate are derived again in exact arithmetic.
package struct ExactChoice: Hashable, Sendable {
  /// How many, over all trees of the certificate.
  package let number: Int
  /// The certificate by the digest of its payload.
  package let certificate: ContentDigest
  /// What the reviewer adds, so that no issuer can have known the choice.
  package let salt: String

  /// Chooses so many leaves of a certificate.
  package init(_ number: Int, of certificate: ContentDigest, salt: String = "") {
    self.number = number
    self.certificate = certificate
    self.salt = salt
  }

  /// The positions of the chosen leaves, all of them where there are no more; trees stand in the order of the answers.
  ///
  /// The n-th draw is the first eight bytes, most significant first, of the SHA-256 of the text `dspec exact choice 1`, the
  /// certificate, the root, n from 0 and the salt, each on a line; draws beyond the greatest multiple of the number of
  /// leaves, and repeated ones, do not count.
  ///
  /// - Parameters:
  ///   - leaves: Number of leaves of all trees.
  ///   - root: Root over the chunks of all trees.
  package func positions(leaves: Int, root: ContentDigest) -> Set<Int> {
    guard number < leaves else { return Set(0..<max(0, leaves)) }
    let count = UInt64(leaves)
    // 2^64 modulo the count.
    let surplus = (UInt64.max % count + 1) % count
    var chosen: Set<Int> = []
    var draw = 0
    while chosen.count < number {
      let text = "dspec exact choice 1\n\(certificate.hex)\n\(root.hex)\n\(draw)\n\(salt)\n"
      let value = ContentDigest(of: Array(text.utf8)).bytes.prefix(8).reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      draw += 1
      guard value <= UInt64.max - surplus else { continue }
      chosen.insert(Int(value % count))
    }
    return chosen
  }
}
