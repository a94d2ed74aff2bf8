import Foundation
import Testing

/// Every rule of the checker stands in a file of its own, headed by the theorem it rests on, with tests of the same name.
@Suite struct RuleFilesTests {
  private static func rules(of target: String) throws -> [URL] {
    let folder = SourceTree.root.appending(path: "Sources/\(target)")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return files.compactMap { $0 as? URL }.filter { file in
      ["Rule.swift", "Check.swift"].contains { file.lastPathComponent.hasSuffix($0) }
    }
  }

  @Test(arguments: ["LeafRules", "Replay"])
  func haveTestsOfTheSameName(target: String) throws {
    let rules = try Self.rules(of: target)
    #expect(rules.count > 1)
    for rule in rules {
      let name = rule.deletingPathExtension().lastPathComponent
      let tests = SourceTree.root.appending(path: "Tests/\(target)Tests/\(name)Tests.swift")
      let text = try? String(contentsOf: tests, encoding: .utf8)
      #expect(text?.contains("@Suite struct \(name)Tests") == true, "no tests of \(target)/\(name)")
    }
  }

  @Test(arguments: ["LeafRules", "Replay"])
  func areHeadedByTheirTheorem(target: String) throws {
    for rule in try Self.rules(of: target) where rule.lastPathComponent.hasSuffix("Rule.swift") {
      let text = try String(contentsOf: rule, encoding: .utf8)
      let head = text.prefix { $0 != "{" }
      #expect(head.contains("Theorem") || head.contains("for the theorem"), "\(rule.lastPathComponent)")
    }
  }
}
