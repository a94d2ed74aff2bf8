import ArgumentParser
import Certificates
import DSpecSemantics
import Foundation
import Lowering
import Verifier

/// Draws images of the generator.
struct Sample: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Draw seeded samples of the image that a property speaks of, as a contact sheet.")

  @OptionGroup var input: SpecificationInput
  @Option(help: "The property whose law and pipeline are sampled.")
  var property: String
  @Option(name: .shortAndLong, help: "Number of images.")
  var count: Int = 25
  @Option(help: "Seed, any text.")
  var seed: String = "0"
  @Option(
    name: .shortAndLong, help: "PNG file to write; `-` writes it to standard output.",
    completion: .file(extensions: ["png"]))
  var out: String = "samples.png"
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    guard !(output.json && out == "-") else {
      throw CommandFailure("--json and a picture cannot both go to standard output; name a file with -o")
    }
    guard (1...10_000).contains(count) else { throw CommandFailure("--count must lie in 1 ... 10000") }
    let project = try input.project()
    let library = try input.library(of: project)
    guard let found = project.spec.property(named: property) else {
      throw CommandFailure("`\(project.root)` has no property `\(property)`")
    }
    do {
      let lowered = try SpecLowering(project.spec, library).lower(found)
      let sheet = try SampleSheet.draw(lowered, count: count, seed: seed)
      if out == "-" {
        StandardStreams.write(sheet.png)
        return .holds
      }
      try ResultFile.create(sheet.png, at: out)
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object([
              ("picture", .string(out)), ("samples", .integer(count)), ("hits", .integer(sheet.hits)),
            ])))
      } else {
        print("\(count) samples in \(out); the event of `\(property)` holds on \(sheet.hits)")
      }
    } catch let error as CommandFailure {
      throw error
    } catch let error as LoweringError {
      throw CommandFailure(LoweringMessage.text(error), code: .undecided)
    } catch {
      throw CommandFailure("\(error)")
    }
    return .holds
  }
}
