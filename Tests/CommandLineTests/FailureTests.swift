import BuiltPrograms
import Certificates
import Foundation
import Testing

/// What the programs say when they cannot do what they were asked for.
@Suite struct FailureTests {
  private func written(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).dspec")
      .path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: [
    ["check", "--json", "/nowhere.dspec"], ["verify", "/nowhere.dspec", "--json", "--budget", "0"],
    ["verify", "--json"], ["inspect", "/nowhere", "--json"], ["verfy", "--json"], ["log", "chek", "--json"],
    ["review", "/nowhere", "--json", "--trust", "/nowhere.json"], ["fmt", "/nowhere.dspec", "--json"],
    ["explain", "D9999", "--json"], ["--json"],
  ])
  func jsonIsOneObjectAndPeopleReadTheSame(arguments: [String]) throws {
    let result = try BuiltProgram.dspec.run(arguments)
    #expect(result.code == ExitCode.badInput.rawValue)
    try expectOneError(result)
    // Without the option standard output says nothing.
    let plain = try BuiltProgram.dspec.run(arguments.filter { $0 != "--json" } + ["--nonsense"])
    #expect(plain.output.isEmpty && plain.code == ExitCode.badInput.rawValue)
  }

  @Test(arguments: [
    ["--json"], ["/nowhere", "--json"], ["/nowhere", "--json", "--at", "noon"],
    ["/nowhere", "--json", "--exact", "some"], ["/nowhere", "--json", "--trust", "/nowhere.pem"],
  ])
  func aReplayThatCannotBegin(arguments: [String]) throws {
    let result = try BuiltProgram.replay.run(arguments)
    #expect(result.code == ReplayExitCode.unreadable.rawValue)
    try expectOneError(result)
  }

  private func expectOneError(_ result: BuiltProgram.Result) throws {
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let error = try #require(value?["error"] as? [String: Any], "\(result.output)")
    let message = try #require(error["message"] as? String)
    #expect(error["exitCode"] as? Int == Int(result.code))
    #expect(!message.isEmpty && result.errors.contains(message), "\(message) / \(result.errors)")
    #expect(!message.contains("Usage:"))
  }

  @Test func aSpecificationWithErrorsIsToldByItsDiagnosticsAlone() throws {
    let path = try written("dspec 1.0\nmodule m\nparam a: Real = b\n")
    defer { try? FileManager.default.removeItem(atPath: path) }
    for verb in ["check", "verify", "test", "doc", "hazards"] {
      let result = try BuiltProgram.dspec.run([verb, path, "--json"])
      let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
      #expect(result.code == ExitCode.badInput.rawValue && rows?.count == 1, "\(verb): \(result.output)")
    }
  }

  @Test(arguments: [
    (["verfy", "a.dspec"], "did you mean `dspec verify`?"),
    (["log", "chek"], "did you mean `dspec log check`?"),
    (["frobnicate"], "there are init, check"), (["log", "frobnicate"], "there are init, append"),
  ])
  func misspeltCommands(arguments: [String], fix: String) throws {
    let result = try BuiltProgram.dspec.run(arguments)
    #expect(result.code == ExitCode.badInput.rawValue && result.errors.contains(fix), "\(result.errors)")
  }

  @Test func answersAreShownWhereTheCertificateCannotBeWritten() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try written(
      "dspec 1.0\nmodule m\ndomain Z: Latent[1] = box(0, 1)\n"
        + "property Small { claim: forall z in Z: z[0] <= 2  evidence: proof }\n")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let key = folder.appendingPathComponent("k").path
    #expect(try BuiltProgram.dspec.run(["keygen", "--out", key]).code == 0)
    let arguments = ["verify", path, "--key", key + ".key.pem", "-o", "/proc/self/none.dcert"]
    let plain = try BuiltProgram.dspec.run(arguments)
    #expect(plain.code == ExitCode.badInput.rawValue && plain.output.contains("proved"), "\(plain)")
    let json = try BuiltProgram.dspec.run(arguments + ["--json"])
    let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(json.code == ExitCode.badInput.rawValue && value?["error"] is [String: Any])
    #expect((value?["properties"] as? [[String: Any]])?.first?["verdict"] as? String == "proved")
  }
}
