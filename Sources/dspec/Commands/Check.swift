import ArgumentParser
import Certificates
import DSpecSemantics
import Foundation
import Verifier

/// Checks a specification without deciding anything.
struct Check: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Check a specification: names, types, shapes, units; with --models also the model files.")

  @OptionGroup var input: SpecificationInput
  @Flag(help: "Also read the model and data files, and compare shapes and digests.")
  var models = false
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let project = try input.project(json: output.json)
    if models { _ = try input.library(of: project) }
    if output.json {
      print(JSONOutput.diagnostics(project.diagnostics, project.spec.sources))
    } else {
      input.show(project.diagnostics, project.spec.sources)
      let count = project.spec.properties.count
      print("\(project.root): \(count) \(count == 1 ? "property" : "properties"), no errors")
    }
    return .holds
  }
}
