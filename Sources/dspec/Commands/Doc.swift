import ArgumentParser
import Certificates
import DSpecSemantics
import SpecDocuments
import SpecLibrary
import Verifier

/// Prints a specification as a page for people.
struct Doc: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Print a specification as a page: hazards, properties in words, scope.",
    subcommands: [DocPage.self, DocModules.self], defaultSubcommand: DocPage.self)

  func perform() async throws -> AnswerCode { .holds }
}

/// The page of one specification.
struct DocPage: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "page", abstract: "Print the page of a specification (the default).")

  @OptionGroup var input: SpecificationInput
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    guard output.json else {
      print(SpecPage(project.spec, title: project.root).text, terminator: "")
      return .holds
    }
    let coverage = ScopeCoverage(project.spec)
    print(
      JSONOutput.text(
        JSONOutput.object([
          ("page", .string(SpecPage(project.spec, title: project.root).text)),
          (
            "properties",
            .array(
              project.spec.properties.map {
                JSONOutput.object([
                  ("name", .string($0.name)), ("words", .string(ClaimWords.sentence($0.claim))),
                  ("claim", .string($0.claimText)),
                ])
              })
          ),
          (
            "notCovered",
            .array(
              coverage.gaps.map {
                JSONOutput.object([
                  ("pipeline", .string($0.pipeline)), ("input", .string($0.input)),
                  ("cases", .array($0.cases.map { .string($0) })),
                ])
              })
          ),
        ])))
    return .holds
  }
}

/// The modules of the standard library.
struct DocModules: DSpecVerb {
  static let configuration = CommandConfiguration(
    commandName: "modules", abstract: "List the modules of the standard library.")

  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let modules = StandardLibrary.modules()
    guard !modules.isEmpty else {
      throw CommandFailure(
        "the standard library was not found; set DSPEC_LIBRARY to the folder `specs/std` of the project")
    }
    if output.json {
      print(JSONOutput.text(JSONOutput.object([("modules", .array(modules.map { .string($0) }))])))
    } else {
      print(modules.joined(separator: "\n"))
    }
    return .holds
  }
}
