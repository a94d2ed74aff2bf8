import DSpecSyntax
import Diagnostics
import SeededDraws

/// An input of one execution.
struct FuzzInput {
  /// Its bytes.
  var bytes: [UInt8]
  /// Whether the grammar derives it, so that a syntax error would be a defect.
  var isValid = false
}

/// Makes inputs; the input of an execution depends on the seed, its index and the corpus alone.
struct InputMaker {
  private let seed: UInt64
  /// The texts split after each token.
  private let texts: [[[UInt8]]]
  /// The declarations of the texts, split in the same way.
  private let declarations: [[[UInt8]]]
  private let allPieces: [[UInt8]]

  init(seed: UInt64, corpus: [[UInt8]]) {
    self.seed = seed
    var texts: [[[UInt8]]] = []
    var declarations: [[[UInt8]]] = []
    for bytes in corpus {
      let parsed = Parser.parse(SourceFile(name: "", utf8: bytes), source: SourceID(index: 0))
      let pieces = parsed.tree.tokens.map { (start: $0.start, bytes: Array(bytes[$0.triviaStart..<$0.end])) }
      texts.append(pieces.map(\.bytes))
      for span in parsed.syntax.declarations.map(\.span) {
        declarations.append(pieces.filter { span.lower..<span.upper ~= $0.start }.map(\.bytes))
      }
    }
    self.texts = texts
    self.declarations = declarations
    allPieces = texts.flatMap(\.self)
  }

  /// One whole text of the corpus in 32, else a few declarations of any of its texts.
  ///
  /// Small inputs run a hundred times as often, and what they miss is the size alone.
  private func basis(_ generator: inout SeededGenerator) -> [[UInt8]] {
    if generator.once(in: 32) { return generator.pick(texts) ?? [] }
    let header: [[UInt8]] = generator.once(in: 2) ? [Array("dspec 1.0\n".utf8)] : []
    return (0...generator.below(3)).reduce(into: header) { pieces, _ in
      pieces += [Array("\n".utf8)] + (generator.pick(declarations) ?? [])
    }
  }

  /// The input of execution `index`.
  func input(_ index: UInt64) -> FuzzInput {
    var generator = SeededGenerator(seed: seed, index: index)
    switch generator.below(16) {
    case 0: return FuzzInput(bytes: randomBytes(&generator))
    case 1, 2: return FuzzInput(bytes: randomTokens(&generator))
    case 3, 4: return FuzzInput(bytes: mutatedBytes(&generator))
    case 5, 6, 7: return FuzzInput(bytes: mutatedTokens(&generator))
    case 8, 9: return FuzzInput(bytes: respaced(&generator))
    case 10: return FuzzInput(bytes: nested(&generator))
    default:
      let tokens = generator.once(in: 32) ? 300 : 40
      return FuzzInput(bytes: SpecificationWriter.write(&generator, tokens: tokens), isValid: true)
    }
  }

  private func randomBytes(_ generator: inout SeededGenerator) -> [UInt8] {
    let alphabet = Array("()[]{},:.<>=!+-*/~%&|\"\\/ \n\r\tdomain P forall z in 1e-0.5_≤é\u{0}\u{FEFF}".utf8)
    let isPlain = generator.once(in: 2)
    return (0..<generator.below(200)).map { _ in
      isPlain ? UInt8.random(in: 0...255, using: &generator) : alphabet[generator.below(alphabet.count)]
    }
  }

  private static let words: [String] =
    Punctuation.allCases.map(\.rawValue) + Keyword.allCases.map(\.rawValue)
    + DeclarationSyntax.Keyword.allCases.map(\.rawValue) + [
      "dspec", "module", "import", "as", "of", "P", "E", "BER", "x", "Z", "Ink", "Latent", "Image", "Step",
      "Prob",
      "1", "0.5", "2", "10", "1e400", "1e-400", "99%", "\"a\"", "\"common.dspec\"", "box", "ball", "normal",
      "uniform",
      "claim", "artifact", "evidence", "mitigates", "// c\n", "/* c */", "/// d\n", "\n", "\r\n", "≤", "&&",
      "=>",
      "\"", "/*", "1x", "\u{FEFF}",
    ]

