import ArgumentParser
import Certificates
import Foundation
import Verifier

/// The exit code of an answer, not to be confused with that of the argument parser.
typealias AnswerCode = Certificates.ExitCode

/// The command line: safety specifications of diffusion models, checked, decided and certified.
@main
struct DSpec {
  static func main() async {
    do {
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
      failure.print()
      _ = StandardStreams.finish()
      exit(failure.code.rawValue)
    } catch {
      let code = Root.exitCode(for: error)
      let text = Root.fullMessage(for: error)
      if code.isSuccess {
        print(text)
        exit(StandardStreams.finish() ? 0 : AnswerCode.badInput.rawValue)
      }
      Terminal.error(text.isEmpty ? "\(error)" : text)
      // The argument parser's own errors and everything about input share one code.
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
      unknown, vacuous, undefined or below its grade; 3 bad input or usage; 4 internal error.
      """,
    version: DSpecVersion.text,
    subcommands: [
      Init.self, Check.self, Fmt.self, Fix.self, Explain.self, Doc.self, Hazards.self, Commit.self,
      Verify.self, Test.self, Tighten.self, Sample.self,
      Compile.self, Vnnlib.self, Bench.self, Keygen.self, Inspect.self, Report.self, Sign.self, Review.self,
      Revoke.self, Log.self, TimestampCommand.self, Diff.self, Train.self,
    ])
}

/// A verb that does its work asynchronously and answers with an exit code.
protocol DSpecVerb: ParsableCommand {
  func perform() async throws -> AnswerCode
}

/// A failure that is already worded.
struct CommandFailure: Error {
  let code: AnswerCode
  let message: String

  init(_ message: String, code: AnswerCode = .badInput) {
    self.message = message
    self.code = code
  }

  func print() { Terminal.error("error: \(message)") }
}
