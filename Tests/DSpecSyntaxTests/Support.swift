import DSpecSyntax
import Diagnostics

/// A complete specification that uses every declaration and operator that the parser knows.
let completeExample = """
  dspec 1.0
  module examples.digits
  import "common.dspec" as m
  import std.hazards

  /// What the generator may be asked for.
  enum Digit { zero, one, two, }
  param tau: Prob in [0, 50%] = 50% // a comment
  param n: Int
  domain Z: Latent[2] = box([-4, -3], [4, 3]) /* a /* nested */ comment */
  dist PZ: Latent[2] = normal(0, 1).truncated(Z)
  network nsfw: (x: Image[8, 8] in [0, 1], s: Ink) -> Prob { artifact: onnx("m/a \\"b\\".onnx", sha256: "00") }
  sampler G: (z: Latent[2]) -> Image[8, 8] in [0, 1] {
    denoiser: m.denoiser
    method: ddim(steps: 10, eta: 0)
  }
  mitigation Switch of G: attribute_switching { yields: Gs  attribute: s  at: step(6) }
  dataset Protected: Image[8, 8] { scale: 1/16  rows: range(0, 5_000), }
  hazard Eights "The generator draws 8" { severity: "critical" }
  property A "No latent" {
    mitigates: [Eights]
    claim: forall z in Z, s in m.Ink where not (z[0] < -1): nsfw(G(z), s) <= tau and (0.5 < z[1] <= 1e-4 or true)
    evidence: [proof, sampled(n: 20_000, confidence: 99.9%)]
  }
  property B { claim: eps <= BER[z ~ PZ, s ~ S: f(z) predicts s given z[0] >= 0] <= 1 - eps * 2 / 3 + -1 }
  property C { claim: exists t in steps(1, 9): if a != b then a implies b implies c else (forall x in Z: x == 1) }
  goal Release "x" { by: [A, B] }
  test "t" { under: replace(nsfw, always(1)) }
  training Dp of m.unet { steps: 3 }
  let f(x: Real) : Real = x.y.z

  """

/// Parses text under the name `t.dspec`.
func parse(_ text: String) -> ParsedFile {
  parse(Array(text.utf8))
}

/// Parses bytes under the name `t.dspec`.
func parse(_ bytes: [UInt8]) -> ParsedFile {
  Parser.parse(SourceFile(name: "t.dspec", utf8: bytes), source: SourceID(index: 0))
}

/// A text without its markers, and the diagnostics that the markers announce.
///
/// A marker `⟪D0004⟫` announces a diagnostic of that code whose span starts right after it.
func readMarkers(_ marked: String) -> (text: String, expected: [String]) {
  var text = ""
  var expected: [String] = []
  var rest = marked[...]
  while let open = rest.firstIndex(of: "⟪"), let close = rest[open...].firstIndex(of: "⟫") {
    text += rest[..<open]
    expected.append("\(rest[rest.index(after: open)..<close])@\(text.utf8.count)")
    rest = rest[rest.index(after: close)...]
  }
  return (text + rest, expected)
}

/// Diagnostics in the form of `readMarkers`.
func summary(_ diagnostics: [Diagnostic]) -> [String] {
  diagnostics.map { "\($0.code.rawValue)@\($0.span.lower)" }
}