  private func randomTokens(_ generator: inout SeededGenerator) -> [UInt8] {
    var text = generator.once(in: 2) ? "dspec 1.0\n" : ""
    for _ in 0..<generator.below(60) {
      text += generator.pick(Self.words) ?? ""
      text += generator.pick(["", " ", " ", " ", "\n"]) ?? ""
    }
    return Array(text.utf8)
  }

  private func mutatedBytes(_ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = Array(basis(&generator).joined())
    for _ in 0..<(1 + generator.below(6)) where !bytes.isEmpty {
      let index = generator.below(bytes.count)
      switch generator.below(5) {
      case 0: bytes[index] ^= 1 << UInt8(generator.below(8))
      case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
      case 2: bytes.removeSubrange(index..<min(bytes.count, index + 1 + generator.below(40)))
      case 3:
        let end = min(bytes.count, index + 1 + generator.below(200))
        bytes.insert(contentsOf: bytes[index..<end], at: generator.below(bytes.count))
      default: bytes.removeSubrange(index...)
      }
    }
    return bytes
  }

  private func mutatedTokens(_ generator: inout SeededGenerator) -> [UInt8] {
    var parts = basis(&generator)
    for _ in 0..<(1 + generator.below(4)) where !parts.isEmpty {
      let index = generator.below(parts.count)
      switch generator.below(6) {
      case 0: parts.remove(at: index)
      case 1: parts.insert(parts[index], at: index)
      case 2: parts.swapAt(index, generator.below(parts.count))
      case 3: parts.insert(generator.pick(allPieces) ?? [], at: index)
      case 4: parts[index] = [0x20] + Array((generator.pick(Self.words) ?? "").utf8)
      default: parts[index] = generator.pick(allPieces) ?? []
      }
    }
    return Array(parts.joined())
  }

  /// A text of the corpus with comments and blanks strewn between its tokens.
  private func respaced(_ generator: inout SeededGenerator) -> [UInt8] {
    let parts = basis(&generator)
    let spread = 2 + generator.below(40)
    var bytes: [UInt8] = generator.once(in: 20) ? [0xEF, 0xBB, 0xBF] : []
    for part in parts {
      bytes += part
      while generator.once(in: spread) {
        let gap = generator.pick([
          " ", "\n", "\n\n\n", "\r\n", "\t", " // c  \n", " /* b */ ", "\n/// d\n", "\n// own\n",
          "/* two\r\n lines */",
          "\n\n/* own */ /* more */ ", "\r/* r */", " /* c */ /// d\n",
        ])
        bytes += Array((gap ?? "").utf8)
        if generator.once(in: 30) {
          bytes += [0x2F, 0x2F, UInt8.random(in: 0x80...0xFF, using: &generator), 0x0A]
        }
      }
    }
    return bytes
  }

  private func nested(_ generator: inout SeededGenerator) -> [UInt8] {
    let forms: [(String, String)] = [
      ("(", ")"), ("[", "]"), ("f(", ")"), ("-", ""), ("not ", ""), ("forall x in Z: ", ""),
      ("a implies ", ""),
      ("if a then b else ", ""), ("P[x ~ A: ", "]"), ("x[", "]"), ("a.", ""), ("a + ", ""), ("a * ", ""),
      ("a < ", ""), ("a and ", ""), ("(a or ", ")"), ("{", "}"), ("f(x: ", ")"), ("forall x in ", ": y"),
      ("/*", "*/"), ("(a + ", " * 2)"), ("-(", ")"),
    ]
    let heads = [
      "param a: Real = ", "property A { claim: ", "domain Z: Latent[2] = box(", "dspec 1.0\nparam a: Latent[",
      "dspec 1.0\nhazard H { severity: \"minor\" }\ndomain Z: Latent[2] = box(0, 1)\n"
        + "property A { mitigates: H  evidence: proof  claim: forall x in Z: ",
    ]
    let depth =
      generator.once(in: 16)
      ? generator.pick([60, 250, 255, 256, 257, 300, 2000]) ?? 3 : 1 + generator.below(12)
    let isMixed = generator.once(in: 2)
    var form = generator.pick(forms) ?? ("(", ")")
    var (opening, closing) = ("", "")
    for _ in 0..<depth {
      if isMixed { form = generator.pick(forms) ?? form }
      opening += form.0
      closing = form.1 + closing
    }
    let end = generator.once(in: 2) ? closing : ""
    return Array(
      ((generator.pick(heads) ?? "") + opening + "a" + end + (generator.once(in: 2) ? " }" : "")).utf8)
  }
}
