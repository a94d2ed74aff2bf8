import Certificates
import DSpecSemantics
import Evidence
import Foundation
import Replay
import Reports
import Testing

/// The page of a certificate.
@Suite struct ReportPageTests {
  private func page(trusted: Bool = false, replays: Bool = false) async throws -> (String, CertificateReport)
  {
    let report = try await CertificateFixture.digits.value.report(trusted: trusted, replays: replays)
    return (ReportPage(report, bundle: "digits.dcert").text, report)
  }

  @Test func loadsAndRunsNothing() async throws {
    let (text, _) = try await page()
    let parsed = try ParsedPage(text)
    let names = Set(parsed.elements.map(\.name))
    #expect(
      names.isDisjoint(with: [
        "script", "link", "iframe", "object", "embed", "base", "form", "use", "audio", "video",
        "foreignObject",
      ]))
    #expect(!text.contains("<script") && !text.contains("http://") && !text.contains("https://"))
    for element in parsed.elements {
      for (name, value) in element.attributes {
        #expect(!name.lowercased().hasPrefix("on"), "\(element.name) has the handler \(name)")
        if name == "src" { #expect(value.hasPrefix("data:image/png;base64,")) }
        if name == "href" { #expect(value.hasPrefix("#")) }
        #expect(name != "style")
      }
    }
    let style = try #require(parsed.all("style").first)
    #expect(parsed.all("style").count == 1)
    #expect(!style.text.contains("@import"))
    #expect(style.text.matches(of: /url\(([^)]*)\)/).allSatisfy { $0.output.1 == "#hatch" })
    #expect(style.text.contains("prefers-color-scheme:dark") && style.text.contains("@media print"))
    let policy = parsed.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
    #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'") == true)
    #expect(text.utf8.count < 3_000_000)
  }

  @Test func canBeReadWithoutEyesAndMouse() async throws {
    let (text, _) = try await page()
    let parsed = try ParsedPage(text)
    let ids = parsed.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for element in parsed.elements {
      for name in (element.attributes["aria-labelledby"] ?? "").split(separator: " ") {
        #expect(ids.contains(String(name)))
      }
      if let target = element.attributes["href"] { #expect(ids.contains(String(target.dropFirst()))) }
    }
    let levels = parsed.elements.compactMap { element in
      element.name.count == 2 && element.name.hasPrefix("h") ? Int(element.name.dropFirst()) : nil
    }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1) }
    for name in ["header", "main", "nav", "footer"] { #expect(parsed.all(name).count == 1) }
    #expect(parsed.all("html").first?.attributes["lang"] == "en")
    #expect(parsed.all("a").first?.attributes["class"] == "skip")
    let drawings = parsed.all("svg").filter { $0.attributes["aria-hidden"] != "true" }
    #expect(drawings.count > 10)
    #expect(drawings.allSatisfy { $0.attributes["role"] == "img" })
    #expect(parsed.all("title").count == drawings.count + 1)
    #expect(
      parsed.all("desc").count == drawings.count && parsed.all("desc").allSatisfy { $0.text.count > 10 })
    #expect(parsed.all("th").allSatisfy { ["col", "row"].contains($0.attributes["scope"] ?? "") })
    #expect(parsed.all("table").count == parsed.all("caption").count)
    #expect(parsed.all("img").count >= 24 + 3)
    #expect(parsed.all("img").allSatisfy { !($0.attributes["alt"] ?? "").isEmpty })
  }

