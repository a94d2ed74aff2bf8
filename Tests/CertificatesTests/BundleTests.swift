import Certificates
import Foundation
import SeededDraws
import Testing

private let files = FileManager.default

private func check(_ bundle: String, models: String? = nil, data: String? = nil) throws -> CertificateContents
{
  try UnverifiedCertificate(bundle: bundle).check(models: models, data: data)
}

private func contents(_ path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: path)))
}

private func put(_ bytes: [UInt8], _ path: String) throws {
  try Data(bytes).write(to: URL(filePath: path))
}

/// Every file of a bundle with what tampering with its bytes is called.
private let samples: [(file: String, code: CertificateError.Code)] = [
  ("spec/fair.dspec", .specDigest), ("spec/lib/hazards.dspec", .specDigest),
  ("models/unet/model.onnx", .modelDigest),
  ("models/vae.onnx", .modelDigest), ("data/points.csv", .dataDigest),
  ("model.manifest.json", .modelManifest),
  ("spec.manifest.json", .specManifest),
  ("evidence/sha256/" + ContentDigest(of: Array("split tree".utf8)).hex, .evidenceDigest),
]

private func write(_ folder: String) throws -> String {
  let bundle = "\(folder)/sample.dcert"
  try BundleWriter.write(try Samples.envelope(), Samples.content(), to: bundle)
  return bundle
}

@Suite struct BundleTests {
  @Test func bundleReadsBack() throws {
    try withTemporaryFolder("round") { folder in
      let bundle = try write(folder)
      let signer = try Samples.key(1).verificationKey
      let certificate = try UnverifiedCertificate(bundle: bundle + "/")
      #expect(certificate.claimedKeyIDs == [signer.keyID])
      let contents = try certificate.check(candidates: [signer, try Samples.key(2).verificationKey])
      #expect(contents.predicate == (try Samples.predicate()))
      #expect(contents.validSigners == [signer])
      for (name, text) in Samples.spec {
        #expect(try contents.files.spec(Samples.path(name)) == Array(text.utf8))
      }
      for (name, text) in Samples.models {
        #expect(try contents.files.model(Samples.path(name)) == Array(text.utf8))
      }
      #expect(try contents.files.data(Samples.path("points.csv")) == Array("1,2\n3,4\n".utf8))
      for text in Samples.evidence.values {
        #expect(try contents.files.evidence(ContentDigest(of: Array(text.utf8))) == Array(text.utf8))
      }
      #expect(refusal { _ = try contents.files.evidence(ContentDigest(of: [])) } == .evidenceMissing)
      #expect(refusal { _ = try contents.files.model(Samples.path("other.onnx")) } == .modelManifest)
      // A file exchanged after the check is refused when it is read.
      try put(Array("weights of 2wo".utf8), bundle + "/models/vae.onnx")
      #expect(refusal { _ = try contents.files.model(Samples.path("vae.onnx")) } == .modelDigest)
      #expect(try files.contentsOfDirectory(atPath: folder) == ["sample.dcert"])
    }
  }

  @Test(arguments: samples)
  func tamperedFilesAreRefused(file: String, code: CertificateError.Code) throws {
    try withTemporaryFolder("tamper-\(ContentDigest(of: Array(file.utf8)).hex.prefix(8))") { folder in
      let bundle = try write(folder)
      let path = "\(bundle)/\(file)"
      let original = try contents(path)
      var flipped = original
      flipped[original.count / 2] ^= 0x04
      try put(flipped, path)
      #expect(refusal { _ = try check(bundle) } == code)
      for part in 0..<8 {
        try put(Array(original.prefix(original.count * part / 8)), path)
        #expect(refusal { _ = try check(bundle) } == .truncated)
      }
      try put(original + [0], path)
      #expect(refusal { _ = try check(bundle) } == .size)
      try files.removeItem(atPath: path)
      let missing = refusal { _ = try check(bundle) }
      #expect(missing?.rawValue.hasSuffix("_MANIFEST") == true || missing == .evidenceMissing)
      try put(original, "\(folder)/elsewhere")
      try files.createSymbolicLink(atPath: path, withDestinationPath: "\(folder)/elsewhere")
      #expect(refusal { _ = try check(bundle) } == .path)
      try files.removeItem(atPath: path)
      try files.createDirectory(atPath: path, withIntermediateDirectories: false)
      #expect(refusal { _ = try check(bundle) } != nil)
      try files.removeItem(atPath: path)
      try put(original, path)
      #expect(throws: Never.self) { _ = try check(bundle) }
      let surplus: CertificateError.Code =
        file.contains("/")
        ? (file.hasPrefix("evidence")
          ? .evidenceSurplus
          : file.hasPrefix("models")
            ? .modelManifest : file.hasPrefix("data") ? .dataManifest : .specManifest)
        : .bundle
      try put([1], path + ".extra")
      #expect(refusal { _ = try check(bundle) } == surplus)
    }
  }

