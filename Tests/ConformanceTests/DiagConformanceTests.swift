import DSpecSemantics
import Diagnostics
import Testing

/// `diag/NAME` gives exactly the stated codes, the texts `NAME.txt` and `NAME.json`, and fix-its that work.
@Suite struct DiagConformanceTests {
  @Test(arguments: Corpus.cases("diag"))
  func diagnostics(of sample: ConformanceCase) throws {
    let checked = sample.check()
    let text = TerminalRenderer(sources: checked.sources).render(checked.diagnostics)
    let (codes, rule) = sample.statement
    #expect(rule != "" && !codes.isEmpty, "the first line states no codes and rule")
    #expect(checked.diagnostics.map(\.code.rawValue) == codes, "\(text)")
    #expect((checked.spec == nil) == checked.diagnostics.hasErrors)
    guard checked.diagnostics.map(\.code.rawValue) == codes else { return }
    checkFixIts(of: checked, in: sample)
    try Golden(owner: sample).expect(text, extension: "txt")
    try Golden(owner: sample).expect(
      JSONRenderer(sources: checked.sources).render(checked.diagnostics), extension: "json")
  }

  /// Every fix-it alone removes its diagnostic and adds no error.
  private func checkFixIts(of checked: CheckedSpecification, in sample: ConformanceCase) {
    for diagnostic in checked.diagnostics {
      for fixIt in diagnostic.fixIts {
        var replaced: [String: [UInt8]] = [:]
        for (index, file) in checked.sources.files.enumerated() where sample.files[file.name] != nil {
          replaced[file.name] = fixIt.applied(to: file, source: SourceID(index: index))
        }
        let after = sample.check(replacing: replaced)
        var allowed = checked.diagnostics.map(Problem.init)
        allowed.firstIndex(of: Problem(diagnostic)).map { _ = allowed.remove(at: $0) }
        let shown = TerminalRenderer(sources: after.sources).render(after.diagnostics)
        for left in after.diagnostics where left.severity == .error || left.code == diagnostic.code {
          if let index = allowed.firstIndex(of: Problem(left)) {
            allowed.remove(at: index)
          } else {
            Issue.record("the fix `\(fixIt.title)` does not remove its diagnostic or adds one:\n\(shown)")
          }
        }
      }
    }
  }

  /// What makes two diagnostics the same before and after an edit.
  private struct Problem: Equatable {
    let code: DiagnosticCode
    let message: String

    init(_ diagnostic: Diagnostic) {
      code = diagnostic.code
      message = diagnostic.message
    }
  }

  @Test func filesBelongToCases() {
    #expect(Corpus.strays("diag", goldens: ["txt", "json"]) == [])
  }
}
