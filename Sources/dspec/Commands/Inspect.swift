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
    print("certificate   \(contents.payloadDigest)")
    print("issued        \(predicate.issuedAt), counts until \(predicate.expiresAt)")
    print("issuer        \(predicate.issuerKeyID) (signature not examined: see dspec-replay --trust)")
    print("tool          \(predicate.tool.name) \(predicate.tool.version)")
    let language = predicate.spec.language == .dspec ? "" : " (\(predicate.spec.language.rawValue))"
    print("specification \(predicate.spec.root)\(language)")
    for (name, value) in predicate.spec.parameters.sorted(by: { $0.key < $1.key }) {
      print("parameter     \(name) = \(value)")
    }
    if let commitment = predicate.spec.committedBefore?.commitment {
      let shown = ShownCommitment(
        commitment, missing: commitment.missing(of: predicate.models + predicate.datasets))
      print("commitment    \(shown.statement)")
    }
    for file in predicate.models { print("model         \(file.name)  sha256 \(file.digest)") }
    for file in predicate.datasets { print("data          \(file.name)  sha256 \(file.digest)") }
    for line in predicate.scope { print("scope         \(line)") }
    for item in predicate.assumptions {
      print(
        "assumption    \(item.id) \(item.isDischarged ? "said to be discharged" : "not discharged"): \(item.text)"
      )
    }
    for line in predicate.identity { print("states        \(line)") }
    print("")
    for property in predicate.properties {
      print("\(property.id)  \(property.verdict.rawValue) (\(property.grade.rawValue))")
      if !property.title.isEmpty { print("  \(property.title)") }
      print("  \(property.text)")
      if let bounds = property.bounds {
        // Bounds of a measure come with its thresholds; of the others only a replay knows what the numbers are.
        let rest = property.threshold.isEmpty ? ", of a probability: of its logit" : ""
        let ends = "\(bounds.lower.map { "\($0)" } ?? "-∞") … \(bounds.upper.map { "\($0)" } ?? "∞")"
        print("  bounds \(ends)\(rest)")
      }
      for (name, value) in property.details.sorted(by: { $0.key < $1.key }) { print("  \(name): \(value)") }
      print("  \(property.leaves) leaves, \(property.evidence.reduce(0) { $0 + $1.size }) bytes of evidence")
      if let note = property.note { print("  \(note)") }
    }
    return .holds
  }
}
