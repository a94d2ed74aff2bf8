import DSpecSemantics
import DSpecSyntax
import Diagnostics
import Testing

/// Every code, node, word and built-in of the language occurs in the corpus, and no case occurs twice.
@Suite struct CoverageTests {
  /// Codes that no case can show, with the reason.
  static let exceptedCodes: [DiagnosticCode: String] = [
    .deadAntecedent: "found by the analysis", .contradiction: "found by the analysis",
    .redundantProperty: "found by the analysis",
    .truncatedMass: "found by the analysis", .tooFewSamples: "found by the analysis",
    .artifactMismatch: "found when files are read",
  ]

  /// Fewest cases of each category; a corpus that was not found must not pass.
  static let fewest = [
    "parse": 60, "diag": 200, "accept": 60, "analysis": 40, "format": 10, "verdict": 75, "lower": 40,
  ]

  @Test func everyCodeIsShown() {
    var counts: [DiagnosticCode: Int] = [:]
    for sample in Corpus.cases("diag") {
      for code in Set(sample.check().diagnostics.map(\.code)) { counts[code, default: 0] += 1 }
    }
    for sample in Corpus.cases("parse") {
      let found = sample.parsed().flatMap(\.diagnostics).map(\.code)
      for code in Set(found) { counts[code, default: 0] += 1 }
    }
    let open = DiagnosticCode.allCases.filter { counts[$0] == nil && Self.exceptedCodes[$0] == nil }
    #expect(open.map(\.rawValue) == [])
    let needless = Self.exceptedCodes.keys.filter { counts[$0] != nil }
    #expect(needless.map(\.rawValue) == [], "these are shown and need no exception")
    print(
      "codes:", DiagnosticCode.allCases.map { "\($0.rawValue) \(counts[$0] ?? 0)" }.joined(separator: ", "))
  }

  @Test func everyNodeAndWordIsParsed() {
    var kinds: Set<SyntaxKind> = []
    var words: Set<String> = []
    for file in Corpus.cases("parse").flatMap({ $0.parsed() }) {
      collect(file.tree.root, into: &kinds)
      words.formUnion(file.syntax.declarations.map(\.keyword.rawValue))
      words.formUnion(file.tree.tokens.compactMap(word))
    }
    #expect(SyntaxKind.allCases.filter { !kinds.contains($0) } == [])
    let expected =
      DeclarationSyntax.Keyword.allCases.map(\.rawValue) + DSpecSyntax.Keyword.allCases.map(\.rawValue)
      + Punctuation.allCases.map(\.rawValue)
    #expect(expected.filter { !words.contains($0) } == [])
    print("nodes: \(kinds.count) of \(SyntaxKind.allCases.count), words: \(expected.count)")
  }

  @Test func everySupportedWordIsAccepted() {
    var words: Set<String> = []
    for file in Corpus.cases("accept").flatMap({ $0.parsed() }) {
      for token in file.tree.tokens {
        words.insert(word(token) ?? file.tree.file.text(in: token.start..<token.end))
      }
    }
    var expected: [String] = []
    expected += DeclarationSyntax.Keyword.allCases.map(\.rawValue)
    expected += DSpecSyntax.Keyword.allCases.map(\.rawValue)
    expected += Punctuation.allCases.map(\.rawValue)
    expected += TensorKind.allCases.map(\.rawValue) + Norm.allCases.map(\.rawValue)
    expected += PredictionTarget.allCases.map(\.rawValue) + TimestepSpacing.allCases.map(\.rawValue)
    expected += NoiseSchedule.Kind.allCases.map(\.rawValue) + EngineHint.allCases.map(\.rawValue)
    expected += Artifact.Format.allCases.map(\.rawValue)
    expected += ["Real", "Prob", "Int", "Step", "P", "BER", "dspec", "module", "import", "as", "of"]
    expected += ["box", "ball", "center", "radius", "norm", "normal", "truncated", "uniform", "categorical"]
    expected += ["artifact", "sha256", "scale", "rows", "range", "severity", "mitigates", "claim"]
    expected += ["evidence", "engine", "proof", "bound", "sampled", "n", "confidence", "attacked", "budget"]
    expected += [
      "denoiser", "decoder", "method", "schedule", "prediction", "ddim", "steps", "eta", "spacing",
    ]
    expected += ["train_steps", "beta_start", "beta_end", "attribute_switching", "yields", "attribute", "at"]
    expected += ["step"]
    #expect(expected.filter { !words.contains($0) } == [])
  }

  @Test(arguments: ["parse", "diag", "accept", "analysis", "format", "verdict", "lower"])
  func casesAreManyAndDistinct(category: String) {
    let cases = Corpus.cases(category)
    #expect(cases.count >= Self.fewest[category] ?? 1)
    var rules: [String: String] = [:]
    var texts: [String: String] = [:]
    for sample in cases {
      let rule = sample.statement.rule.lowercased()
      if let other = rules[rule] { Issue.record("\(sample.name) and \(other) state the same rule") }
      rules[rule] = sample.name
      let text = sample.normalized
      // Cases on blanks and comments have the tokens of others; what they show is in their trees.
      if category == "parse" || category == "format" { continue }
      if let other = texts[text] { Issue.record("\(sample.name) and \(other) have the same text") }
      texts[text] = sample.name
    }
    print("\(category): \(cases.count) cases")
  }

  private func collect(_ node: SyntaxNode, into kinds: inout Set<SyntaxKind>) {
    kinds.insert(node.kind)
    for case .node(let child) in node.children { collect(child, into: &kinds) }
  }

  /// The reserved word or punctuation of a token.
  private func word(_ token: Token) -> String? {
    switch token.kind {
    case .keyword(let keyword): keyword.rawValue
    case .punctuation(let punctuation): punctuation.rawValue
    default: nil
    }
  }
}
