import ArgumentParser
import Certificates
import Foundation
import TransparencyLog

/// Transparency logs: static files in which everybody sees what was certified.
struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Keep, prove and watch a transparency log of certificates, in files that any web server can serve.",
    discussion: """
      A log holds the digest of each certificate, receipt, revocation or commitment that was appended, and signs its state; \
      nothing can be taken out unseen. The files are those of C2SP tlog-tiles.

      Example:
        dspec log init log --origin example.org/dspec --key log.key.pem
        dspec log append log digits.dcert --key log.key.pem
        dspec log prove log digits.dcert
        dspec log check digits.dcert --log-key log.pub.pem --origin example.org/dspec
        dspec log monitor log --log-key log.pub.pem --state seen.checkpoint

      Exit codes: 0 done, or it holds; 1 a log, a checkpoint or a proof is refused; 3 bad input.
      """,
    subcommands: [LogInit.self, LogAppend.self, LogProve.self, LogCheck.self, LogMonitoring.self])
}

/// Starts a log.
struct LogInit: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Start a log without entries.",
    discussion: """
      Give the log a key of its own, and its readers the public half and the name.

      Example: dspec log init log --origin example.org/dspec --key log.key.pem
      """)

  @Argument(help: "Folder of the log.", completion: .directory)
  var folder: String
  @Option(help: "Name of the log for ever: the address at which it is served, without scheme.")
  var origin: String
  @OptionGroup var signing: SigningOptions
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let origin = try LogOptions.name(origin)
    let signer = try signing.requiredSigner()
    return try Refusal.answer(.log, of: "log", json: output.json) {
      let storage = FolderStorage(folder)
      let files = FileManager.default
      if let names = try? files.contentsOfDirectory(atPath: storage.folder),
        names.contains(where: { !["checkpoint", ".lock", "tile"].contains($0) })
      {
        throw CommandFailure("`\(folder)` holds other files; name a folder of the log's own")
      }
      try SharedFile.makeFolder(storage.folder)
      let lock = try FolderLock(folder: storage.folder)
      let checkpoint = try LogWriter(storage, signer: signer).initialise(origin: origin)
      _ = consume lock
      let key = LogKey(name: origin, key: signer.verificationKey)
      if output.json {
        print(
          JSONOutput.text(JSONOutput.object(LogOptions.state(checkpoint) + [("vkey", .string(key.line))])))
      } else {
        print("started \(origin) in \(storage.folder)")
        print("key for witnesses and monitors: \(key.line)")
      }
      return .holds
    }
  }
}

/// Appends statements to a log.
struct LogAppend: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "append", abstract: "Append certificates, receipts, revocations or commitments, each once.",
    discussion: """
      One that is in the log stays where it is. Whatever interrupts this, the log stays whole: run it again.

      Example: dspec log append log digits.dcert --key log.key.pem
      """)

  @Argument(help: "Folder of the log.", completion: .directory)
  var folder: String
  @Argument(help: "Bundle folders, or files of receipts and revocations.", completion: .file())
  var statements: [String]
  @OptionGroup var signing: SigningOptions
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let signer = try signing.requiredSigner()
    return try Refusal.answer(.log, of: "log", json: output.json) {
      var entries: [LogEntry] = []
      var paths: [String] = []
      for path in statements {
        let statement = try SignedStatement(at: path)
        let own = LogEntry.entries(of: statement)
        guard !own.isEmpty else {
          throw CertificateError(
            .signature, at: path, "no signature names its key, so there is nothing to log it under",
            fix: "let its issuer sign it with `dspec`, which names keys by the digest of their public half")
        }
        entries += own
        paths += own.map { _ in statement.path }
      }
      let storage = FolderStorage(folder)
      guard SharedFile.exists(storage.folder) else {
        throw CertificateError(
          .read, at: storage.folder, "there is no log", fix: "start one: `dspec log init`")
      }
      let lock = try FolderLock(folder: storage.folder)
      let (checkpoint, positions) = try LogWriter(storage, signer: signer).append(entries)
      _ = consume lock
      show(checkpoint, Array(zip(paths, positions)))
      return .holds
    }
  }

  private func show(_ checkpoint: Checkpoint, _ rows: [(path: String, position: LogWriter.Position)]) {
    if output.json {
      let list = rows.map { row -> JSONValue in
        JSONOutput.object([
          ("file", .string(row.path)), ("index", .integer(row.position.index)),
          ("keyid", .string(row.position.entry.keyID.hex)), ("new", .bool(row.position.isNew)),
        ])
      }
      print(JSONOutput.text(JSONOutput.object(LogOptions.state(checkpoint) + [("entries", .array(list))])))
      return
    }
    for (path, position) in rows {
      print("\(path): entry \(position.index)\(position.isNew ? "" : ", there before")")
    }
    print("\(checkpoint.origin): \(checkpoint.size) entries, root \(checkpoint.root)")
  }
}

/// What the commands of logs share.
enum LogOptions {
  /// The name of a log as a user gave it.
  static func name(_ text: String) throws -> LogName {
    guard let name = LogName(text) else {
      throw CommandFailure(
        "`--origin \(text)` is no name of a log: up to 255 visible ASCII characters without `+`, like "
          + "`example.org/dspec`")
    }
    return name
  }

  /// The state of a log for programs.
  static func state(_ checkpoint: Checkpoint) -> [(String, JSONValue)] {
    [
      ("origin", .string(checkpoint.origin.text)), ("root", .string(checkpoint.root.hex)),
      ("size", .integer(checkpoint.size)),
    ]
  }
}
