import DSpecSemantics
import DSpecSyntax
import Diagnostics
import SeededDraws
import Testing

@Suite struct RobustnessTests {
  /// Any mutation of the example is checked without a trap, and gives a specification or an error.
  @Test func tokenMutations() {
    let source = Array(digitsExample.utf8)
    let tokens = Lexer.lex(SourceFile(name: "t", utf8: source), source: SourceID(index: 0)).tokens
    let original = tokens.map { Array(source[$0.triviaStart..<$0.end]) }
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<1500 {
      var pieces = original
      for _ in 0..<Int.random(in: 1..<4, using: &generator) {
        let index = Int.random(in: 0..<pieces.count, using: &generator)
        let other = original[Int.random(in: 0..<original.count, using: &generator)]
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: pieces.remove(at: index)
        case 1: pieces.insert(other, at: index)
        case 2: pieces[index] = other
        default: pieces.swapAt(index, Int.random(in: 0..<pieces.count, using: &generator))
        }
      }
      let checked = SpecificationChecker.check(
        root: "t", loader: InMemoryLoader(bytes: ["t": Array(pieces.joined())]))
      #expect((checked.spec == nil) == checked.diagnostics.hasErrors)
    }
  }

  @Test func longChainsOfDeclarationsAreBounded() {
    var text = "dspec 1.0\n"
    for index in 0..<5000 { text += "param p\(index): Real = p\(index + 1)\n" }
    let checked = check(text + "param p5000: Real = 1\n")
    #expect(checked.diagnostics.contains { $0.code == .tooDeep })
  }

  @Test func deepDeclarationsThatBuildOnOneAnotherAreBounded() {
    var text = "dspec 1.0\n"
    let (open, close) = (String(repeating: "-(", count: 100), String(repeating: ")", count: 100))
    for index in 0..<50 { text += "param p\(index): Real = \(open)p\(index + 1)\(close)\n" }
    let checked = check(text + "param p50: Real = 1\n")
    #expect(Set(checked.diagnostics.map(\.code)) == [.tooDeep])
  }

  @Test func constantsDoNotGrowWithoutBound() {
    let text = "dspec 1.0\nparam a: Real = " + Array(repeating: "1e400", count: 200).joined(separator: " * ")
    #expect(check(text).diagnostics.map(\.code) == [.numberOutOfRange])
  }

  @Test func deepClaimsAreChecked() {
    let claim = String(repeating: "(", count: 250) + "z[0] <= 1" + String(repeating: ")", count: 250)
    let sum = Array(repeating: "z[0]", count: 400).joined(separator: " + ")
    for text in ["forall z in Z: \(claim)", "forall z in Z: \(sum) <= 1"] {
      let checked = check(
        digitsModels + "property A { mitigates: [Eights, Memorisation] claim: \(text) evidence: proof }")
      #expect(checked.diagnostics == [])
    }
  }
}
