import Certificates

/// A small but complete certificate.
enum Samples {
  static func path(_ text: String) -> RelativePath {
    guard let path = RelativePath(text) else { preconditionFailure("a test names a path against the rules") }
    return path
  }

  static func moment(_ text: String) -> Timestamp {
    guard let moment = Timestamp(text) else { preconditionFailure("a test names a time against the rules") }
    return moment
  }

  static func key(_ number: UInt8) throws -> SigningKey {
    try SigningKey(seed: [UInt8](repeating: number, count: 32))
  }

  static let spec: [String: String] = [
    "fair.dspec": "import \"lib/hazards.dspec\"\n", "lib/hazards.dspec": "hazard H1\n",
  ]
  static let models: [String: String] = ["unet/model.onnx": "weights of one", "vae.onnx": "weights of two"]
  static let data: [String: String] = ["points.csv": "1,2\n3,4\n"]
  static let evidence: [String: String] = ["fair.tree": "split tree", "leak.samples": "seeds"]

  static func records(_ files: [String: String]) -> [FileRecord] {
    files.sorted { $0.key < $1.key }.map { FileRecord(name: path($0.key), content: Array($0.value.utf8)) }
  }

  static func properties() -> [PropertyRecord] {
    let evidence = records(Self.evidence)
    return [
      PropertyRecord(
        id: "Fair", title: "Equal error rates", hazards: ["H1"], text: "BER(light, dark) <= 1/10",
        formula: ContentDigest(of: Array("formula".utf8)), obligation: ContentDigest(of: Array("duty".utf8)),
        verdict: .proved, grade: .bound, requestedGrade: .bound,
        bounds: PropertyBounds(lower: 0.0625, upper: 0.09375), threshold: ["<= 1/10"],
        evidence: [evidence[0]],
        leaves: 12, nodes: 23, details: ["tail": "0x1p-40"]),
      PropertyRecord(
        id: "Leak", title: "No leak — größer", text: "P[leak] <= 1/100",
        formula: ContentDigest(of: Array("leak".utf8)),
        obligation: ContentDigest(of: Array("leak duty".utf8)),
        verdict: .supported, grade: .sampled, requestedGrade: .sampled, evidence: [evidence[1]],
        note: "line one\nline two", details: ["confidence": "999/1000"]),
      PropertyRecord(
        id: "Open", title: "Undecided", text: "forall z: f(z) <= 1",
        formula: ContentDigest(of: Array("open".utf8)),
        obligation: ContentDigest(of: Array("open duty".utf8)),
        verdict: .unknown, grade: .proof, requestedGrade: .proof,
        bounds: PropertyBounds(lower: -1, upper: nil)),
    ]
  }

  /// What a replay of everything finds of properties.
  static func replayed(_ properties: [PropertyRecord] = properties()) -> [ReplayReceipt.Property] {
    properties.map {
      ReplayReceipt.Property(id: $0.id, verdict: $0.verdict, grade: $0.grade, leaves: $0.leaves)
    }
  }

  static func predicate() throws -> CompliancePredicate {
    CompliancePredicate(
      issuedAt: moment("2026-11-22T20:00:00Z"), expiresAt: moment("2027-11-22T20:00:00Z"),
      issuerKeyID: ContentDigest(of: Array("key".utf8)), tool: ToolRecord(name: "dspec", version: "1.0.0"),
      spec: SpecRecord(root: path("fair.dspec"), sources: records(spec), parameters: ["epsilon": "1/10"]),
      models: records(models), datasets: records(data),
      samplers: [
        SamplerRecord(
          name: "s", kind: "ddim", steps: 2, prediction: "epsilon", timesteps: [999, 499],
          coefficients: [
            StepCoefficients(latent: 1.25, prediction: -0.5), StepCoefficients(latent: 0.1, prediction: 0),
          ], schedule: ["beta": "linear", "train_steps": "1000"])
      ],
      assumptions: [Assumption(id: "A1", text: "graph equals deployed graph", isDischarged: false)],
      scope: ["latents in [-3, 3]^2"], properties: properties(), extensions: ["org.example": ["é": 1]])
  }

  static func envelope(keys: [UInt8] = [1]) throws -> Envelope {
    try Envelope(signing: try Statement(predicate: try predicate()).payload(), with: try keys.map(key))
  }

  static func sources(_ files: [String: String]) -> [RelativePath: BundleSource] {
    var sources: [RelativePath: BundleSource] = [:]
    for (name, text) in files { sources[path(name)] = .bytes(Array(text.utf8)) }
    return sources
  }

  static func content() -> BundleContent {
    var evidence: [ContentDigest: BundleSource] = [:]
    for text in Self.evidence.values {
      evidence[ContentDigest(of: Array(text.utf8))] = .bytes(Array(text.utf8))
    }
    return BundleContent(
      spec: sources(spec), models: sources(models), data: sources(data), evidence: evidence)
  }
}

/// The code a body is refused with, or nil.
func refusal(_ body: () throws -> Void) -> CertificateError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? CertificateError)?.code
  }
}
