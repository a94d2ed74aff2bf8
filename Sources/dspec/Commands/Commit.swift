import ArgumentParser
import Certificates
import DSpecSemantics
import Diagnostics
import Foundation
import Verifier

/// States that a specification is fixed, before anything is decided.
struct Commit: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract:
      "Write a signed statement that a specification is fixed, before anybody knows what comes of it.",
    discussion: """
      Networks and data that are there are committed to as well; what is not there yet the certificate will name. `dspec verify --commitment FILE` puts the statement into the certificate, and \
      with it a timestamp and a proof of a log that lie beside it; a specification that has changed since is refused.

      Example, with a timestamp and a log in between:
        dspec commit a.dspec --key K.key.pem
        dspec timestamp request a.commitment.json
        dspec log append LOG a.commitment.json --key LOG.key.pem
        dspec log prove LOG a.commitment.json
        dspec verify a.dspec --key K.key.pem --commitment a.commitment.json
      """)

  @OptionGroup var input: SpecificationInput
  @OptionGroup var signing: SigningOptions
  @Option(
    name: .shortAndLong, help: "File to write, NAME.commitment.json by default.",
    completion: .file(extensions: ["json"]))
  var out: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    if !output.json { DiagnosticsOutput.show(project.diagnostics.inSourceOrder(), project.spec.sources) }
    let signer = try signing.requiredSigner()
    guard let now = Timestamp(secondsSince1970: Int(Date().timeIntervalSince1970)) else {
      throw CommandFailure("the clock is out of range: set it")
    }
    let stem = URL(fileURLWithPath: input.specification).deletingPathExtension().lastPathComponent
    let path = out ?? "\(stem).commitment.json"
    do {
      let files = try project.presentFiles()
      let commitment = try SpecCommitment(
        to: try SpecRecord(project), files: files, at: now, signer: signer)
      try commitment.write(to: path)
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object([
              ("committedAt", .string(now.text)),
              ("files", .array(files.map { .string($0.name.text) })),
              ("manifest", .string(commitment.manifest.hex)),
              ("statement", .string(path)),
            ])))
      } else {
        print("committed to \(project.root) and \(files.count) networks and data files at \(now): \(path)")
      }
    } catch {
      throw CommandFailure("\(error)")
    }
    return .holds
  }
}
