import DSpecSemantics
import DSpecSyntax
import Diagnostics
import Foundation

/// Reading and checking large specifications, without models and without a solver.
enum LanguageBench {
  /// A valid specification of about `lines` lines.
  static func specification(lines: Int) -> String {
    var text = """
      dspec 1.0
      enum Ink { light, heavy }
      domain Z: Latent[2] = box(-4, 4)
      dist PZ: Latent[2] = normal(0, 1)
      dist S: Ink = uniform(Ink)
      network f: (z: Latent[2], s: Ink) -> Prob {
        artifact: onnx("f.onnx", sha256: "\(String(repeating: "0", count: 64))")
      }
      let below(score: Prob, limit: Prob): Bool = score <= limit

      """
    var index = 0
    while text.utf8.count(where: { $0 == 10 }) < lines {
      text += """

        hazard H\(index) "Hazard \(index)" { severity: "minor" }

        /// Property \(index) of the generated specification.
        property P\(index) "No latent exceeds \(index)" {
          mitigates: H\(index)
          claim: forall z in Z, s in Ink where z[0] >= 0 or z[1] < 1/3:
            below(f(z, s), 50%) and (f(z, Ink.light) < 0.9 or 2 * z[0] + z[1] <= 3)
          evidence: [proof, attacked(budget: 1000)]
        }
        property Q\(index) {
          mitigates: H\(index)
          claim: 1% <= P[z ~ PZ, s ~ S: f(z, s) > 0.5] <= 10%
          evidence: bound
        }

        """
      index += 1
    }
    return text
  }

  static func run(_ table: inout FigureTable) async throws {
    let large = specification(lines: 10_000)
    var best = Double.infinity
    for _ in 0..<3 {
      best = min(
        best,
        try await Bench.seconds {
          let checked = SpecificationChecker.check(root: "t", loader: InMemoryLoader(["t": large]))
          guard checked.spec != nil else { throw BenchError(description: "the specification has errors") }
        })
    }
    table.add("check of 10,000 lines, seconds", best, limit: 0.5)

    let bytes = Array(large.utf8)
    var parsing = Double.infinity
    for _ in 0..<5 {
      parsing = min(
        parsing,
        await Bench.seconds {
          var sources = SourceMap()
          let file = SourceFile(name: "t", utf8: bytes)
          _ = Parser.parse(file, source: sources.add(file))
        })
    }
    table.add("parser, megabytes per second", Double(bytes.count) / 1e6 / parsing, atLeast: 10)

    let median = EditorBench.keystroke(in: specification(lines: 1_000), line: 500, keystrokes: 61)
    table.add("keystroke to diagnostics on 1,000 lines, median seconds", median, limit: 0.05)

    let nested = "dspec 1.0\nparam x: Real = " + String(repeating: "(", count: 100_000)
    let deep = await Bench.seconds {
      _ = SpecificationChecker.check(root: "t", loader: InMemoryLoader(["t": nested]))
    }
    table.add("100,000 nested parentheses, seconds to the message", deep, limit: 1)
  }
}
