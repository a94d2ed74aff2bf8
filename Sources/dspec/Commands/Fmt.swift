import ArgumentParser
import Certificates
import DSpecSyntax
import Diagnostics
import Foundation

/// Formats specifications in the one layout of the language.
struct Fmt: DSpecVerb {
  static let configuration = CommandConfiguration(
    abstract: "Format specifications; only blanks and line ends change.",
    discussion:
      "Exit codes: 0 done, or with --check all files are formatted; 1 with --check some are not; 3 a file has "
      + "syntax errors and is left as it is.")

  @Argument(
    help: "The .dspec files; `-` reads standard input and writes standard output.",
    completion: .file(extensions: ["dspec"]))
  var files: [String]
  @Flag(help: "Write nothing; name the files that are not formatted.")
  var check = false
  @OptionGroup var output: OutputOptions

  func perform() async throws -> AnswerCode {
    var changed: [String] = []
    for path in files {
      let bytes = try read(path)
      let formatted = try format(bytes, path: path)
      if path == "-", !check {
        StandardStreams.write(formatted)
        continue
      }
      guard formatted != bytes else { continue }
      changed.append(path)
      guard !check else { continue }
      try ResultFile.write(formatted, to: path)
    }
    if output.json {
      print(JSONOutput.text(JSONOutput.object([("changed", .array(changed.map { .string($0) }))])))
    } else {
      for path in changed { Terminal.error(check ? "not formatted: \(path)" : "formatted: \(path)") }
    }
    return check && !changed.isEmpty ? .violated : .holds
  }

  private func read(_ path: String) throws -> [UInt8] {
    if path == "-" { return [UInt8](FileHandle.standardInput.readDataToEndOfFile()) }
    do {
      return try FileReading.content(of: path, limit: 64 << 20)
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  private func format(_ bytes: [UInt8], path: String) throws -> [UInt8] {
    var sources = SourceMap()
    let file = SourceFile(name: path, utf8: bytes)
    let parsed = Parser.parse(file, source: sources.add(file))
    if let formatted = Formatter.format(parsed) { return formatted }
    let errors = parsed.diagnostics.filter { $0.severity == .error }
    throw DiagnosticsOutput.refusal(
      "\(path): a file with syntax errors is not formatted", errors, sources)
  }
}
