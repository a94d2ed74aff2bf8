import BuiltPrograms
import Foundation
import Testing

/// What the programs print under `--json` is one object, and `specs/json.md` names its members.
@Suite struct JSONReferenceTests {
  /// The document by commands: the members that each heading's part names.
  private static func reference() throws -> [String: Set<String>] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
      path: "../../specs/json.md")
    var (members, current): ([String: Set<String>], [String]) = ([:], [])
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let spans = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
      if line.hasPrefix("#") {
        current = spans.isEmpty ? [String(line.drop { "# ".contains($0) })] : spans
      } else {
        for name in current { members[name, default: []].formUnion(spans.map { $0.filter { $0 != "?" } }) }
      }
    }
    return members
  }

  /// Every path of a value, `a.b` of objects and `a[]` of arrays.
  private static func paths(_ value: Any, _ prefix: String = "") -> Set<String> {
    if let object = value as? [String: Any] {
      return object.reduce(into: []) { found, member in
        let path = prefix.isEmpty ? member.key : "\(prefix).\(member.key)"
        found.formUnion(paths(member.value, path))
      }
    }
    if let array = value as? [Any] {
      return array.reduce(into: [prefix + "[]"]) { $0.formUnion(paths($1, prefix + "[]")) }
    }
    return [prefix]
  }

  /// Whether a part of the document names a path, or a member of any name in its place.
  private static func names(_ path: String, _ known: Set<String>) -> Bool {
    if known.contains(path) { return true }
    guard let point = path.lastIndex(of: ".") else { return known.contains("*") }
    return known.contains(path[..<point] + ".*")
  }

  /// What is added to the project that `dspec init` makes: a property that stays open, one without engine, and a test.
  private static let more = """

    property Even { claim: P[z ~ PZ, c ~ T: z[0] + z[1] > 0] <= 50%  evidence: bound }
    property Expected { claim: E[z ~ PZ, c ~ T: unsafe(G(z, c))] <= 50%  evidence: bound }
    test "a judge that is always sure" { under: replace(unsafe, always(1))  expect: refuted(NeverUnsafe) }

    """

  private let folder: String

  init() {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)").path
  }

  /// Runs a command and looks up what it prints in a part of the document; `@` stands for the folder.
  private func check(
    _ line: String, of program: BuiltProgram = .dspec, as name: String, in reference: [String: Set<String>],
    codes: ClosedRange<Int32> = 0...2
  ) throws {
    let arguments = line.split(separator: " ").map { $0.replacingOccurrences(of: "@", with: folder + "/") }
    let result = try program.run(arguments + ["--json"])
    try #require(codes.contains(result.code), "\(line): \(result.code) \(result.errors)")
    let value = try? JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let object = try #require(value as? [String: Any], "\(line): \(result.output)")
    let known = try #require(reference[name], "the document has no part `\(name)`")
    for path in Self.paths(object) where !path.hasPrefix("predicate.") && !path.hasPrefix("diagnostics[]") {
      #expect(Self.names(path, known), "\(name) does not name `\(path)`")
    }
    let failures = try #require(reference["Failures"])
    let diagnostics = Self.paths(object["diagnostics"] ?? [])
    for path in diagnostics where path != "[]" {
      let last = String(path.split(separator: ".").last ?? "")
      #expect(failures.contains { $0 == last || $0.hasSuffix("." + last) }, "`\(path)` of diagnostics")
    }
  }

  @Test func everyMemberIsInTheDocument() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let reference = try Self.reference()
    func run(_ line: String, as name: String? = nil) throws {
      let words = line.split(separator: " ").prefix { !$0.contains("@") && !$0.hasPrefix("-") }
      try check(line, as: name ?? "dspec " + words.joined(separator: " "), in: reference)
    }
    try run("init @")
    let path = URL(fileURLWithPath: folder + "/safety.dspec")
    let text = try String(contentsOf: path, encoding: .utf8) + Self.more
    try Data(text.utf8).write(to: path)
    try Data((text + "param unused: Real = undeclared\n").utf8).write(
      to: URL(fileURLWithPath: folder + "/wrong.dspec"))
    try run("check @safety.dspec --models")
    try run("fmt @safety.dspec --check")
    try run("fix @safety.dspec")
    try run("explain")
    try run("explain D0001", as: "dspec explain")
    try run("explain bound_not_met", as: "dspec explain")
    try run("doc @safety.dspec")
    try run("doc modules")
    try run("hazards @safety.dspec")
    try run("keygen --out @k")
    try run("keygen --out @log")
    try run("commit @safety.dspec --key @k.key.pem -o @m.commitment.json")
    try run("test @safety.dspec")
    try run("tighten @safety.dspec --property NeverUnsafe --budget 0.5")
    try run("sample @safety.dspec --property RarelySuspicious --count 4 -o @samples.png")
    try run("verify @safety.dspec --estimate")
    try run("verify @safety.dspec --budget 0.2 --key @k.key.pem -o @m.dcert --commitment @m.commitment.json")
    try run("verify @safety.dspec --budget 0.2 --property NeverUnsafe --key @k.key.pem -o @less.dcert")
    try run("sign @less.dcert --key @log.key.pem")
    try run("inspect @m.dcert")
    try run("diff @m.dcert @less.dcert")
    try run("report @m.dcert -o @m.html")
    try run("timestamp request @m.dcert")
    try run("revoke @m.dcert --key @k.key.pem --reason lost -o @gone.json")
    try run("log init @tiles --origin example.org/m --key @log.key.pem")
    try run("log append @tiles @m.dcert --key @log.key.pem")
    try run("log prove @tiles @m.dcert")
    try run("log check @m.dcert --log-key @log.pub.pem --origin example.org/m")
    try run("log monitor @tiles --log-key @log.pub.pem --state @seen")
    let replay = "@m.dcert --trust @k.pub.pem --log-key @log.pub.pem --log-origin example.org/m"
    for more in ["--key @k.key.pem --receipt @receipt.json", "--exact 2", "--exact all", "--chunks 1"] {
      try check("\(replay) \(more)", of: .replay, as: "dspec-replay", in: reference)
    }
    try check("@m.dcert --trust @log.pub.pem", of: .replay, as: "dspec-replay", in: reference)
    try run("review @m.dcert --trust @k.pub.pem --receipt @receipt.json")
    // Refusals and failures.
    try run("review @m.dcert --trust @k.pub.pem --receipt @gone.json")
    for line in ["verify @wrong.dspec", "check @wrong.dspec", "fmt @nowhere.dspec", "tighten @safety.dspec"] {
      try check(line, as: "Failures", in: reference, codes: 3...3)
    }
  }

  /// Every command that prints JSON has a part.
  @Test func everyCommandHasAPart() throws {
    let reference = try Self.reference()
    func commands(_ words: [String]) throws -> [[String]] {
      let help = try BuiltProgram.dspec.run(words + ["--help"]).output
      guard let list = help.range(of: "SUBCOMMANDS:") else {
        return help.contains("--json") ? [words] : []
      }
      let names = help[list.upperBound...].split(separator: "\n").compactMap { line -> String? in
        guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
        return line.split(separator: " ").first.map(String.init)
      }
      return try names.filter { $0.allSatisfy(\.isLowercase) }.flatMap { try commands(words + [$0]) }
    }
    let found = try commands([])
    #expect(found.count > 20)
    for words in found {
      let name = (["dspec"] + words).joined(separator: " ")
      #expect(reference.keys.contains(name), "`\(name)` is not in specs/json.md")
    }
  }
}
