import DSpecSemantics
import Lowering
import Reports
import RigorousArithmetic
import Tampering
import Testing
import VerificationProblem
import Verifier

/// Witnesses as people read them.
@Suite struct WitnessStudyTests {
  private func study(
    _ declarations: String, _ body: (LoweredProperty) throws -> Void
  ) async throws {
    try await ValidBundle.inTemporaryFolder { folder in
      let project = try PipelineBundle.project([], in: folder) { $0 + declarations }
      let property = try #require(project.spec.property(named: "Dark"))
      try body(try SpecLowering(project.spec, project.library()).lower(property))
    }
  }

  /// A coordinate that no double holds is shown as the number that it is, and not as the double that stands for it.
  @Test func coordinatesAreTheNumbersOfTheirRanges() async throws {
    try await study(
      """
      domain F: Latent[2] = points([0.1, 1/3])
      property Dark { claim: forall z in F: unsafe(G(z, Topic.bright)) <= 0.1% evidence: proof }
      """
    ) { lowered in
      guard case .forall(let region) = lowered.obligation.question else {
        Issue.record("another question")
        return
      }
      #expect(lowered.obligation.fixedAxes.count == 2)
      let point = region.box.map { $0.lower.roundedDown }
      let study = try WitnessStudy(lowered, caseIndex: 0, point: point)
      #expect(study.coordinates == ["0.1", "1/3"] && study.point == point)
    }
  }

  /// A probability is shown as one beside plain numbers too, and not as its log-odds.
  @Test func probabilitiesAreShownBesideOtherNumbers() async throws {
    try await study(
      """
      property Dark {
        claim: forall z in Z: unsafe(G(z, Topic.bright)) <= 0.1% and z[0] <= 100
        evidence: proof
      }
      """
    ) {
      let study = try WitnessStudy($0, caseIndex: 0, point: [0.25, 0.1])
      let failure = try #require(study.failures.first)
      #expect(study.failureCount == 1 && failure.asked == "<= 0.001")
      #expect(failure.value.lower > 0.001 && failure.value.upper < 1)
    }
  }

  @Test func doublesAreThemselves() async throws {
    try await study(
      "property Dark { claim: forall z in Z: unsafe(G(z, Topic.bright)) <= 0.1% evidence: proof }"
    ) {
      let study = try WitnessStudy($0, caseIndex: 0, point: [0.25, 0.1])
      #expect(study.coordinates == ["0.25", "0.1"])
    }
  }
}