  @Test func exchangedNamesAreAManifestProblem() throws {
    try withTemporaryFolder("exchange") { folder in
      let bundle = try write(folder)
      let (one, two) = ("\(bundle)/models/unet/model.onnx", "\(bundle)/models/vae.onnx")
      let (first, second) = (try contents(one), try contents(two))
      #expect(first != second)
      try put(second, one)
      try put(first, two)
      #expect(refusal { _ = try check(bundle) } == .modelManifest)
      try put(second, two)
      #expect(refusal { _ = try check(bundle) } == .modelDigest)
    }
  }

  @Test func tamperedEnvelopesAreRefused() throws {
    try withTemporaryFolder("envelope") { folder in
      let bundle = try write(folder)
      let path = "\(bundle)/certificate.json"
      let original = try contents(path)
      let policy = try TrustPolicy(keys: [try Samples.key(1).verificationKey])
      for part in 0..<64 {
        try put(Array(original.prefix(original.count * part / 64)), path)
        #expect(refusal { _ = try check(bundle) } == .truncated)
      }
      var generator = SeededGenerator(seed: 2)
      for _ in 0..<200 {
        var flipped = original
        flipped[Int.random(in: 0..<(original.count - 1), using: &generator)] ^=
          1 << UInt8.random(in: 0...7, using: &generator)
        try put(flipped, path)
        // A flip in a key identifier leaves the signature good; any other must not end in trust.
        guard let decision = try? policy.decide(on: try check(bundle)) else { continue }
        #expect(decision == .trusted(keyIDs: [policy.keys[0].keyID]))
        #expect(try check(bundle).predicate == (try Samples.predicate()))
      }
      try put([0xEF, 0xBB, 0xBF] + original, path)
      #expect(refusal { _ = try check(bundle) } == .jsonByteOrderMark)
      try files.removeItem(atPath: path)
      #expect(refusal { _ = try check(bundle) } == .read)
      try put(original, "\(folder)/c.json")
      try files.createSymbolicLink(atPath: path, withDestinationPath: "\(folder)/c.json")
      #expect(refusal { _ = try check(bundle) } == .path)
      #expect(refusal { _ = try check("\(folder)/none.dcert") } == .read)
      #expect(refusal { _ = try check("\(folder)/c.json") } != nil)
    }
  }

  @Test func linkedFoldersAreRefused() throws {
    try withTemporaryFolder("links") { folder in
      let bundle = try write(folder)
      for group in ["spec", "models", "data", "evidence"] {
        try files.moveItem(atPath: "\(bundle)/\(group)", toPath: "\(folder)/moved")
        try files.createSymbolicLink(atPath: "\(bundle)/\(group)", withDestinationPath: "\(folder)/moved")
        #expect(refusal { _ = try check(bundle) } == .path)
        try files.removeItem(atPath: "\(bundle)/\(group)")
        try files.moveItem(atPath: "\(folder)/moved", toPath: "\(bundle)/\(group)")
      }
      #expect(throws: Never.self) { _ = try check(bundle) }
    }
  }

  @Test func sparseGiantsAreRefusedUnread() throws {
    try withTemporaryFolder("sparse") { folder in
      let bundle = try write(folder)
      for file in ["models/vae.onnx", "spec/fair.dspec", "certificate.json"] {
        let handle = try #require(FileHandle(forWritingAtPath: "\(bundle)/\(file)"))
        try handle.truncate(atOffset: 10 << 30)
        try handle.close()
        #expect(refusal { _ = try check(bundle) } == .size)
        try files.removeItem(atPath: bundle)
        _ = try write(folder)
      }
    }
  }

