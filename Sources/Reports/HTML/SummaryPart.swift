import Certificates
import DSpecSemantics
import Replay

/// All answers in one table, then what they cover and what they rest on.
struct SummaryPart {
  let report: CertificateReport

  var markup: Markup { .group([answers, scope, assumptions]) }

  private var answers: Markup {
    var rows = report.properties.enumerated().map { index, property -> [Markup] in
      [
        .tag("a", ["href": "#p\(index)"], [Pieces.user(property.record.id)]),
        Pieces.chip(property.verdictText, property.standing),
        .text(AnswerNumbers.printed(property.numbers.reached)),
        .text(AnswerNumbers.printed(property.numbers.asked)), .text(property.gradeText),
      ]
    }
    rows += report.uncovered.map {
      [Pieces.user($0), Pieces.chip("not answered", .unanswered), "-", "-", "-"]
    }
    return Pieces.section(
      "summary", "Answers",
      [
        Pieces.table(
          caption: "Every property with what was reached and what was asked; bounds are rounded outwards",
          head: ["Property", "Verdict", "Reached", "Asked", "Evidence"], rows: rows, numbers: [2, 3])
      ])
  }

  private var scope: Markup {
    Pieces.section(
      "scope", "Scope",
      [
        .tag("p", [:], "The answers cover this and nothing beyond it."),
        .tag("ul", [:], report.predicate.scope.map { .tag("li", [:], [Pieces.user($0)]) }), foreign,
      ])
  }

  /// Modules that only look like the standard library's.
  private var foreign: Markup {
    let names = report.spec.map { StandardModules.foreign(in: $0.sources) } ?? []
    guard !names.isEmpty else { return .nothing }
    return .tag(
      "p", ["class": "note"],
      [
        "Under the standard library's name, and none of its modules in this version: ",
        Pieces.user(names.joined(separator: ", ")), ". What they mean stands in their text alone.",
      ])
  }

  private var assumptions: Markup {
    let rows = report.predicate.assumptions.map { item -> [Markup] in
      [
        Pieces.user(item.id),
        item.isDischarged ? Pieces.chip("said to be discharged", .open) : Pieces.chip("not shown", .open),
        Pieces.user(item.text),
      ]
    }
    let text: String
    switch rows.count {
    case 0: text = "The certificate states none."
    case 1: text = "Nothing here shows it: it remains for the reader to judge."
    default: text = "Nothing here shows them: they remain for the reader to judge."
    }
    return Pieces.section(
      "assumptions", "Assumptions",
      [.tag("p", [:], text)]
        + (rows.isEmpty
          ? []
          : [
            Pieces.table(
              caption: "What the verdicts rest on", head: ["Assumption", "State", "Text"], rows: rows)
          ]))
  }
}

extension PropertyReport {
  /// The verdict in words, with the confidence of samples.
  package var verdictText: String {
    if case .samples(let study) = findings, record.verdict.isDecided {
      return "\(record.verdict.rawValue) (\(NumberText.percentage(study.confidence)))"
    }
    return record.verdict.rawValue
  }

  /// The grade of the evidence, and the weakest accepted one where they differ.
  package var gradeText: String {
    let (given, asked) = (record.grade.rawValue, record.requestedGrade.rawValue)
    if standing == .open { return "asked for: \(asked)" }
    return record.grade.satisfies(record.requestedGrade) ? given : "\(given), asked for: \(asked)"
  }
}
