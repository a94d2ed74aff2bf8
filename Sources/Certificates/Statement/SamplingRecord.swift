/// How an answer from samples came about.
package struct SamplingRecord: Hashable, Sendable {
  /// The number of samples.
  package let n: Int
  /// Samples that certainly speak against the first bound: those with the event where the bound is from above, those
  /// without it where it is from below.
  package let failures: Int
  /// Samples that rounding leaves open; they count against the claim.
  package let undecided: Int
  /// The probability with which the answer may be wrong, in lowest terms: `1/100`.
  package let delta: String
  /// The test.
  package let method: String
  /// The generator of pseudo-random numbers.
  package let prng: String
  /// The rule by which the seed derives.
  package let seedDerivation: String

  /// Makes a record.
  package init(
    n: Int, failures: Int, undecided: Int, delta: String, method: String, prng: String, seedDerivation: String
  ) {
    self.n = n
    self.failures = failures
    self.undecided = undecided
    self.delta = delta
    self.method = method
    self.prng = prng
    self.seedDerivation = seedDerivation
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: place,
      fields: ["delta", "failures", "method", "n", "prng", "seedDerivation", "undecided"])
    n = try reader.count("n")
    failures = try reader.count("failures")
    undecided = try reader.count("undecided")
    delta = try reader.string("delta")
    method = try reader.string("method")
    prng = try reader.string("prng")
    seedDerivation = try reader.string("seedDerivation")
    guard failures <= n, undecided <= n - failures else {
      throw reader.refuse(
        .fieldValue, "failures", "there are more failures and undecided samples than samples")
    }
  }

  /// The record as an object.
  package var json: JSONValue {
    [
      "delta": .string(delta), "failures": .integer(failures), "method": .string(method), "n": .integer(n),
      "prng": .string(prng), "seedDerivation": .string(seedDerivation), "undecided": .integer(undecided),
    ]
  }
}

/// Something published after specification and models were fixed, from which seeds of samples derive.
package struct SeedCheckpoint: Hashable, Sendable {
  /// SHA-256 of what was published.
  package let digest: ContentDigest
  /// What was published, where it is a short text.
  package let text: String?

  /// Bytes of the longest text that a certificate quotes.
  package static let longestText = 4_096

  /// The checkpoint that some bytes are, quoted where they are a short text.
  package init(of bytes: [UInt8]) {
    digest = ContentDigest(of: bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    let isText =
      !bytes.isEmpty && bytes.count <= Self.longestText && text.utf8.elementsEqual(bytes)
      && VisibleText.isClean(text, allowingLineBreaks: true)
    self.text = isText ? text : nil
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["sha256"], optional: ["text"])
    digest = try reader.digest("sha256")
    text = reader.has("text") ? try reader.string("text") : nil
    guard let text else { return }
    guard self == SeedCheckpoint(of: Array(text.utf8)) else {
      throw reader.refuse(.fieldValue, "text", "the text does not have the digest, or is empty or too long")
    }
  }

  /// `{sha256, text?}`.
  package var json: JSONValue {
    var object: JSONObject = ["sha256": .string(digest.hex)]
    object["text"] = text.map { .string($0) }
    return .object(object)
  }
}
