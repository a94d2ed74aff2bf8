import ArgumentParser
import CertificateAttestations
import Certificates
import Foundation
import Replay

/// Replays a certificate without any engine.
@main
struct DSpecReplay: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dspec-replay",
    abstract: "Re-derive every verdict of a certificate from its specification, models and evidence.",
    discussion: """
      Prints valid, partial or invalid(step, reason). Exit codes: 0 valid and signed by a trusted key (or \
      --any-signer), 2 valid but partial, not all of it derived by --exact all or, where no key is given to \
      trust, by an unknown signer, 1 invalid, 3 unreadable or bad usage.
      """,
    version: CompliancePredicate.checkerVersion.description)

  @Argument(help: "The bundle folder.", completion: .directory)
  var bundle: String
  @Option(
    help:
      "Public key that is trusted, or a trust.json of keys, roles, times and revocations; may be repeated.",
    completion: .file(extensions: ["pem", "json"]))
  var trust: [String] = []
  @Option(help: "How many of the trusted keys must have signed; 1 unless a trust.json says otherwise.")
  var threshold: Int?
  @Option(help: "Statement that may revoke the certificate; may be repeated.", completion: .file())
  var revocation: [String] = []
  @OptionGroup var attesting: AttestationOptions
  @OptionGroup var committing: CommitmentOptions
  @Flag(help: "Accept any signer; signatures of unknown keys are not examined.")
  var anySigner = false
  @Option(help: "Folder of the model files, if they are not in the bundle.", completion: .directory)
  var models: String?
  @Option(help: "Moment at which the certificate must count, RFC 3339; now by default.")
  var at: String?
  @Option(
    help: """
      Replay only so many chunks of 4,096 leaves of each property's trees, and the structure of all: never valid, exit \
      code 2.
      """)
  var chunks: Int?
  @Option(help: "Text that goes into the choice of --chunks, so that no issuer can have known it.")
  var chunkSeed: String?
  @Option(
    help: """
      Keep how far the replay has come in this file every few seconds, and go on from it; it is removed at the end. Whoever \
      can write it can make the replay believe anything.
      """, completion: .file())
  var state: String?
  @Option(
    help: ArgumentHelp(
      """
      Then derive so many drawn leaves again in exact arithmetic, by code that shares nothing with the rules that closed \
      them; or, with `all`, every answer that rests on leaves: exit code 2 where one does not follow.
      """, valueName: "number|all"))
  var exact: ExactAmount?
  @Option(help: "Text that goes into the choice of --exact, so that no issuer can have known it.")
  var exactSeed: String?
  @Option(help: "Concurrent workers; results do not depend on it.")
  var workers: Int = ProcessInfo.processInfo.activeProcessorCount
  @Option(
    help: "Folder for derived questions: canonical bytes, claim and masses of leaves of each property.",
    completion: .directory)
  var obligations: String?
  @Flag(help: "Print one JSON object instead of text.")
  var json = false
  @Option(help: "Write a signed receipt of this replay.", completion: .file(extensions: ["json"]))
  var receipt: String?
  @Option(help: "Private key that signs the receipt.", completion: .file(extensions: ["pem"]))
  var key: String?
  @Option(help: "File whose first line is the passphrase of an encrypted key.", completion: .file())
  var passphraseFile: String?
  @Option(help: "Command that signs instead: reads the message on standard input, prints the signature.")
  var signCommand: String?
  @Option(
    help: "Public key under which the signatures of --sign-command verify.",
    completion: .file(extensions: ["pem"]))
  var publicKey: String?

  static func main() async {
    StandardStreams.occupy()
    let command: DSpecReplay
    do {
      command = try DSpecReplay.parse()
    } catch {
      let isHelp = exitCode(for: error).isSuccess
      let text = fullMessage(for: error)
      if isHelp {
        StandardStreams.write(text + "\n")
      } else {
        FailureMessage.write(
          message(for: error), explanation: text, code: ReplayExitCode.unreadable.rawValue,
          json: FailureMessage.wantsJSON(CommandLine.arguments))
      }
      Foundation.exit(StandardStreams.finish() && isHelp ? 0 : ReplayExitCode.unreadable.rawValue)
    }
    let code = await command.perform()
    Foundation.exit(StandardStreams.finish() ? code.rawValue : ReplayExitCode.unreadable.rawValue)
  }

  private func perform() async -> ReplayExitCode {
    do {
      let moment = try at.map { text in
        guard let moment = Timestamp(text) else {
          throw UsageFailure("`--at \(text)` is not an RFC 3339 moment in UTC")
        }
        return moment
      }
      guard (1...1024).contains(workers) else { throw UsageFailure("--workers must lie in 1 ... 1024") }
      guard chunks ?? 1 > 0 else { throw UsageFailure("--chunks must be at least 1") }
      guard chunks != nil || chunkSeed == nil else { throw UsageFailure("--chunk-seed goes with --chunks") }
      if case .leaves(let count) = exact, count < 1 { throw UsageFailure("--exact must be at least 1") }
      if exactSeed != nil {
        guard case .leaves = exact else { throw UsageFailure("--exact-seed goes with --exact and a number") }
      }
      guard exact == nil || chunks == nil else {
        throw UsageFailure("--exact comes after a whole replay: leave --chunks out")
      }
      guard chunks == nil || obligations == nil else {
        throw UsageFailure("--obligations writes what a whole replay derives: leave --chunks out")
      }
      guard state == nil || chunks == nil && obligations == nil && receipt == nil else {
        throw UsageFailure(
          "--state goes with a whole replay, of which no receipt can say that this run made it: leave --chunks, "
            + "--obligations and --receipt out")
      }
      let policy: TrustPolicy
      do {
        policy = try TrustPolicy(files: trust, threshold: threshold)
      } catch {
        // A defect of what the reviewer trusts says nothing of the certificate.
        throw UsageFailure("`--trust`: \(error)")
      }
      let anchors: CommitmentAnchors
      do { anchors = try committing.anchors() } catch { throw UsageFailure("`--commitment-…`: \(error)") }
      guard !anchors.isAsked || !trust.isEmpty else {
        throw UsageFailure("--commitment-tsa and --commitment-log-key need --trust: whose commitment it is")
      }
      let unverified = try UnverifiedCertificate(bundle: bundle)
      // Before a receipt is at stake: a proof beside the certificate says nothing against what it states.
      let attestations = try attestations(of: unverified)
      let writer = try receiptWriter(unverified.payloadDigest)
      do {
        return try await replay(unverified, policy, moment, writer, attestations, anchors)
      } catch let error as ReplayError {
        try writer?.write(invalid: error, namesModels: models != nil)
        throw error
      } catch let demand as UnmetDemand {
        // What a reader asks for besides is not for a receipt to say.
        throw demand.error
      } catch let error as CertificateError where ReplayOutput.isVerdict(error) {
        try writer?.write(invalid: error, namesModels: models != nil)
        throw error
      }
    } catch let error as ReplayError {
      return ReplayOutput(json: json).invalid(error.code.rawValue, error.step, error.reason)
    } catch let error as CertificateError {
      return ReplayOutput(json: json).refused(error)
    } catch {
      return ReplayOutput(json: json).unreadable("\(error)")
    }
  }

  private func replay(
    _ unverified: UnverifiedCertificate, _ policy: TrustPolicy, _ moment: Timestamp?,
    _ writer: ReceiptWriter?,
    _ attestations: Attestations, _ anchors: CommitmentAnchors
  ) async throws -> ReplayExitCode {
    let revocations: RevocationFiles
    do {
      revocations = try RevocationFiles(revocation)
    } catch {
      // A defect of these files says nothing of the certificate.
      throw UsageFailure("`--revocation`: \(error)")
    }
    let contents = try unverified.check(candidates: policy.keys, models: models)
    let clock: BelievedClock = moment == nil ? .machine : .option
    let moment = try moment ?? BelievedClock.reading(Date().timeIntervalSince1970)
    try contents.checkPeriod(at: moment, by: clock)
    do {
      for line in try revocations.check(contents, under: policy) {
        StandardStreams.writeError("note: \(line)\n")
      }
    } catch {
      // Only a revocation is a verdict; a statement about another certificate, or a forged one, says nothing of this one.
      guard error.code != .revoked else { throw error }
      throw UsageFailure("`--revocation`: \(error)")
    }
    let decision = try policy.decide(on: contents, seen: attestations.seen)
    if case .unknownSigner = decision, !policy.keys.isEmpty, !anySigner {
      throw CertificateError(
        .signature, at: "certificate.json, signatures", "no key that is trusted for certificates signed",
        fix: "give the issuer's key, or none and `--any-signer` to replay without one")
    }
    var attestations = attestations
    do {
      try attestations.examine(contents, decision, policy)
    } catch {
      throw UnmetDemand(error: error)
    }
    do {
      attestations.commitment = try anchors.check(contents, policy: policy)
    } catch {
      guard anchors.isAsked else { throw error }
      throw UnmetDemand(error: error)
    }
    let showsProgress = !json && isatty(STDERR_FILENO) == 1
    let choice = chunks.map { DrawnChoice(.chunks, $0, of: contents.payloadDigest, salt: chunkSeed ?? "") }
    let kept = try state.map { try StateFile($0, of: contents.payloadDigest) }
    let extent = exact.map { amount -> ExactExtent in
      switch amount {
      case .all: .answers
      case .leaves(let count):
        .leaves(DrawnChoice(.leaves, count, of: contents.payloadDigest, salt: exactSeed ?? ""))
      }
    }
    let report = try await BundleReplay(
      contents, workers: workers, choice: choice, state: kept?.state, exact: extent
    ).run(
      progress: { name in
        if showsProgress { StandardStreams.writeError("\r\u{1B}[2Kreplaying \(name)") }
      }, derived: obligations.map { folder in { try write($0, into: folder) } })
    if showsProgress { StandardStreams.writeError("\r\u{1B}[2K") }
    let resumed = await kept?.finish() ?? 0
    try writer?.write(report, decision)
    return ReplayOutput(json: json, attestations: attestations, resumedChunks: resumed).show(
      report, decision, contents, at: moment, by: clock, anySigner: anySigner)
  }

  /// What others say of the certificate.
  private func attestations(of certificate: UnverifiedCertificate) throws -> Attestations {
    do {
      return try attesting.check(certificate)
    } catch {
      guard error.code == .log || error.code == .timestamp else {
        throw UsageFailure("`--log-key` or `--tsa`: \(error)")
      }
      throw error
    }
  }

  /// Who writes the receipt; nil where none is asked for.
  private func receiptWriter(_ certificate: ContentDigest) throws -> ReceiptWriter? {
    let signer = try SignerChoice(
      key: key, passphraseFile: passphraseFile, command: signCommand, publicKey: publicKey
    ).signer()
    switch (receipt, signer) {
    case (nil, nil): return nil
    case (let path?, let signer?):
      try SignedRemark.checkDestination(path)
      // A receipt says what held when it was signed.
      guard at == nil else { throw UsageFailure("--receipt speaks of now: leave --at out") }
      return ReceiptWriter(path: path, signer: signer, certificate: certificate)
    case (.some, nil): throw UsageFailure("--receipt needs --key, or --sign-command with --public-key")
    case (nil, .some): throw UsageFailure("there is nothing to sign: give --receipt FILE")
    }
  }
}

/// Writes what was derived of one property.
private func write(_ derivation: Derivation, into folder: String) throws {
  do {
    for part in derivation.parts {
      let file = URL(fileURLWithPath: folder).appendingPathComponent(
        "\(derivation.property).\(part.kind.rawValue)")
      // A VNN-LIB file may bear the name of folders.
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(part.bytes).write(to: file)
    }
  } catch {
    throw UsageFailure("`\(folder)` cannot be written: \(error.localizedDescription)")
  }
}

/// Something that the reader asks for of a commitment, and that does not hold.
private struct UnmetDemand: Error {
  let error: CertificateError
}

/// Wrong usage that the parser cannot see.
struct UsageFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