  @Test func declaredSizesAreBounded() throws {
    try withTemporaryFolder("limits") { folder in
      let bundle = try write(folder)
      var limits = BundleLimits()
      limits.modelBytes = 5
      #expect(refusal { _ = try UnverifiedCertificate(bundle: bundle, limits: limits).check() } == .size)
      limits = BundleLimits()
      limits.certificateBytes = 100
      #expect(refusal { _ = try UnverifiedCertificate(bundle: bundle, limits: limits) } == .size)
      limits = BundleLimits()
      limits.entries = 3
      #expect(refusal { _ = try UnverifiedCertificate(bundle: bundle, limits: limits).check() } == .bundle)
    }
  }

  @Test func modelsMayLieElsewhere() throws {
    try withTemporaryFolder("elsewhere") { folder in
      let bundle = "\(folder)/sample.dcert"
      var content = Samples.content()
      content.models = nil
      content.data = nil
      try BundleWriter.write(try Samples.envelope(), content, to: bundle)
      #expect(!files.fileExists(atPath: "\(bundle)/models"))
      #expect(refusal { _ = try check(bundle) } == .modelManifest)
      let models = "\(folder)/cache"
      try files.createDirectory(atPath: "\(models)/unet", withIntermediateDirectories: true)
      try put(Array("weights of one".utf8), "\(models)/blob")
      try files.createSymbolicLink(atPath: "\(models)/unet/model.onnx", withDestinationPath: "../blob")
      try put(Array("weights of two".utf8), "\(models)/vae.onnx")
      try put(Array("1,2\n3,4\n".utf8), "\(folder)/points.csv")
      #expect(refusal { _ = try check(bundle, models: models) } == .dataManifest)
      let certificate = try check(bundle, models: models, data: folder)
      #expect(try certificate.files.model(Samples.path("unet/model.onnx")) == Array("weights of one".utf8))
      #expect(certificate.files.modelFolder == models)
      try put(Array("weights of tw0".utf8), "\(models)/vae.onnx")
      #expect(refusal { _ = try check(bundle, models: models, data: folder) } == .modelDigest)
      try put(Array("weights".utf8), "\(models)/vae.onnx")
      #expect(refusal { _ = try check(bundle, models: models, data: folder) } == .truncated)
      try files.removeItem(atPath: "\(models)/vae.onnx")
      #expect(refusal { _ = try check(bundle, models: models, data: folder) } == .modelManifest)
      #expect(refusal { _ = try check(bundle, models: "\(folder)/none", data: folder) } == .read)
      // Model files in the bundle are the certified ones, also where the reviewer has his own.
      try put(Array("weights of two".utf8), "\(models)/vae.onnx")
      try files.createDirectory(atPath: "\(bundle)/models/unet", withIntermediateDirectories: true)
      try put(Array("weights of one".utf8), "\(bundle)/models/unet/model.onnx")
      try put(Array("weights of two".utf8), "\(bundle)/models/vae.onnx")
      _ = try check(bundle, models: models, data: folder)
      try put(Array("weights of tw0".utf8), "\(bundle)/models/vae.onnx")
      #expect(refusal { _ = try check(bundle, models: models, data: folder) } == .modelDigest)
    }
  }
}

@Suite struct BundleWriterTests {
  @Test func filesAreCopiedByContent() throws {
    try withTemporaryFolder("copy") { folder in
      try put(Array("weights of one".utf8), "\(folder)/a.bin")
      var content = Samples.content()
      content.models?[Samples.path("unet/model.onnx")] = .file("\(folder)/a.bin")
      let bundle = "\(folder)/sample.dcert"
      try BundleWriter.write(try Samples.envelope(), content, to: bundle)
      #expect(throws: Never.self) { _ = try check(bundle) }
      for (text, code) in [("weights of One", CertificateError.Code.modelDigest), ("weights", .modelDigest)] {
        try put(Array(text.utf8), "\(folder)/a.bin")
        #expect(refusal { try BundleWriter.write(try Samples.envelope(), content, to: bundle) } == code)
      }
      try files.removeItem(atPath: "\(folder)/a.bin")
      #expect(refusal { try BundleWriter.write(try Samples.envelope(), content, to: bundle) } == .read)
      // The older bundle still stands, and nothing half-written lies beside it.
      #expect(throws: Never.self) { _ = try check(bundle) }
      #expect(try files.contentsOfDirectory(atPath: folder) == ["sample.dcert"])
    }
  }

