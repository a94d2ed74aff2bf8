import Certificates
import Foundation
import Testing

/// Where a result would destroy what is signed or trusted.
@Suite struct GuardedPlacesTests {
  private func write(_ text: String, to path: String) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  @Test func keysStatementsAndTrustFilesAreGuarded() throws {
    try withTemporaryFolder("guarded") { folder in
      for (name, text) in [
        ("key.PEM", "-----BEGIN PRIVATE KEY-----\n"), ("key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"),
        ("receipt.json", "{\"payload\":\"\",\"payloadType\":\"x\"}"),
        ("trust.json", "{\"version\": 1, \"keys\": [{\"publicKey\": \"\"}]}"),
      ] {
        try write(text, to: "\(folder)/\(name)")
        #expect(OutputFile.isGuarded("\(folder)/\(name)"), "\(name)")
        try FileManager.default.createSymbolicLink(
          atPath: "\(folder)/\(name).link", withDestinationPath: "\(folder)/\(name)")
        #expect(OutputFile.isGuarded("\(folder)/\(name).link"), "\(name)")
      }
      try write("<html>", to: "\(folder)/report.html")
      for name in ["report.html", "new.json", "none/new.json", "", "."] {
        #expect(!OutputFile.isGuarded("\(folder)/\(name)"), "\(name)")
      }
      #expect(!OutputFile.isGuarded("/dev/null") && !OutputFile.isGuarded("/dev/stdout"))
    }
  }

  @Test func bundlesAndLogsAreGuardedAtEveryDepth() throws {
    try withTemporaryFolder("guarded") { folder in
      try write("{}", to: "\(folder)/c.dcert/certificate.json")
      try write("", to: "\(folder)/c.dcert/evidence/sha256/00")
      try write("", to: "\(folder)/log/checkpoint")
      try write("", to: "\(folder)/log/tile/0/000")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/inside", withDestinationPath: "\(folder)/c.dcert/evidence")
      for name in [
        "c.dcert/x.html", "c.dcert/evidence/x.html", "c.dcert/evidence/sha256/00", "c.dcert/spec/x.html",
        "inside/x.html", "log/checkpoint", "log/tile/0/000", "log/tile/0/001",
      ] {
        #expect(OutputFile.isGuarded("\(folder)/\(name)"), "\(name)")
      }
      for name in ["c.dcert.tlog-proof", "spec/x.html", "tile/x.html", "log/x.html", "c.html"] {
        #expect(!OutputFile.isGuarded("\(folder)/\(name)"), "\(name)")
      }
    }
  }

  /// What is gathered first lies in a file of its own, whatever else has a name like it.
  @Test func nothingElseIsTouched() throws {
    try withTemporaryFolder("staging") { folder in
      let (path, target) = ("\(folder)/state", "\(folder)/target")
      try write("mine", to: target)
      try FileManager.default.createSymbolicLink(atPath: "\(path).new", withDestinationPath: target)
      try SharedFile.probe(path)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["state.new", "target"])
      try SharedFile.replace(path, with: Array("state".utf8))
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "state")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
          "state", "state.new", "target",
        ])
      #expect(refusal { try SharedFile.probe("\(folder)/none/state") } == .write)
    }
  }
}
