import Certificates
import Diagnostics
import Foundation
import Replay
import Testing

/// The digests of the standard library against its files.
@Suite struct StandardModulesTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("specs/std")

  private static func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    where name.hasSuffix(".dspec") {
      files[name] = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }
    return files
  }

  @Test func everyFileIsKnownByItsDigest() throws {
    let found = try Self.files().mapValues { ContentDigest(of: $0).hex }
    let lines = found.sorted { $0.key < $1.key }.map { "    \"\($0.key)\": \"\($0.value)\"," }
    #expect(
      StandardModules.digests == found, "state these digests:\n\(lines.joined(separator: "\n"))")
  }

  @Test func onlyOtherTextsAreForeign() throws {
    let files = try Self.files()
    let (name, text) = try #require(files.first)
    var sources = SourceMap()
    _ = sources.add(SourceFile(name: "a.dspec", text: "module a"))
    for (name, bytes) in files { _ = sources.add(SourceFile(name: "@std/" + name, utf8: bytes)) }
    #expect(StandardModules.foreign(in: sources).isEmpty)
    _ = sources.add(SourceFile(name: "@std/properties/other.dspec", text: "module other"))
    var changed = SourceMap()
    _ = changed.add(SourceFile(name: "@std/" + name, utf8: text + [10]))
    #expect(StandardModules.foreign(in: sources) == ["@std/properties/other.dspec"])
    #expect(StandardModules.foreign(in: changed) == ["@std/" + name])
  }
}
