/// The list of tampering that a checker has to see through, by number.
///
/// `code` is the one of the list; where the format here gives another one, or none, `remark` says why. Rows are in the files
/// `…Rows.swift`; `TamperedCertificateTests.everyEntryHasRows` holds the two against each other.
enum TamperTable {
  struct Entry: Sendable {
    let number: Int
    let what: String
    /// The code of the list; nil where the answer is that it is accepted.
    let code: String?
    /// Why the code differs or there is no row.
    var remark: String?
    /// Why nobody who holds the key can do it, or nobody else; nil where rows by both are demanded.
    var oneChanger: String?
    /// Where it is tested instead of here.
    var elsewhere: String?

    init(
      _ number: Int, _ what: String, _ code: String?, remark: String? = nil, oneChanger: String? = nil,
      elsewhere: String? = nil
    ) {
      self.number = number
      self.what = what
      self.code = code
      self.remark = remark
      self.oneChanger = oneChanger
      self.elsewhere = elsewhere
    }
  }

  private static let signedOver = "the statement is what the signature covers: nobody else can change it"
  private static let ofEnvelope =
    "the envelope is not covered by the signature, so that the key is of no help"
  private static let ofReader = "it concerns what the reviewer gives, not the bundle"
  private static let annex =
    "what a leaf's rule cannot use closes no leaf, whatever is wrong with it"

