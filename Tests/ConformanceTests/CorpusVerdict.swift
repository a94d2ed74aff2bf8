import BranchAndBound
import Certificates
import DSpecSemantics
import Lowering
import Replay
import RigorousArithmetic
import SpecAnalysis
import Verifier
import Z3Solver

/// The answer of the whole program to one property, as `dspec verify` comes to it.
struct CorpusVerdict: Sendable {
  let property: Property
  let verdict: Verdict
  /// Certified interval of a measure, or bounds of the compared quantity.
  let bounds: Interval?
  /// Whether no engine takes such a claim.
  let hasNoBackEnd: Bool
  let note: String
  /// The answer as a certificate holds it.
  let outcome: PropertyOutcome
  /// What the checker makes of the evidence of a certified answer: whether the claim holds; nil without evidence.
  var replayed: Bool?

  /// Cells for each property: enough to decide or to exhaust every case of the corpus.
  static let nodes = 6_000

  /// Answers to all properties of a specification's root file, in order, or to one of them.
  static func all(of project: CorpusProject, only name: String? = nil) async throws -> [CorpusVerdict] {
    let findings = try SpecificationAnalysis(solver: Z3(), timeout: .seconds(60)).run(project.spec)
    let lowering = SpecLowering(project.spec, project.library)
    var answers: [CorpusVerdict] = []
    for property in project.spec.properties where name == nil || property.name == name {
      if findings.vacuous.contains(property.name) {
        let outcome = PropertyOutcome(withoutMeaning: property, lowering)
        answers.append(
          CorpusVerdict(
            property: property, verdict: outcome.verdict, bounds: nil, hasNoBackEnd: false,
            note: outcome.note ?? "", outcome: outcome))
        continue
      }
      switch lowered(property, by: lowering) {
      case .failure(let failure):
        let outcome = PropertyOutcome(property, lowered: nil, verdict: .unknown, grade: .attacked)
        answers.append(
          CorpusVerdict(
            property: property, verdict: .unknown, bounds: nil, hasNoBackEnd: failure.isBackEnd,
            note: failure.text, outcome: outcome))
      case .success(let lowered):
        let outcome = await PropertyRun(budget: SearchBudget(nodes: nodes, workers: 1)).decide(lowered)
        let note = outcome.note ?? ""
        var replayed: Bool?
        if outcome.verdict == .proved || outcome.verdict == .refuted, let evidence = outcome.evidence {
          replayed = try await EvidenceCheck.check(lowered.obligation, evidence, plan: nil, workers: 1).holds
        }
        answers.append(
          CorpusVerdict(
            property: property, verdict: outcome.verdict, bounds: outcome.bounds,
            hasNoBackEnd: note.hasPrefix("no back end"), note: note, outcome: outcome, replayed: replayed))
      }
    }
    return answers
  }

  /// Why a property has no obligation.
  private struct Failure: Error {
    let text: String
    /// Whether the claim is of a kind that no engine takes, rather than at odds with a file.
    let isBackEnd: Bool
  }

  private static func lowered(
    _ property: Property, by lowering: SpecLowering
  ) -> Result<LoweredProperty, Failure> {
    do {
      return .success(try lowering.lower(property))
    } catch {
      guard case .noBackEnd = error else {
        return .failure(Failure(text: LoweringMessage.text(error), isBackEnd: false))
      }
      return .failure(Failure(text: LoweringMessage.text(error), isBackEnd: true))
    }
  }

  /// Whether a stated verdict is this one; what is true of an unknown claim cannot be seen here.
  func isStated(as text: String) -> Bool {
    switch text {
    case "unknown (no back end)": verdict == .unknown && hasNoBackEnd
    case "unknown (holds)", "unknown (fails)": verdict == .unknown && !hasNoBackEnd
    default: verdict.rawValue == text
    }
  }
}
