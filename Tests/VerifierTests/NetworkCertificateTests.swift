import BranchAndBound
import Certificates
import Evidence
import Foundation
import ModelFormats
import Replay
import TensorGraph
import Testing
import Verifier

/// Certificates about a network and a VNN-LIB file: what replays, and what is rejected although a key holder signed it.
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
    #expect(report.holes.isEmpty && report.uncovered.isEmpty)
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

  /// Every file of the bundle, one bit at several places.
  @Test(arguments: ["2.6", "2.25"])
  func flippedBitsAreSeen(limit: String) async throws {
    let small = try Small()
    defer { small.remove() }
    let instance = try small.instance(Self.boxes(limit))
    let bundle = try small.certify(instance, await small.decide(instance))
    var flips = 0
    for name in try FileManager.default.subpathsOfDirectory(atPath: bundle) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: bundle + "/" + name, isDirectory: &isFolder)
      if isFolder.boolValue { continue }
      let url = URL(fileURLWithPath: bundle + "/" + name)
      let original = try Data(contentsOf: url)
      for part in 1...5 {
        var changed = original
        changed[changed.startIndex + changed.count * part / 6] ^= 1 << UInt8(part)
        try changed.write(to: url)
        await #expect(throws: (any Error).self) { try await small.replay(bundle) }
        flips += 1
      }
      try original.write(to: url)
    }
    #expect(flips >= 30)
    try await small.replay(bundle)
  }

  /// Files exchanged in the bundle, with the signature as it was.
  @Test func otherFilesHaveOtherDigests() async throws {
    let small = try Small()
    defer { small.remove() }
    let instance = try small.instance(Self.boxes("2.6"))
    let bundle = try small.certify(instance, await small.decide(instance))
    let other = try small.instance(Self.boxes("2.7"), factor: 2)
    for (place, bytes, codes) in [
      ("spec/claim.vnnlib", other.question.property.bytes, [CertificateError.Code.specDigest]),
      ("models/net.onnx", other.question.network.bytes, [.modelDigest]),
    ] {
      let url = URL(fileURLWithPath: bundle + "/" + place)
      let original = try Data(contentsOf: url)
      #expect(Data(bytes) != original)
      try Data(bytes).write(to: url)
      let error = await #expect(throws: CertificateError.self) { try await small.replay(bundle) }
      #expect(error.map { codes.contains($0.code) } == true)
      try original.write(to: url)
    }
  }

  /// The key holder certifies other files with the answer to these: everything is recomputed but the search.
  @Test func evidenceOfOtherFilesIsRejected() async throws {
    let small = try Small()
    defer { small.remove() }
    let instance = try small.instance(Self.boxes("2.6"))
    let proof = await small.decide(instance)
    #expect(proof.result == .unsat)
    let met = try small.instance(Self.boxes("2.25"))
    let witness = await small.decide(met)
    #expect(witness.result == .sat)
    let narrow = Self.boxes("2.6").replacing("(<= X_0 2)", with: "(<= X_0 2.25)")
    for (formula, factor, answer, code) in [
      // A threshold that inputs meet.
      (Self.boxes("2.4"), 1.0, proof, ReplayError.Code.boundNotMet),
      // A network that reaches it.
      (Self.boxes("2.6"), 2, proof, .boundNotMet),
      // A larger box than the root of the tree.
      (narrow, 1, proof, .coverage),
      // A witness of the first question that does not meet the second.
      (Self.boxes("2.6"), 1, witness, .witness), (Self.boxes("2.25"), 0.5, witness, .witness),
    ] {
      let other = try small.instance(formula, factor: factor)
      let bundle = try small.certify(other, answer)
      let error = await #expect(throws: ReplayError.self) { try await small.replay(bundle) }
      #expect(error?.code == code)
    }
  }

  /// The key holder edits the evidence.
  @Test func editedEvidence() async throws {
    let small = try Small()
    defer { small.remove() }
    let instance = try small.instance(Self.boxes("2.6"))
    let answer = await small.decide(instance)
    guard case .trees(let trees)? = answer.evidence, trees.count == 2 else {
      Issue.record("not a tree for each box")
      return
    }
    let open = trees.map { SplitTree(lower: $0.lower, upper: $0.upper, nodes: [0x8f]) }
    let edits: [(ProofEvidence, ReplayError.Code)] = [
      (.trees([trees[0]]), .treeShape), (.trees([trees[1]]), .treeShape), (.trees([]), .treeShape),
      (.trees(trees + [trees[1]]), .treeShape), (.trees([trees[1], trees[0]]), .coverage),
      (.trees([trees[0], trees[0]]), .coverage), (.trees(open), .verdict),
      (.trees([trees[0], open[1]]), .verdict),
      (.witness(caseIndex: 0, point: [0, 0]), .witness), (.witness(caseIndex: 2, point: [0, 0]), .witness),
      (.witness(caseIndex: 0, point: [9, 0]), .witness),
      (.samples(SampleRecord(seed: [1], count: 1, hits: 1, undecided: 0)), .evidenceKind),
    ]
    for (evidence, code) in edits {
      var changed = answer
      changed.evidence = evidence
      let bundle = try small.certify(instance, changed)
      let error = await #expect(throws: ReplayError.self) { try await small.replay(bundle) }
      #expect(error?.code == code, "\(evidence)")
    }
  }

  /// The key holder edits the statement.
  @Test func editedStatements() async throws {
    let small = try Small()
    defer { small.remove() }
    let instance = try small.instance(Self.boxes("2.6"))
    let bundle = try small.certify(instance, await small.decide(instance))
    try await small.replay(small.resigned(bundle) { _, _ in })
    let edits: [(ReplayError.Code, (inout CompliancePredicate, inout BundleContent) -> Void)] = [
      (
        .propertySet,
        { predicate, content in
          predicate.properties.removeAll()
          content.evidence.removeAll()
        }
      ),
      (.propertySet, { predicate, _ in predicate.properties[0].id = "other.vnnlib" }),
      (
        .propertySet,
        { predicate, _ in
          predicate.properties.append(predicate.properties[0])
          predicate.properties[1].id = "more"
        }
      ),
      (.verdict, { predicate, _ in predicate.properties[0].verdict = .refuted }),
      (.verdict, { predicate, _ in predicate.properties[0].verdict = .unknown }),
      (.verdict, { predicate, _ in predicate.properties[0].grade = .bound }),
      (.record, { predicate, _ in predicate.properties[0].leaves += 1 }),
      (.record, { predicate, _ in predicate.properties[0].requestedGrade = .attacked }),
      (.record, { predicate, _ in predicate.properties[0].details["answer"] = "sat" }),
      (.record, { predicate, _ in predicate.properties[0].bounds = PropertyBounds(lower: nil, upper: 1) }),
      (.obligation, { predicate, _ in predicate.properties[0].text += "!" }),
      (.obligation, { predicate, _ in predicate.properties[0].formula = ContentDigest(of: []) }),
      (.obligation, { predicate, _ in predicate.properties[0].obligation = ContentDigest(of: []) }),
      (.record, { predicate, _ in predicate.assumptions.removeAll() }),
      (.record, { predicate, _ in predicate.scope.removeLast() }),
      (.record, { predicate, _ in predicate.arithmetic = ArithmeticRecord(claim: .float32AnyOrder) }),
      (
        .specification,
        { predicate, _ in
          predicate.spec = SpecRecord(root: predicate.spec.root, sources: predicate.spec.sources)
        }
      ),
      (
        .specification,
        { predicate, _ in
          predicate.spec = SpecRecord(
            language: .vnnlib, root: predicate.spec.root, sources: predicate.spec.sources,
            parameters: ["eps": "1"])
        }
      ),
      (
        .model,
        { predicate, content in
          guard let name = RelativePath("second.onnx") else { return }
          predicate.models.append(FileRecord(name: name, content: [1]))
          content.models?[name] = .bytes([1])
        }
      ),
      (
        .model,
        { predicate, content in
          predicate.models.removeAll()
          content.models?.removeAll()
        }
      ),
      // Other files with their digests, and the records of the old ones.
      (
        .obligation,
        { predicate, content in
          let name = predicate.spec.root
          let bytes = Array(Self.boxes("2.4").utf8)
          content.spec[name] = .bytes(bytes)
          predicate.spec = SpecRecord(
            language: .vnnlib, root: name, sources: [FileRecord(name: name, content: bytes)])
        }
      ),
      (
        .specification,
        { predicate, content in
          let name = predicate.spec.root
          let bytes = Array("(assert (>= Y_0 1))".utf8)
          content.spec[name] = .bytes(bytes)
          predicate.spec = SpecRecord(
            language: .vnnlib, root: name, sources: [FileRecord(name: name, content: bytes)])
        }
      ),
    ]
    for (index, (code, edit)) in edits.enumerated() {
      let changed = try small.resigned(bundle, edit)
      let error = await #expect(throws: ReplayError.self) { try await small.replay(changed) }
      #expect(error?.code == code, "edit \(index)")
    }
  }
}
