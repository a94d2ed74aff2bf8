import DSpecSemantics
import Diagnostics
import Testing

@Suite struct ImportTests {
  private let property = """

    property A { mitigates: m.Eights  claim: forall z in m.Z, s in m.Ink: m.nsfw(m.Gs(z, m.Digit.one, s)) <= m.tau  evidence: proof }

    """

  @Test func namesOfImportedFiles() throws {
    let text = "dspec 1.0\nimport \"lib/models.dspec\" as m" + property
    let checked = check(text, files: ["lib/models.dspec": digitsModels], parameters: ["m.tau": "0.3"])
    #expect(checked.diagnostics == [])
    let spec = try #require(checked.spec)
    #expect(spec.sampler(named: "m.G")?.denoiser == "m.denoiser")
    #expect(spec.mitigation(yielding: "m.Gs")?.base == "m.G")
    #expect(spec.network(named: "m.nsfw")?.artifact.declaringFile == "lib/models.dspec")
    #expect(spec.properties.map(\.hazards) == [["m.Eights"]])
    #expect(spec.parameters.first { $0.name == "m.tau" }?.value == .number(q("0.3")))
  }

  @Test func filesAreImportedOnce() throws {
    let files = [
      "a.dspec": "dspec 1.0\nimport \"sub/c.dspec\" as c\nparam a: Real = c.k + 1",
      "b.dspec": "dspec 1.0\nimport \"./sub/../sub/c.dspec\" as d\nparam b: Real = d.k + 2",
      "sub/c.dspec": "dspec 1.0\nparam k: Real = 1",
    ]
    let text = "dspec 1.0\nimport \"a.dspec\"\nimport \"b.dspec\"\nparam r: Real = a.a + b.b + a.a"
    let checked = check(text, files: files)
    #expect(checked.diagnostics == [])
    #expect(checked.spec?.parameters.map(\.name) == ["a.c.k", "a.a", "b.b", "r"])
    #expect(checked.spec?.parameters.last?.value == .number(q("7")))
  }

  @Test(
    arguments: [
      ("import ⟪D0806⟫\"missing.dspec\" as x\nparam a: Real = x.y", [:]),
      ("import ⟪D0806⟫std.hazards as ml\nparam a: Real = ml.y", [:]),
      ("import \"a.dspec\" as ⟪D0807⟫x", ["a.dspec": "dspec 1.0\nimport \"t.dspec\" as y"]),
      ("import \"t.dspec\" as ⟪D0807⟫x", [:]),
      (
        "import \"a.dspec\" as x\nimport \"b.dspec\" as ⟪D0802⟫x",
        ["a.dspec": "dspec 1.0", "b.dspec": "dspec 1.0"]
      ),
      ("import \"a.dspec\" as x\nparam ⟪D0802⟫x: Real = 1", ["a.dspec": "dspec 1.0"]),
      ("import \"a.dspec\" as x\nparam a: Real = ⟪D0805⟫x", ["a.dspec": "dspec 1.0"]),
      ("import \"a.dspec\" as x\nparam a: Real = x.⟪D0801⟫k", ["a.dspec": "dspec 1.0\nparam kk: Real = 1"]),
      ("import ⟪D0806⟫\"my-file.dspec\"", ["my-file.dspec": "dspec 1.0"]),
    ] as [(String, [String: String])])
  func diagnostics(marked: String, files: [String: String]) {
    let (text, expected) = readMarkers("dspec 1.0\n" + marked)
    let checked = check(text, files: files)
    let own = checked.diagnostics.filter { $0.span.source == SourceID(index: 0) }
    let others = checked.diagnostics.filter { $0.span.source != SourceID(index: 0) }
    if expected.contains(where: { $0.hasPrefix("D0807") }) {
      #expect(checked.diagnostics.map(\.code) == [.importCycle])
    } else {
      #expect(summary(own) == expected)
      #expect(others == [])
    }
  }

  /// No files, but names of modules.
  private struct NamedModules: SourceLoader {
    let text: String
    let modules = ["std.hazards.i2p", "std.templates.fairness"]
    func bytes(at path: String) -> [UInt8]? { path == "main.dspec" ? Array(text.utf8) : nil }
  }

  @Test(arguments: [
    ("std.templates.fairnes", "std.templates.fairness"), ("std.fairness", "std.templates.fairness"),
    ("dspec.hazards.i2p", "std.hazards.i2p"), ("std.nothing.at_all", nil), ("dspec.nothing", nil),
  ])
  func misspeltModules(name: String, meant: String?) throws {
    let loader = NamedModules(text: "dspec 1.0\nimport \(name) as m\n")
    let checked = SpecificationChecker.check(root: "main.dspec", loader: loader)
    let diagnostic = try #require(checked.diagnostics.first)
    #expect(diagnostic.code == .unreadableImport)
    let help = try #require(diagnostic.help)
    #expect(meant.map { help.contains("did you mean `\($0)`?") } ?? !help.contains("did you mean"), "\(help)")
  }

  @Test func unreadableRoot() {
    let checked = SpecificationChecker.check(root: "no.dspec", loader: InMemoryLoader([:]))
    #expect(checked.diagnostics.map(\.code) == [.unreadableImport])
    #expect(checked.spec == nil)
  }

  @Test(arguments: [
    ("b.dspec", "a/x.dspec", "a/b.dspec"), ("../b.dspec", "a/x.dspec", "b.dspec"),
    ("../../b", "a/x", "../b"), ("/b", "a/x", "/b"), ("./b", "/a/x", "/a/b"), ("../../../b", "/a/x", "/b"),
  ])
  func paths(path: String, file: String, expected: String) {
    #expect(SourcePath.resolve(path, from: file) == expected)
  }
}
