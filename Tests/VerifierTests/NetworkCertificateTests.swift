import BranchAndBound
import Certificates
import Evidence
import Foundation
import ModelFormats
import Replay
import TensorGraph
import Testing
import Verifier

/// Certificates about a network and a VNN-LIB file: what they say and that it replays.
///
/// What is rejected although a key holder signed it stands in `TamperTests`.
@Suite struct NetworkCertificateTests {
  /// A folder with a network and a VNN-LIB file.
  private struct Small {
    let folder: String
    let key: SigningKey

    init() throws {
      folder =
        FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      key = try SigningKey(seed: [UInt8](repeating: 5, count: 32))
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// `|x0 - x1|`, times a factor.
    func instance(_ formula: String, factor: Double = 1) throws -> NetworkInstance {
      func linear(_ weights: [[Double]]) throws -> TensorGraph.Operation {
        .linear(
          try Linear(
            weights: Tensor(
              shape: Shape([weights.count, weights[0].count]), values: weights.flatMap(\.self)),
            bias: Tensor(
              shape: Shape(vector: weights.count), values: [Double](repeating: 0, count: weights.count))))
      }
      var builder = GraphBuilder()
      let x = try builder.input("x", shape: Shape([1, 2]))
      let sides = try builder.apply(.relu, [try builder.apply(linear([[1, -1], [-1, 1]]), [x])])
      let sum = try builder.apply(linear([[factor, factor]]), [sides])
      let graph = try builder.build(outputs: [sum])
      try ModelFile.write(ONNXWriter().bytes(of: graph, file: "net.onnx"), to: folder + "/net.onnx")
      try ModelFile.write(Array(formula.utf8), to: folder + "/claim.vnnlib")
      return try NetworkInstance(network: folder + "/net.onnx", property: folder + "/claim.vnnlib")
    }

    func decide(_ instance: NetworkInstance, nodes: Int = 20_000) async -> NetworkInstance.Answer {
      await instance.decide(budget: SearchBudget(nodes: nodes, workers: 1))
    }

    func certify(_ instance: NetworkInstance, _ answer: NetworkInstance.Answer) throws -> String {
      let path = folder + "/out.dcert"
      _ = try instance.certify(answer, to: path, key: key, issuedAt: 1_800_000_000)
      return path
    }

    /// Replays a bundle as a reviewer would.
    @discardableResult
    func replay(_ bundle: String) async throws -> ReplayReport {
      let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: [key.verificationKey])
      guard contents.validSigners == [key.verificationKey] else {
        throw ReplayError(.record, step: "signature", "the bundle is not signed by the key")
      }
      return try await BundleReplay(contents, workers: 2).run()
    }

    /// The bundle with its statement and files changed, signed again by the key holder.
    func resigned(
      _ bundle: String, _ change: (inout CompliancePredicate, inout BundleContent) throws -> Void
    ) throws -> String {
      let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: [key.verificationKey])
      var predicate = contents.predicate
      var content = BundleContent(spec: [:])
      for file in predicate.spec.sources {
        content.spec[file.name] = .bytes(try contents.files.spec(file.name))
      }
      for file in predicate.models {
        content.models?[file.name] = .bytes(try contents.files.model(file.name))
      }
      for file in predicate.evidence {
        content.evidence[file.digest] = .bytes(try contents.files.evidence(file.digest))
      }
      try change(&predicate, &content)
      let path = folder + "/resigned.dcert"
      try BundleWriter.write(
        Envelope(signing: Statement(predicate: predicate).payload(), with: [key]), content, to: path)
      return path
    }
  }

  private static let names = ["X_0", "X_1", "Y_0"].map { "(declare-const \($0) Real)\n" }.joined()

  /// Two boxes, and a distance of at least `limit`; it is at most 1.5 on the first and at most 2.5 on the second.
  private static func boxes(_ limit: String) -> String {
    names + "(assert (>= Y_0 \(limit)))\n(assert (or"
      + "(and (>= X_0 0) (<= X_0 1) (>= X_1 -0.5) (<= X_1 1))"
      + "(and (>= X_0 1) (<= X_0 2) (>= X_1 -0.5) (<= X_1 1))))\n"
  }

  @Test(arguments: [
    ("3", Verdict.proved, "unsat"), ("2.6", .proved, "unsat"), ("2.25", .refuted, "sat"),
    ("0", .refuted, "sat"),
  ])
  func answersReplay(limit: String, verdict: Verdict, word: String) async throws {
    let small = try Small()
    defer { small.remove() }
    let instance = try small.instance(Self.boxes(limit))
    let report = try await small.replay(small.certify(instance, await small.decide(instance)))
    #expect(report.uncovered.isEmpty)
    let record = try #require(report.properties.first?.record)
    #expect(report.properties.count == 1 && record.id == "claim.vnnlib")
    #expect(record.verdict == verdict && record.grade == .proof)
    #expect(record.details["answer"] == word && record.details["boxes"] == "2")
    #expect((record.details["inputs"] != nil) == (verdict == .refuted))
  }

  @Test func anUndecidedAnswerIsUnknown() async throws {
    let small = try Small()
    defer { small.remove() }
    let instance = try small.instance(
      Self.boxes("2.5").replacing("(>= Y_0 2.5)", with: "(<= (+ Y_0 Y_0 X_1) (- X_0 0.0001))"))
    let answer = await small.decide(instance, nodes: 1)
    #expect(answer.result == .unknown)
    let bundle = try small.certify(instance, answer)
    let record = try await small.replay(bundle).properties.first?.record
    #expect(record?.verdict == .unknown && record?.grade == .attacked)
    // Calling it proved needs evidence; a witness box that no witness stands for is no evidence.
    #expect(throws: CertificateError.self) {
      try small.resigned(bundle) { predicate, _ in
        predicate.properties[0].grade = .proof
        predicate.properties[0].verdict = .proved
      }
    }
  }

  @Test func noBoxAtAllIsProved() async throws {
    let small = try Small()
    defer { small.remove() }
    let instance = try small.instance(
      Self.names + "(assert (>= X_0 1)) (assert (<= X_0 0)) (assert (>= X_1 0)) (assert (<= X_1 0))")
    let record = try await small.replay(small.certify(instance, await small.decide(instance))).properties
      .first?.record
    #expect(record?.verdict == .proved && record?.details["boxes"] == "0")
  }
}
