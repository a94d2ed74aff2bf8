import ArgumentParser
import BranchAndBound
import Certificates
import DSpecSemantics
import Lowering
import Verifier

/// Finds the best bound that can be proved.
struct Tighten: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Find the best bound of one property that can be proved within the budget.",
    discussion: "Exit codes: 0 a bound is proved, 2 none within the budget or no engine, 3 bad input.")

  @OptionGroup var input: SpecificationInput
  @Option(help: "The property.")
  var property: String
  @Option(help: "Stop when proof and attack are this close.")
  var gap: Double = 0.01
  @OptionGroup var budget: BudgetOptions
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    let project = try input.project()
    let library = try input.library(of: project)
    guard let found = project.spec.property(named: property) else {
      throw CommandFailure("`\(project.root)` has no property `\(property)`")
    }
    guard gap > 0, gap.isFinite else { throw CommandFailure("--gap must be a positive number") }
    let lowered: LoweredProperty
    do {
      lowered = try SpecLowering(project.spec, library).lower(found)
    } catch {
      throw CommandFailure(LoweringMessage.text(error), code: .undecided)
    }
    let line = ProgressLine(property)
    let interrupt = Interrupt()
    let search = Tightening(
      budget: budget.limits, gap: gap)
    let task = Task { () -> Result<Tightening.Outcome, any Error> in
      do { return .success(try await search.run(lowered) { line.update($0) }) } catch {
        return .failure(error)
      }
    }
    interrupt.watch(task)
    let result = await task.value
    line.clear()
    let outcome: Tightening.Outcome
    do { outcome = try result.get() } catch { throw CommandFailure("\(error)", code: .undecided) }
    if output.json {
      print(
        JSONOutput.text(
          JSONOutput.object([
            ("property", .string(property)), ("proved", .string(outcome.proved)),
            ("attained", .string(outcome.attained)), ("nodes", .integer(outcome.nodes)),
          ])))
    } else {
      print("proved    \(outcome.proved)")
      print("attained  \(outcome.attained)")
      print("cells     \(outcome.nodes)")
      print(outcome.suggestion)
    }
    return outcome.isProved ? .holds : .undecided
  }
}
