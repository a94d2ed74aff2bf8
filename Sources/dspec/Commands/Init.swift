import ArgumentParser
import Certificates
import Foundation
import Verifier

/// Makes a starting project.
struct Init: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Make a small commented project, with a tiny generator, that verifies as it stands.")

  @Argument(help: "Folder to make.", completion: .directory)
  var folder: String
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    guard !folder.isEmpty else { throw CommandFailure("the name of the folder is empty; give one") }
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw CommandFailure("`\(folder)` exists already; choose another name")
    }
    do {
      let files = try StartingProject.files()
      for (path, bytes) in files {
        let url = URL(fileURLWithPath: folder).appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url, options: .atomic)
      }
      if output.json {
        print(
          JSONOutput.text(
            JSONOutput.object([("files", .array(files.map { .string("\(folder)/\($0.path)") }))])))
      } else {
        for file in files { print("wrote \(folder)/\(file.path)") }
        print("next: dspec verify \(folder)/safety.dspec")
      }
      return .holds
    } catch {
      // Nothing lay there before.
      try? FileManager.default.removeItem(atPath: folder)
      let words = (error as? CertificateError)?.description ?? error.localizedDescription
      throw CommandFailure("the project `\(folder)` cannot be written: \(words)")
    }
  }
}
