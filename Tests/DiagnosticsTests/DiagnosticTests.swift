import Diagnostics
import Testing

@Suite struct DiagnosticTests {
  @Test func codesAreUniqueAndWellFormed() {
    let codes = DiagnosticCode.allCases.map(\.rawValue)
    #expect(Set(codes).count == codes.count)
    #expect(codes == codes.sorted())
    for code in DiagnosticCode.allCases {
      #expect(code.rawValue.count == 5 && code.rawValue.first == "D")
      #expect(Int(code.rawValue.dropFirst()) != nil)
      #expect(!code.title.isEmpty && !code.title.hasSuffix("."))
    }
    #expect(Set(DiagnosticCode.allCases.map(\.title)).count == codes.count)
  }

  @Test func editsApplyInOrderOfPlace() {
    let id = SourceID(index: 0)
    let file = SourceFile(name: "a", text: "one two three")
    let fix = FixIt(
      "swap",
      edits: [
        TextEdit(span: SourceSpan(source: id, lower: 8, upper: 13), replacement: "1"),
        TextEdit(span: SourceSpan(source: id, lower: 0, upper: 3), replacement: "3"),
        TextEdit(span: SourceSpan(source: id, lower: 1, upper: 4), replacement: "overlap"),
        TextEdit(span: SourceSpan(source: id, lower: 90, upper: 91), replacement: "outside"),
        TextEdit(span: SourceSpan(source: SourceID(index: 1), lower: 0, upper: 1), replacement: "other"),
      ])
    #expect(String(decoding: fix.applied(to: file, source: id), as: UTF8.self) == "3 two 1")
  }

  @Test func orderIsByPlaceAndRepetitionsVanish() {
    let id = SourceID(index: 0)
    func make(_ code: DiagnosticCode, _ lower: Int) -> Diagnostic {
      Diagnostic(code, "m", at: SourceSpan(source: id, lower: lower, upper: lower + 1))
    }
    let list = [make(.unknownName, 5), make(.shapeMismatch, 5), make(.unknownName, 1), make(.unknownName, 5)]
    #expect(list.inSourceOrder() == [make(.unknownName, 1), make(.shapeMismatch, 5), make(.unknownName, 5)])
    #expect(list.hasErrors)
    #expect(![make(.unusedHazard, 1)].hasErrors)
  }

  @Test(
    arguments: [
      ("forlal", "forall"), ("digits", "Digits"), ("nsfv", "nsfw"), ("zzz", nil), ("tau", nil), ("Z", nil),
    ] as [(String, String?)])
  func suggestions(name: String, expected: String?) {
    let candidates = ["forall", "Digits", "nsfw", "eps", "PZQ"]
    #expect(SpellingSuggestion.nearest(to: name, among: candidates) == expected)
  }

  @Test(arguments: [("", "abc", 3), ("abc", "acb", 1), ("kitten", "sitting", 3), ("a", "a", 0)])
  func editDistances(left: String, right: String, expected: Int) {
    #expect(SpellingSuggestion.editDistance(left, right) == expected)
  }
}
