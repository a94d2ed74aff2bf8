import ArgumentParser
import Certificates
import Foundation
import TransparencyLog

/// Writes the proof that a log holds a statement.
struct LogProve: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "Write the proof that a log holds a certificate, beside the certificate.",
    discussion: """
      The proof is checked without the log. A later proof replaces an earlier one; both hold.

      Example: dspec log prove log digits.dcert      writes digits.dcert.tlog-proof
      """)

  @Argument(help: "Folder of the log.", completion: .directory)
  var folder: String
  @Argument(
    help: "The bundle folder, or the file of a receipt, revocation or commitment.", completion: .file())
  var statement: String
  @Option(name: .shortAndLong, help: "File to write instead of STATEMENT.tlog-proof.", completion: .file())
  var out: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    try Refusal.answer(.log, of: "log", json: output.json) {
      let statement = try SignedStatement(at: statement)
      let (proof, entry) = try LogReader(FolderStorage(folder)).proof(of: statement)
      let path = out ?? statement.path + LogProof.fileExtension
      try ResultFile.check(path)
      try ResultFile.write(proof.bytes, to: path)
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object(
              LogOptions.state(proof.checkpoint) + [
                ("index", .integer(proof.index)), ("keyid", .string(entry.keyID.hex)),
                ("proof", .string(path)),
              ])))
      } else {
        StandardStreams.line(
          "entry \(proof.index) of \(proof.checkpoint.size) in \(proof.checkpoint.origin): \(path)")
      }
      return .holds
    }
  }
}

/// Checks a proof without the log.
struct LogCheck: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check that a log holds a certificate, from the proof beside it.",
    discussion: """
      Needs no network and no log: the certificate, its proof and the log's public key. It says that the log vouches \
      for the digest; signatures and evidence of the certificate are the business of `dspec-replay`.

      Example: dspec log check digits.dcert --log-key log.pub.pem --origin example.org/dspec

      Exit codes: 0 the proof holds, 1 it does not, 3 bad input.
      """)

  @Argument(
    help: "The bundle folder, or the file of a receipt, revocation or commitment.", completion: .file())
  var statement: String
  @Option(help: "Public key of the log.", completion: .file(extensions: ["pem"]))
  var logKey: String
  @Option(help: "Name that the log must have; any by default.")
  var origin: String?
  @Option(help: "File of the proof, if not STATEMENT.tlog-proof.", completion: .file())
  var proof: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let origin = try origin.map(LogOptions.name)
    return try Refusal.answer(.log, of: "log", json: output.json) {
      let key = try KeyFile.verificationKey(at: logKey)
      let statement = try SignedStatement(at: statement)
      let path = self.proof ?? statement.path + LogProof.fileExtension
      let proof = try LogProof(at: path)
      let entry = try proof.check(statement, key: key, origin: origin, at: path)
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object(
              [("log", "holds")] + LogOptions.state(proof.checkpoint) + [
                ("index", .integer(proof.index)), ("keyid", .string(entry.keyID.hex)),
                ("payloadSha256", .string(entry.payload.hex)),
              ])))
      } else {
        print("certificate \(entry.payload), said to be signed by \(entry.keyID)")
        print("logged: entry \(proof.index) of \(proof.checkpoint.size) in \(proof.checkpoint.origin)")
      }
      return .holds
    }
  }
}

/// Watches a log.
struct LogMonitoring: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "monitor", abstract: "Read a log whole, print what is new, and refuse one that was changed.",
    discussion: """
      The state file keeps the last signed checkpoint; it is written when all is well, and left alone otherwise. Run \
      it on the log's folder or on a copy that was fetched.

      Example: dspec log monitor log --log-key log.pub.pem --state seen.checkpoint

      Exit codes: 0 the log extends what was seen, 1 it is damaged, shorter or another, 3 bad input.
      """)

  @Argument(help: "Folder of the log or of a copy.", completion: .directory)
  var folder: String
  @Option(help: "Public key of the log.", completion: .file(extensions: ["pem"]))
  var logKey: String
  @Option(help: "File of the state; absent at the first time.", completion: .file())
  var state: String
  @Option(help: "Name that the log must have; any by default.")
  var origin: String?
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let origin = try origin.map(LogOptions.name)
    return try Refusal.answer(.log, of: "log", json: output.json) {
      let key = try KeyFile.verificationKey(at: logKey)
      try ResultFile.check(state)
      let text = try SharedFile.content(of: state, limit: SignedNote.sizeLimit)
      let seen = try text.map { try Checkpoint($0, at: state) }
      let report = try LogMonitor(FolderStorage(folder), key: key, origin: origin).check(
        since: seen, seenAt: state)
      show(report, seen)
      try ResultFile.write(report.checkpoint.note.bytes, to: state)
      return .holds
    }
  }

  private func show(_ report: LogReport, _ seen: Checkpoint?) {
    if output.json {
      let entries = report.items.map { item -> JSONValue in
        var fields: [(String, JSONValue)] = [("index", .integer(item.index))]
        if let entry = item.entry {
          fields += [
            ("keyid", .string(entry.keyID.hex)), ("payloadSha256", .string(entry.payload.hex)),
            ("predicateType", .string(entry.predicateType)),
          ]
        }
        return JSONOutput.object(fields)
      }
      print(
        JSONOutput.text(
          JSONOutput.object(
            [("log", "holds")] + LogOptions.state(report.checkpoint) + [
              ("seen", .integer(seen?.size ?? 0)), ("new", .array(entries)),
            ])))
      return
    }
    for item in report.items {
      guard let entry = item.entry else {
        StandardStreams.line("entry \(item.index): not an entry of dspec")
        continue
      }
      StandardStreams.line(
        "entry \(item.index): \(entry.payload) \(entry.predicateType) said to be by \(entry.keyID)")
    }
    let before = seen.map { "extends the \($0.size) entries seen before" } ?? "seen for the first time"
    print("\(report.checkpoint.origin): \(report.checkpoint.size) entries, \(before)")
  }
}
