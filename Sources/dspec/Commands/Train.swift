import ArgumentParser
import Certificates
import Foundation
import Training

/// Trains the bundled example's models.
struct Train: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Train the digits example: two latent diffusion models and the classifiers, from a seed.")

  @Option(help: "Folder with digits-images.idx3-ubyte and digits-labels.idx1-ubyte.", completion: .directory)
  var data: String = "examples/digits/data"
  @Option(name: .shortAndLong, help: "Folder for the ONNX files.", completion: .directory)
  var out: String = "models"
  @Option(help: "Seed; equal seeds give equal files on one type of processor.")
  var seed: UInt64 = 1
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    do {
      let showsLog = !output.json
      let report = try DigitsTraining(data: data, out: out, seed: seed).run { line in
        if showsLog { Terminal.error(line) }
      }
      if output.json {
        print(JSONOutput.text(JSONOutput.object(report.figures.map { ($0.name, .string($0.value)) })))
      } else {
        for figure in report.figures { print("\(figure.name): \(figure.value)") }
        for path in report.files { print("wrote \(path)") }
      }
      return .holds
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
