package import Certificates
package import Replay

/// What a reviewer is told of a bundle: what `dspec-replay --trust KEY --at MOMENT` does, without a process.
package struct InProcessReview: Sendable {
  /// The outcome.
  package enum Outcome: Sendable {
    /// Every step was derived again, and the trusted key signed.
    case valid(ReplayReport, CertificateContents)
    /// Every step that is there was derived again, but not all properties are answered, or nobody known signed.
    case partial(ReplayReport, CertificateContents)
    /// Refused, with a stable code.
    case refused(code: String, exit: ReplayExitCode)

    /// The exit code.
    package var exit: ReplayExitCode {
      switch self {
      case .valid: .valid
      case .partial: .partial
      case .refused(_, let exit): exit
      }
    }

    /// The code of the refusal.
    package var code: String? {
      if case .refused(let code, _) = self { code } else { nil }
    }
  }

  private let policy: TrustPolicy
  private let moment: Timestamp
  private let demandsSigner: Bool

  /// A reviewer who trusts a key, or for nil replays whatever any signer states.
  package init(trusting key: VerificationKey?, at moment: String = ValidBundle.moment) throws {
    policy = try TrustPolicy(keys: key.map { [$0] } ?? [])
    guard let moment = Timestamp(moment) else { throw EditFailure("`\(moment)` is no moment") }
    self.moment = moment
    demandsSigner = key != nil
  }

  /// Replays a bundle with one worker.
  package func run(_ bundle: String) async -> Outcome {
    do {
      let contents = try UnverifiedCertificate(bundle: bundle).check(candidates: policy.keys)
      try contents.checkPeriod(at: moment)
      let decision = try policy.decide(on: contents)
      if case .unknownSigner = decision, demandsSigner {
        return .refused(code: CertificateError.Code.signature.rawValue, exit: .invalid)
      }
      let report = try await BundleReplay(contents, workers: 1).run()
      let isWhole = report.uncovered.isEmpty && demandsSigner
      return isWhole ? .valid(report, contents) : .partial(report, contents)
    } catch let error as ReplayError {
      return .refused(code: error.code.rawValue, exit: .invalid)
    } catch let error as CertificateError {
      let isOfReader = [.read, .exists, .write].contains(error.code)
      return .refused(code: error.code.rawValue, exit: isOfReader ? .unreadable : .invalid)
    } catch {
      return .refused(code: "\(error)", exit: .unreadable)
    }
  }
}
