import ArgumentParser
import Certificates
import DSpecSemantics
import Diagnostics
import Foundation
import Verifier

/// Applies the fixes that diagnostics carry.
struct Fix: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Apply the fixes that diagnostics carry to the file, as far as each has exactly one.",
    discussion: "Exit codes: 0 no error is left, 3 some is, or bad input.")

  @Argument(help: "The .dspec file.", completion: .file(extensions: ["dspec"]))
  var specification: String
  @Flag(name: .customLong("dry-run"), help: "Print the fixed file instead of writing it.")
  var isDryRun = false
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let result: SourceFixer.Result
    do {
      result = try SourceFixer.fix(path: specification)
    } catch {
      throw CommandFailure(error.message)
    }
    if isDryRun {
      if !output.json { print(String(decoding: result.bytes, as: UTF8.self), terminator: "") }
    } else if !result.applied.isEmpty {
      try ResultFile.write(result.bytes, to: specification)
    }
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object(
            [("applied", .array(result.applied.map { .string($0) })), ("left", .integer(result.left))]
              + (isDryRun ? [("text", .string(String(decoding: result.bytes, as: UTF8.self)))] : []))))
    } else if !isDryRun {
      for title in result.applied { print("fixed: \(title)") }
      print("\(result.applied.count) fixed, \(result.left) left")
    }
    return result.hasErrors ? .badInput : .holds
  }
}