  @Test func missingAndSurplusFilesAreRefused() throws {
    try withTemporaryFolder("plan") { folder in
      let edits: [(CertificateError.Code, (inout BundleContent) -> Void)] = [
        (.specManifest, { $0.spec[Samples.path("fair.dspec")] = nil }),
        (.specManifest, { $0.spec[Samples.path("more.dspec")] = .bytes([]) }),
        (.modelManifest, { $0.models = [:] }), (.dataManifest, { $0.data?[Samples.path("x")] = .bytes([]) }),
        (.evidenceMissing, { $0.evidence = [:] }),
        (.evidenceSurplus, { $0.evidence[ContentDigest(of: [])] = .bytes([]) }),
        (.specDigest, { $0.spec[Samples.path("fair.dspec")] = .bytes([1]) }),
      ]
      for (expected, edit) in edits {
        var content = Samples.content()
        edit(&content)
        #expect(
          refusal { try BundleWriter.write(try Samples.envelope(), content, to: "\(folder)/sample.dcert") }
            == expected)
        let left = try files.contentsOfDirectory(atPath: folder)
        #expect(left.isEmpty)
      }
    }
  }

  @Test func olderBundlesAreReplacedAndNothingElse() throws {
    try withTemporaryFolder("replace") { folder in
      let bundle = try write(folder)
      var predicate = try Samples.predicate()
      predicate.properties[2].nodes = 99
      let envelope = try Envelope(
        signing: try Statement(predicate: predicate).payload(), with: [try Samples.key(1)])
      try BundleWriter.write(envelope, Samples.content(), to: bundle + "//")
      #expect(try check(bundle).predicate == predicate)
      #expect(try files.contentsOfDirectory(atPath: folder) == ["sample.dcert"])
      let empty = "\(folder)/empty"
      try files.createDirectory(atPath: empty, withIntermediateDirectories: false)
      try BundleWriter.write(envelope, Samples.content(), to: empty)
      #expect(throws: Never.self) { _ = try check(empty) }
      try put([1], "\(bundle)/notes.txt")
      #expect(refusal { try BundleWriter.write(envelope, Samples.content(), to: bundle) } == .exists)
      #expect(files.fileExists(atPath: "\(bundle)/notes.txt"))
      try put([1], "\(folder)/file")
      #expect(
        refusal { try BundleWriter.write(envelope, Samples.content(), to: "\(folder)/file") } == .exists)
      try files.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: empty)
      #expect(
        refusal { try BundleWriter.write(envelope, Samples.content(), to: "\(folder)/link") } == .exists)
      try files.createDirectory(atPath: "\(folder)/private/documents", withIntermediateDirectories: true)
      #expect(
        refusal { try BundleWriter.write(envelope, Samples.content(), to: "\(folder)/private") } == .exists)
      for path in [
        "\(folder)/file/x.dcert", "\(folder)/absent/x.dcert", "/proc/x.dcert", "", "/", ".", "..",
        "\(folder)/..",
      ] {
        #expect(refusal { try BundleWriter.write(envelope, Samples.content(), to: path) } == .write)
      }
      #expect(
        try files.contentsOfDirectory(atPath: folder).sorted() == [
          "empty", "file", "link", "private", "sample.dcert",
        ])
    }
  }

  @Test func foldersOfDeadProcessesAreRemoved() throws {
    try withTemporaryFolder("stale") { folder in
      let process = Process()
      process.executableURL = URL(filePath: "/bin/true")
      try process.run()
      process.waitUntilExit()
      let stale = "\(folder)/.sample.dcert.partial-\(process.processIdentifier)-0/spec"
      let living = "\(folder)/.sample.dcert.partial-1-0"
      for path in [stale, living] {
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      _ = try write(folder)
      #expect(
        try files.contentsOfDirectory(atPath: folder).sorted() == [
          ".sample.dcert.partial-1-0", "sample.dcert",
        ])
    }
  }
}
