import Certificates
import Foundation
import Replay

/// Puts the outcome of a replay into a signed receipt.
struct ReceiptWriter {
  let path: String
  let signer: any Signer
  let certificate: ContentDigest

  /// A replay that went through.
  func write(_ report: ReplayReport, _ decision: TrustDecision) throws(CertificateError) {
    var signers: [String] = []
    if case .trusted(let keyIDs) = decision { signers = keyIDs }
    let isWhole = report.uncovered.isEmpty && report.coverage == nil
    try write {
      ReplayReceipt(
        reviewedAt: $0, checker: Self.checker, result: isWhole ? .valid : .partial, trustedSigners: signers,
        properties: report.properties.filter(\.isReplayedInFull).map {
          ReplayReceipt.Property(
            id: $0.record.id, verdict: $0.record.verdict, grade: $0.record.grade, leaves: $0.leaves)
        }, uncovered: report.uncovered,
        coverage: report.coverage, exact: report.exact?.receipt)
    }
  }

  /// A replay that found a step that does not hold.
  ///
  /// - Parameter namesModels: Whether the reviewer named a folder of models, which may be the wrong one.
  func write(invalid error: ReplayError, namesModels: Bool) throws(CertificateError) {
    guard error.code != .model || !namesModels else { return tellOfNone() }
    try write(invalid: error.code.rawValue, step: error.step, reason: error.reason)
  }

  /// A certificate that was refused, where the fault is one of its bytes, and not of what the reviewer trusts, of the clock or of
  /// a folder of models.
  func write(invalid error: CertificateError, namesModels: Bool) throws(CertificateError) {
    switch error.code {
    case .signature, .threshold, .expired, .notYetValid, .revoked: return tellOfNone()
    case .modelDigest, .modelManifest: if namesModels { return tellOfNone() }
    default: break
    }
    try write(invalid: error.code.rawValue, step: error.place, reason: error.message)
  }

  private func tellOfNone() {
    StandardStreams.writeError(
      "note: no receipt was written: the reason may lie in the keys, the clock or the folder of models that were given\n"
    )
  }

  private func write(invalid code: String, step: String, reason: String) throws(CertificateError) {
    try write {
      ReplayReceipt(
        reviewedAt: $0, checker: Self.checker, result: .invalid,
        failure: ReplayReceipt.Failure(code: code, step: step, reason: reason))
    }
  }

  private func write(_ receipt: (Timestamp) -> ReplayReceipt) throws(CertificateError) {
    guard let now = Timestamp(secondsSince1970: Int(Date().timeIntervalSince1970)) else {
      throw CertificateError(.write, at: path, "the clock is out of range", fix: "set the clock")
    }
    do {
      try SignedRemark(.receipt(receipt(now)), on: certificate, signer: signer).write(to: path)
    } catch  where ReplayOutput.isVerdict(error) {
      // What cannot be said in a receipt says nothing of the certificate.
      throw CertificateError(.write, at: path, "the receipt cannot be written: \(error)", fix: error.fix)
    }
  }

  private static var checker: ReplayReceipt.Checker {
    ReplayReceipt.Checker(
      name: "dspec-replay", version: CompliancePredicate.checkerVersion.description,
      digest: RunningProgram.digest)
  }
}

extension ExactFindings {
  /// As a receipt states them.
  fileprivate var receipt: ReplayReceipt.Exact {
    switch self {
    case .leaves(let report): return .leaves(drawn: report.drawn, of: report.leaves, shown: report.shown)
    case .answers(let answers):
      // The boxes of a VNN-LIB file are questions of one name.
      let open = Set(answers.filter { !$0.isDerived }.map(\.name))
      let derived = Set(answers.map(\.name)).subtracting(open)
      return .answers(derived: derived.sorted(), notShown: open.sorted())
    }
  }
}

/// The program that runs.
enum RunningProgram {
  /// The SHA-256 of its file; nil where it cannot be read.
  static var digest: ContentDigest? {
    Bundle.main.executableURL.flatMap { try? Data(contentsOf: $0, options: .alwaysMapped) }.map {
      ContentDigest(of: $0)
    }
  }
}
