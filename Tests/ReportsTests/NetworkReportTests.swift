import Certificates
import Evidence
import Foundation
import Replay
import Reports
import RigorousArithmetic
import Tampering
import Testing

/// Reports on certificates about a network and a VNN-LIB file.
@Suite struct NetworkReportTests {
  private func report(
    _ image: BundleImage, trusting key: VerificationKey? = nil, replays: Bool = false
  ) async throws -> CertificateReport {
    try await ValidBundle.inTemporaryFolder { folder in
      var shown = try BundleFolder(path: folder + "/out.dcert")
      try shown.show(image)
      return try await CertificateFixture.report(
        shown.path, keys: key.map { [$0] } ?? [], replays: replays)
    }
  }

  @Test(arguments: NetworkBundle.allCases)
  func everyKindHasAPage(_ kind: NetworkBundle) async throws {
    let valid = try await kind.make()
    let report = try await report(valid.image, trusting: valid.holder.key.verificationKey, replays: true)
    let record = try #require(report.properties.first).record
    #expect(report.properties.count == 1 && report.uncovered.isEmpty && report.spec == nil)
    #expect(report.subject == "claim.vnnlib" && report.replay != nil && report.signature.isTrusted)
    #expect(report.standing == (kind == .sat ? .violated : .holds))
    let text = ReportPage(report, bundle: "out.dcert").text
    let page = try ParsedPage(text)
    let article = try #require(page.all("article").first).text
    #expect(article.contains(record.verdict.rawValue) && article.contains(record.text))
    #expect(article.contains(kind == .sat ? "sat" : "unsat") && !article.contains("which no replay checks"))
    for line in report.predicate.scope { #expect(page.text.contains(line)) }
    for file in report.predicate.models { #expect(page.text.contains(file.digest.hex)) }
    #expect(page.text.contains("(declare-const X_0 Real)"))
    let ids = Set(page.elements.compactMap { $0.attributes["id"] })
    for target in page.elements.compactMap({ $0.attributes["href"] }) {
      #expect(ids.contains(String(target.dropFirst())), "\(target) leads nowhere")
    }
    let results =
      try #require(
        (JSONSerialization.jsonObject(with: Data(SARIFLog(report).text().utf8)) as? [String: Any])?["runs"]
          as? [[String: Any]]
      ).first?["results"] as? [[String: Any]]
    let result = try #require(results?.first)
    #expect(results?.count == 1 && result["ruleId"] as? String == "claim.vnnlib")
    #expect(result["kind"] as? String == (kind == .sat ? "fail" : "pass"))
    #expect((result["locations"] as? [Any])?.count == 1)
    let suites = try ParsedPage(JUnitReport(report).text)
    #expect(suites.all("testcase").count == 3 && suites.all("failure").count == (kind == .sat ? 1 : 0))
    #expect(suites.all("error").isEmpty && suites.all("skipped").isEmpty)
  }

  /// The witness of `|x0 - x1| >= 2.25` on two boxes lies in the second, and the form that decides it is named.
  @Test func aWitnessIsToldInTheFilesVariables() async throws {
    let valid = try await NetworkBundle.sat.make()
    let report = try await report(valid.image)
    guard case .witness(let study)? = report.properties.first?.findings else {
      Issue.record("no witness")
      return
    }
    #expect(study.caseLabel == "box 2 of 2" && study.coordinates.count == 2)
    let failure = try #require(study.failures.first)
    #expect(failure.label == "Y_0" && failure.asked == "< 2.25" && failure.value.lower >= 2.25)
    let inputs = study.coordinates.compactMap(Double.init)
    try #require(inputs.count == 2)
    #expect(failure.value.contains(abs(inputs[0] - inputs[1])))
  }

  @Test func aSingleBoxOfTwoInputsIsDrawn() async throws {
    let valid = try await NetworkBundle.square.make()
    let page = try ParsedPage(ReportPage(await report(valid.image), bundle: "out.dcert").text)
    #expect(page.all("figure").count { ($0.attributes["class"] ?? "").hasPrefix("map") } == 1)
    #expect(page.text.contains("Partition of the inputs") && page.text.contains("give for Y_0."))
    let two = try await NetworkBundle.unsat.make()
    let other = try ParsedPage(ReportPage(await report(two.image), bundle: "out.dcert").text)
    #expect(other.text.contains("Cells are not drawn, since there are several boxes"))
  }

  /// What a key holder may state against his own two files and evidence, without any replay.
  @Test(arguments: [
    ("properties/0/leaves", JSONValue.integer(9999), "RECORD_MISMATCH"),
    ("properties/0/text", .string("safe"), "FORMULA_DIGEST"),
    ("properties/0/details/answer", .string("sat"), "RECORD_MISMATCH"),
    ("properties/0/details/boxes", .string("3"), "RECORD_MISMATCH"),
    ("properties/0/title", .string("Safe"), "FORMULA_DIGEST"),
    ("properties/0/id", .string("other.vnnlib"), "PROPERTY_SET"),
    ("scope/0", .string("everything"), "RECORD_MISMATCH"),
    ("properties/0/verdict", .string("refuted"), "RECORD_MISMATCH"),
  ])
  func recordsThatContradictTheirFiles(path: String, value: JSONValue, code: String) async throws {
    let valid = try await NetworkBundle.unsat.make()
    var statement = valid.statement
    try statement.set("predicate/\(path)", value)
    let changed = try ValidBundle(sealing: valid.image, statement, by: valid.holder)
    let thrown = await #expect(throws: (any Error).self) { try await report(changed.image) }
    #expect(thrown.map { "\($0)" }?.contains(code) == true, "\(String(describing: thrown))")
  }

  /// Trees refute nothing that is said of every point, whatever the record calls it.
  @Test func treesDoNotRefute() async throws {
    let valid = try await NetworkBundle.unsat.make()
    var statement = valid.statement
    try statement.set("predicate/properties/0/verdict", .string("refuted"))
    try statement.set("predicate/properties/0/details/answer", .string("sat"))
    let changed = try ValidBundle(sealing: valid.image, statement, by: valid.holder)
    let thrown = await #expect(throws: (any Error).self) { try await report(changed.image) }
    #expect(thrown.map { "\($0)" }?.contains("VERDICT_MISMATCH") == true, "\(String(describing: thrown))")
  }

  /// A leaf that claims nothing, or a cell that its rule does not close, makes no proof, also without any replay.
  @Test func evidenceThatProvesNothing() async throws {
    let valid = try await NetworkBundle.square.make()
    for (rule, code) in [(UInt8(0x8f), "VERDICT_MISMATCH"), (0x80, "BOUND_NOT_MET")] {
      let bytes = ProofEvidence.trees([SplitTree(lower: [0, -0.5], upper: [1, 1], nodes: [rule])]).encoded
      var (image, statement) = (valid.image, valid.statement)
      image[try valid.evidencePath(of: "claim.vnnlib")] = nil
      image[BundleImage.evidencePath(bytes)] = bytes
      let record = "predicate/properties/0"
      try statement.set("\(record)/evidence/0/sha256", .string(ContentDigest(of: bytes).hex))
      try statement.set("\(record)/evidence/0/name", .string("sha256/\(ContentDigest(of: bytes).hex)"))
      try statement.set("\(record)/evidence/0/size", .integer(bytes.count))
      try statement.set("\(record)/leaves", .integer(1))
      try statement.set("\(record)/chunks", nil)
      let changed = try ValidBundle(sealing: image, statement, by: valid.holder)
      let thrown = await #expect(throws: (any Error).self) { try await report(changed.image) }
      #expect(thrown.map { "\($0)" }?.contains(code) == true, "\(rule): \(String(describing: thrown))")
    }
  }
}