  @Test func saysEveryAnswer() async throws {
    let (text, report) = try await page()
    let parsed = try ParsedPage(text)
    let articles = parsed.all("article")
    #expect(articles.count == report.properties.count && articles.count == 6)
    for (article, property) in zip(articles, report.properties) {
      #expect(article.text.contains(property.record.id))
      #expect(article.text.contains(property.record.text))
      #expect(article.text.contains(property.words))
      #expect(article.text.contains(property.record.verdict.rawValue))
      #expect(article.text.contains(AnswerNumbers.printed(property.numbers.reached)))
      #expect(article.text.contains(AnswerNumbers.printed(property.numbers.asked)))
    }
    for line in report.predicate.scope { #expect(parsed.text.contains(line)) }
    for item in report.predicate.assumptions { #expect(parsed.text.contains(item.text)) }
    for file in report.predicate.models { #expect(parsed.text.contains(file.digest.hex)) }
    for hazard in try #require(report.spec).hazards { #expect(parsed.text.contains(hazard.name)) }
    let unanswered = ["FairPlain", "FairSwitched", "SwitchedQuality", "NoCopy", "HeadSteady"]
    #expect(report.uncovered == unanswered)
    let summary = try #require(parsed.all("table").first)
    for name in unanswered { #expect(summary.text.contains(name + "– not answered")) }
    #expect(report.headline == "3 of 11 properties are violated")
    #expect(parsed.text.contains("3 hold, 3 are violated, 5 are not answered."))
    // A witness in numbers, the record beside it, seeded images, and maps of the partition.
    #expect(parsed.text.contains("Protected["))
    #expect(parsed.all("figure").count { ($0.attributes["class"] ?? "").hasPrefix("map") } == 6)
  }

  @Test func saysFirstWhoSignedAndWhatWasDone() async throws {
    let (plain, _) = try await page()
    let head = try #require(try ParsedPage(plain).all("header").first).text
    #expect(head.contains("Signature not checked") && head.contains("anybody may have written"))
    #expect(head.contains("Record, not replayed") && head.contains("2027-01-15 to 2028-01-15"))
    #expect(try #require(ParsedPage(plain).all("title").first).text.contains("Signature not checked"))
    let (trusted, _) = try await page(trusted: true, replays: true)
    let other = try #require(try ParsedPage(trusted).all("header").first).text
    #expect(other.contains("Signed by a trusted key") && !other.contains("not checked"))
    #expect(other.contains("derived again") && !other.contains("not replayed"))

    let stranger = try SigningKey(seed: [UInt8](repeating: 9, count: 32)).verificationKey
    let fixture = try await CertificateFixture.digits.value
    let report = try await CertificateFixture.report(fixture.bundle, keys: [stranger])
    #expect(report.signature.headline == "Not signed by a trusted key" && !report.signature.isTrusted)
  }

  @Test func equalCertificatesGiveEqualPages() async throws {
    #expect(try await page().0 == page().0)
  }

  /// Text that would be markup, turn the direction of writing, or break the layout.
  @Test func hostileTextIsText() async throws {
    let long = String(repeating: "x", count: 3_000)
    let evil = "<script>alert(1)</script> </style></title> ]]> & 'a' \u{200B}desufer\u{00AD}"
    let fixture = try await CertificateFixture { text in
      text.replacing(/hazard (\w+) "[^"]*"/, maxReplacements: 1) {
        "hazard \($0.output.1) \"\(evil) \(long)\""
      }
      .replacing(/property (\w+) "[^"]*"/, maxReplacements: 1) {
        "property \($0.output.1) \"<img src=x onerror=alert(2)> \(long)\""
      }
    }
    defer { fixture.remove() }
    let report = try await fixture.report()
    try #require(report.spec?.hazards.contains { ($0.title ?? "").contains("<script>") } == true)
    try #require(report.properties.contains { $0.record.title.contains("<img") })
    let name = "a b'<&>\u{202E}.dcert"
    let text = ReportPage(report, bundle: name).text
    let parsed = try ParsedPage(text)
    #expect(
      !text.contains("<script") && !text.contains("<img src=x") && !text.unicodeScalars.contains("\u{202E}"))
    #expect(parsed.text.contains("<script>alert(1)</script>"))
    #expect(parsed.text.contains("⟦U+200B⟧desufer⟦U+00AD⟧"))
    #expect(parsed.text.contains("<img src=x onerror=alert(2)>"))
    #expect(parsed.all("img").allSatisfy { $0.attributes["onerror"] == nil })
    #expect(parsed.text.contains("dspec-replay 'a b'\\''<&>⟦U+202E⟧.dcert'"))
    let junit = JUnitReport(report).text
    #expect(!junit.contains("<script") && !junit.contains("<img"))
    _ = try ParsedPage(junit)
    let sarif = try SARIFLog(report).text()
    #expect(!sarif.unicodeScalars.contains("\u{202E}"))
  }
}
