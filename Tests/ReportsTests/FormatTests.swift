import Certificates
import Foundation
import Replay
import Reports
import Testing

/// SARIF and JUnit against what their readers demand.
@Suite struct FormatTests {
  private static let sarifLevels: Set<String> = ["none", "note", "warning", "error"]
  private static let sarifKinds: Set<String> = [
    "notApplicable", "pass", "fail", "review", "open", "informational",
  ]

  @Test func sarif() async throws {
    let fixture = try await CertificateFixture.digits.value
    let report = try await fixture.report()
    let text = try SARIFLog(report, base: "./examples/digits/").text()
    let log = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    #expect((log["$schema"] as? String)?.hasSuffix("sarif-2.1.0.json") == true)
    let runs = try #require(log["runs"] as? [[String: Any]])
    let run = try #require(runs.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    #expect(driver["name"] as? String == "dspec")
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let ids = rules.compactMap { $0["id"] as? String }
    #expect(ids == report.properties.map(\.record.id) && Set(ids).count == rules.count)
    for rule in rules {
      for name in ["shortDescription", "fullDescription", "help"] {
        #expect(((rule[name] as? [String: Any])?["text"] as? String)?.isEmpty == false)
      }
    }
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == report.properties.count)
    let source = try String(
      contentsOfFile: CertificateFixture.root + "/examples/digits/digits.dspec", encoding: .utf8
    ).split(separator: "\n", omittingEmptySubsequences: false)
    let expected: [Verdict: (String, String)] = [
      .proved: ("pass", "none"), .supported: ("pass", "none"), .refuted: ("fail", "error"),
    ]
    for (index, (result, property)) in zip(results, report.properties).enumerated() {
      let id = try #require(result["ruleId"] as? String)
      #expect(id == property.record.id && result["ruleIndex"] as? Int == index)
      let (kind, level) = (result["kind"] as? String ?? "", result["level"] as? String ?? "")
      #expect(FormatTests.sarifKinds.contains(kind) && FormatTests.sarifLevels.contains(level))
      // Section 3.27.10: a level other than `none` says that the kind is `fail`.
      #expect(kind == "fail" || level == "none")
      #expect(try #require(expected[property.record.verdict]) == (kind, level))
      #expect(
        ((result["message"] as? [String: Any])?["text"] as? String)?.hasPrefix(property.verdictText) == true)
      let places = try #require(result["locations"] as? [[String: Any]])
      let place = try #require(places.first?["physicalLocation"] as? [String: Any])
      #expect(
        (place["artifactLocation"] as? [String: Any])?["uri"] as? String == "examples/digits/digits.dspec")
      let region = try #require(place["region"] as? [String: Any])
      func number(_ name: String) -> Int { region[name] as? Int ?? 0 }
      let (line, start, end) = (number("startLine"), number("startColumn"), number("endColumn"))
      try #require(line >= 1 && line <= source.count && start >= 1 && number("endLine") == line)
      #expect(source[line - 1].dropFirst(start - 1).prefix(end - start) == id)
    }
    let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
    #expect(invocation["executionSuccessful"] as? Bool == true)
    let notices = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
    #expect(notices.count == 3)
    #expect(notices.contains { "\($0)".contains("Signature not checked") })
    #expect(run["columnKind"] as? String == "unicodeCodePoints")

    let trusted = try await fixture.report(trusted: true, replays: true)
    #expect(try !SARIFLog(trusted).text().contains("Signature not checked"))
  }

  @Test func junit() async throws {
    let fixture = try await CertificateFixture.digits.value
    let report = try await fixture.report()
    let parsed = try ParsedPage(JUnitReport(report).text)
    let suite = try #require(parsed.all("testsuite").first)
    let cases = parsed.all("testcase")
    #expect(cases.count == 11 + 2)
    for element in [suite, try #require(parsed.all("testsuites").first)] {
      #expect(element.attributes["tests"] == "13" && element.attributes["failures"] == "3")
      #expect(element.attributes["errors"] == "0" && element.attributes["skipped"] == "7")
    }
    #expect(parsed.all("failure").count == 3 && parsed.all("skipped").count == 7)
    #expect(suite.attributes["timestamp"] == "2027-01-15T08:00:00")
    #expect(cases.allSatisfy { $0.attributes["name"] != nil && $0.attributes["classname"] != nil })
    let refuted = report.properties.filter { $0.record.verdict == .refuted }
    for (failure, property) in zip(parsed.all("failure"), refuted) {
      #expect(failure.attributes["type"] == "refuted")
      #expect(failure.attributes["message"]?.contains(property.numbers.asked) == true)
    }
    let replayed = try ParsedPage(JUnitReport(try await fixture.report(trusted: true, replays: true)).text)
    #expect(replayed.all("skipped").count == 5)
  }

  /// An answer that decides nothing is no success anywhere.
  @Test func undecidedIsNoSuccess() async throws {
    let fixture = try await CertificateFixture()
    defer { fixture.remove() }
    let bundle = try fixture.resigned { predicate in
      predicate.properties[0].verdict = .unknown
      predicate.properties[0].grade = .attacked
      predicate.properties[0].evidence = []
      predicate.properties[0].leaves = 0
      predicate.properties[0].bounds = nil
      predicate.properties[0].note = "raise the budget"
      // An open question is evidence towards nothing.
      let name = predicate.properties[0].id
      predicate.mappings = predicate.mappings.compactMap { mapping in
        let names = mapping.properties.filter { $0 != name }
        return names.isEmpty
          ? nil
          : MappingRecord(
            framework: mapping.framework, reference: mapping.reference, text: mapping.text, properties: names)
      }
    }
    let report = try await CertificateFixture.report(bundle)
    #expect(report.standing == .open && report.headline.contains("not shown to hold"))
    let sarif = try SARIFLog(report).text()
    #expect(sarif.contains("\"kind\":\"fail\",\"level\":\"warning\""))
    let junit = try ParsedPage(JUnitReport(report).text)
    #expect(junit.all("error").count == 1 && junit.all("failure").isEmpty)
    #expect(junit.all("error").first?.attributes["message"]?.contains("raise the budget") == true)
    let page = try ParsedPage(ReportPage(report, bundle: "x.dcert").text)
    #expect(page.all("article").first?.text.contains("no replay checks") == true)
  }
}
