import Certificates
import DSpecSemantics
import Foundation
import Lowering
import Replay
import RigorousArithmetic
import SMT
import Testing
import VerificationProblem
import Verifier
import Z3Solver

/// `verdict/NAME.dspec` states before each property which verdict comes out, and why.
@Suite struct VerdictConformanceTests {
  @Test(arguments: Corpus.cases("verdict"))
  func verdicts(of sample: ConformanceCase) async throws {
    let statements = try VerdictStatement.all(in: sample.text)
    let answers = try await CorpusVerdict.all(of: sample.project())
    #expect(sample.statement.rule != "", "the first line states no rule")
    #expect(!statements.isEmpty && statements.map(\.property) == answers.map(\.property.name))
    for (statement, answer) in zip(statements, answers) {
      let shown = "\(statement.property): \(answer.verdict), \(answer.bounds.map { "\($0)" } ?? "no bounds")"
      #expect(statement.verdicts.contains(where: answer.isStated), "\(shown) \(answer.note)")
      #expect(!statement.reasons.isEmpty, "\(statement.property) states no reason")
      if answer.verdict == .proved || answer.verdict == .refuted {
        #expect(answer.replayed == (answer.verdict == .proved), "\(shown): the checker disagrees")
      }
      check(answer, against: statement, shown)
    }
    try await checkCertificate(of: sample, answers.map(\.outcome))
  }

  /// Whatever comes out, the certificate that is written of it replays.
  private func checkCertificate(of sample: ConformanceCase, _ outcomes: [PropertyOutcome]) async throws {
    let project = try Project(
      path: Corpus.root.appending(path: "\(sample.category)/\(sample.main)").path, parameters: [:],
      within: Corpus.root.path)
    let key = try SigningKey(seed: [UInt8](repeating: 3, count: 32))
    let bundle = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).dcert").path
    defer { try? FileManager.default.removeItem(atPath: bundle) }
    _ = try CertificateAssembly(project, project.library(), outcomes).write(
      to: bundle, key: key, issuedAt: 1_800_000_000)
    let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: [key.verificationKey])
    let report = try await BundleReplay(contents, workers: 1).run()
    #expect(report.properties.map(\.record.verdict) == outcomes.map(\.verdict))
  }

  /// What an answer may never do, whatever is stated of its verdict.
  private func check(_ answer: CorpusVerdict, against statement: VerdictStatement, _ shown: String) {
    if let truth = statement.truth {
      #expect(!answer.verdict.isPositive || truth, "FALSE PROOF: \(shown)")
      #expect(!answer.verdict.isNegative || !truth, "FALSE REFUTATION: \(shown)")
    }
    guard case .measure(let claim) = answer.property.claim else { return }
    if let value = statement.value {
      // The stated truth follows from the stated value.
      let isExact = value.lower == value.upper
      if isExact, let truth = statement.truth {
        let holds = claim.bounds.allSatisfy { $0.comparison.holds(value.lower, $0.bound) }
        #expect(holds == truth, "\(shown): the value and the verdict contradict each other")
      }
      if let bounds = answer.bounds, answer.verdict.isCertified {
        let meets = bounds.lower <= value.upper && value.lower <= bounds.upper
        #expect(meets, "FALSE INTERVAL: \(shown), the value is \(value)")
      }
    }
    if let within = statement.within {
      guard let bounds = answer.bounds else {
        Issue.record("\(shown): no interval")
        return
      }
      #expect(within.lower <= bounds.lower && bounds.upper <= within.upper, "\(shown): too wide")
    }
  }

  /// The stated truth of a claim about every point is what the exact solver says of its encoding, where it has one.
  @Test(arguments: Corpus.cases("verdict"))
  func truthsAreThoseOfTheSolver(of sample: ConformanceCase) throws {
    let project = try sample.project()
    let lowering = SpecLowering(project.spec, project.library)
    for (property, statement) in zip(project.spec.properties, try VerdictStatement.all(in: sample.text)) {
      guard case .forall = property.claim, let truth = statement.truth,
        let obligation = (try? lowering.lower(property))?.obligation
      else { continue }
      var answers: [CaseAnswer] = []
      for index in obligation.cases.indices {
        guard let encoding = try? ObligationEncoding(obligation, caseAt: index) else { continue }
        answers.append(try encoding.decide(with: Z3(), timeout: .seconds(60)))
      }
      guard answers.count == obligation.cases.count, !answers.contains(.unknown(.thresholdGap)) else {
        continue
      }
      for case .unknown(let reason) in answers { Issue.record("\(property.name): \(reason)") }
      #expect(answers.allSatisfy { $0 == .holds } == truth, "\(property.name): the solver says \(answers)")
    }
  }

  @Test func filesBelongToCases() {
    #expect(Corpus.strays("verdict", goldens: []) == [])
  }

  /// Every verdict that may be stated occurs.
  @Test func everyVerdictOccurs() throws {
    let stated = try Corpus.cases("verdict").flatMap { try VerdictStatement.all(in: $0.text) }
    #expect(VerdictStatement.known.subtracting(stated.flatMap(\.verdicts)).sorted() == [])
    print("verdict: \(stated.count) properties")
  }
}

extension Verdict {
  /// Whether bounds beside this verdict are rigorous rather than confidence limits.
  fileprivate var isCertified: Bool { self != .supported && self != .contradicted }
}

extension ComparisonOperator {
  /// The comparison of two numbers.
  func holds(_ left: Rational, _ right: Rational) -> Bool {
    switch self {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .equal: left == right
    case .notEqual: left != right
    }
  }
}

extension ConformanceCase {
  /// The text of the root file.
  var text: String { String(decoding: files[main] ?? [], as: UTF8.self) }

  /// The case as a project with models, or with another text in its place.
  func project(text replaced: String? = nil) throws -> CorpusProject {
    try CorpusProject(path: "\(category)/\(main)", text: replaced ?? text)
  }
}
