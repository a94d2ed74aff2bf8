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
      let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      let rows = value?["diagnostics"] as? [[String: Any]]
      #expect(result.code == ExitCode.badInput.rawValue && rows?.count == 1, "\(verb): \(result.output)")
      #expect((value?["error"] as? [String: Any])?["exitCode"] as? Int == 3, "\(verb): \(result.output)")
    }
  }

  /// A person is shown so many of a thousand errors, a program all.
  @Test func manyErrorsAreCounted() throws {
    let path = try written("dspec 1.0\nmodule m\n" + (0..<150).map { "param p\($0): Real = q\n" }.joined())
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plain = try BuiltProgram.dspec.run(["check", path])
    #expect(plain.errors.contains("50 more are not shown") && plain.errors.contains("150 errors"))
    #expect(plain.errors.split(separator: "\n").filter { $0.contains(": error[") }.count == 100)
    let json = try BuiltProgram.dspec.run(["check", path, "--json"])
    let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((value?["diagnostics"] as? [Any])?.count == 150)
    // An error behind a hundred warnings is among those shown.
    let warned = try written(
      "dspec 1.0\nmodule m\n" + (0..<150).map { "hazard H\($0) \"h\" { severity: \"minor\" }\n" }.joined()
        + "domain Z: Latent[1] = box(0, 1)\n"
        + "property P { claim: forall z in Z: z[0] <= missing  evidence: proof }\n")
    defer { try? FileManager.default.removeItem(atPath: warned) }
    let behind = try BuiltProgram.dspec.run(["check", warned])
    #expect(behind.errors.contains("are not shown") && behind.errors.contains("unknown name `missing`"))
  }

  /// What is printed to a stream that is closed goes into no file that is opened, and is told as lost.
  @Test func closedStreamsAreNoFiles() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    for (index, redirection) in ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"].enumerated() {
      let key = "\(path)-\(index)"
      defer {
        for end in [".key.pem", ".pub.pem"] { try? FileManager.default.removeItem(atPath: key + end) }
      }
      let result = try BuiltProgram.dspec.run(["keygen", "--out", key], redirection: redirection)
      #expect(
        result.code == (redirection.contains(" >") || redirection.hasPrefix(">") ? 3 : 0), "\(redirection)")
      for end in [".key.pem", ".pub.pem"] {
        let text = try String(contentsOfFile: key + end, encoding: .utf8)
        #expect(text.hasPrefix("-----BEGIN ") && !text.contains("key id"), "\(redirection): \(text)")
      }
      if redirection == ">&-" { #expect(result.errors.contains("standard output could not be written")) }
    }
  }

  /// What would be lost or meant otherwise is refused before anything is decided.
  @Test(arguments: [
    (["--param", "a=1", "--param", "a=2"], "sets `a` twice"), (["--out", "x.dcert"], "--key signs"),
    (["--seed-checkpoint", "checkpoint.txt"], "no such file"), (["--property", "Smal"], "it has Small"),
  ])
  func optionsThatCannotBeMeant(options: [String], words: String) throws {
    let path = try written(
      "dspec 1.0\nmodule m\nparam a: Real = 2\ndomain Z: Latent[1] = box(0, 1)\n"
        + "property Small { claim: forall z in Z: z[0] <= a  evidence: proof }\n")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let result = try BuiltProgram.dspec.run(["verify", path] + options)
    #expect(result.code == ExitCode.badInput.rawValue && result.errors.contains(words), "\(result)")
    #expect(!result.output.contains("proved"))
    let twice = try BuiltProgram.dspec.run(["verify", path, "--property", "Small", "--property", "Small"])
    #expect(twice.code == 0 && twice.errors.components(separatedBy: "Small: proved").count == 2, "\(twice)")
  }

  /// A question for another tool takes the place of an earlier one, never of a model or of somebody's formula.
  @Test func exportsReplaceExportsAlone() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try BuiltProgram.dspec.run(["init", folder.path]).code == 0)
    let place = folder.appendingPathComponent("safety.dspec")
    let text = try String(contentsOf: place, encoding: .utf8)
    try Data(
      "\(text)property Bright { claim: forall z in Z: unsafe(G(z, Topic.bright)) <= tau evidence: proof }\n"
        .utf8
    ).write(to: place)
    func export(_ name: String) throws -> BuiltProgram.Result {
      try BuiltProgram.dspec.run([
        "compile", place.path, "--to", "vnnlib", "--property", "Bright", "--out",
        folder.appendingPathComponent(name).path,
      ])
    }
    #expect(try export("question").code == 0)
    #expect(try export("question").code == 0)
    let model = folder.appendingPathComponent("models/head.onnx")
    let bytes = try Data(contentsOf: model)
    let refused = try export("models/head")
    #expect(refused.code == ExitCode.badInput.rawValue && refused.errors.contains("is not replaced"))
    // Not even beside a formula that was exported.
    try Data("; What violates A".utf8).write(to: folder.appendingPathComponent("models/head.vnnlib"))
    #expect(try export("models/head").code == ExitCode.badInput.rawValue)
    #expect(try Data(contentsOf: model) == bytes)
    try Data("(declare-const X_0 Real)".utf8).write(to: folder.appendingPathComponent("mine.vnnlib"))
    #expect(try export("mine").code == ExitCode.badInput.rawValue)
  }

  /// The first line of a list of instances is a header only where nothing in it is a number.
  @Test func aMalformedInstanceIsNoHeader() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (text, words) in [
      ("a.onnx,b.vnnlib,10s,unsat\n", "is not a number of seconds"), ("", "states no instance"),
      ("network,property,limit\n", "states no instance"),
    ] {
      try Data(text.utf8).write(to: folder.appendingPathComponent("instances.csv"))
      let result = try BuiltProgram.dspec.run(["bench", folder.path])
      #expect(result.code == ExitCode.badInput.rawValue && result.errors.contains(words), "\(result)")
    }
  }

  /// A receipt says what the bytes of a bundle show, not whom the reviewer trusts or what else was named.
  @Test func mistakesOfAReviewerAreInNoReceipt() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    func succeed(_ arguments: [String]) throws {
      let result = try BuiltProgram.dspec.run(arguments)
      #expect(result.code == 0, "\(arguments): \(result)")
    }
    try succeed(["init", folder.path])
    for name in ["issuer", "reviewer", "other"] { try succeed(["keygen", "--out", path(name)]) }
    try succeed([
      "verify", path("safety.dspec"), "--property", "NeverUnsafe", "--key", path("issuer.key.pem"), "--out",
      path("c.dcert"),
    ])
    func replay(_ options: [String]) throws -> BuiltProgram.Result {
      try BuiltProgram.replay.run(
        [path("c.dcert"), "--receipt", path("r.json"), "--key", path("reviewer.key.pem")] + options)
    }
    try FileManager.default.createDirectory(atPath: path("empty"), withIntermediateDirectories: true)
    for options in [
      ["--trust", path("other.pub.pem")], ["--trust", path("issuer.pub.pem"), "--models", path("empty")],
      ["--trust", path("issuer.pub.pem"), "--trust", path("other.pub.pem"), "--threshold", "2"],
    ] {
      let result = try replay(options)
      #expect(result.code == ReplayExitCode.invalid.rawValue, "\(result)")
      #expect(result.errors.contains("no receipt was written"), "\(result)")
      #expect(!FileManager.default.fileExists(atPath: path("r.json")))
    }
    // A fault of the reviewer's own file of a key is no verdict.
    let unread = try BuiltProgram.replay.run([path("c.dcert"), "--any-signer", "--log-key", path("empty")])
    #expect(unread.code == ReplayExitCode.unreadable.rawValue && unread.output.isEmpty, "\(unread)")
    // A fault of the bundle is one.
    try Data("{}".utf8).write(to: folder.appendingPathComponent("c.dcert/evidence/more"))
    #expect(try replay(["--trust", path("issuer.pub.pem")]).code == ReplayExitCode.invalid.rawValue)
    #expect(FileManager.default.fileExists(atPath: path("r.json")))
    // One half of a pair of keys is not made.
    try FileManager.default.removeItem(atPath: path("other.key.pem"))
    #expect(try BuiltProgram.dspec.run(["keygen", "--out", path("other")]).code == 3)
    #expect(!FileManager.default.fileExists(atPath: path("other.key.pem")))
    // A folder with a certificate's names is none for that.
    try FileManager.default.createDirectory(atPath: path("mine/models"), withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: folder.appendingPathComponent("mine/certificate.json"))
    let kept = try BuiltProgram.dspec.run([
      "verify", path("safety.dspec"), "--property", "NeverUnsafe", "--key", path("issuer.key.pem"), "--out",
      path("mine"), "--replace",
    ])
    #expect(kept.code == 3 && FileManager.default.fileExists(atPath: path("mine/models")), "\(kept)")
  }

  /// Every reason that a checker's document names has an explanation, and no other name has one.
  @Test func reasonsAreExplained() throws {
    let listed = try BuiltProgram.dspec.run(["explain", "--json"])
    let value = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any]
    let rows = try #require(value?["reasons"] as? [[String: String]])
    let names = rows.compactMap { $0["code"] }
    #expect(names == Set(names).sorted() && names.contains("EVIDENCE_MISSING"))
    #expect(Set(rows.compactMap { $0["meaning"] }).count == names.count)
    let document = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "../../specs/certificate.md"), encoding: .utf8)
    for name in names { #expect(document.contains("`\(name)`"), "certificate.md does not name \(name)") }
    let one = try BuiltProgram.dspec.run(["explain", "COVERAGE"])
    #expect(
      one.code == 0 && one.output.hasPrefix("COVERAGE\n\nThe evidence does not begin at the whole region"))
    let misspelt = try BuiltProgram.dspec.run(["explain", "COVERGE"])
    #expect(
      misspelt.code == ExitCode.badInput.rawValue && misspelt.errors.contains("did you mean `COVERAGE`?"))
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
    func arguments(_ command: String) -> [String] {
      ["verify", path, "--sign-command", command, "--public-key", key + ".pub.pem", "-o", key + ".dcert"]
    }
    // Signs when it is tried, and nothing else.
    let trial = try KeyFile.signingKey(at: key + ".key.pem", passphrase: .terminal)
      .signature(for: SignCommand.rehearsal)
    try Data(trial).write(to: URL(fileURLWithPath: key + ".trial"))
    let fickle = "cat '\(key).trial'"
    let plain = try BuiltProgram.dspec.run(arguments(fickle))
    #expect(plain.code == ExitCode.badInput.rawValue && plain.output.contains("proved"), "\(plain)")
    let json = try BuiltProgram.dspec.run(arguments(fickle) + ["--json"])
    let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(json.code == ExitCode.badInput.rawValue && value?["error"] is [String: Any])
    #expect((value?["properties"] as? [[String: Any]])?.first?["verdict"] as? String == "proved")

    let early = try BuiltProgram.dspec.run(arguments("false"))
    #expect(early.code == ExitCode.badInput.rawValue && early.output.isEmpty, "\(early)")
    #expect(
      early.errors.contains("it ended with status 1") && !early.errors.contains("Small: proved"), "\(early)")
  }
}

