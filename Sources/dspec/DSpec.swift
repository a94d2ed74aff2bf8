import ArgumentParser
import Certificates
import Diagnostics
import Foundation
import Verifier

/// The exit code of an answer, not to be confused with that of the argument parser.
typealias AnswerCode = Certificates.ExitCode

/// The command line: safety specifications of diffusion models, checked, decided and certified.
@main
struct DSpec {
  static func main() async {
    StandardStreams.occupy()
    do {
      try Root.checkName()
      var command = try Root.parseAsRoot()
      let outcome: AnswerCode
      if let asynchronous = command as? any DSpecVerb {
        outcome = try await asynchronous.perform()
      } else {
        try command.run()
        outcome = .holds
      }
      exit(StandardStreams.finish() ? outcome.rawValue : AnswerCode.badInput.rawValue)
    } catch let failure as CommandFailure {
      FailureMessage.write(
        failure.message, code: failure.code.rawValue, json: JSONOutput.isAsked && !failure.isInOutput)
      _ = StandardStreams.finish()
      exit(failure.code.rawValue)
    } catch {
      let code = Root.exitCode(for: error)
      let text = Root.fullMessage(for: error)
      if code.isSuccess {
        print(text)
        exit(StandardStreams.finish() ? 0 : AnswerCode.badInput.rawValue)
      }
      let message = Root.message(for: error)
      // The argument parser's own errors and everything about input share one code.
      FailureMessage.write(
        message.isEmpty ? "\(error)" : message, explanation: text.isEmpty ? "error: \(error)" : text,
        code: AnswerCode.badInput.rawValue, json: JSONOutput.isAsked)
      _ = StandardStreams.finish()
      exit(AnswerCode.badInput.rawValue)
    }
  }
}

/// The root command.
struct Root: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dspec",
    abstract: "Specify, verify and certify the safety of diffusion models.",
    discussion: """
      Exit codes: 0 all properties hold at their grade; 1 something is refuted or contradicted; 2 something is \
      unknown, vacuous, undefined or below its grade; 3 bad input or usage.
      """,
    version: DSpecVersion.text,
    subcommands: [
      Init.self, Check.self, Fmt.self, Fix.self, Explain.self, Doc.self, Hazards.self, Commit.self,
      Verify.self, Test.self, Tighten.self, Sample.self,
      Compile.self, Vnnlib.self, Bench.self, Keygen.self, Inspect.self, Report.self, Sign.self, Review.self,
      Revoke.self, Log.self, TimestampCommand.self, Diff.self, Train.self,
    ])

  /// Refuses a command line whose command does not exist, which the parser would take for a stray argument.
  static func checkName() throws {
    var command: any ParsableCommand.Type = Root.self
    var path = "dspec"
    for word in CommandLine.arguments.dropFirst() {
      let known = command.configuration.subcommands
      guard !known.isEmpty, command.configuration.defaultSubcommand == nil, !word.hasPrefix("-") else {
        return
      }
      if let next = known.first(where: { $0.word == word }) {
        command = next
        path += " " + word
        continue
      }
      guard path != "dspec" || word != "help" else { return }
      let names = known.map { $0.word }
      let meant = SpellingSuggestion.nearest(to: word, among: names)
      throw CommandFailure(
        "there is no command `\(path) \(word)`; "
          + (meant.map { "did you mean `\(path) \($0)`?" } ?? "there are \(names.joined(separator: ", "))"))
    }
  }
}

extension ParsableCommand {
  /// The word that names the command.
  fileprivate static var word: String { configuration.commandName ?? "\(Self.self)".lowercased() }
}

/// A verb that does its work asynchronously and answers with an exit code.
protocol DSpecVerb: ParsableCommand {
  func perform() async throws -> AnswerCode
}

/// A failure that is already worded.
struct CommandFailure: Error {
  let code: AnswerCode
  let message: String
  /// Whether the JSON on standard output, where it is asked for, tells of it already.
  let isInOutput: Bool

  init(_ message: String, code: AnswerCode = .badInput, isInOutput: Bool = false) {
    self.message = message
    self.code = code
    self.isInOutput = isInOutput
  }
}
