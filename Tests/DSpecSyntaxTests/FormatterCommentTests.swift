import DSpecSyntax
import Diagnostics
import SeededDraws
import Testing

/// Comments at every gap between tokens: nothing is lost or moved, and a second time changes nothing.
@Suite struct FormatterCommentTests {
  /// What is put into a gap; the first two cannot end the line of the token before them.
  static let insertions = [
    " /* c */ ", "/* c *//* d */", " // c\n", "\n// c\n", "\n/* c */ ", "\n/* c */\n", "\n/* c\n  d */ ",
    " /* c\n  d */\n", " // c\n// d\n", "\n\n/* c */\n\n// d\n\n", " /* c */ // d\n",
    "\n// c\n/* d */ // e\n",
    " /* c */\n/* d */", "\n/// c\n", " /// c\n/// d\n", "\n/* c */ /* d */ ", "/* c */\n\n",
  ]

  @Test(arguments: specifications.indices)
  func oneComment(index: Int) throws {
    let text = Self.specifications[index]
    let base = try Layout(of: text)
    let file = SourceFile(name: "t", text: text)
    for (number, token) in base.tokens.enumerated() {
      for (turn, insertion) in Self.insertions.enumerated() {
        // `as` belongs to an import only on the line where the import ends.
        if base.texts[number] == "as", insertion.contains("\n") { continue }
        let place = (number + turn).isMultiple(of: 2) ? token.triviaStart : token.start
        let before = String(decoding: file.utf8[..<place], as: UTF8.self)
        let after = String(decoding: file.utf8[place...], as: UTF8.self)
        try check(Self.join(before, insertion) + after, texts: base.texts)
      }
    }
  }

  @Test(arguments: specifications.indices)
  func manyComments(index: Int) throws {
    var generator = SeededGenerator(seed: 20 + UInt64(index))
    let text = Self.specifications[index]
    let base = try Layout(of: text)
    for round in 0..<80 {
      var changed = ""
      for (number, token) in base.tokens.enumerated() {
        let isLeftOut = Int.random(in: 0...round % 8, using: &generator) > 0
        let insertion = isLeftOut ? "" : Self.insertions.randomElement(using: &generator) ?? ""
        let isLimited = base.texts[number] == "as" && insertion.contains("\n")
        changed = Self.join(changed + base.trivia[number], isLimited ? "/* c */" : insertion)
        changed += String(decoding: Array(text.utf8)[token.start..<token.end], as: UTF8.self)
      }
      try check(changed, texts: base.texts)
    }
  }

  /// The line end behind a comment between parts of a list stays, however wide the lists around it are.
  @Test(arguments: ["\n", "\r", "\r\n"])
  func lineEndBehindComment(lineEnd: String) throws {
    for width in 60...100 {
      let word = String(repeating: "a", count: width)
      for gap in ["[ /* b */\(lineEnd)E_1, E_1]", "[E_1, /* b */\(lineEnd)E_1]"] {
        let text = "dspec 1.0\nmodule m\nlet f: Real = g(x, \(word))\(gap)\n"
        let once = try #require(format(text), "\(text)")
        #expect(format(once) == once)
        #expect(once.contains("/* b */\n"), "\(once)")
      }
    }
  }

  /// Puts a comment behind a text; directly behind a `/` it would be another one.
  private static func join(_ text: String, _ insertion: String) -> String {
    text + (text.hasSuffix("/") && insertion.hasPrefix("/") ? " " : "") + insertion
  }

  private func check(_ text: String, texts: [String]) throws {
    let before = try Layout(of: text)
    #expect(before.texts == texts, "the insertion changed the tokens of \(text)")
    let formatted = try #require(format(text), "not formatted: \(text)")
    let after = try Layout(of: formatted)
    #expect(after.texts == before.texts, "\(text)\n->\n\(formatted)")
    #expect(after.comments == before.comments, "\(text)\n->\n\(formatted)")
    #expect(after.documentation == before.documentation, "\(text)\n->\n\(formatted)")
    #expect(after.outline == before.outline, "\(text)\n->\n\(formatted)")
    checkPlaces(before, after, "\(text)\n->\n\(formatted)")
    let again = try #require(format(formatted), "not formatted: \(formatted)")
    #expect(again == formatted, "\(text)\n->\n\(formatted)\n->\n\(again)")
    let lines = formatted.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(!lines.contains { $0.last == " " }, "\(text)\n->\n\(formatted)")
    #expect(!formatted.hasSuffix("\n\n") && !formatted.contains("\n\n\n"), "\(text)\n->\n\(formatted)")
  }

