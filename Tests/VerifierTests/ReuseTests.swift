import Certificates
import DSpecSemantics
import Lowering
import RigorousArithmetic
import Testing
import Verifier

/// Answers of an earlier certificate stand in for a new search only for the same question, key and tool.
@Suite struct ReuseTests {
  @Test func unchangedObligationsAreReused() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let outcomes = try await small.outcomes()
    let bundle = try small.bundle(outcomes)
    let earlier = try #require(EarlierCertificate(bundle: bundle, key: small.key.verificationKey))
    let lowering = SpecLowering(small.project.spec, small.library)
    for (property, outcome) in zip(small.project.spec.properties, outcomes) {
      let reused = try #require(await earlier.outcome(for: try lowering.lower(property), workers: 1))
      #expect(reused.isReused)
      #expect(reused.verdict == outcome.verdict)
      #expect(reused.evidence == outcome.evidence)
      #expect(reused.details == outcome.details)
    }
  }

  /// A bound of something else than the claim writes is not signed again, whoever recorded it.
  @Test func boundsOfOtherQuantitiesAreNotKept() async throws {
    let small = try SmallProject { files in
      files[0].bytes += Array(
        """

        property Written { claim: forall z in Z: z[0] <= 10 evidence: proof }
        property Tenth { claim: forall z in Z: z[0] / 10 <= 1 evidence: proof }

        """.utf8)
    }
    defer { small.remove() }
    var outcomes = try await small.outcomes()
    let places = try ["Written", "Tenth"].map { name in
      try #require(small.project.spec.properties.firstIndex { $0.name == name })
    }
    let bounds = try #require(outcomes[places[0]].bounds)
    #expect(outcomes[places[1]].bounds == nil)
    outcomes[places[1]].bounds = bounds
    let earlier = try #require(
      EarlierCertificate(bundle: try small.bundle(outcomes), key: small.key.verificationKey))
    let lowering = SpecLowering(small.project.spec, small.library)
    for (place, kept) in zip(places, [bounds, nil]) {
      let lowered = try lowering.lower(small.project.spec.properties[place])
      let reused = try #require(await earlier.outcome(for: lowered, workers: 1))
      #expect(reused.verdict == .proved && reused.bounds == kept)
    }
  }

  @Test func anotherParameterIsAnotherQuestion() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let bundle = try small.bundle(await small.outcomes())
    let earlier = try #require(EarlierCertificate(bundle: bundle, key: small.key.verificationKey))
    let project = try Project(path: small.folder + "/safety.dspec", parameters: ["tau": "49%"])
    let lowering = SpecLowering(project.spec, try project.library())
    let property = try #require(project.spec.properties.first)
    #expect(await earlier.outcome(for: try lowering.lower(property), workers: 1) == nil)
  }

  /// An answer that this key once signed and that its evidence does not give.
  @Test func whatDoesNotReplayIsNotSignedAgain() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let outcomes = try await small.outcomes()
    let lowering = SpecLowering(small.project.spec, small.library)
    let changes: [(inout PropertyOutcome, PropertyOutcome) -> Void] = [
      { outcome, _ in outcome.verdict = outcome.verdict == .proved ? .refuted : .proved },
      { outcome, _ in outcome.leaves += 1 },
      { outcome, other in outcome.evidence = other.evidence },
    ]
    for change in changes {
      for (index, property) in small.project.spec.properties.enumerated() {
        var changed = outcomes
        change(&changed[index], outcomes[(index + 1) % outcomes.count])
        guard changed[index].evidence != nil else { continue }
        let earlier = try #require(
          EarlierCertificate(bundle: try small.bundle(changed), key: small.key.verificationKey))
        for (place, other) in small.project.spec.properties.enumerated() where outcomes[place].evidence != nil
        {
          let found = await earlier.outcome(for: try lowering.lower(other), workers: 1)
          #expect((found == nil) == (place == index), "\(property.name), \(other.name)")
        }
      }
    }
  }

  @Test func anotherKeyOrAnotherToolIsNotBelieved() async throws {
    let small = try SmallProject()
    defer { small.remove() }
    let bundle = try small.bundle(await small.outcomes())
    let other = try SigningKey(seed: [UInt8](repeating: 9, count: 32))
    #expect(EarlierCertificate(bundle: bundle, key: other.verificationKey) == nil)
    #expect(EarlierCertificate(bundle: bundle, key: nil) == nil)
    let older = try small.resigned(bundle) { $0.tool = ToolRecord(name: "dspec", version: "0.0.9") }
    #expect(EarlierCertificate(bundle: older, key: small.key.verificationKey) == nil)
  }
}
