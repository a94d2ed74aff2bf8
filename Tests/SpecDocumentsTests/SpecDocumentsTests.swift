import DSpecSemantics
import Diagnostics
import SpecDocuments
import SpecLibrary
import Testing
import Verifier

@Suite struct SpecDocumentsTests {
  private func digits() throws -> TypedSpec {
    try Project(path: "examples/digits/digits.dspec", parameters: [:]).spec
  }

  private func sentence(_ claim: String) throws -> String {
    let text = """
      dspec 1.0
      enum Ink { light, heavy }
      domain Z: Latent[2] = box(-4, 4)
      dist PZ: Latent[2] = normal(0, 1)
      dist S: Ink = uniform(Ink)
      hazard H { severity: "minor" }
      let limit = 10%
      property T { mitigates: H  claim: \(claim)  evidence: \(claim.contains("P[") ? "bound" : "proof") }
      """
    let checked = SpecificationChecker.check(root: "t", loader: InMemoryLoader(["t": text]))
    let property = try #require(checked.spec?.properties.first, "\(checked.diagnostics)")
    return ClaimWords.sentence(property.claim)
  }

  @Test(arguments: [
    ("forall z in Z: z[0] <= 4", "For every z in Z: z[0] is at most 4"),
    (
      "forall z in Z, s in Ink: z[0] < 4 and (z[1] > 0 or s == Ink.light)",
      "For every z in Z and s of Ink: z[0] is less than 4 and (either z[1] is greater than 0 or s equals light)"
    ),
    (
      "forall z in Z where z[0] >= 0: l2(z, z) <= 1",
      "For every z in Z: whenever z[0] is at least 0, the l2 distance of z and z is at most 1"
    ),
    (
      "P[z ~ PZ: z[0] > 1] <= limit",
      "The probability that z[0] is greater than 1, for z drawn from PZ, is at most 0.1"
    ),
    ("exists z in Z: not (z[0] == 1)", "For some z in Z, it is not so that z[0] equals 1"),
  ])
  func claimsInWords(claim: String, words: String) throws {
    #expect(try sentence(claim) == words)
  }

  /// The page names every property, its sentence and its claim.
  @Test func pageIsComplete() throws {
    let spec = try digits()
    let page = SpecPage(spec, title: "digits.dspec").text
    for property in spec.properties {
      #expect(page.contains("### \(property.name)"))
      #expect(page.contains(ClaimWords.sentence(property.claim) + "."))
      #expect(page.contains("```dspec\n\(property.claimText)\n```"))
    }
    for hazard in spec.hazards { #expect(page.contains("| \(hazard.name) |")) }
  }

  /// The page says which sets the claims range over: balls with radius and norm, factors one by one.
  @Test func regionsInWords() throws {
    let text = """
      dspec 1.0
      domain Round: Latent[2] in [-1, 2] = ball(center: 0, radius: 1/2, norm: l2)
      domain Diamond: Latent[2] = ball(center: [1, 0], radius: 3, norm: l1)
      domain Line: Latent[1] = box(-4, 4)
      domain Both: Latent[3] = product(Line, Diamond)
      hazard H { severity: "minor" }
      property T { mitigates: H  claim: forall z in Round: z[0] <= 4  evidence: proof }
      """
    let checked = SpecificationChecker.check(root: "t", loader: InMemoryLoader(["t": text]))
    let page = SpecPage(try #require(checked.spec, "\(checked.diagnostics)"), title: "t").text
    #expect(page.contains("the l2 ball of radius 0.5, cut to [-1, 2]."))
    #expect(page.contains("the l1 ball of radius 3."))
    #expect(
      page.contains("a product of 2 sets: every coordinate in [-4, 4]; the l1 ball of radius 3."))
  }

  /// Coverage is about cases that properties apply the pipeline to.
  @Test func coverageNamesWhatIsLeftOut() throws {
    let spec = try digits()
    let coverage = ScopeCoverage(spec)
    let classes = coverage.gaps.first { $0.pipeline == "G" && $0.input == "c" }
    let applied = Set(
      spec.properties.flatMap { $0.claim.expressions }.flatMap { $0.applications() }.map(\.callee.name))
    for pipeline in spec.samplers.map(\.name) where !applied.contains(pipeline) {
      #expect(coverage.unusedPipelines.contains(pipeline))
    }
    if let classes {
      for name in classes.cases {
        #expect(!spec.properties.contains { $0.claimText.contains(".\(name)") })
      }
    }
  }

  /// What a condition of a property excludes it does not cover.
  @Test(arguments: [
    ("where s == Ink.light", ["heavy"]), ("where s != Ink.light", ["light"]),
    ("where not s == Ink.light", ["light"]),
    ("where s == Ink.light or s == Ink.heavy", []), ("where z[0] >= 0", []), ("", []),
  ])
  func conditionsNarrowWhatIsCovered(condition: String, missing: [String]) throws {
    let text = """
      dspec 1.0
      enum Ink { light, heavy }
      domain Z: Latent[2] = box(-1, 1)
      network d: (z: Latent[2], t: Step[4], s: Ink) -> Latent[2] { artifact: onnx("d.onnx") }
      network e: (z: Latent[2]) -> Latent[2] { artifact: onnx("e.onnx") }
      sampler G: (z: Latent[2], s: Ink) -> Latent[2] {
        denoiser: d
        decoder: e
        method: ddim(steps: 4, eta: 0)
        schedule: linear(train_steps: 1000, beta_start: 1e-4, beta_end: 0.02)
        prediction: x0
      }
      property T { claim: forall z in Z, s in Ink \(condition): G(z, s)[0] <= 4  evidence: proof }
      """
    let checked = SpecificationChecker.check(root: "t", loader: InMemoryLoader(["t": text]))
    let spec = try #require(checked.spec, "\(checked.diagnostics)")
    #expect(ScopeCoverage(spec).gaps.flatMap(\.cases) == missing)
    #expect(ScopeCoverage(spec, of: []).unusedPipelines == ["G"])
  }

  @Test func matrixListsEveryHazardOnce() throws {
    let spec = try digits()
    let matrix = HazardMatrix(spec)
    #expect(matrix.rows.map(\.hazard.name) == spec.hazards.map(\.name))
    for row in matrix.rows { #expect(!row.properties.isEmpty, "\(row.hazard.name)") }
    for row in matrix.rows { #expect(matrix.text.contains(row.hazard.name)) }
  }

  /// Every module of the standard library checks without a diagnostic, by name.
  @Test func standardLibraryChecks() throws {
    let modules = StandardLibrary.modules()
    #expect(modules.count >= 19)
    for module in modules {
      let text = "dspec 1.0\nimport \(module) as m\n"
      var folder = ProjectFolder(path: ".")
      folder.replaced["t.dspec"] = Array(text.utf8)
      let checked = SpecificationChecker.check(root: "t.dspec", loader: folder)
      #expect(
        checked.diagnostics.isEmpty,
        "\(module): \(TerminalRenderer(sources: checked.sources).render(checked.diagnostics))")
      #expect(checked.spec != nil)
    }
  }

  @Test(arguments: ["std.hazards.nothing", "std", "other.module"])
  func unknownModules(name: String) {
    var folder = ProjectFolder(path: ".")
    folder.replaced["t.dspec"] = Array("dspec 1.0\nimport \(name) as m\n".utf8)
    let checked = SpecificationChecker.check(root: "t.dspec", loader: folder)
    #expect(checked.diagnostics.map(\.code) == [.unreadableImport])
  }
}
