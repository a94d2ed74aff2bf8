import Foundation

/// A program of this package as a process: exit code and both outputs.
package enum BuiltProgram: String, CaseIterable, Sendable {
  case dspec
  case replay = "dspec-replay"

  package struct Result: Sendable {
    package let code: Int32
    package let output: String
    package let errors: String
  }

  /// A program that does not lie beside the tests, or that a signal ended.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Runs the program; what it writes to standard error fits a pipe.
  ///
  /// - Parameters:
  ///   - path: The search path for other programs, with nothing else in the environment; the tests' own environment
  ///     where it is nil.
  ///   - redirection: What a shell does to the program's streams, such as `>&-`.
  package func run(_ arguments: [String], path: String? = nil, redirection: String = "") throws -> Result {
    // The tests lie beside the programs that were built with them.
    let binary = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent(rawValue)
    guard FileManager.default.isExecutableFile(atPath: binary.path) else {
      throw Failure(description: "no program at \(binary.path)")
    }
    let process = Process()
    process.executableURL = redirection.isEmpty ? binary : URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      redirection.isEmpty ? arguments : ["-c", "exec \"$0\" \"$@\" \(redirection)", binary.path] + arguments
    if let path { process.environment = ["PATH": path] }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let problems = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationReason == .exit else {
      throw Failure(description: "\(rawValue) ended by a signal")
    }
    return Result(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: problems, as: UTF8.self))
  }
}
