import BranchAndBound
import Certificates
import DSpecSemantics
import Foundation
import Lowering
import Replay
import Reports
import Verifier

/// A certificate made for tests, in a folder of its own.
struct CertificateFixture: Sendable {
  let folder: String
  let bundle: String
  let key: SigningKey

  /// A moment within the period of every certificate here.
  static let moment = "2027-06-01T00:00:00Z"
  static let issuedAt = 1_800_000_000

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The digits example with some of its properties answered, made once for all tests.
  static let digits = Task { () throws -> CertificateFixture in
    try await CertificateFixture(
      specification: root + "/examples/digits/digits.dspec",
      properties: [
        "NeverEight", "EightLooksSafe", "RareEight", "RareEightStrict", "PlainQuality", "NoCopyFar",
      ])
  }

  /// The starting project with its text changed.
  init(changing change: (String) -> String = { $0 }) async throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "dspec-report-\(UUID().uuidString)")
    for (path, bytes) in try StartingProject.files() {
      let place = url.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      let isText = path.hasSuffix(".dspec")
      try (isText ? Data(change(String(decoding: bytes, as: UTF8.self)).utf8) : Data(bytes)).write(to: place)
    }
    try await self.init(specification: url.path + "/safety.dspec", properties: nil, folder: url.path)
  }

  private init(specification: String, properties: [String]?, folder: String? = nil) async throws {
    self.folder =
      folder
      ?? FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
    let project = try Project(path: specification, parameters: [:])
    let library = try project.library()
    let lowering = SpecLowering(project.spec, library)
    var outcomes: [PropertyOutcome] = []
    for property in project.spec.properties where properties?.contains(property.name) ?? true {
      let run = PropertyRun(budget: SearchBudget(nodes: 20_000, workers: 2))
      outcomes.append(await run.decide(try lowering.lower(property)))
    }
    bundle = self.folder + "/out.dcert"
    _ = try CertificateAssembly(project, library, outcomes).write(
      to: bundle, key: key, issuedAt: Self.issuedAt)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// The report of a bundle; without keys nothing is known of the signature.
  static func report(
    _ bundle: String, keys: [VerificationKey] = [], at moment: String = moment, replays: Bool = false
  ) async throws -> CertificateReport {
    let policy = try TrustPolicy(keys: keys)
    let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: keys)
    guard let moment = Timestamp(moment) else { throw CertificateError(.read, at: "", "no moment", fix: "") }
    return try await CertificateReport(contents, policy: policy, at: moment, replays: replays, workers: 2)
  }

  func report(trusted: Bool = false, replays: Bool = false) async throws -> CertificateReport {
    try await Self.report(bundle, keys: trusted ? [key.verificationKey] : [], replays: replays)
  }

  /// The bundle with its statement changed and signed again by the key holder, with more evidence where wanted.
  func resigned(
    adding evidence: [[UInt8]] = [], _ change: (inout CompliancePredicate) -> Void
  ) throws -> String {
    let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: [key.verificationKey])
    var predicate = contents.predicate
    var content = BundleContent(spec: [:], models: [:], data: [:])
    for file in predicate.spec.sources {
      content.spec[file.name] = .bytes(try contents.files.spec(file.name))
    }
    for file in predicate.models { content.models?[file.name] = .bytes(try contents.files.model(file.name)) }
    for file in predicate.datasets { content.data?[file.name] = .bytes(try contents.files.data(file.name)) }
    for file in predicate.evidence {
      content.evidence[file.digest] = .bytes(try contents.files.evidence(file.digest))
    }
    change(&predicate)
    // Chunks are those of the old evidence; without them the rules have to give a change away.
    for (index, record) in contents.predicate.properties.enumerated()
    where predicate.properties.indices.contains(index)
      && predicate.properties[index].evidence != record.evidence
    {
      predicate.properties[index].chunks = nil
    }
    for bytes in evidence { content.evidence[ContentDigest(of: bytes)] = .bytes(bytes) }
    let named = Set(predicate.evidence.map(\.digest))
    content.evidence = content.evidence.filter { named.contains($0.key) }
    let path = folder + "/resigned-\(UUID().uuidString).dcert"
    try BundleWriter.write(
      Envelope(signing: Statement(predicate: predicate).payload(), with: [key]), content, to: path)
    return path
  }
}
