import DSpecSyntax
import Diagnostics
import SeededDraws
import Testing

@Suite struct RoundTripTests {
  /// The tree prints as its source and holds every token once and in order.
  private func check(_ bytes: [UInt8], sourceLocation: Testing.SourceLocation = #_sourceLocation)
    -> ParsedFile
  {
    let parsed = parse(bytes)
    #expect(parsed.tree.printed() == bytes, sourceLocation: sourceLocation)
    var indices: [Int] = []
    collect(parsed.tree.root, into: &indices)
    #expect(indices == Array(parsed.tree.tokens.indices), sourceLocation: sourceLocation)
    for diagnostic in parsed.diagnostics {
      #expect(diagnostic.span.upper <= bytes.count, sourceLocation: sourceLocation)
    }
    return parsed
  }

  private func collect(_ node: SyntaxNode, into indices: inout [Int]) {
    for child in node.children {
      switch child {
      case .node(let inner): collect(inner, into: &indices)
      case .token(let index): indices.append(index)
      }
    }
  }

  @Test func completeExampleParsesCleanly() {
    let parsed = check(Array(completeExample.utf8))
    #expect(parsed.diagnostics == [])
    #expect(parsed.syntax.declarations.count == 17)
    #expect(!parsed.tree.outline().contains("unexpected"))
  }

  @Test func tokenMutations() {
    let tokens = Lexer.lex(SourceFile(name: "t", text: completeExample), source: SourceID(index: 0)).tokens
    let source = Array(completeExample.utf8)
    var pieces = tokens.map { Array(source[$0.triviaStart..<$0.end]) }
    var generator = SeededGenerator(seed: 1)
    let original = pieces
    for round in 0..<4000 {
      if round % 8 == 0 { pieces = original }
      let index = Int.random(in: 0..<pieces.count, using: &generator)
      let other = original[Int.random(in: 0..<original.count, using: &generator)]
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: if pieces.count > 1 { pieces.remove(at: index) }
      case 1: pieces.insert(other, at: index)
      case 2: pieces[index] = other
      default: pieces.swapAt(index, Int.random(in: 0..<pieces.count, using: &generator))
      }
      _ = check(Array(pieces.joined()))
    }
  }

  @Test func byteMutations() {
    let original = Array(completeExample.utf8)
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1..<6, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        default:
          bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1..<30, using: &generator)))
        }
      }
      _ = check(bytes)
    }
  }

  @Test func randomBytes() {
    var generator = SeededGenerator(seed: 3)
    let alphabet = Array("()[]{},:.<>=!+-*/~%&|\"\\/ \n\tdomain P forall z in 1e-0.5_≤é\u{0}".utf8)
    for round in 0..<3000 {
      let bytes = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
        round % 2 == 0
          ? UInt8.random(in: 0...255, using: &generator)
          : alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      _ = check(bytes)
    }
  }

  @Test(arguments: [
    "(", "[", "f(", "-", "not ", "forall x in ", "a implies ", "if ", "P[x ~ ", "a(b)[", "((-", "f(x: ", "{",
  ])
  func deepNesting(opening: String) {
    let text = "param a: Real = " + String(repeating: opening, count: 20_000)
    let parsed = check(Array(text.utf8))
    #expect(!parsed.diagnostics.isEmpty)
    #expect(parsed.diagnostics.count <= 2)
  }

  @Test(arguments: ["a.", "a + ", "a * ", "a < ", "a and ", "a or "])
  func longChains(link: String) {
    let text = "param a: Real = " + String(repeating: link, count: 20_000) + "a"
    _ = check(Array(text.utf8))
  }

  @Test func balancedNestingBelowTheLimitIsAccepted() {
    let text =
      "dspec 1.0\nparam a: Real = " + String(repeating: "(", count: 200) + "1"
      + String(repeating: ")", count: 200)
    #expect(check(Array(text.utf8)).diagnostics == [])
  }
}
