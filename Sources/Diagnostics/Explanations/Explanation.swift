/// The long text behind one diagnostic code: what it says, why it matters, and an example with its mend.
///
/// Explanations are keyed by the text of the code, so that they can be looked up as a person types it.
package struct Explanation: Hashable, Sendable {
  /// The code, `D0101` for example.
  package let code: String
  /// What the message means, in one to three sentences.
  package let meaning: String
  /// What false confidence the problem would give if it passed.
  package let why: String
  /// A snippet of a specification that raises the code.
  package let wrong: String
  /// The snippet with the problem mended, which raises nothing.
  package let right: String
  /// Whether the snippets are files of their own even where they do not begin with a header.
  package let isWholeFile: Bool

  /// Makes an explanation.
  init(
    _ code: String, meaning: String, why: String, wrong: String, right: String, isWholeFile: Bool = false
  ) {
    self.code = code
    self.meaning = meaning
    self.why = why
    self.wrong = wrong
    self.right = right
    self.isWholeFile = isWholeFile
  }

  /// The explanation of a code in upper or lower case; nil where there is none.
  package static func of(_ code: String) -> Explanation? {
    let wanted = code.uppercased()
    return all.first { $0.code == wanted }
  }

  /// All explanations in order of code.
  package static let all: [Explanation] = [
    lexical, regions, quantifiers, shapes, probability, contracts, hygiene, precedence, names, types,
  ].flatMap { $0 }.sorted { $0.code < $1.code }

  /// A snippet as a file: after the prelude, unless the snippet is a file of its own.
  package func file(_ snippet: String) -> String {
    standsAlone(snippet) ? snippet + "\n" : Self.prelude + snippet + "\n"
  }

  /// Whether a snippet is a file of its own, for which the prelude is not meant.
  func standsAlone(_ snippet: String) -> Bool {
    isWholeFile || snippet.hasPrefix("dspec ")
  }

  /// What the snippets build on: a small generator, its classifiers, a latent box, laws and a hazard.
  ///
  /// It raises nothing by itself; `preludeSummary` says in prose what it declares.
  package static var prelude: String {
    """
    dspec 1.0

    enum Ink { light, heavy }
    hazard Harm "The generator yields a harmful image" { severity: "critical" }

    domain Z: Latent[2] = box(-4, 4)
    dist PZ: Latent[2] = normal(0, 1)
    dist S: Ink = uniform(Ink)

    network denoiser: (z: Latent[2], t: Step[10], s: Ink) -> Latent[2] {
      artifact: onnx("denoiser.onnx", sha256: "\(digest("a"))")
    }
    network decoder: (z: Latent[2]) -> Image[8, 8] in [0, 1] {
      artifact: onnx("decoder.onnx", sha256: "\(digest("b"))")
    }
    network nsfw: (x: Image[8, 8] in [0, 1]) -> Prob {
      artifact: onnx("nsfw.onnx", sha256: "\(digest("c"))")
    }
    network audit: (x: Image[8, 8] in [0, 1]) -> Prob {
      artifact: onnx("audit.onnx", sha256: "\(digest("d"))")
    }
    network probe: (x: Image[8, 8] in [0, 1]) -> Ink {
      artifact: onnx("probe.onnx", sha256: "\(digest("e"))")
    }
    sampler G: (z: Latent[2], s: Ink) -> Image[8, 8] in [0, 1] {
      denoiser: denoiser
      decoder: decoder
      method: ddim(steps: 10, eta: 0)
      schedule: linear(train_steps: 1000, beta_start: 1e-4, beta_end: 0.02)
      prediction: x0
    }
    dataset Protected: Image[8, 8] in [0, 1] {
      artifact: idx("protected.idx3-ubyte", sha256: "\(digest("f"))")
      scale: 1/255
      rows: range(0, 50)
    }

    """
  }

  /// What the prelude declares, for readers who see the snippets without it.
  static let preludeSummary = """
    The examples assume a latent domain Z with law PZ, an enumeration Ink with law S, a sampler G, classifiers nsfw, \
    audit and probe, a dataset Protected and a hazard Harm.
    """

  /// A text with the form of a SHA-256 digest.
  static func digest(_ digit: Character) -> String {
    String(repeating: digit, count: 64)
  }
}