  /// A comment that begins a line begins one still, and no other does but one that stays beside the next
  /// token; lines that continue a declaration are indented.
  private func checkPlaces(_ before: Layout, _ after: Layout, _ shown: String) {
    for (index, (old, new)) in zip(before.trivia, after.trivia).enumerated() {
      if after.startsLine(index), !after.beginsStatement.contains(index), !after.isClosing(index) {
        #expect(new.last == " ", "`\(after.texts[index])` is not indented in \(shown)")
      }
      guard let comment = old.firstRange(of: "/"), let moved = new.firstRange(of: "/"), index > 0 else {
        continue
      }
      let isOwn = old[..<comment.lowerBound].contains("\n")
      let isJoined = !old.reversed().prefix { $0 != "/" }.contains("\n")
      let isOwnAfter = new[..<moved.lowerBound].contains("\n")
      let isJoinedAfter = !new.reversed().prefix { $0 != "/" }.contains("\n")
      if isOwn {
        #expect(isOwnAfter, "\(shown)")
        if isJoined, !old.contains("d */"), !after.isClosing(index) { #expect(isJoinedAfter, "\(shown)") }
      } else if isOwnAfter {
        #expect(!old.contains("\n") && isJoinedAfter, "\(shown)")
      }
    }
  }

  private func format(_ text: String) -> String? {
    Formatter.format(parse(text)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What a layout must keep, read without the help of the formatter.
  private struct Layout {
    let tokens: [Token]
    let texts: [String]
    let trivia: [String]
    /// What stands before each token, without blanks and line ends.
    let comments: [String]
    let documentation: [String?]
    /// The first tokens of declarations, fields and the like.
    private(set) var beginsStatement: Set<Int> = []
    let outline: String

    init(of text: String) throws {
      let parsed = parse(text)
      try #require(parsed.diagnostics.isEmpty, "\(parsed.diagnostics.map(\.message)) in \(text)")
      tokens = parsed.tree.tokens
      texts = tokens.map { parsed.tree.file.text(in: $0.start..<$0.end) }
      trivia = tokens.map { parsed.tree.file.text(in: $0.triviaStart..<$0.start) }
      comments = trivia.map { $0.filter { !$0.isWhitespace } }
      documentation = parsed.syntax.declarations.map(\.documentation)
      outline = parsed.tree.outline()
      for case .node(let node) in parsed.tree.root.children {
        if case .token(let index)? = node.children.first { beginsStatement.insert(index) }
      }
    }

    func startsLine(_ index: Int) -> Bool { trivia[index].contains("\n") && trivia[index].last != "/" }

    func isClosing(_ index: Int) -> Bool { ["}", "]", ")", ""].contains(texts[index]) }
  }

  static let specifications = [
    """
    dspec 1.0
    module a.b
    import "c.dspec" as c
    import std.hazards.ailuminate as ml
    import std.privacy

    /// Digits.
    enum Digit { zero, one, two, }
    param tau: Prob in [0, 50%] = 50%
    param n: Int
    hazard H "title" { severity: "critical" }
    hazard I {}
    hazard J { severity: "a", code: "b" accepted: "c", }
    """,
    """
    dspec 1.0
    domain Half: Latent[2] = box([-4, 0], [4, 4])
    domain Near: Image[8, 8] = ball(center: Protected[17], radius: 0.02, norm: linf)
    domain Corners: Latent[2] = points([-4, -4], [4, 4], [0, 1/2])
    domain Diagonal: Latent[2] = slice(origin: 0, directions: [[1, 1]], lower: -1/2, upper: 2)
    domain Doctors: Embedding[16] = ball(center: prompt("portrait"), radius: 0.05, norm: l2)
    dist TZ: Latent[2] = normal(0, 1).truncated(Z)
    dist MZ: Latent[2] = mixture([PZ, UZ], [1/4, 3/4])
    dist PP: Latent[2] = product(LZ, LZ)
    dist Seen: Image[8, 8] in [0, 1] = empirical(Protected)
    dist S: Ink = categorical([Ink.light, Ink.heavy], [50%, 50%])
    """,
    """
    dspec 1.0
    network f: (x: Image[8, 8] in [0, 1], s: Ink) -> Prob { artifact: onnx("f.onnx", sha256: "00") }
    sampler G: (z: Latent[2], s: Ink) -> Image[8, 8] in [0, 1] {
      denoiser: denoiser
      method: ddim(steps: 10, eta: 0)

      prediction: x0,
    }
    mitigation Switch of m.G: attribute_switching { yields: Gs  attribute: s  at: step(6) }
    training Dp of nsfw { mechanism: dp_sgd(noise: 1.1, clip: 1) }
    dataset Protected: Image[8, 8] { scale: 1/16  rows: range(0, 50) }
    """,
    """
    dspec 1.0
    property A "words" {
      mitigates: [H, c.I]
      claim: forall z in Z, s in Ink where not (z[0] < -1): f(G.using(denoiser: w)(z), s) <= tau and (0.5 < z[1] <= 1e-4 or true)
      evidence: [proof, sampled(n: 20_000, confidence: 99.9%)]
    }
    property B { claim: eps <= BER[z ~ PZ, s ~ S where s != t: f(z) predicts s given z[0] >= 0] <= 1 - eps * 2 / 3  evidence: bound }
    """,
    """
    dspec 1.0
    property C { claim: exists t in T: if a != b then a implies b implies c else (forall x in Z: x == 1)  evidence: proof }
    property Rare { claim: P[z ~ PZ: nsfw(G(z, Digit.two, s)) > tau and l2(Gf(z, Digit.one), Gu(z, Digit.one)) > 0 given z[0] > 0] <= 10% }
    goal Release "x" { hazards: [H]  by: [B, C] }
    test "t" { under: replace(f, always(1))  expect: refuted(B) }
    let g(x: Real, y: Real): Bool = -x <= y
    let h = E[z ~ PZ: f([1, [2, 3]], -(1 - 2))] + a.b.c
    """,
  ]
}
