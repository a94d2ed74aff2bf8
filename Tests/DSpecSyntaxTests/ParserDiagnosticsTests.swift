import DSpecSyntax
import Diagnostics
import Testing

@Suite struct ParserDiagnosticsTests {
  @Test(arguments: [
    // Lexical.
    "param a: Real = ⟪D0001⟫#",
    "param a: Real = 1 ⟪D0001⟫%",
    "param a: Real = ⟪D0002⟫\"abc\nparam b: Real = 1",
    "param a: Real = 1 ⟪D0002⟫/* /* */",
    // What an editor may show as a line, or in another order.
    "// a comment⟪D0001⟫\rparam a: Real = 1",
    "// a comment\r\nparam a: Real = 1\r\n",
    "/* a\r\n comment⟪D0001⟫\r*/ param a: Real = 1",
    "// a⟪D0001⟫\u{2028}b⟪D0001⟫\u{85}c⟪D0001⟫\u{202E}d⟪D0001⟫\u{2066}e⟪D0001⟫\u{0C}f\u{E9}\u{201C}\n",
    "param a: Real = ⟪D0003⟫1e\nparam b: Real = ⟪D0003⟫1__0\nparam c: Real = ⟪D0003⟫3x%",
    "hazard H { severity: \"a⟪D0006⟫\\n\" }",
    "property A { claim: a ⟪D0001⟫&& b ⟪D0001⟫≤ c }",
    // One problem, one message; the next declaration is read.
    "param ⟪D0004⟫: Real = 1\nparam b: Real = 1",
    "param a ⟪D0004⟫Real = 1",
    "⟪D0004⟫propery A { claim: x }",
    "⟪D0004⟫} param",
    "domain Z: Latent[2⟪D0004⟫= box(-4, 4)\ndist PZ: Latent[2] = normal(0, 1)",
    "property A { claim: ⟪D0004⟫} property B { claim: x }",
    "property A {\n claim: forall z in Z ⟪D0004⟫s in Ink: x\n evidence: proof\n}",
    "property A { claim: f(x, ⟪D0004⟫<= 1  evidence: proof }\nproperty B { claim: x }",
    "property A { claim: x\n⟪D0004⟫property B { claim: y }",
    "property A { claim: x⟪D0004⟫",
    "property A { claim: ⟪D0004⟫for all z in Z: x  evidence: proof }",
    "property A { claim: for }",
    "property A { claim: x ⟪D0004⟫= y }",
    "property A { claim: x ⟪D0004⟫=< y }",
    "property A { claim: x ⟪D0001⟫=> y }",
    "enum A { ⟪D0004⟫}",
    "enum A { x, ⟪D0804⟫in }",
    "sampler G: (z: Latent[2]⟪D0004⟫-> Real {}",
    "mitigation M ⟪D0004⟫G: x {}",
    "param a: Real in ⟪D0004⟫(0, 1) = 1",
    "property A { claim: x ⟪D0004⟫3: }",
    // Header, module, imports.
    "param a: Real\n⟪D0013⟫import \"x\"",
    "param a: Real\n⟪D0013⟫dspec 1.0",
    "param a: Real\n⟪D0013⟫module x",
    "dspec ⟪D0004⟫x",
    "import ⟪D0004⟫3\nparam a: Real",
    // Precedence.
    "property A { claim: ⟪D0701⟫a and b or c }",
    "property A { claim: a or ⟪D0701⟫b and c or d }",
    "property A { claim: (a and b) or c }",
    "property A { claim: a < b ⟪D0702⟫> c }",
    "property A { claim: a < b ⟪D0702⟫!= c }",
    "property A { claim: a < b <= c == d }",
    "property A { claim: a and ⟪D0703⟫forall x in X: y }",
    "property A { claim: a implies forall x in X: y }",
  ])
  func markers(marked: String) {
    let (text, expected) = readMarkers(marked)
    #expect(summary(parse(text).diagnostics) == expected)
  }

  @Test(arguments: [
    "property A { claim: a and b or c and d }",
    "property A { claim: a && b || (c ≠ d) }",
    "property A { claim: a and forall x in X: y }",
    "property A { claim: a = b }",
    "propery A { claim: a }",
    "hazard H { severity: \"a\\n\" }",
  ])
  func fixItsRemoveTheirDiagnostic(text: String) throws {
    var text = text
    for _ in 0..<10 {
      let parsed = parse(text)
      guard let first = parsed.diagnostics.first else { return }
      let fix = try #require(first.fixIts.first)
      let fixed = fix.applied(to: SourceFile(name: "t", text: text), source: SourceID(index: 0))
      text = String(decoding: fixed, as: UTF8.self)
      #expect(!parse(text).diagnostics.contains { $0.code == first.code && $0.span == first.span })
    }
    Issue.record("fix-its do not come to an end: \(text)")
  }

  @Test func mixedAndOrReadsAsAndFirst() throws {
    let text = "property A { claim: a and b or c }"
    let diagnostic = try #require(parse(text).diagnostics.first)
    let fix = try #require(diagnostic.fixIts.first)
    let fixed = fix.applied(to: SourceFile(name: "t", text: text), source: SourceID(index: 0))
    #expect(String(decoding: fixed, as: UTF8.self) == "property A { claim: (a and b) or c }")
  }

  @Test func messages() {
    let parsed = parse("property A { claim: f(x }")
    #expect(parsed.diagnostics.map(\.message) == ["expected `)` after the arguments, found `}`"])
  }
}
