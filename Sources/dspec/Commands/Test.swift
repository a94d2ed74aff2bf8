import ArgumentParser
import BranchAndBound
import Certificates
import DSpecSemantics
import Lowering
import ModelFormats
import RigorousArithmetic
import SpecAnalysis
import Verifier

/// Runs the tests of a specification: wrong networks that its properties must notice.
struct Test: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Run the `test` declarations: properties must give the expected verdicts on changed networks.",
    discussion:
      "Exit codes: 0 all tests pass; 1 a verdict differs from the expected one; 2 a property is unknown.")

  @OptionGroup var input: SpecificationInput
  @OptionGroup var budget: BudgetOptions
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    let library = try input.library(of: project)
    var code = AnswerCode.holds
    var rows: [JSONValue] = []
    // Vacuous claims are vacuous whatever the networks compute, so one search serves all tests.
    let vacuous = input.analysis(of: project.spec)?.vacuous ?? []
    if project.spec.tests.isEmpty, !output.json {
      print(
        "\(project.root) declares no tests; add one, as in `test \"…\" { under: replace(f, always(1)) … }`")
    }
    for test in project.spec.tests {
      var changed = library
      var pipelines: [String: Callee] = [:]
      for replacement in test.replacements {
        let constant: (name: String, values: [Double])
        switch replacement {
        case .constant(let network, let value): constant = (network, [value.enclosure.midpoint])
        case .record(let network, let dataset, let row):
          guard let record = library.record(dataset, row) else {
            throw CommandFailure("`\(dataset)` has no record \(row), which the test `\(test.title)` needs")
          }
          constant = (network, record.nearest)
        case .pipeline(let name, let other):
          pipelines[name] = other
          continue
        }
        guard let network = project.spec.network(named: constant.name) else { continue }
        do {
          changed = try changed.replacing(network, by: constant.values)
        } catch {
          throw CommandFailure(LoweringMessage.text(error))
        }
      }
      for expectation in test.expectations {
        guard let property = project.spec.property(named: expectation.property) else { continue }
        let lowering = SpecLowering(project.spec, changed, replacing: pipelines)
        let verdict =
          vacuous.contains(property.name)
          ? PropertyOutcome(withoutMeaning: property, lowering).verdict
          : await self.verdict(of: property, lowering)
        let passes = verdict.rawValue == expectation.verdict.rawValue
        if !passes { code = verdict == .unknown && code != .violated ? .undecided : .violated }
        rows.append(
          JSONOutput.object([
            ("test", .string(test.title)), ("property", .string(property.name)),
            ("expected", .string(expectation.verdict.rawValue)), ("found", .string(verdict.rawValue)),
            ("passes", .bool(passes)),
          ]))
        if !output.json {
          let text = "\(property.name) is \(verdict.rawValue)"
          print(
            passes
              ? "pass: \(test.title): \(text)"
              : "FAIL: \(test.title): \(text), expected \(expectation.verdict.rawValue)")
        }
      }
    }
    if output.json { print(JSONOutput.text(JSONOutput.object([("expectations", .array(rows))]))) }
    return code
  }

  private func verdict(of property: Property, _ lowering: SpecLowering) async -> Verdict {
    guard let lowered = try? lowering.lower(property) else { return .unknown }
    return await PropertyRun(budget: budget.limits).decide(lowered).verdict
  }
}
