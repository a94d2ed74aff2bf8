import Certificates

/// A certificate as one page that loads nothing and runs nothing, written so that it is HTML and well-formed XML at once.
package struct ReportPage: Sendable {
  private let report: CertificateReport
  private let bundle: String

  /// The page of a report.
  ///
  /// - Parameter bundle: name of the bundle's folder, for the commands that the page states.
  package init(_ report: CertificateReport, bundle: String) {
    self.report = report
    self.bundle = bundle
  }

  /// The page's text.
  package var text: String {
    var output = "<!DOCTYPE html>\n"
    page.write(to: &output)
    return output + "\n"
  }

  private var page: Markup {
    let properties = report.properties.enumerated().map { index, property in
      PropertyPart(property: property, index: index).markup
    }
    return .tag(
      "html", ["lang": "en"],
      [
        head,
        .tag(
          "body", [:],
          [
            .tag("a", ["class": "skip", "href": "#summary"], "Skip to the answers"), Hatch.definition,
            HeadPart(report: report).markup,
            .tag(
              "main", ["class": "wide"],
              [
                SummaryPart(report: report).markup, HazardPart(report: report).markup,
                Pieces.section("properties", "Properties", properties),
                SettingPart(report: report).markup,
                ReplayPart(report: report, bundle: bundle).markup, SourcePart(report: report).markup,
              ]),
            .tag(
              "footer", [:],
              [
                .tag(
                  "div", ["class": "wide"],
                  "\(report.signature.headline). \(report.replay == nil ? "Record, not replayed" : "Replayed"). "
                    + "Certificate \(report.contents.payloadDigest.hex).")
              ]),
          ]),
      ])
  }

  private var head: Markup {
    .tag(
      "head", [:],
      [
        .tag("meta", ["charset": "utf-8"]),
        .tag(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content":
              "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
          ]),
        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .tag("meta", ["name": "referrer", "content": "no-referrer"]),
        .tag("title", [:], "\(report.subject): \(report.headline) (\(report.signature.headline))"),
        .style(StyleSheet.text),
      ])
  }
}
