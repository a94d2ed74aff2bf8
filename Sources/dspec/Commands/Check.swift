import ArgumentParser
import Certificates
import DSpecSemantics
import Diagnostics
import Foundation
import Lowering
import SpecAnalysis
import Verifier

/// Checks a specification without deciding anything.
struct Check: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Check a specification: names, types, shapes, units; with --models also the model files.")

  @OptionGroup var input: SpecificationInput
  @Flag(help: "Also read the model and data files, and compare shapes and digests.")
  var models = false
  @Flag(help: "Skip the search for vacuous, contradictory and redundant claims.")
  var fast = false
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    var open: [(property: String, reason: String)] = []
    if models { open = try undecidable(project) }
    let findings = fast ? [] : input.analysis(of: project.spec)?.diagnostics ?? []
    let diagnostics = (project.diagnostics + findings).inSourceOrder()
    let errors = diagnostics.filter { $0.severity == .error }.count
    guard errors == 0 else { throw input.failure(of: project.root, diagnostics, project.spec.sources) }
    if output.json {
      let rows = open.map {
        JSONOutput.object([("property", .string($0.property)), ("reason", .string($0.reason))])
      }
      print(
        DiagnosticsOutput.json(
          diagnostics, project.spec.sources, models ? [("undecidable", .array(rows))] : []))
    } else {
      DiagnosticsOutput.show(diagnostics, project.spec.sources)
    }
    for (property, reason) in open {
      Terminal.error("note: \(property) will be unknown, whatever the budget: \(reason)")
    }
    if !output.json {
      let count = project.spec.properties.count
      print("\(project.root): \(count) \(count == 1 ? "property" : "properties"), no errors")
    }
    return .holds
  }

  /// The properties that no engine decides, with the reasons.
  private func undecidable(_ project: Project) throws -> [(property: String, reason: String)] {
    let lowering = SpecLowering(project.spec, try input.library(of: project))
    var found: [(property: String, reason: String)] = []
    for property in project.spec.properties {
      do {
        _ = try lowering.lower(property)
      } catch {
        found.append((property.name, LoweringMessage.text(error)))
      }
    }
    return found
  }
}
