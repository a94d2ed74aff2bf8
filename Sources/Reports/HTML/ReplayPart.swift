import Certificates

/// How anybody derives the verdicts again, and what this report is.
struct ReplayPart {
  let report: CertificateReport
  /// Name of the bundle's folder.
  let bundle: String

  var markup: Markup {
    let name = ShellText.quoted(bundle)
    return Pieces.section(
      "replay", "Replay",
      [
        .tag(
          "p", [:],
          "Nobody has to believe this page. The certificate holds specification, models and evidence, and a small checker that "
            + "never searches derives every verdict again:"),
        .tag("pre", [:], [.tag("code", [:], "dspec-replay \(name) --trust AUDITOR.pub.pem")]),
        .tag(
          "p", [:],
          [
            "It answers ", Pieces.code("valid"), ", ", Pieces.code("partial"), " or ",
            Pieces.code("invalid"), " with the step and the reason. ", Pieces.code("AUDITOR.pub.pem"),
            .text(
              " is the public key of the issuer, obtained from the issuer and not from the certificate. To make this page again, "
                + "with a replay:"),
          ]),
        .tag(
          "pre", [:],
          [.tag("code", [:], "dspec report \(name) --trust AUDITOR.pub.pem --replay -o report.html")]),
        Pieces.facts([
          ("Certificate", [Pieces.digest(report.contents.payloadDigest)]),
          ("Issuer's key", [Pieces.digest(report.predicate.issuerKeyID)]),
          ("Issued", [.text(report.predicate.issuedAt.text)]),
          ("Valid until", [.text(report.predicate.expiresAt.text)]),
          ("Made by", [Pieces.user("\(report.predicate.tool.name) \(report.predicate.tool.version)")]),
          (
            "Supersedes",
            report.predicate.supersedes.enumerated().flatMap { index, digest in
              (index == 0 ? [] : [.text(" ")]) + [Pieces.digest(digest)]
            }
          ),
          ("Oldest checker", [.text(report.predicate.minimumChecker.description)]),
        ]),
        .tag(
          "p", ["class": "muted"],
          "Verdicts, bounds and remarks on this page are those of the certificate. Maps, masses, images and values at witnesses "
            + "were computed from its files when the page was made. The page loads nothing and runs no script."
        ),
      ])
  }
}

/// Words as a shell reads them.
enum ShellText {
  /// The word, in single quotes where the shell would read it otherwise.
  static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
        || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/")].contains($0)
    }
    guard !plain || word.isEmpty || word.hasPrefix("-") else { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
