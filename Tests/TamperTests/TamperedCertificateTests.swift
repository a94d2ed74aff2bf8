import BuiltPrograms
import Certificates
import Foundation
import Tampering
import Testing

/// Every row of `TamperTable` against a valid bundle: by the checker as a program, with its exit code and all that it prints.
@Suite struct TamperedCertificateTests {
  static let rows: [Row] =
    FileRows.models + FileRows.specifications + FileRows.folders + FileRows.paths + StatementRows.answers
    + StatementRows.numbers + StatementRows.format + EvidenceRows.trees + EvidenceRows.bounds
    + SampleRows.samples
    + TrustRows.signatures + TrustRows.keys + TrustRows.times + MoreRows.rows + CommitmentRows.rows

  // MARK: The table

  @Test func everyEntryHasRows() {
    let entries = TamperTable.entries + TamperTable.more
    #expect(TamperTable.entries.count == 47 && entries.map(\.number) == Array(1...entries.count))
    for entry in entries {
      let rows = Self.rows.filter { $0.number == entry.number }
      if entry.elsewhere != nil {
        #expect(rows.isEmpty, "\(entry.number) is tested here and elsewhere")
        continue
      }
      #expect(!rows.isEmpty, "no row for \(entry.number), \(entry.what)")
      let changers = Set(rows.map(\.changer))
      #expect((changers.count == 2) != (entry.oneChanger != nil), "\(entry.number), \(entry.what)")
      guard let code = entry.code else {
        #expect(rows.contains { $0.answer.codes.isEmpty }, "\(entry.number) is not accepted")
        continue
      }
      #expect(
        rows.contains { $0.answer.codes.contains(code) } || entry.remark != nil,
        "no row of \(entry.number) is answered by \(code), and nothing says why")
    }
    #expect(Set(Self.rows.map(\.testDescription)).count == Self.rows.count, "two rows have one name")
  }

  /// A code that nobody can look up is no answer.
  @Test func everyCodeIsDocumented() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("specs/certificate.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    for code in Set(Self.rows.flatMap(\.answer.codes)) {
      let parts = code.split(separator: "_")
      let isFamily = parts.count == 2 && ["DIGEST", "MANIFEST"].contains(parts[1])
      #expect(text.contains("`\(code)`") || isFamily, "\(code) is not in specs/certificate.md")
    }
  }

  // MARK: Bundles

  @Test(arguments: Base.allCases)
  func unchangedBundleIsValid(base: Base) async throws {
    let bundle = try await base.bundle
    try inFolder { folder in
      let result = try replay(Attempt(bundle), bundle.image, folder)
      #expect(result.code == 0, "\(result.output)\(result.errors)")
      #expect(result.output.hasSuffix("\nvalid\n"))
      #expect(result.output.contains("counts at \(ValidBundle.moment) by --at"))
      // Sealed by the key holder without a change it is the same bundle.
      let sealed = try Attempt(bundle).finished(by: .keyHolder)
      #expect(sealed == bundle.image)
    }
  }

  @Test(arguments: rows)
  func row(_ row: Row) async throws {
    let bundle = try await row.base.bundle
    let variants = try row.variants(Attempt(bundle))
    #expect(!variants.isEmpty)
    let review = try InProcessReview(trusting: bundle.holder.key.verificationKey)
    try await inFolder { folder in
      for (index, variant) in variants.enumerated() {
        let image = try variant.finished(by: row.changer)
        let asksOtherwise =
          variant.arguments != Attempt(bundle).arguments || variant.moment != ValidBundle.moment
        #expect(image != bundle.image || asksOtherwise, "variant \(index) changes nothing")
        // The program itself for a few of many, and the same steps in this process for the others.
        if variants.count <= 16 || index % 16 == 0 || asksOtherwise {
          check(try replay(variant, image, folder), row.answer, "variant \(index)")
        } else {
          var shown = try BundleFolder(path: folder + "/in-process-\(index).dcert")
          defer { shown.remove() }
          try shown.show(image)
          check(await review.run(shown.path), row.answer, "variant \(index)")
        }
      }
    }
  }

  private func check(_ result: BuiltProgram.Result, _ answer: Answer, _ variant: Comment) {
    let lines = result.output.split(separator: "\n")
    switch answer {
    case .accepted:
      #expect(result.code == 0, "\(variant): \(result.output)\(result.errors)")
      #expect(lines.last == "valid")
    case .refused, .refusedAs:
      #expect(result.code == 1, "\(variant): \(result.output)\(result.errors)")
      #expect(lines.count == 1 && result.output.hasPrefix("invalid("), "\(variant): \(result.output)")
      #expect(
        answer.codes.contains { result.output.contains(", \($0): ") },
        "\(variant): \(answer.codes), not \(result.output)")
      #expect(result.errors.isEmpty, "\(result.errors)")
    case .unreadable(let code):
      #expect(result.code == 3 && result.output.isEmpty, "\(variant): \(result.output)\(result.errors)")
      #expect(result.errors.contains("\(code) at "), "\(variant): \(code), not \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1)
    }
  }

  private func check(_ outcome: InProcessReview.Outcome, _ answer: Answer, _ variant: Comment) {
    switch (answer, outcome) {
    case (.accepted, .valid): break
    case (.refused, .refused(let code, .invalid)), (.refusedAs, .refused(let code, .invalid)),
      (.unreadable, .refused(let code, .unreadable)):
      #expect(answer.codes.contains(code), "\(variant): \(answer.codes), not \(code)")
    default: Issue.record("\(variant): \(outcome)")
    }
  }

  /// A bit of every file at several places, where only names of keys may change unseen.
  @Test(arguments: [Base.pipeline, .unsat, .sat, .phases])
  func flippedBits(base: Base) async throws {
    let bundle = try await base.bundle
    let review = try InProcessReview(trusting: bundle.holder.key.verificationKey)
    try await inFolder { folder in
      var shown = try BundleFolder(path: folder + "/flipped.dcert")
      for path in bundle.image.paths {
        for part in 1..<24 {
          var image = bundle.image
          var bytes = image[path] ?? []
          bytes[bytes.count * part / 24] ^= 1 << UInt8(part % 8)
          image[path] = bytes
          try shown.show(image)
          let outcome = await review.run(shown.path)
          if case .refused = outcome { continue }
          #expect(
            path == BundleImage.certificate && image.payload == bundle.image.payload, "\(path), \(part)")
        }
      }
    }
  }

  /// A certificate may leave properties out where its scope names them; then it is partial, and says so.
  @Test func partialCertificates() async throws {
    let bundle = try await Base.pipeline.bundle
    var attempt = Attempt(bundle)
    try attempt.drop(.open)
    try attempt.derive()
    let scope = attempt.statement.value(at: "predicate/scope")?.arrayValue ?? []
    #expect(scope.contains("not answered here: Open"))
    let image = try attempt.finished(by: .keyHolder)
    try inFolder { folder in
      let result = try replay(attempt, image, folder)
      #expect(result.code == 2, "\(result.output)")
      #expect(result.output.contains("Open  not answered by this certificate"))
      #expect(result.output.hasSuffix("\nvalid, partial\n"))
    }
  }

  // MARK: Around the rows

  /// What is refused is refused in both forms of output, and no receipt calls it valid.
  @Test func refusalsAsJSONAndInReceipts() async throws {
    let bundle = try await Base.unsat.bundle
    var attempt = Attempt(bundle)
    try attempt.set("properties/0/leaves", 77)
    // A receipt speaks of now, whenever that is.
    try attempt.set("issuedAt", "1990-01-01T00:00:00Z")
    try attempt.set("expiresAt", "9001-01-01T00:00:00Z")
    attempt.moment = nil
    attempt.beside["reviewer.pem"] = Array(try TrustRows.key(8).pem.utf8)
    attempt.arguments += ["--json", "--key", "@reviewer.pem", "--receipt", "@receipt.json"]
    let image = try attempt.finished(by: .keyHolder)
    try inFolder { folder in
      let result = try replay(attempt, image, folder)
      let answer = try JSONValue.parse(Array(result.output.utf8))
      #expect(result.code == 1)
      #expect(answer.value(at: "replay") == "invalid" && answer.value(at: "code") == "RECORD_MISMATCH")
      guard case .receipt(let receipt) = try SignedRemark(at: folder + "/receipt.json").content else {
        Issue.record("no receipt")
        return
      }
      #expect(receipt.result == .invalid && receipt.failure?.code == "RECORD_MISMATCH")
      #expect(receipt.properties.isEmpty && receipt.trustedSigners.isEmpty)
    }
  }

  @Test(arguments: [("3", false), ("all", true)])
  func receiptsTellOfExactArithmetic(amount: String, isComplete: Bool) async throws {
    var attempt = Attempt(try await Base.unsat.bundle)
    // A receipt speaks of now, whenever that is.
    try attempt.set("issuedAt", "1990-01-01T00:00:00Z")
    try attempt.set("expiresAt", "9001-01-01T00:00:00Z")
    attempt.moment = nil
    attempt.beside["reviewer.pem"] = Array(try TrustRows.key(8).pem.utf8)
    attempt.arguments += ["--exact", amount, "--key", "@reviewer.pem", "--receipt", "@receipt.json"]
    let image = try attempt.finished(by: .keyHolder)
    try inFolder { folder in
      let result = try replay(attempt, image, folder)
      #expect(result.code == 0, "\(result.output)\(result.errors)")
      guard case .receipt(let receipt) = try SignedRemark(at: folder + "/receipt.json").content else {
        Issue.record("no receipt")
        return
      }
      #expect(receipt.result == .valid && receipt.exact?.isComplete == isComplete)
      switch try #require(receipt.exact) {
      case .answers(let derived, let notShown):
        #expect(derived == receipt.properties.map(\.id) && notShown.isEmpty && isComplete)
      case .leaves(let drawn, let count, let shown):
        #expect(shown == drawn && drawn <= 3 && drawn <= count && count > 0 && !isComplete)
      }
    }
  }

  /// Nobody was named whom to trust: the contents replay, and the signer is called unknown.
  @Test func nobodyToTrust() async throws {
    let bundle = try await Base.unsat.bundle
    var attempt = Attempt(bundle)
    attempt.arguments = []
    try inFolder { folder in
      let result = try replay(attempt, bundle.image, folder)
      #expect(result.code == 2)
      #expect(result.output.contains("unknown signer"))
      attempt.arguments = ["--any-signer"]
      #expect(try replay(attempt, bundle.image, folder).code == 0)
    }
  }

  /// A verdict on a period names the clock that was believed.
  @Test func clocksAreNamed() async throws {
    let bundle = try await Base.unsat.bundle
    try inFolder { folder in
      var attempt = Attempt(bundle)
      attempt.moment = "2040-01-01T00:00:00Z"
      let late = try replay(attempt, bundle.image, folder)
      #expect(late.output.contains("2040-01-01T00:00:00Z by --at"))
      try attempt.set("issuedAt", "9000-01-01T00:00:00Z")
      try attempt.set("expiresAt", "9001-01-01T00:00:00Z")
      attempt.moment = nil
      let early = try replay(attempt, attempt.finished(by: .keyHolder), folder)
      #expect(early.output.contains("by this machine's clock"))
      try attempt.set("issuedAt", "1990-01-01T00:00:00Z")
      let now = try replay(attempt, attempt.finished(by: .keyHolder), folder)
      #expect(now.code == 0 && now.output.contains("by this machine's clock, until 9001-01-01T00:00:00Z"))
    }
  }

  /// Not a bundle at all.
  @Test func otherThings() throws {
    try inFolder { folder in
      for (name, bytes) in [
        ("bomb.zip", [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 64)), ("empty", []),
      ] {
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
        let result = try ReplayProgram.run([folder + "/" + name])
        #expect(result.code == 3 && result.output.isEmpty, "\(name): \(result.output)\(result.errors)")
      }
      for path in [folder, folder + "/none", "/dev/null", ""] {
        let result = try ReplayProgram.run([path])
        #expect(result.code == 3 && result.output.isEmpty, "\(path): \(result.output)\(result.errors)")
      }
    }
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dspec-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  /// Hands a bundle to the program as a reviewer would.
  private func replay(
    _ attempt: Attempt, _ image: BundleImage, _ folder: String
  ) throws -> BuiltProgram.Result {
    for (name, bytes) in attempt.beside {
      try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    var shown = try BundleFolder(path: folder + "/\(UUID().uuidString).dcert")
    defer { shown.remove() }
    try shown.show(image)
    var arguments = attempt.arguments.map { $0.hasPrefix("@") ? folder + "/" + $0.dropFirst() : $0 }
    if let moment = attempt.moment { arguments += ["--at", moment] }
    return try ReplayProgram.run([shown.path, "--workers", "1"] + arguments)
  }
}
