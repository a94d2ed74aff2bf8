import Certificates
import DSpecSemantics
import Replay

/// The head of a page: what was found, who signed it, what the report itself did, and for when it counts.
struct HeadPart {
  let report: CertificateReport

  var markup: Markup {
    let root = report.predicate.spec.root.text
    return .tag(
      "header", ["class": "top"],
      [
        .tag(
          "div", ["class": "wide"],
          [
            .tag("p", ["class": "eyebrow"], "dspec report on a certificate"),
            .tag("h1", [:], report.subject),
            .tag(
              "p", ["class": "muted"],
              [
                "Specification ", Pieces.code(root), ", issued ",
                .text(HeadPart.day(report.predicate.issuedAt)),
                " by ", .text("\(report.predicate.tool.name) \(report.predicate.tool.version)"), ".",
              ]),
            .tag("ul", ["class": "states"], states),
            navigation,
          ])
      ])
  }

  private var states: [Markup] {
    [
      verdict,
      state(
        report.signature.headline, report.signature.explanation,
        report.signature.isTrusted ? .holds : .open),
      replayed,
    ] + attested + [
      state(
        "Valid from \(HeadPart.day(report.predicate.issuedAt)) to \(HeadPart.day(report.predicate.expiresAt))",
        "This report was made for \(HeadPart.moment(report.moment)), which lies within.", .unanswered)
    ]
  }

  /// The answer; as the certificate's word where nobody who is trusted signed it and nothing was replayed.
  private var verdict: Markup {
    guard !report.signature.isTrusted, report.replay == nil, report.standing == .holds else {
      return state(report.headline, report.summary, report.standing, style: "verdict")
    }
    return state(
      "The certificate says: \(report.headline.prefix(1).lowercased())\(report.headline.dropFirst())",
      report.summary + " Neither its signature nor its evidence was examined.", .open, style: "verdict")
  }

  private var attested: [Markup] {
    report.attested.isEmpty
      ? []
      : [
        state(
          "Attested by others", report.attested.joined(separator: ". ") + ".",
          report.isAttestationExamined ? .holds : .open)
      ]
  }

  private var replayed: Markup {
    guard report.replay != nil else {
      return state(
        "Record, not replayed",
        "Structure, digests and statements of the certificate were checked, and the report repeats the verdicts that it "
          + "records. Whether the evidence gives them is for a replay to say: see the end of this page.",
        .open)
    }
    return state(
      "Replayed",
      "When this report was made, every recorded verdict was derived again from specification, models and evidence.",
      .holds)
  }

  private func state(_ title: String, _ text: String, _ standing: Standing, style: String = "") -> Markup {
    .tag(
      "li", ["class": "\(style) \(standing.style)-box"],
      [
        .tag(
          "strong", [:],
          standing == .unanswered
            ? [.text(title)]
            : [.tag("span", ["aria-hidden": "true"], standing.sign + " "), .text(title)]),
        .tag("span", ["class": "detail"], text),
      ])
  }

  private var navigation: Markup {
    let places = [
      ("summary", "Answers"), ("scope", "Scope"), ("assumptions", "Assumptions"), ("hazards", "Hazards"),
      ("properties", "Properties"), ("setting", "Setting"), ("files", "Files"), ("replay", "Replay"),
      ("specification", "Specification"),
    ]
    return .tag(
      "nav", ["aria-label": "Contents"],
      [
        .tag(
          "ul", [:],
          places.filter { $0.0 != "hazards" || report.spec?.hazards.isEmpty == false }.map {
            .tag("li", [:], [.tag("a", ["href": "#\($0.0)"], $0.1)])
          })
      ])
  }

  /// The day of a moment: `2026-11-28`.
  static func day(_ moment: Timestamp) -> String { String(moment.text.prefix(10)) }

  /// A moment to the minute.
  static func moment(_ moment: Timestamp) -> String {
    "\(moment.text.prefix(10)) \(moment.text.dropFirst(11).prefix(5)) UTC"
  }
}
