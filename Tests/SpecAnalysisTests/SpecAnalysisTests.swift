import DSpecSemantics
import Diagnostics
import SpecAnalysis
import Testing
import Z3Solver

@Suite struct SpecAnalysisTests {
  private static let prelude = """
    dspec 1.0
    enum Ink { light, heavy }
    domain Z: Latent[2] = box(-4, 4)
    domain N: Latent[2] = ball(center: [0, 0], radius: 1, norm: l2)
    dist PZ: Latent[2] = normal(0, 1)
    dist TZ: Latent[2] = normal(0, 1).truncated(Z)
    dist S: Ink = uniform(Ink)
    network f: (x: Latent[2]) -> Prob { artifact: onnx("f.onnx", sha256: "\(String(repeating: "0", count: 64))") }
    network g: (x: Latent[2]) -> Ink { artifact: onnx("g.onnx", sha256: "\(String(repeating: "0", count: 64))") }
    hazard H { severity: "minor" }

    """

  private func property(_ name: String, _ claim: String) -> String {
    let grade = claim.contains("P[") ? "bound" : "proof"
    return "property \(name) { mitigates: H  claim: \(claim)  evidence: \(grade) }\n"
  }

  private func findings(_ text: String) throws -> [String] {
    let checked = SpecificationChecker.check(
      root: "t", loader: InMemoryLoader(["t": SpecAnalysisTests.prelude + text]))
    let spec = try #require(
      checked.spec, "\(TerminalRenderer(sources: checked.sources).render(checked.diagnostics))")
    let found = try SpecificationAnalysis(solver: Z3(), timeout: .seconds(10)).run(spec)
    #expect(
      found.vacuous
        == Set(
          found.diagnostics.filter { $0.code == .deadAntecedent && $0.message.contains("vacuous") }.map {
            String($0.message.split(separator: "`")[1])
          }
        ).union(found.diagnostics.contains { $0.message.contains("undefined") } ? ["A"] : []))
    return found.diagnostics.map(\.code.rawValue)
  }

  @Test(arguments: [
    // Nothing to say: the networks decide.
    ("forall z in Z: f(z) <= 0.5", []),
    ("forall z in Z where z[0] > 3.9: f(z) <= 0.5", []),
    ("forall z in Z where z[0] >= 4: f(z) <= 0.5", []),
    ("forall z in N where z[0] > 0.9 and z[1] > 0.9: f(z) <= 0.5", []),
    ("P[z ~ PZ: f(z) > 0.5 given z[0] > 100] <= 10%", []),
    ("forall z in Z: f(z) <= 0.5 or z[0] > 1", []),
    // A range of a network is no fact.
    ("forall z in Z where f(z) > 2: z[0] <= 1", []),
    // Dead antecedents.
    ("forall z in Z where z[0] > 4: f(z) <= 0.5", ["D0102"]),
    ("forall z in Z where z[0] > 1 and z[0] < 1: f(z) <= 0.5", ["D0102"]),
    ("forall z in Z where f(z) > 0.7: f(z) < 0.6 implies z[0] > 1", ["D0102"]),
    ("forall z in N where z[0] > 1: f(z) <= 0.5", ["D0102"]),
    ("forall z in Z where l2(z, z) < 0: f(z) <= 0.5", ["D0102"]),
    ("forall z in Z, s in Ink where s != Ink.light and s != Ink.heavy: f(z) <= 0.5", ["D0102"]),
    ("forall z in Z where g(z) != Ink.light and g(z) != Ink.heavy: f(z) <= 0.5", ["D0102"]),
    ("P[z ~ TZ: f(z) > 0.5 given z[0] > 4] <= 10%", ["D0102"]),
    // Conditions that restrict nothing.
    ("forall z in Z where z[0] <= 4: f(z) <= 0.5", ["D0105"]),
    ("forall z in Z where z[0] > 1: z[0] > 0 implies f(z) <= 0.5", ["D0105"]),
    // Claims by their form.
    ("forall z in Z: f(z) >= f(z)", ["D0103"]),
    ("forall z in Z: z[0] + z[1] <= 8", ["D0103"]),
    ("forall z in Z: f(z) <= 0.5 or f(z) > 0.4", ["D0103"]),
    ("forall z in Z: f(z) <= 0.5 and f(z) > 0.6", ["D0103"]),
    ("forall z in Z: f(z) < 0.5 or f(z) > 0.5", []),
    ("forall z in Z: f(z) < 0.5 or f(z) >= 0.5", ["D0103"]),
    ("forall z in Z: (if f(z) > 0.5 then f(z) > 0.4 else f(z) <= 0.5)", ["D0103"]),
  ])
  func oneProperty(claim: String, codes: [String]) throws {
    #expect(try findings(property("A", claim)) == codes)
  }

  @Test(arguments: [
    ("forall z in Z: f(z) <= 0.2", "forall w in Z: f(w) >= 0.3", ["D0104"]),
    ("forall z in Z: f(z) <= 0.2", "forall w in Z: f(w) <= 0.3", ["D0107"]),
    ("forall z in Z: f(z) <= 0.3", "forall w in Z: f(w) <= 0.2", ["D0107"]),
    ("forall z in Z: f(z) < 0.2", "forall z in Z: f(z) >= 0.2", ["D0104"]),
    ("forall z in Z: f(z) <= 0.2", "forall z in Z: f(z) >= 0.2", []),
    ("forall z in Z: f(z) <= 0.2", "forall z in N: f(z) >= 0.3", []),
    ("forall z in Z where z[0] > 0: f(z) <= 0.2", "forall z in Z where z[0] < 0: f(z) >= 0.3", []),
    ("forall z in Z: g(z) == Ink.light", "forall z in Z: g(z) == Ink.heavy", ["D0104"]),
    ("P[z ~ PZ: f(z) > 0.5] <= 10%", "P[z ~ PZ: f(z) > 0.5] >= 20%", ["D0104"]),
    ("P[z ~ PZ: f(z) > 0.5] <= 10%", "P[z ~ PZ: f(z) > 0.5] >= 10%", []),
    ("P[z ~ PZ: f(z) > 0.5] <= 10%", "P[z ~ TZ: f(z) > 0.5] >= 20%", []),
    ("P[z ~ PZ: f(z) > 0.5] <= 10%", "P[z ~ PZ: f(z) > 0.6] >= 20%", []),
  ])
  func twoProperties(first: String, second: String, codes: [String]) throws {
    #expect(try findings(property("A", first) + property("B", second)) == codes)
  }

  @Test(arguments: [
    ("P[z ~ PZ: f(z) > 0.5] <= 1%", "sampled(n: 400, confidence: 99.9%)", ["D0404"]),
    ("P[z ~ PZ: f(z) > 0.5] <= 1%", "sampled(n: 800, confidence: 99.9%)", []),
    ("P[z ~ PZ: f(z) > 0.5] >= 99%", "sampled(n: 400, confidence: 99.9%)", ["D0404"]),
    ("49% <= P[z ~ PZ: f(z) > 0.5] <= 51%", "sampled(n: 1000, confidence: 99%)", ["D0404"]),
    ("49% <= P[z ~ PZ: f(z) > 0.5] <= 51%", "sampled(n: 100_000, confidence: 99%)", []),
    ("P[z ~ TZ: f(z) > 0.5] <= 0.01%", "bound", ["D0202"]),
    ("P[z ~ TZ: f(z) > 0.5] <= 1%", "bound", []),
    ("P[z ~ PZ: f(z) > 0.5] <= 0.01%", "bound", []),
  ])
  func evidencePlans(claim: String, evidence: String, codes: [String]) throws {
    #expect(try findings("property A { mitigates: H  claim: \(claim)  evidence: \(evidence) }") == codes)
  }

  /// The number of samples that the warning asks for suffices, and one less does not.
  @Test func suggestedSampleSizeIsLeast() throws {
    func help(_ count: Int) throws -> String? {
      let text =
        SpecAnalysisTests.prelude
        + "property A { mitigates: H  claim: P[z ~ PZ: f(z) > 0.5] <= 1%  "
        + "evidence: sampled(n: \(count), confidence: 99.9%) }"
      let spec = try #require(
        SpecificationChecker.check(root: "t", loader: InMemoryLoader(["t": text])).spec)
      return try SpecificationAnalysis(solver: Z3()).run(spec).diagnostics.first?.help
    }
    let text = try #require(try help(10))
    let needed = try #require(text.split(separator: " ").last.flatMap { Int($0) })
    #expect(try help(needed) == nil)
    #expect(try help(needed - 1) != nil)
  }

  /// The long text of every code of this analysis shows what it says: the wrong snippet raises it, the right one nothing.
  @Test(arguments: ["D0102", "D0104", "D0105", "D0107", "D0202", "D0404"])
  func explanationsHold(code: String) throws {
    let explanation = try #require(Explanation.of(code))
    for (snippet, isWrong) in [(explanation.wrong, true), (explanation.right, false)] {
      let text = explanation.file(snippet)
      let checked = SpecificationChecker.check(root: "t", loader: InMemoryLoader(["t": text]))
      let spec = try #require(checked.spec, "\(text)")
      let found = try SpecificationAnalysis(solver: Z3(), timeout: .seconds(10)).run(spec)
      #expect(found.diagnostics.map(\.code.rawValue).contains(code) == isWrong, "\(text)")
    }
  }

  /// Two uses of one definition are two statements, though they stand at one place.
  @Test func usesOfOneDefinitionDiffer() throws {
    let text = "let near(x: Real) = (exists w in Z: w[0] >= x and f(w) <= 0.5)\n"
    let claim = "forall z in Z where near(1): not near(2) or f(z) <= 0.5"
    // Each is an unknown of its own, so nothing follows.
    let checked = SpecificationChecker.check(
      root: "t", loader: InMemoryLoader(["t": SpecAnalysisTests.prelude + text + property("A", claim)]))
    let spec = try #require(checked.spec)
    let found = try SpecificationAnalysis(solver: Z3()).run(spec)
    #expect(found.diagnostics.isEmpty)
  }
}
