import Certificates
import Evidence
import Foundation
import Replay
import Reports
import Testing

/// Bundles that must give no report at all.
@Suite struct RefusedBundleTests {
  /// Every file of a bundle with a flipped bit.
  @Test func flippedBits() async throws {
    let fixture = try await CertificateFixture()
    defer { fixture.remove() }
    let bundle = fixture.bundle
    _ = try await fixture.report()
    var flips = 0
    for name in try FileManager.default.subpathsOfDirectory(atPath: bundle) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: bundle + "/" + name, isDirectory: &isFolder)
      if isFolder.boolValue { continue }
      let url = URL(fileURLWithPath: bundle + "/" + name)
      let original = try Data(contentsOf: url)
      for part in 1...3 {
        var changed = original
        changed[changed.startIndex + changed.count * part / 4] ^= 2
        try changed.write(to: url)
        // Only a signature that nobody examines may be changed; then the report says that it was not.
        await #expect(throws: (any Error).self, "\(name), part \(part)") {
          _ = try await CertificateFixture.report(bundle, keys: [fixture.key.verificationKey])
        }
        flips += 1
      }
      try original.write(to: url)
    }
    #expect(flips >= 24)
  }

  /// What a key holder may state against his own specification and evidence.
  @Test func recordsThatContradictTheirFiles() async throws {
    let fixture = try await CertificateFixture()
    defer { fixture.remove() }
    _ = try await CertificateFixture.report(fixture.resigned { _ in })
    let trees = try await fixture.report().properties[0].trees
    try #require(trees > 0)
    func single(_ rule: UInt8) -> [UInt8] {
      let tree = SplitTree(lower: [-3, -3], upper: [3, 3], nodes: [rule])
      return ProofEvidence.trees(Array(repeating: tree, count: trees)).encoded
    }
    let (open, weak) = (single(0x8f), single(0x80))
    let small = ProofEvidence.trees(
      Array(repeating: SplitTree(lower: [0, 0], upper: [1, 1], nodes: [0x81]), count: trees)
    ).encoded
    func evidence(_ bytes: [UInt8]) throws -> FileRecord {
      let digest = ContentDigest(of: bytes)
      let name = try #require(RelativePath("sha256/\(digest.hex)"))
      return FileRecord(name: name, digest: digest, size: bytes.count)
    }
    let (openFile, weakFile, smallFile) = (try evidence(open), try evidence(weak), try evidence(small))
    let edits: [(String, String, [[UInt8]], (inout CompliancePredicate) -> Void)] = [
      ("another claim", "FORMULA_DIGEST", [], { $0.properties[0].text += " " }),
      ("another title", "FORMULA_DIGEST", [], { $0.properties[0].title = "Everything is safe" }),
      ("another threshold", "FORMULA_DIGEST", [], { $0.properties[1].threshold = ["<= 1/1000"] }),
      ("another number of leaves", "RECORD_MISMATCH", [], { $0.properties[0].leaves += 1 }),
      (
        "tighter bounds", "BOUND_NOT_MET", [],
        { $0.properties[1].bounds = PropertyBounds(lower: 0, upper: 1e-9) }
      ),
      ("no assumptions", "RECORD_MISMATCH", [], { $0.assumptions.removeAll() }),
      ("less scope", "RECORD_MISMATCH", [], { $0.scope.removeFirst() }),
      ("another name", "PROPERTY_SET", [], { $0.properties[0].id = "Other" }),
      (
        "a proof with an open cell", "VERDICT_MISMATCH", [open],
        {
          $0.properties[0].evidence = [openFile]
          $0.properties[0].leaves = trees
          $0.properties[0].bounds = nil
        }
      ),
      (
        "a proof of a part of the region", "COVERAGE", [small],
        {
          $0.properties[0].evidence = [smallFile]
          $0.properties[0].leaves = trees
          $0.properties[0].bounds = nil
        }
      ),
      (
        "a proof whose cell no rule closes", "BOUND_NOT_MET", [weak],
        {
          $0.properties[0].evidence = [weakFile]
          $0.properties[0].leaves = trees
          $0.properties[0].bounds = nil
        }
      ),
    ]
    for (what, code, bytes, edit) in edits {
      let bundle = try fixture.resigned(adding: bytes, edit)
      let error = await #expect(throws: (any Error).self, "\(what)") {
        _ = try await CertificateFixture.report(bundle)
      }
      #expect(error.map { "\($0)".hasPrefix(code) } == true, "\(what): \(String(describing: error))")
    }
  }

  @Test func outsideOfItsPeriod() async throws {
    let fixture = try await CertificateFixture.digits.value
    for (moment, code) in [
      ("2027-01-14T00:00:00Z", CertificateError.Code.notYetValid), ("2028-02-01T00:00:00Z", .expired),
    ] {
      let error = await #expect(throws: CertificateError.self) {
        _ = try await CertificateFixture.report(fixture.bundle, at: moment)
      }
      #expect(error?.code == code)
    }
  }
}

extension PropertyReport {
  /// Number of trees, where the evidence is trees.
  fileprivate var trees: Int {
    if case .trees(let tally, _) = findings { tally.trees } else { 0 }
  }
}