/// What a certificate is put in place of.
@Suite struct CertificateDestinationTests {
  private static func specification(_ properties: [String]) -> String {
    "dspec 1.0\nmodule m\ndomain Z: Latent[1] = box(0, 1)\n"
      + properties.map { "property \($0) { claim: forall z in Z: z[0] <= 2  evidence: proof }\n" }.joined()
  }

  @Test func lesserCertificatesDoNotReplaceOthers() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, properties) in [("a", ["One", "Two"]), ("b", ["One"])] {
      try Data(Self.specification(properties).utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).dspec"))
    }
    #expect(try BuiltProgram.dspec.run(["keygen", "--out", folder + "/k"]).code == 0)
    func verify(_ arguments: [String]) throws -> BuiltProgram.Result {
      try BuiltProgram.dspec.run(
        ["verify"] + arguments + ["--key", folder + "/k.key.pem", "-o", folder + "/c.dcert"])
    }
    func payload() throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: folder + "/c.dcert/certificate.json"))
    }
    #expect(try verify([folder + "/a.dspec"]).code == 0)
    let first = try payload()
    let refused = [
      [folder + "/a.dspec", "--property", "One"], [folder + "/b.dspec"],
      [folder + "/a.dspec", "--supersedes", folder + "/c.dcert"],
    ]
    for arguments in refused {
      let result = try verify(arguments)
      #expect(result.code == ExitCode.badInput.rawValue && result.errors.contains("--out"), "\(result)")
      #expect(result.output.isEmpty)
      #expect(try payload() == first)
    }
    // The same answers again, and what is asked for by name.
    #expect(try verify([folder + "/a.dspec"]).code == 0)
    #expect(try verify([folder + "/a.dspec", "--property", "One", "--replace"]).code == 0)
    #expect(try payload() != first)
    // Nobody knows what one that cannot be read answers.
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/c.dcert/certificate.json"))
    let unread = try verify([folder + "/a.dspec"])
    #expect(
      unread.code == ExitCode.badInput.rawValue && unread.errors.contains("cannot be told"), "\(unread)")
    #expect(try payload() == Data("{}".utf8))
    #expect(try verify([folder + "/a.dspec", "--replace"]).code == 0)
    // A destination that cannot be written is told before the search.
    let nowhere = try BuiltProgram.dspec.run([
      "verify", folder + "/a.dspec", "--key", folder + "/k.key.pem", "-o", folder + "/none/c.dcert",
    ])
    #expect(nowhere.code == ExitCode.badInput.rawValue && nowhere.output.isEmpty)
  }

  @Test func resultsDoNotReplaceKeysOrCertificates() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/a.dspec"
    try Data(Self.specification(["One"]).utf8).write(to: URL(fileURLWithPath: path))
    #expect(try BuiltProgram.dspec.run(["keygen", "--out", folder + "/k"]).code == 0)
    let certificate = folder + "/c.dcert"
    #expect(
      try BuiltProgram.dspec.run(["verify", path, "--key", folder + "/k.key.pem", "-o", certificate]).code
        == 0)
    for target in [folder + "/k.key.pem", path, certificate + "/certificate.json", certificate + "/new.html"]
    {
      let before = FileManager.default.contents(atPath: target)
      let result = try BuiltProgram.dspec.run(["report", certificate, "-o", target])
      #expect(result.code == ExitCode.badInput.rawValue, "\(target): \(result)")
      #expect(FileManager.default.contents(atPath: target) == before)
    }
    #expect(try BuiltProgram.dspec.run(["report", certificate, "-o", folder + "/r.html"]).code == 0)
    for arguments in [
      ["init", ""], ["keygen", "--out", ""], ["log", "init", certificate, "--origin", "a.b/c"],
    ] {
      let result = try BuiltProgram.dspec.run(
        arguments + (arguments[0] == "log" ? ["--key", folder + "/k.key.pem"] : []))
      #expect(result.code == ExitCode.badInput.rawValue, "\(arguments): \(result)")
    }
  }
}
