import ArgumentParser
import BranchAndBound
import Certificates
import DSpecSemantics
import Diagnostics
import Foundation
import Lowering
import SpecAnalysis
import TimeStamping
import TransparencyLog
import Verifier

/// Decides the properties of a specification and certifies the answers.
struct Verify: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Decide every property; with --key write a signed certificate.",
    discussion: "Ctrl-C stops the property at work; what is known by then is kept and certified as unknown.")

  @OptionGroup var input: SpecificationInput
  @Option(help: "Decide this property only; may be repeated.")
  var property: [String] = []
  @OptionGroup var signing: SigningOptions
  @Option(name: .shortAndLong, help: "Bundle folder to write, NAME.dcert by default.", completion: .directory)
  var out: String?
  @Option(help: "Folder for pictures of witnesses, NAME-pictures by default.", completion: .directory)
  var pictures: String?
  @Flag(help: "Only estimate cells and seconds from a short trial of each property.")
  var estimate = false
  @Flag(help: "Decide everything anew, even what an earlier certificate answers.")
  var fresh = false
  @Flag(help: "Put the certificate in place of one of another specification, or of one that answers more.")
  var replace = false
  @Option(
    help: "Certificate that the new one takes the place of; may be repeated.", completion: .directory)
  var supersedes: [String] = []
  @Option(
    help: """
      Text or file that was published after specification and models were fixed, such as a log's checkpoint: seeds of \
      samples derive from it too.
      """, completion: .file())
  var seedCheckpoint: String?
  @Option(
    help: """
      Statement of `dspec commit` that the specification was fixed before; goes into the certificate, with the timestamp \
      FILE.tsr and the proof FILE.tlog-proof where they lie beside it.
      """, completion: .file(extensions: ["json"]))
  var commitment: String?
  @OptionGroup var budget: BudgetOptions
  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard out == nil || signing.isGiven || estimate else {
      throw ValidationError("--out names a certificate, which --key signs: give both, or neither")
    }
  }

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    let findings = input.analysis(of: project.spec)
    if !output.json {
      let diagnostics = project.diagnostics + (findings?.diagnostics ?? [])
      DiagnosticsOutput.show(diagnostics.inSourceOrder(), project.spec.sources)
    }
    let chosen = try properties(of: project)
    if chosen.isEmpty {
      Terminal.error("note: `\(project.root)` states no property, so that nothing is decided")
    }
    let signer = try signing.signer()
    let superseded = try supersededCertificates(signs: signer != nil)
    let published = try checkpointOfSeeds()
    let destination = try signer.map { _ in
      try CertificateDestination(
        bundlePath(project), for: project, answering: Set(chosen.map(\.name)), superseding: supersedes,
        isForced: replace)
    }
    let library = try input.library(of: project)
    if signer != nil {
      do { try CertificateAssembly.checkPaths(project, library) } catch { throw CommandFailure("\(error)") }
    }
    let committed = try committedBefore(project, library, signer)
    let lowering = SpecLowering(project.spec, library)
    if estimate { return try await showEstimates(chosen, lowering) }
    let earlier =
      fresh || signer == nil
      ? nil : EarlierCertificate(bundle: bundlePath(project), key: signer?.verificationKey)

    let checkpoints = try checkpoint.folder()
    try signing.rehearse(signer)
    let interrupt = Interrupt()
    var outcomes: [PropertyOutcome] = []
    for property in chosen {
      if interrupt.isRaised {
        var skipped = PropertyOutcome(
          property, lowered: try? lowering.lower(property), verdict: .unknown, grade: .attacked)
        skipped.note = "not reached before the interrupt: run again"
        outcomes.append(skipped)
        continue
      }
      let outcome = await decide(
        property, lowering, earlier, checkpoints, published?.digest, interrupt, findings?.vacuous ?? [])
      outcomes.append(outcome)
      if !output.json { report(outcome) }
    }
    var pictured: [String] = []
    do {
      pictured = try Pictures(folder: picturesPath(project)).draw(outcomes)
    } catch {
      // A picture is no evidence.
      Terminal.error("note: the pictures are not complete: \(error)")
    }
    var certificate: String?
    var failure: CommandFailure?
    let code = AnswerCode.summary(of: outcomes.map { ($0.verdict, $0.grade, $0.requestedGrade) })
    if interrupt.isRaised, let loss = destination?.loss(from: outcomes) {
      failure = CommandFailure(loss, code: code, isInOutput: true)
    } else if let signer {
      if let old = try? UnverifiedCertificate(bundle: bundlePath(project)), old.claimedKeyIDs.count > 1 {
        Terminal.error(
          "note: the certificate that stood there bore \(old.claimedKeyIDs.count) signatures, and the new one bears one"
        )
      }
      do {
        _ = try CertificateAssembly(
          project, library, outcomes, supersedes: superseded, seedCheckpoint: published,
          committedBefore: committed
        ).write(
          to: bundlePath(project), key: signer, issuedAt: Int(Date().timeIntervalSince1970))
        certificate = bundlePath(project)
      } catch {
        failure = CommandFailure("no certificate was written: \(error)", isInOutput: true)
      }
    }
    // What a long search found is shown even where it cannot be signed or kept.
    finish(outcomes, pictures: pictured, certificate: certificate, failure: failure)
    if let failure { throw failure }
    return code
  }

  private func properties(of project: Project) throws -> [Property] {
    guard !property.isEmpty else { return project.spec.properties }
    var names: [String] = []
    for name in property where !names.contains(name) { names.append(name) }
    return try names.map { name in
      guard let found = project.spec.property(named: name) else {
        let known = project.spec.properties.map(\.name).joined(separator: ", ")
        throw CommandFailure("`\(project.root)` has no property `\(name)`; it has \(known)")
      }
      return found
    }
  }

  /// The payload digests of the certificates to supersede; their signatures do not matter, since only this one is signed.
  private func supersededCertificates(signs: Bool) throws -> [ContentDigest] {
    guard supersedes.isEmpty || signs else {
      throw CommandFailure("`--supersedes` goes into a certificate: give --key")
    }
    var digests: [ContentDigest] = []
    for path in supersedes {
      do {
        let digest = try UnverifiedCertificate(bundle: path).statedDigest()
        if !digests.contains(digest) { digests.append(digest) }
      } catch {
        throw CommandFailure("`--supersedes \(path)`: \(error)")
      }
    }
    return digests
  }

  /// What was committed to before, checked before the search that would be in vain.
  private func committedBefore(
    _ project: Project, _ library: ModelLibrary, _ signer: (any Signer)?
  ) throws -> CommitmentRecord? {
    guard let commitment else { return nil }
    guard let key = signer?.verificationKey else {
      throw CommandFailure("`--commitment` goes into a certificate: give --key")
    }
    do {
      let record = try CommitmentRecord(
        at: commitment, timestampEnding: TimeStampToken.fileExtension, logProofEnding: LogProof.fileExtension)
      let now = try BelievedClock.reading(Date().timeIntervalSince1970)
      var files: [FileRecord] = []
      for file in library.modelFiles + library.dataFiles { files.append(try FileRecord(file)) }
      try record.commitment.check(try SpecRecord(project), files: files, issuedAt: now, at: commitment)
      let envelope = record.commitment.envelope
      guard !envelope.claimedKeyIDs.contains(key.keyID) || envelope.signers(among: [key]) == [key] else {
        throw CertificateError(
          .signature, at: commitment, "the signature said to be of your key does not verify",
          fix: "commit anew, or take the file that `dspec commit` wrote")
      }
      let statement = try SignedStatement(envelope, at: commitment)
      if let bytes = record.timestamp {
        let place = commitment + TimeStampToken.fileExtension
        let time = try TimeStampToken(bytes, at: place).statedTime(of: statement)
        guard time <= now else {
          throw CertificateError(
            .commitment, at: place, "it is \(now), and the timestamp says by \(time)",
            fix: "check the clock, or wait")
        }
      }
      if let bytes = record.logProof {
        let place = commitment + LogProof.fileExtension
        _ = try LogProof(bytes, at: place).checkInclusion(of: statement, at: place)
      }
      return record
    } catch {
      throw CommandFailure("`--commitment`: \(error)")
    }
  }

  private func checkpointOfSeeds() throws -> SeedCheckpoint? {
    guard let seedCheckpoint else { return nil }
    guard !seedCheckpoint.isEmpty else {
      throw CommandFailure("`--seed-checkpoint` is empty: give a text or a file")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: seedCheckpoint, isDirectory: &isFolder) else {
      let looksLikeFile = seedCheckpoint.contains("/") || seedCheckpoint.contains(/\.[A-Za-z]\w{0,9}$/)
      guard !looksLikeFile || seedCheckpoint.contains(where: \.isWhitespace) else {
        throw CommandFailure(
          "`--seed-checkpoint \(seedCheckpoint)`: there is no such file; a text that is meant as it stands has a space, "
            + "or neither `/` nor a file's ending")
      }
      Terminal.error("note: there is no file `\(seedCheckpoint)`: this text is the checkpoint of the seeds")
      return SeedCheckpoint(of: Array(seedCheckpoint.utf8))
    }
    guard !isFolder.boolValue else {
      throw CommandFailure("`--seed-checkpoint \(seedCheckpoint)` is a folder: give a text or a file")
    }
    do {
      return SeedCheckpoint(of: try FileReading.content(of: seedCheckpoint, limit: 16 << 20))
    } catch {
      throw CommandFailure("`--seed-checkpoint`: \(error)")
    }
  }

  private func stem(_ project: Project) -> String {
    let name = URL(fileURLWithPath: project.root).deletingPathExtension().lastPathComponent
    return name.isEmpty ? "specification" : name
  }

  private func bundlePath(_ project: Project) -> String { out ?? stem(project) + ".dcert" }

  private func picturesPath(_ project: Project) -> String {
    if let pictures { return pictures }
    let base = bundlePath(project)
    return (base.hasSuffix(".dcert") ? String(base.dropLast(6)) : base) + "-pictures"
  }

  private func decide(
    _ property: Property, _ lowering: SpecLowering, _ earlier: EarlierCertificate?,
    _ checkpoints: CheckpointFolder?, _ published: ContentDigest?, _ interrupt: Interrupt,
    _ vacuous: Set<String>
  ) async -> PropertyOutcome {
    if vacuous.contains(property.name) {
      return await PropertyRun(budget: budget.limits).decideVacuous(property, lowering)
    }
    let lowered: LoweredProperty
    do {
      lowered = try lowering.lower(property)
    } catch {
      var outcome = PropertyOutcome(property, lowered: nil, verdict: .unknown, grade: .attacked)
      outcome.note = LoweringMessage.text(error)
      return outcome
    }
    let line = ProgressLine(property.name)
    if let earlier {
      line.show("looking for an answer in the last certificate, whose evidence is replayed")
      let reused = await earlier.outcome(for: lowered, seedCheckpoint: published, workers: budget.workers)
      line.clear()
      if let reused { return reused }
    }
    let run = PropertyRun(
      budget: budget.limits,
      checkpoints: checkpoints, seedCheckpoint: published
    ) { line.update($0) }
    let task = Task { await run.decide(lowered) }
    interrupt.watch(task)
    let outcome = await task.value
    line.clear()
    return outcome
  }

  private func report(_ outcome: PropertyOutcome) {
    var text = "\(outcome.property.name): \(outcome.verdict.rawValue)"
    if outcome.isReused { text += " (obligation unchanged since the last certificate: its evidence replays)" }
    Terminal.error(text)
  }

  private func showEstimates(_ chosen: [Property], _ lowering: SpecLowering) async throws -> AnswerCode {
    var rows: [JSONValue] = []
    for property in chosen {
      let estimate: CostEstimate
      do {
        estimate = await CostEstimate.of(try lowering.lower(property), workers: budget.workers)
      } catch {
        let problem = LoweringMessage.text(error)
        rows.append(
          JSONOutput.object([("property", .string(property.name)), ("problem", .string(problem))]))
        if !output.json { print("\(property.name): \(problem)") }
        continue
      }
      rows.append(
        JSONOutput.object([
          ("property", .string(property.name)), ("estimate", .string(estimate.text)),
        ]))
      if !output.json { print("\(property.name): \(estimate.text)") }
    }
    if output.json { print(JSONOutput.text(JSONOutput.object([("estimates", .array(rows))]))) }
    return .holds
  }

  private func finish(
    _ outcomes: [PropertyOutcome], pictures: [String], certificate: String?, failure: CommandFailure?
  ) {
    if output.json {
      var fields: [(String, JSONValue)] = [
        ("properties", .array(outcomes.map(JSONOutput.outcome))),
        ("pictures", .array(pictures.map { .string($0) })),
      ]
      if let certificate { fields.append(("certificate", .string(certificate))) }
      if let failure {
        fields.append(("error", FailureMessage.value(failure.message, code: failure.code.rawValue)))
      }
      print(JSONOutput.text(JSONOutput.object(fields)))
      return
    }
    print(ResultTable.render(outcomes))
    for outcome in outcomes {
      if let note = outcome.note { print("\(outcome.property.name): \(note)") }
      for line in outcome.gap?.lines ?? [] { print("  \(line)") }
    }
    for path in pictures { print("picture: \(path)") }
    if let certificate {
      print("certificate: \(certificate)")
    } else if failure == nil {
      print("no certificate: give --key to sign one (`dspec keygen` makes a key)")
    }
  }
}
