import ArgumentParser
import CertificateAttestations
import Certificates
import Foundation

/// Shows what receipts and revocations of a certificate amount to.
struct Review: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Show what a set of replay receipts amounts to under a trust policy.",
    discussion: """
      Nothing is replayed here: `dspec-replay --receipt FILE --key KEY` writes a receipt. Exit codes: 0 accepted, \
      1 rejected or revoked, 2 superseded, too few trusted receipts or an unknown issuer, 3 bad input.
      """)

  @Argument(help: "The bundle folder.", completion: .directory)
  var bundle: String
  @Option(help: "A receipt or revocation; may be repeated.", completion: .file(extensions: ["json"]))
  var receipt: [String] = []
  @Flag(help: "Count only receipts of a replay with --exact all from which every answer followed.")
  var requireExact = false
  @Option(help: "A later certificate that supersedes this one; may be repeated.", completion: .directory)
  var supersededBy: [String] = []
  @Option(
    help: "Public key that is trusted for everything, or a trust.json; may be repeated.",
    completion: .file(extensions: ["pem", "json"]))
  var trust: [String] = []
  @Option(help: "Folder of the model files, if they are not in the bundle.", completion: .directory)
  var models: String?
  @Option(help: "Moment at which the certificate must count, RFC 3339; now by default.")
  var at: String?
  @OptionGroup var attesting: AttestationOptions
  @OptionGroup var committing: CommitmentOptions
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let given = at.map { Timestamp($0) }
    if let at, given == .some(nil) {
      throw CommandFailure("`--at \(at)` is not an RFC 3339 moment in UTC, like `2026-11-22T20:00:00Z`")
    }
    let moment: Timestamp
    let policy: TrustPolicy
    let anchors: CommitmentAnchors
    let certificate: UnverifiedCertificate
    let contents: CertificateContents
    var remarks: [(place: String, remark: SignedRemark)] = []
    var successors: [Supersession] = []
    do {
      moment = try (given ?? nil) ?? BelievedClock.reading(Date().timeIntervalSince1970)
      policy = try TrustPolicy(files: trust)
      anchors = try committing.anchors()
      certificate = try UnverifiedCertificate(bundle: bundle)
      contents = try certificate.check(candidates: policy.keys, models: models)
      for path in receipt { remarks.append((path, try SignedRemark(at: path))) }
      for path in supersededBy {
        successors.append(
          try Supersession(of: contents, by: UnverifiedCertificate(bundle: path), policy: policy))
      }
    } catch {
      throw CommandFailure("\(error)")
    }
    var attestations: Attestations
    do {
      attestations = try attesting.check(certificate)
    } catch  where error.code == .log || error.code == .timestamp {
      return reject(error)
    } catch {
      // A defect of a key that the reviewer gave says nothing of the certificate.
      throw CommandFailure("\(error)")
    }
    do {
      try contents.checkPeriod(at: moment, by: at == nil ? .machine : .option)
      let idle = try revocations(policy, remarks, contents)
      let issuer = try policy.decide(on: contents, seen: attestations.seen)
      try attestations.examine(contents, issuer, policy)
      attestations.commitment = try anchors.check(contents, policy: policy)
      let summary = try ReviewSummary(
        remarks, of: contents.payloadDigest, stating: contents.predicate,
        signedBy: contents.validSigners.map(\.keyID), policy: policy, at: moment,
        needsExact: requireExact)
      return show(contents, issuer, summary, successors, attestations, idle)
    } catch {
      guard let refusal = error as? CertificateError else { throw error }
      // A statement about another certificate says nothing of this one.
      if refusal.code == .receiptSubject { throw CommandFailure("\(refusal)") }
      return reject(refusal)
    }
  }

  /// Refuses a certificate that was revoked; what revokes nothing, in lines.
  private func revocations(
    _ policy: TrustPolicy, _ remarks: [(place: String, remark: SignedRemark)], _ contents: CertificateContents
  ) throws -> [String] {
    do {
      return try policy.checkRevocations(remarks, of: contents)
    } catch {
      // Only a revocation is a verdict; a forged one says nothing of this certificate.
      guard error.code == .revoked else { throw CommandFailure("\(error)") }
      throw error
    }
  }

  private func reject(_ error: CertificateError) -> AnswerCode {
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object([
            ("review", "rejected"), ("code", .string(error.code.rawValue)), ("place", .string(error.place)),
            ("reason", .string(error.message)),
          ])))
    } else {
      StandardStreams.line("rejected: \(error)")
    }
    return .violated
  }

  private func show(
    _ contents: CertificateContents, _ issuer: TrustDecision, _ summary: ReviewSummary,
    _ successors: [Supersession], _ attestations: Attestations, _ idle: [String]
  ) -> AnswerCode {
    var isKnown = false
    let words: String
    switch issuer {
    case .trusted(let keyIDs):
      isKnown = true
      words = "trusted issuer \(keyIDs.joined(separator: ", "))"
    case .unknownSigner(let keyIDs): words = "unknown issuer \(keyIDs.joined(separator: ", "))"
    }
    let isSuperseded = successors.contains(where: \.counts)
    let code: AnswerCode =
      summary.conclusion == .rejected
      ? .violated : summary.conclusion == .accepted && isKnown && !isSuperseded ? .holds : .undecided
    let word =
      code == .holds ? "accepted" : code == .violated ? "rejected" : isSuperseded ? "superseded" : "pending"
    let earlier = contents.predicate.supersedes
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object(
            [
              ("review", .string(word)), ("answers", .string(contents.predicate.summary)),
              ("certificate", .string(contents.payloadDigest.hex)),
              ("issuerTrusted", .bool(isKnown)), ("approvals", .array(summary.approvals.map { .string($0) })),
              ("supersedes", .array(earlier.map { .string($0.hex) })),
              ("supersededBy", .array(successors.filter(\.counts).map { .string($0.successor.hex) })),
              ("needed", .integer(summary.needed)), ("idleRevocations", .array(idle.map { .string($0) })),
              ("receipts", .array(summary.entries.map(Self.json))),
            ] + attestations.members)))
      return code
    }
    StandardStreams.line("certificate \(contents.payloadDigest)")
    StandardStreams.line(words)
    for line in attestations.lines { StandardStreams.line(line) }
    for digest in earlier { StandardStreams.line("supersedes \(digest)") }
    for item in successors {
      StandardStreams.line(
        item.counts
          ? "superseded by \(item.successor), issued at \(item.issuedAt)"
          : "\(item.successor) says that it supersedes this one, and nobody signed it who could")
    }
    for line in idle { StandardStreams.line(line) }
    for entry in summary.entries { StandardStreams.line(Self.line(entry)) }
    StandardStreams.line("it says: \(contents.predicate.summary)")
    StandardStreams.line(
      "trusted reviewers who found it valid: \(summary.approvals.count) of \(summary.needed) needed")
    StandardStreams.line(word)
    return code
  }

  private static func standing(_ entry: ReviewSummary.Entry) -> String {
    switch entry.standing {
    case .counts(let keyIDs): "trusted reviewer \(keyIDs.joined(separator: ", "))"
    case .unknownReviewer(let keyIDs): "unknown reviewer \(keyIDs.joined(separator: ", ")), not counted"
    case .repeated(let keyID): "a further receipt of \(keyID), not counted again"
    case .lacksExact(let keyIDs):
      "trusted reviewer \(keyIDs.joined(separator: ", ")), not counted: not all of it derived in exact arithmetic"
    case .isIssuer(let keyIDs):
      "trusted reviewer \(keyIDs.joined(separator: ", ")), not counted: who signed the certificate does not review it"
    case .refused(let error): "not counted: \(error.message)"
    case .doesNotFit(let keyIDs, let reason):
      "trusted reviewer \(keyIDs.joined(separator: ", ")), not counted: \(reason)"
    }
  }

  private static func line(_ entry: ReviewSummary.Entry) -> String {
    let receipt = entry.receipt
    let reason = receipt.failure.map { " (\($0.step), \($0.code): \($0.reason))" } ?? ""
    let part = receipt.coverage.map { " (\($0.text))" } ?? ""
    let exact = receipt.exact.map { ", \($0.text)" } ?? ""
    return "\(entry.place): \(receipt.result.rawValue)\(part)\(exact)\(reason) at \(receipt.reviewedAt) by "
      + "\(receipt.checker.name) \(receipt.checker.version), \(standing(entry))"
  }

  private static func json(_ entry: ReviewSummary.Entry) -> JSONValue {
    JSONOutput.object([
      ("file", .string(entry.place)), ("result", .string(entry.receipt.result.rawValue)),
      ("reviewedAt", .string(entry.receipt.reviewedAt.text)), ("standing", .string(standing(entry))),
      ("coverage", entry.receipt.coverage.map { .string($0.text) } ?? .null),
      ("exact", entry.receipt.exact.map { .string($0.text) } ?? .null),
    ])
  }
}
