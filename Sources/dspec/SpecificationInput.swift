import ArgumentParser
import BranchAndBound
import Certificates
import DSpecSemantics
import Diagnostics
import Foundation
import Lowering
import SpecAnalysis
import Verifier
import Z3Solver

/// The specification that a verb works on.
struct SpecificationInput: ParsableArguments {
  @Argument(help: "The .dspec file.", completion: .file(extensions: ["dspec"]))
  var specification: String

  @Option(
    name: .customLong("param"), help: ArgumentHelp("Set a parameter, as NAME=VALUE.", valueName: "name=value")
  )
  var parameters: [String] = []

  @Option(
    name: .customLong("project"),
    help: ArgumentHelp(
      "The folder that holds all files of the project, where imports lead out of the specification's own.",
      valueName: "folder"),
    completion: .directory)
  var projectFolder: String?

  /// Reads and checks the specification; prints diagnostics and throws when there are errors.
  func project() throws -> Project {
    var values: [String: String] = [:]
    for text in parameters {
      guard let split = text.firstIndex(of: "="), split > text.startIndex else {
        throw CommandFailure("`--param \(text)` has no value; write `--param name=value`")
      }
      let name = String(text[..<split])
      guard values.updateValue(String(text[text.index(after: split)...]), forKey: name) == nil else {
        throw CommandFailure("`--param` sets `\(name)` twice; give it once")
      }
    }
    do {
      return try Project(path: specification, parameters: values, within: projectFolder)
    } catch {
      switch error {
      case .invalid(let diagnostics, let sources):
        throw failure(of: specification, diagnostics, sources)
      case .file(let message): throw CommandFailure(message)
      }
    }
  }

  /// Looks for what the specification says in vain; a failure of the solver is a note, no error.
  func analysis(of spec: TypedSpec) -> SpecificationAnalysis<Z3>.Findings? {
    do {
      return try SpecificationAnalysis(solver: Z3()).run(spec)
    } catch {
      Terminal.error("note: the specification was not searched for vacuous claims: \(error)")
      return nil
    }
  }

  /// Reads the files that the specification names.
  func library(of project: Project) throws -> ModelLibrary {
    do {
      return try project.library()
    } catch {
      if case .mismatch(let text, let span) = error {
        throw failure(
          of: project.root, [Diagnostic(.artifactMismatch, text, at: span)], project.spec.sources)
      }
      throw CommandFailure(place(of: error, in: project) + LoweringMessage.text(error))
    }
  }

  private func place(of error: LoweringError, in project: Project) -> String {
    let span: SourceSpan
    switch error {
    case .noBackEnd(_, let place), .mismatch(_, let place), .file(_, let place): span = place
    }
    guard let file = project.spec.sources[span.source] else { return "" }
    let location = file.location(at: span.lower)
    return "\(file.name):\(location.line):\(location.column): "
  }

  /// Shows why a specification is refused.
  func failure(of path: String, _ diagnostics: [Diagnostic], _ sources: SourceMap) -> CommandFailure {
    let count = diagnostics.filter { $0.severity == .error }.count
    return DiagnosticsOutput.refusal(
      "\(path): \(count) \(count == 1 ? "error" : "errors")", diagnostics, sources)
  }
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object instead of text.")
  var json = false
}

/// How much a search may spend.
struct BudgetOptions: ParsableArguments {
  @Option(help: "Seconds for each property.")
  var budget: Double = 60
  @Option(help: "Cells for each property; with this limit a stopped run gives the same evidence again.")
  var nodes: Int?
  @Option(
    help:
      "Megabytes of a search's own structures; towards the limit the newest cells go first, which saves some."
  )
  var memory: Int?
  @Option(help: "Concurrent workers; results do not depend on it.")
  var workers: Int = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard budget > 0, budget.isFinite else {
      throw ValidationError("--budget must be a positive number of seconds")
    }
    if let nodes, nodes < 1 { throw ValidationError("--nodes must be at least 1") }
    try MemoryLimit.validate(memory)
    guard (1...1024).contains(workers) else { throw ValidationError("--workers must lie in 1 ... 1024") }
  }

  var limits: SearchBudget {
    SearchBudget(seconds: budget, nodes: nodes, memory: memory.map(MemoryLimit.bytes), workers: workers)
  }
}

/// The option `--memory`.
enum MemoryLimit {
  private static let largest = 1 << 24

  static func validate(_ megabytes: Int?) throws {
    guard let megabytes, !(1...largest).contains(megabytes) else { return }
    throw ValidationError("--memory must lie in 1 ... \(largest) megabytes")
  }

  static func bytes(_ megabytes: Int) -> Int { megabytes << 20 }
}

/// Where searches keep their states.
struct CheckpointOptions: ParsableArguments {
  @Option(
    help: """
      Folder in which searches keep their states every few seconds; the next run with it goes on from there, even \
      after kill -9.
      """, completion: .directory)
  var checkpoint: String?

  func folder() throws -> CheckpointFolder? {
    try checkpoint.map { path in
      do {
        return try CheckpointFolder(path) { Terminal.error($0.description) }
      } catch {
        throw CommandFailure("\(error)")
      }
    }
  }
}