  static let entries: [Entry] = [
    Entry(1, "a bit of a weight is flipped", "MODEL_DIGEST"),
    Entry(2, "a model is exchanged for another one", "MODEL_DIGEST"),
    Entry(3, "two files exchange names", "MODEL_MANIFEST"),
    Entry(4, "a file too many or too few", "MODEL_MANIFEST"),
    Entry(5, "a byte of the specification", "SPEC_DIGEST"),
    Entry(6, "a comment of the specification", "SPEC_DIGEST"),
    Entry(
      7, "a property is deleted from the predicate", "PROPERTY_SET",
      remark:
        "a certificate may answer some of the properties where its scope names the others: RECORD_MISMATCH without"
    ),
    Entry(8, "a threshold is loosened", "FORMULA_DIGEST"),
    Entry(9, "an unknown answer is called a proof", "EVIDENCE_MISSING"),
    Entry(10, "a leaf is dropped", "TREE_SHAPE"),
    Entry(11, "a leaf too many", "TREE_SHAPE"),
    Entry(
      12, "boxes that overlap or leave a gap", "COVERAGE",
      remark: "a tree of bisections cannot express either, only a root that is too small",
      oneChanger: "without the key the digest of the evidence comes first, see 10"),
    Entry(
      13, "a split of a neuron that is fixed, or at a point outside of the box", "SPLIT_INVALID",
      remark:
        "a split is a midpoint, and its axis or neuron the only thing that can be wrong: TREE_SHAPE, BOUND_NOT_MET",
      oneChanger: "without the key the digest of the evidence comes first, see 10"),
    Entry(14, "a bound that the leaf does not give", "BOUND_NOT_MET"),
    Entry(
      15, "a slope outside of [0, 1], a negative multiplier", "RELAXATION_INVALID",
      remark: "BOUND_NOT_MET: \(annex)",
      oneChanger: "without the key the digest of the evidence comes first, see 10"),
    Entry(16, "NaN, infinity, minus zero, crossed bounds", "NONFINITE", oneChanger: signedOver),
    Entry(
      17, "samples of another seed", "SAMPLE_MISMATCH",
      remark: "the seed itself is derived again, so it is SEED_RULE before anything is drawn",
      oneChanger: "without the key the digest of the evidence comes first, see 10"),
    Entry(
      18, "a seed that does not derive", "SEED_RULE",
      oneChanger: "without the key the digest of the evidence comes first, see 10"),
    Entry(
      19, "numbers of samples and failures", "STATISTIC_MISMATCH",
      remark: "SAMPLE_MISMATCH where the evidence has them too",
      oneChanger: "without the key the digest of the evidence comes first, see 10"),
    Entry(20, "steps, eta or schedule of a sampler", "SAMPLER_DIGEST"),
    Entry(21, "real arithmetic is called single precision", "BOUND_NOT_MET"),
    Entry(22, "a signature over another type of payload", "SIGNATURE"),
    Entry(23, "a predicate of another type", "PREDICATE_TYPE", oneChanger: signedOver),
    Entry(24, "an older schema, a newer checker demanded", "VERSION", oneChanger: signedOver),
    Entry(25, "an unknown critical extension", "CRITICAL", oneChanger: signedOver),
    Entry(26, "an unknown field", "UNKNOWN_FIELD", oneChanger: signedOver),
    Entry(27, "a name twice in an object", "JSON_DUPLICATE_KEY"),
    Entry(
      28, "byte-order mark, bad UTF-8, half a surrogate pair, deep nesting", "JSON_BOM",
      remark: "each has its own code"),
    Entry(29, "a payload that is not canonical", "NONCANONICAL", oneChanger: signedOver),
    Entry(30, "a file that ends early", "TRUNCATED"),
    Entry(31, "a huge file without content, a size that is a lie", "SIZE"),
    Entry(
      32, "a bomb in an archive", "ARCHIVE",
      remark:
        "no part of a bundle is compressed and nothing in the checker decompresses; the file is one like any other"
    ),
    Entry(33, "paths that lead out of the bundle, links, twins", "PATH"),
    Entry(34, "another key, no signature", "SIGNATURE"),
    Entry(35, "one key twice for two signatures", "THRESHOLD", oneChanger: ofEnvelope),
    Entry(36, "one key under two names", "THRESHOLD", oneChanger: ofEnvelope),
    Entry(
      37, "a key of small order", "KEY_SMALL_ORDER",
      remark:
        "a fault of what the reviewer gives, exit code 3; forgeries under all eight points: CertificatesTests",
      oneChanger: ofReader),
    Entry(38, "a signature with S + L", "SIGNATURE", oneChanger: ofEnvelope),
    Entry(39, "a key identifier that is absent, empty or wrong", nil, oneChanger: ofEnvelope),
    Entry(
      40, "other alphabets and line breaks in base64", "BASE64", remark: "the URL-safe alphabet is accepted",
      oneChanger: ofEnvelope),
    Entry(
      41, "outside of its period, revoked", "EXPIRED",
      remark: "before or after a timestamp: with the timestamps, see 42"),
    Entry(
      42, "a timestamp over another signature", "TIMESTAMP",
      elsewhere: "tests of the timestamps: tokens lie beside the bundle and are checked before it"),
    Entry(
      43, "a proof of inclusion with a wrong index, size or sibling", "LOG",
      elsewhere: "tests of the transparency log: proofs lie beside the bundle and are checked before it"),
    Entry(
      44, "a receipt of another certificate", "RECEIPT_SUBJECT", remark: "a fault of what the reviewer gives",
      oneChanger: ofReader),
    Entry(
      45, "an SMT proof with a hole", "PROOF_HOLE",
      remark:
        "there is no evidence from a solver: other kinds than trees, witness and samples are TREE_SHAPE",
      oneChanger: "without the key the digest of the evidence comes first, see 10"),
    Entry(
      46, "a private key given as a public one", "KEY_IS_PRIVATE", remark: "exit code 3", oneChanger: ofReader
    ),
    Entry(47, "a key of ECDSA", "KEY_TYPE", remark: "exit code 3", oneChanger: ofReader),
  ]

  /// What the format here has besides.
  static let more: [Entry] = [
    Entry(48, "an assumption or a line of the scope is left out", "RECORD_MISMATCH"),
    Entry(49, "the claim in words, or the evidence that it asks for", "FORMULA_DIGEST"),
    Entry(50, "the language or the parameters of a specification", "SPEC_INVALID"),
    Entry(51, "an answer about a formula", "RECORD_MISMATCH"),
    Entry(
      52, "models, oracles, mappings, arithmetic and form of the specification as they are recorded",
      "RECORD_MISMATCH", oneChanger: signedOver),
    Entry(53, "older certificates and versions of the checker", nil, oneChanger: signedOver),
    Entry(54, "a commitment to the specification", "COMMITMENT"),
  ]
}
