import DSpecSemantics
import Diagnostics
import Foundation
import Testing

/// Checks the examples and the catalogue of `Grammar.md`.
@Suite struct GrammarTests {
  private func grammar() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "Grammar.md"), encoding: .utf8)
  }

  @Test func examplesTogetherAreOneValidSpecification() throws {
    var blocks: [String] = []
    var open: [Substring]?
    for line in try grammar().split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```dspec" {
        open = []
      } else if line == "```", let lines = open {
        blocks.append(lines.joined(separator: "\n"))
        open = nil
      } else {
        open?.append(line)
      }
    }
    #expect(blocks.count >= 8)
    let checked = check(blocks.joined(separator: "\n\n") + "\n")
    let shown = TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
    #expect(checked.diagnostics == [], "\(shown)")
    #expect(checked.spec?.properties.count == 13)
  }

  @Test func catalogueIsComplete() throws {
    let rows = try grammar().split(separator: "\n").filter { $0.hasPrefix("| D0") }.map(String.init)
    let expected = DiagnosticCode.allCases.map {
      "| \($0.rawValue) | \($0.severity.rawValue) | \($0.title) |"
    }
    #expect(rows == expected)
  }

  @Test func reservedWordsAreListed() throws {
    let text = try grammar()
    for word in ["forall", "exists", "in", "where", "implies", "predicts", "given"] {
      #expect(text.contains("`\(word)`"))
    }
  }
}
