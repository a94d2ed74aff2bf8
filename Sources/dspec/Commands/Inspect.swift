import ArgumentParser
import CertificateAttestations
import Certificates
import RigorousArithmetic

/// Shows what a certificate states.
struct Inspect: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Show what a certificate states, scope first; nothing is replayed (see dspec-replay).")

  @Argument(help: "The bundle folder.", completion: .directory)
  var bundle: String
  @Option(help: "Folder of the model files, if they are not in the bundle.", completion: .directory)
  var models: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let contents: CertificateContents
    do {
      contents = try UnverifiedCertificate(bundle: bundle).check(models: models)
    } catch {
      throw CommandFailure("\(error)")
    }
    let predicate = contents.predicate
    if output.json {
      print(String(decoding: try contents.statement.payload(), as: UTF8.self))
      return .holds
    }
    StandardStreams.line("certificate   \(contents.payloadDigest)")
    StandardStreams.line("issued        \(predicate.issuedAt), counts until \(predicate.expiresAt)")
    StandardStreams.line(
      "issuer        \(predicate.issuerKeyID) (signature not examined: see dspec-replay --trust)")
    StandardStreams.line("tool          \(predicate.tool.name) \(predicate.tool.version)")
    let language = predicate.spec.language == .dspec ? "" : " (\(predicate.spec.language.rawValue))"
    StandardStreams.line("specification \(predicate.spec.root)\(language)")
    for (name, value) in predicate.spec.parameters.sorted(by: { $0.key < $1.key }) {
      StandardStreams.line("parameter     \(name) = \(value)")
    }
    if let commitment = predicate.spec.committedBefore?.commitment {
      let shown = ShownCommitment(
        commitment, missing: commitment.missing(of: predicate.models + predicate.datasets))
      StandardStreams.line("commitment    \(shown.statement)")
    }
    for file in predicate.models { StandardStreams.line("model         \(file.name)  sha256 \(file.digest)") }
    for file in predicate.datasets {
      StandardStreams.line("data          \(file.name)  sha256 \(file.digest)")
    }
    for line in predicate.scope { StandardStreams.line("scope         \(line)") }
    for item in predicate.assumptions {
      StandardStreams.line(
        "assumption    \(item.id) \(item.isDischarged ? "said to be discharged" : "not discharged"): \(item.text)"
      )
    }
    for line in predicate.identity { StandardStreams.line("states        \(line)") }
    StandardStreams.line("")
    for property in predicate.properties {
      StandardStreams.line("\(property.id)  \(property.answer)")
      if !property.title.isEmpty { StandardStreams.line("  \(property.title)") }
      StandardStreams.line("  \(property.text)")
      if let bounds = property.bounds {
        // Bounds of a measure come with its thresholds; of the others only a replay knows what the numbers are.
        let rest =
          property.threshold.isEmpty
          ? " of what the question compares: log-odds of a probability, a multiple of a distance to records of fractions"
          : " of the probability"
        let ends = "\(bounds.lower.map { "\($0)" } ?? "-∞") … \(bounds.upper.map { "\($0)" } ?? "∞")"
        StandardStreams.line("  bounds \(ends)\(rest)")
      }
      for (name, value) in property.details.sorted(by: { $0.key < $1.key }) {
        StandardStreams.line("  \(name): \(value)")
      }
      StandardStreams.line(
        "  \(property.leaves) leaves, \(property.evidence.reduce(0) { $0 + $1.size }) bytes of evidence")
      if let note = property.note { StandardStreams.line("  \(note)") }
    }
    return .holds
  }
}
