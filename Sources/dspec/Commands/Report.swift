import ArgumentParser
import CertificateAttestations
import Certificates
import Foundation
import Replay
import Reports

/// Writes a certificate down for people, code hosts and continuous integration.
struct Report: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Write a certificate as a page, as SARIF for code hosts or as JUnit XML.",
    discussion: """
      The report repeats what the certificate records; --replay derives every verdict again first. A certificate whose \
      structure, digests or records do not check, that was revoked, or that does not count at the moment, gives no report \
      and exit code 3. \
      Exit code 2: keys were given with --trust, and none of them signed.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case html
    case sarif
    case junit

    /// The usual ending of such files.
    var ending: String { self == .junit ? "xml" : rawValue }
  }

  @Argument(help: "The bundle folder.", completion: .directory)
  var bundle: String
  @Option(
    name: .shortAndLong, help: "File to write, `-` for standard output; NAME.html by default.",
    completion: .file())
  var out: String?
  @Option(help: "What to write.")
  var format: Format = .html
  @Option(help: "Write the page as PDF too, through Chromium.", completion: .file(extensions: ["pdf"]))
  var pdf: String?
  @Option(
    help: "Public key that is trusted, or a trust.json; may be repeated.",
    completion: .file(extensions: ["pem", "json"]))
  var trust: [String] = []
  @Option(help: "How many of the trusted keys must have signed; 1 unless a trust.json says otherwise.")
  var threshold: Int?
  @Option(help: "Statement that may revoke the certificate; may be repeated.", completion: .file())
  var revocation: [String] = []
  @Flag(help: "Derive every verdict again before it is reported.")
  var replay = false
  @Option(help: "Moment at which the certificate must count, RFC 3339; now by default.")
  var at: String?
  @Option(help: "Folder of the specification as the code host knows it, for places in SARIF.")
  var base: String = ""
  @Option(help: "Folder of the model files, if they are not in the bundle.", completion: .directory)
  var models: String?
  @Option(help: "Concurrent workers of a replay; results do not depend on it.")
  var workers: Int = ProcessInfo.processInfo.activeProcessorCount
  @OptionGroup var attesting: AttestationOptions
  @OptionGroup var committing: CommitmentOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard pdf == nil || format == .html else { throw ValidationError("--pdf goes with --format html") }
    guard (1...1024).contains(workers) else { throw ValidationError("--workers must lie in 1 ... 1024") }
    guard !(output.json && out == "-") else {
      throw ValidationError("--json and a report cannot both go to standard output; name a file with -o")
    }
  }

  func perform() async throws -> AnswerCode {
    let report: CertificateReport
    do {
      let policy = try TrustPolicy(files: trust, threshold: threshold)
      let certificate = try UnverifiedCertificate(bundle: bundle)
      let contents = try certificate.check(candidates: policy.keys, models: models)
      for line in try RevocationFiles(revocation).check(contents, under: policy) {
        Terminal.error("note: \(line)")
      }
      var attestations = try attesting.check(certificate)
      try attestations.examine(
        contents, try policy.decide(on: contents, seen: attestations.seen), policy)
      attestations.commitment = try committing.anchors().check(contents, policy: policy)
      report = try await CertificateReport(
        contents, policy: policy, at: moment(), by: at == nil ? .machine : .option,
        attested: (attestations.attested, attestations.seen, attestations.isExamined), replays: replay,
        workers: workers)
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw CommandFailure("\(error)")
    }
    let text: String
    switch format {
    case .html: text = ReportPage(report, bundle: bundleName).text
    case .sarif: text = try SARIFLog(report, base: base).text()
    case .junit: text = JUnitReport(report).text
    }
    // Where it cannot be printed, nothing is written.
    if let pdf { try await PDFPrinter.write(text, to: pdf) }
    let path = out ?? "\(stem).\(format.ending)"
    if path == "-" {
      StandardStreams.write(text)
    } else {
      try ResultFile.create(Array(text.utf8), at: path)
    }
    finish(report, path: path)
    return report.signature.isTrusted || trust.isEmpty ? .holds : .undecided
  }

  private func moment() throws -> Timestamp {
    if let at {
      guard let moment = Timestamp(at) else {
        throw CommandFailure("`--at \(at)` is not an RFC 3339 moment in UTC, as in 2026-11-28T12:00:00Z")
      }
      return moment
    }
    return try BelievedClock.reading(Date().timeIntervalSince1970)
  }

  private var bundleName: String {
    URL(fileURLWithPath: bundle, isDirectory: true).standardizedFileURL.lastPathComponent
  }

  private var stem: String {
    bundleName.hasSuffix(".dcert") && bundleName.count > 6 ? String(bundleName.dropLast(6)) : bundleName
  }

  private func finish(_ report: CertificateReport, path: String) {
    if output.json {
      var fields: [(String, JSONValue)] = [
        ("report", .string(path)), ("format", .string(format.rawValue)),
        ("certificate", .string(report.contents.payloadDigest.hex)),
        ("signature", .string(report.signature.word)), ("replayed", .bool(report.replay != nil)),
        ("headline", .string(report.headline)),
        (
          "properties",
          .array(
            report.properties.map {
              JSONOutput.object([
                ("property", .string($0.record.id)), ("verdict", .string($0.record.verdict.rawValue)),
                ("grade", .string($0.record.grade.rawValue)), ("holds", .bool($0.standing == .holds)),
              ])
            })
        ), ("notAnswered", .array(report.uncovered.map { .string($0) })),
      ]
      if let pdf { fields.append(("pdf", .string(pdf))) }
      print(JSONOutput.text(JSONOutput.object(fields)))
      return
    }
    let state =
      "\(report.signature.headline.lowercased()), \(report.replay == nil ? "not replayed" : "replayed")"
    Terminal.error("\(report.headline) (\(state))")
    guard path != "-" else { return }
    print("report: \(path)")
    if let pdf { print("pdf: \(pdf)") }
  }
}
