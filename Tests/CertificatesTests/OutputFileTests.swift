import Certificates
import Foundation
import Testing

/// Results take the place of files, and never of what is none.
@Suite struct OutputFileTests {
  private let old = Array("old".utf8)
  private let new = Array("new".utf8)

  private func content(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  @Test func filesAreReplacedAndMade() throws {
    try withTemporaryFolder("output") { folder in
      let path = "\(folder)/result"
      try OutputFile.replace(path, with: old)
      #expect(try content(path) == old)
      try OutputFile.replace(path, with: new)
      #expect(try content(path) == new)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["result"])
      #expect(refusal { try OutputFile.replace("\(folder)/none/result", with: new) } == .write)
      #expect(refusal { try OutputFile.replace(folder, with: new) } == .write)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["result"])
    }
  }

  @Test func permissionsAreKeptAndNobodyElsesFilesAreTouched() throws {
    try withTemporaryFolder("mode") { folder in
      let path = "\(folder)/result"
      try OutputFile.replace(path, with: old)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      let other = "\(path).\(ProcessInfo.processInfo.processIdentifier).new"
      try OutputFile.replace(other, with: old)
      try OutputFile.replace(path, with: new)
      #expect(try content(path) == new)
      #expect(try content(other) == old)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test func linksThatLeadNowhereMakeTheFile() throws {
    try withTemporaryFolder("dangling") { folder in
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link", withDestinationPath: "target")
      try OutputFile.replace("\(folder)/link", with: new)
      #expect(try content("\(folder)/target") == new)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "target")
    }
  }

  @Test func linksStayLinks() throws {
    try withTemporaryFolder("link") { folder in
      let (target, link) = ("\(folder)/target", "\(folder)/link")
      try OutputFile.replace(target, with: old)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
      try OutputFile.replace(link, with: new)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
      #expect(try content(target) == new)
    }
  }

  @Test func pipesStayPipes() throws {
    try withTemporaryFolder("pipe") { folder in
      let path = "\(folder)/pipe"
      try #require(mkfifo(path, 0o600) == 0)
      // Open on both sides, so that writing need not wait for a reader.
      let descriptor = open(path, O_RDWR)
      try #require(descriptor >= 0)
      defer { _ = close(descriptor) }
      try OutputFile.replace(path, with: new)
      var buffer = [UInt8](repeating: 0, count: 8)
      #expect(read(descriptor, &buffer, 8) == 3)
      #expect(Array(buffer.prefix(3)) == new)
      let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      #expect(type != .typeRegular)
    }
  }

  @Test func receiptsThatCouldNotBeWrittenAreRefusedBefore() throws {
    try withTemporaryFolder("probe") { folder in
      let path = "\(folder)/receipt.json"
      try SignedRemark.checkDestination(path)
      #expect(!FileManager.default.fileExists(atPath: path))
      try OutputFile.replace(path, with: old)
      #expect(refusal { try SignedRemark.checkDestination(path) } == .exists)
      #expect(try content(path) == old)
      #expect(refusal { try SignedRemark.checkDestination("\(folder)/none/receipt.json") } == .write)
    }
  }
}
