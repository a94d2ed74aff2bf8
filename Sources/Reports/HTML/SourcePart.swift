import DSpecSemantics
import Diagnostics
import Replay

/// The text of the specification with line numbers.
struct SourcePart {
  let report: CertificateReport

  /// Lines beyond which only the first are shown.
  static let largestLineCount = 1_500

  var markup: Markup {
    guard let file = report.sourceFiles.first else { return .nothing }
    var count = file.lineStarts.count
    if file.lineRange(count - 1).isEmpty { count -= 1 }
    let shown = min(count, SourcePart.largestLineCount)
    let lines = (0..<shown).map { index in
      Markup.tag("span", ["id": "L\(index + 1)"], file.text(in: file.lineRange(index)))
    }
    let others = report.sourceFiles.count - 1
    var text = "The root file, \(file.name)."
    if shown < count { text += " The first \(shown) of \(count) lines." }
    if others > 0 {
      text +=
        " \(NumberText.counted(others, "file that it imports is", "files that it imports are")) in the certificate too."
    }
    return Pieces.section(
      "specification", "Specification", style: "sheet",
      [.tag("p", [:], text), .tag("pre", ["class": "source"], [.tag("code", [:], lines)])])
  }
}
