import DSpecSemantics
import Diagnostics
import Testing

/// `let`: a definition means what its expression means with the arguments in place of the inputs.
@Suite struct DefinitionTests {
  private func property(_ declarations: String, _ claim: String) -> String {
    digitsModels + declarations
      + "\nproperty T { mitigates: [Eights, Memorisation]  claim: \(claim)  evidence: [proof, bound] }"
  }

  private func canonical(_ declarations: String, _ claim: String) throws -> String {
    let checked = check(property(declarations, claim))
    let codes = checked.diagnostics.filter { $0.code != .impossibleGrade }.map(\.code)
    #expect(codes.isEmpty, "\(TerminalRenderer(sources: checked.sources).render(checked.diagnostics))")
    let text = property(declarations, claim).replacing("[proof, bound]", with: grade(claim))
    return try #require(check(text).spec?.property(named: "T")).canonicalText
  }

  private func grade(_ claim: String) -> String {
    claim.contains("P[") || claim.contains("tail(") || claim.contains("rate(") ? "bound" : "proof"
  }

  @Test(arguments: [
    ("let limit = 2 * tau / 4", "forall z in Z: z[0] <= limit", "forall z in Z: z[0] <= 0.25"),
    (
      "let safe(p: Prob) = p <= tau", "forall z in Z: safe(nsfw(G(z, Digit.one, Ink.light)))",
      "forall z in Z: nsfw(G(z, Digit.one, Ink.light)) <= 0.5"
    ),
    (
      "let band(x: Real, r: Real): Bool = -r <= x <= r", "forall z in Z: band(z[0] + z[1], r: 3)",
      "forall z in Z: -3 <= z[0] + z[1] <= 3"
    ),
    (
      "let never(G: Sampler, f: Network, Z: Domain) = forall z in Z, s in Ink: f(G(z, Digit.one, s)) <= tau",
      "never(G, nsfw, Z)", "forall z in Z, s in Ink: nsfw(G(z, Digit.one, s)) <= tau"
    ),
    (
      "let never(H: Sampler) = forall z in Z, s in Ink: nsfw(H(z, Digit.one, s)) <= tau",
      "never(Gs)", "forall z in Z, s in Ink: nsfw(Gs(z, Digit.one, s)) <= tau"
    ),
    (
      "let rate(law: Dist) = P[z ~ law: z[0] > 0]", "10% <= rate(PZ) <= 90%",
      "10% <= P[z ~ PZ: z[0] > 0] <= 90%"
    ),
    (
      "let fair(rate: Prob, e: Prob): Bool = e <= rate <= 1 - e", "fair(P[z ~ PZ: z[0] > 0], 10%)",
      "10% <= P[z ~ PZ: z[0] > 0] <= 90%"
    ),
    (
      "let tail(law: Dist, d: Prob) = P[z ~ law: z[0] > 3] <= d", "tail(PZ, 1%)",
      "P[z ~ PZ: z[0] > 3] <= 1%"
    ),
    ("let a = b + b let b = c + c let c = 1", "forall z in Z: z[0] <= a", "forall z in Z: z[0] <= 4"),
    (
      "let size(x: Real) = if x > 0 then x else -x", "forall z in Z: size(z[0]) <= 2",
      "forall z in Z: (if z[0] > 0 then z[0] else -z[0]) <= 2"
    ),
  ])
  func meansItsExpression(declaration: String, used: String, written: String) throws {
    #expect(try canonical(declaration, used) == canonical("", written))
  }

  /// A variable that a definition binds never captures one of an argument.
  @Test func isHygienic() throws {
    let text = "let someAbove(x: Real) = exists z in Z: z[0] >= x"
    let used = try canonical(text, "forall z in Z: someAbove(z[0])")
    let written = try canonical("", "forall z in Z: (exists w in Z: w[0] >= z[0])")
    let captured = try canonical("", "forall w in Z: (exists z in Z: z[0] >= z[0])")
    #expect(used == written)
    #expect(used != captured)
    // Names of the caller mean nothing inside.
    let checked = check(property("let f = z[0]", "forall z in Z: f <= 1"))
    #expect(checked.diagnostics.map(\.code) == [.unknownName])
  }

  @Test(arguments: [
    ("let a = a + 1", "forall z in Z: z[0] <= a", "D0818"),
    ("let a = b let b = a", "forall z in Z: z[0] <= a", "D0818"),
    ("let a = unknown_thing", "forall z in Z: z[0] <= 1", "D0801"),
    ("let a = unknown_thing", "forall z in Z: z[0] <= a", "D0801"),
    ("let f(x: Real) = x", "forall z in Z: f <= 1", "D0809"),
    ("let f(x: Real) = x", "forall z in Z: f(z[0], 1) <= 1", "D0809"),
    ("let f = 1", "forall z in Z: f(1) <= z[0]", "D0809"),
    ("let f(x: Prob) = x", "forall z in Z: f(z[0]) <= 1", "D0302"),
    ("let f(x: Real, x: Real) = x", "forall z in Z: z[0] <= 1", "D0802"),
    ("let f(E: Real) = E", "forall z in Z: z[0] <= 1", "D0804"),
    ("let f(x: Real) = x", "forall z in Z: f(y: z[0]) <= 1", "D0811"),
    ("let f(g: Network) = 1", "forall z in Z: f(G) <= z[0]", "D0805"),
    ("let f(x: Real): Bool = x", "forall z in Z: f(z[0]) <= 1", "D0810"),
    ("let f(x: Real) = x and true", "forall z in Z: f(z[0])", "D0810"),
    ("let f(x: Real) = forall x in Z: x[0] <= 1", "f(1)", "D0803"),
  ])
  func problemsGiveOneDiagnostic(declaration: String, claim: String, code: String) {
    let text = property(declaration, claim).replacing("[proof, bound]", with: "proof")
    let checked = check(text)
    let shown = TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
    #expect(checked.diagnostics.map(\.code.rawValue) == [code], "\(shown)")
  }

  /// Definitions that double at every level end in a message, not in memory.
  @Test func doublingEnds() {
    let levels = (0..<40).map { "let a\($0) = a\($0 + 1) + a\($0 + 1)" }.joined(separator: "\n")
    let checked = check(property(levels + "\nlet a40 = 1", "forall z in Z: z[0] <= a0"))
    #expect(checked.diagnostics.contains { $0.code == .tooDeep })
    #expect(checked.spec == nil)
  }

  /// Chains of definitions that nest as deeply as is allowed end in a result or a message, not in the end of the stack.
  @Test(arguments: [1, 4, 12, 100])
  func deepChainsEnd(nesting: Int) {
    let minus = String(repeating: "- ", count: nesting)
    let chain = (0..<500).map { "let a\($0)(x: Real) = \(minus)a\($0 + 1)(x)" }.joined(separator: "\n")
    let checked = check(property(chain + "\nlet a500(x: Real) = x", "forall z in Z: a0(z[0]) <= 5"))
    #expect(checked.spec == nil || checked.diagnostics.allSatisfy { $0.severity != .error })
    #expect(checked.diagnostics.contains { $0.code == .tooDeep || $0.code == .impossibleGrade })
  }

  @Test func problemInsideNamesTheUse() throws {
    let text = property("let f(x: Real) = x and true", "forall z in Z: f(z[0])")
    let note = try #require(check(text).diagnostics.first?.notes.first)
    #expect(note.message == "`f` is used here")
  }
}
