import Certificates
import Diagnostics
import Replay

/// A report as the XML that continuous integration reads: a test case a property.
///
/// What is refuted or contradicted is a failure; what is undecided or below its grade an error, so that no run is green that
/// shows less than was asked; what the certificate does not answer is skipped. Signature and replay are two cases more,
/// skipped where they were not examined.
///
/// Source: the de facto format of JUnit 4 reports as Jenkins and GitLab read it.
package struct JUnitReport: Sendable {
  private let report: CertificateReport

  /// The XML of a report.
  package init(_ report: CertificateReport) { self.report = report }

  /// The XML's text.
  package var text: String {
    var output = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    suites.write(to: &output)
    return output + "\n"
  }

  private var suites: Markup {
    let unshown = report.count(.open) + report.count(.belowGrade)
    let unexamined = (report.signature.isTrusted ? 0 : 1) + (report.replay == nil ? 1 : 0)
    var counts = [
      (name: "tests", value: "\(report.properties.count + report.uncovered.count + 2)"),
      (name: "failures", value: "\(report.count(.violated))"), (name: "errors", value: "\(unshown)"),
      (name: "skipped", value: "\(report.uncovered.count + unexamined)"),
    ]
    var children: [Markup] = [.tag("properties", [:], facts)]
    children += report.properties.map(testCase)
    for name in report.uncovered {
      children.append(skipped(name, group: report.subject, "not answered by the certificate"))
    }
    children += [signature, replay]
    let outer = [(name: "name", value: "dspec")] + counts
    counts.insert((name: "name", value: report.subject), at: 0)
    counts.append((name: "timestamp", value: String(report.predicate.issuedAt.text.dropLast())))
    return .element("testsuites", outer, [.element("testsuite", counts, children)])
  }

  private var facts: [Markup] {
    var pairs = [
      ("certificate", report.contents.payloadDigest.hex), ("signature", report.signature.word),
      ("replayed", report.replay == nil ? "no" : "yes"), ("expiresAt", report.predicate.expiresAt.text),
    ]
    pairs += report.predicate.scope.map { ("scope", $0) }
    pairs += report.predicate.assumptions.filter { !$0.isDischarged }.map {
      ("assumption", "\($0.id), not discharged: \($0.text)")
    }
    return pairs.map { .tag("property", ["name": $0.0, "value": $0.1]) }
  }

  private func testCase(_ property: PropertyReport) -> Markup {
    let record = property.record
    let body =
      "\(property.words)\n\(record.text)\nreached \(property.numbers.reached), asked \(property.numbers.asked)"
    let outcome: Markup
    switch property.standing {
    case .holds: outcome = .tag("system-out", [:], body)
    case .violated:
      outcome = .tag("failure", ["message": property.message, "type": record.verdict.rawValue], body)
    case .belowGrade, .open, .unanswered:
      outcome = .tag("error", ["message": property.message, "type": record.verdict.rawValue], body)
    }
    var attributes = [
      (name: "name", value: record.id), (name: "classname", value: report.subject),
      (name: "time", value: "0"),
    ]
    if let place = property.place {
      attributes += [(name: "file", value: place.file), (name: "line", value: "\(place.start.line)")]
    }
    return .element("testcase", attributes, [outcome])
  }

  private var signature: Markup {
    report.signature.isTrusted
      ? .tag(
        "testcase", ["name": "signature", "classname": "certificate", "time": "0"],
        [.tag("system-out", [:], report.signature.explanation)])
      : skipped("signature", group: "certificate", report.signature.explanation)
  }

  private var replay: Markup {
    report.replay != nil
      ? .tag("testcase", ["name": "replay", "classname": "certificate", "time": "0"])
      : skipped("replay", group: "certificate", "the evidence was not replayed")
  }

  private func skipped(_ name: String, group: String, _ message: String) -> Markup {
    .tag(
      "testcase", ["name": name, "classname": group, "time": "0"],
      [.tag("skipped", ["message": message])])
  }
}
