import ArgumentParser
import Certificates
import DSpecSemantics
import Foundation
import Lowering
import Verifier

/// Writes a property's question for other tools.
struct Compile: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract:
      "Write a property's question for another tool: smtlib, or values for comparing network evaluations.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case smtlib
    case values
  }

  @OptionGroup var input: SpecificationInput
  @Option(help: "The format: smtlib (one file a case of a property) or values (JSON lines of every network).")
  var to: Format
  @Option(help: "The property.")
  var property: String?
  @Option(name: .shortAndLong, help: "File to write; standard output by default.", completion: .file())
  var out: String?

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    let library = try input.library(of: project)
    switch to {
    case .values: try write(NetworkValues.lines(project, library))
    case .smtlib:
      guard let name = property, let found = project.spec.property(named: name) else {
        throw CommandFailure("`compile --to smtlib` needs `--property NAME`, a property of the specification")
      }
      do {
        let lowered = try SpecLowering(project.spec, library).lower(found)
        try write(SMTExport.text(lowered))
      } catch let error as LoweringError {
        throw CommandFailure(LoweringMessage.text(error))
      }
    }
    return .holds
  }

  private func write(_ text: String) throws {
    guard let out else {
      print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
      return
    }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    } catch {
      throw CommandFailure("`\(out)` cannot be written: \(error.localizedDescription)")
    }
  }
}
