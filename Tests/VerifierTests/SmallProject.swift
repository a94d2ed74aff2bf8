import BranchAndBound
import Certificates
import DSpecSemantics
import Foundation
import Lowering
import Replay
import Verifier

/// The starting project in a folder of its own, with its answers and a key.
struct SmallProject {
  let folder: String
  let project: Project
  let library: ModelLibrary
  let key: SigningKey

  /// Writes the project, with some files changed, and reads it.
  init(changing change: (inout [(path: String, bytes: [UInt8])]) -> Void = { _ in }) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
    folder = url.path
    var files = try StartingProject.files()
    change(&files)
    for (path, bytes) in files {
      let place = url.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: place)
    }
    project = try Project(path: folder + "/safety.dspec", parameters: [:])
    library = try project.library()
    key = try SigningKey(seed: [UInt8](repeating: 7, count: 32))
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Answers to all properties.
  func outcomes(workers: Int = 1) async throws -> [PropertyOutcome] {
    let lowering = SpecLowering(project.spec, library)
    var outcomes: [PropertyOutcome] = []
    for property in project.spec.properties {
      let run = PropertyRun(budget: SearchBudget(nodes: 20_000, workers: workers))
      outcomes.append(await run.decide(try lowering.lower(property)))
    }
    return outcomes
  }

  /// A bundle of given answers, signed by the project's key.
  func bundle(_ outcomes: [PropertyOutcome]) throws -> String {
    let path = folder + "/out.dcert"
    _ = try CertificateAssembly(project, library, outcomes).write(to: path, key: key, issuedAt: 1_800_000_000)
    return path
  }

  /// Replays a bundle as a reviewer would.
  func replay(_ bundle: String) async throws -> ReplayReport {
    let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: [key.verificationKey])
    guard contents.validSigners == [key.verificationKey] else {
      throw ReplayError(.record, step: "signature", "the bundle is not signed by the key")
    }
    return try await BundleReplay(contents, workers: 2).run()
  }

  /// The bundle with its statement changed, and signed again by the key holder.
  func resigned(_ bundle: String, _ change: (inout CompliancePredicate) -> Void) throws -> String {
    let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: [key.verificationKey])
    var predicate = contents.predicate
    var content = BundleContent(spec: [:], models: [:], data: [:])
    for file in predicate.spec.sources {
      content.spec[file.name] = .bytes(try contents.files.spec(file.name))
    }
    for file in predicate.models { content.models?[file.name] = .bytes(try contents.files.model(file.name)) }
    for file in predicate.datasets { content.data?[file.name] = .bytes(try contents.files.data(file.name)) }
    change(&predicate)
    for file in predicate.evidence {
      content.evidence[file.digest] = .bytes(try contents.files.evidence(file.digest))
    }
    let path = folder + "/resigned.dcert"
    try BundleWriter.write(
      Envelope(signing: Statement(predicate: predicate).payload(), with: [key]), content, to: path)
    return path
  }
}
