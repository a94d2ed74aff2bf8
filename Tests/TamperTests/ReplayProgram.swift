import Foundation
import Tampering
import Testing

/// `dspec-replay` as a process: exit code and both outputs.
struct ReplayProgram {
  struct Result {
    let code: Int32
    let output: String
    let errors: String
  }

  static func run(_ arguments: [String]) throws -> Result {
    // The tests lie beside the programs that were built with them.
    let binary = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("dspec-replay")
    try #require(FileManager.default.isExecutableFile(atPath: binary.path), "no program at \(binary.path)")
    let process = Process()
    process.executableURL = binary
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // Less is written than a pipe holds.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let problems = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationReason == .exit, "dspec-replay ended by a signal")
    return Result(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: problems, as: UTF8.self))
  }

  /// The program on a bundle, at the moment at which valid bundles count, whoever signed.
  static func run(on image: BundleImage, _ arguments: [String]) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    var folder = try BundleFolder(path: path)
    defer { folder.remove() }
    try folder.show(image)
    return try run([path, "--at", ValidBundle.moment, "--any-signer"] + arguments)
  }
}
