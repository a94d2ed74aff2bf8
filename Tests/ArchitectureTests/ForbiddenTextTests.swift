import Foundation
import Testing

@Suite("Forbidden text")
struct ForbiddenTextTests {
  @Test("no source can trap on user data by a shortcut")
  func shortcuts() throws {
    let forbidden = ForbiddenText.shortcuts
    for file in SourceTree.swiftFiles(in: "Sources") {
      for (number, line) in try SourceTree.text(file).split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        if let shortcut = forbidden.first(in: line) {
          Issue.record("\(file):\(number + 1): `\(shortcut)` is forbidden; throw a typed error instead")
        }
      }
    }
  }

  @Test("no text names a folder of one machine")
  func machinePaths() throws {
    let files = SourceTree.files(in: "") { path in
      let name = path.split(separator: "/").last ?? ""
      return untrackedNames.contains(String(name)) || untrackedPrefixes.contains { name.hasPrefix($0) }
        || untrackedSuffixes.contains { name.hasSuffix($0) }
    }
    try #require(files.contains("Package.swift"))
    let forbidden = ForbiddenText.machinePaths
    for file in files {
      // A binary file is no UTF-8, or holds a zero byte.
      guard let data = try? Data(contentsOf: SourceTree.root.appending(path: file)), !data.contains(0),
        let text = String(data: data, encoding: .utf8)
      else { continue }
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if let path = forbidden.first(in: line) {
          Issue.record("\(file):\(number + 1): `\(path)` is a folder of one machine; use a relative path")
        }
      }
    }
  }

  @Test(
    "shortcuts are seen",
    arguments: [
      ("let a = try! b()", "try!"), ("let a = b as! C", "as!"), ("fatalError(\"x\")", "fatalError("),
      ("let alias = has != 1", nil), ("try b()", nil), ("b as? C", nil), ("aFatalError()", nil),
    ] as [(String, String?)])
  func shortcut(line: String, found: String?) {
    #expect(ForbiddenText.shortcuts.first(in: line[...]) == found)
  }

  @Test(
    "machine paths are seen",
    arguments: [
      ("open(\"\(root("work"))main\")", root("work")), ("\(root("home"))a/b", root("home")),
      ("\(root("Users"))a", root("Users")), ("at \(root("root"))x", root("root")),
      (root("tmp/dev"), root("tmp/dev")),
      ("`\(root("tmp/dev").dropLast())`", String(root("tmp/dev").dropLast())),
      ("https://example.org\(root("work"))x", nil), ("frame\(root("work"))", nil), ("\(root("tmp"))x", nil),
      ("\(root("tmp/dev").dropLast())ice", nil),
    ] as [(String, String?)])
  func path(line: String, found: String?) {
    #expect(ForbiddenText.machinePaths.first(in: line[...]) == found)
  }
}

/// Folders and files that are not part of the project, whatever their folder.
private let untrackedNames: Set<String> = [".git", ".swiftpm", ".DS_Store", "Package.resolved", "shared"]
private let untrackedPrefixes = [".build", ".venv", "__pycache__"]
private let untrackedSuffixes = [".dcert", ".pyc"]

/// An absolute path made of its parts, so that this file does not hold one.
private func root(_ path: String) -> String { "/" + path + "/" }

/// What no line may hold; made once for many lines, since a pattern is compiled at its first use.
private struct ForbiddenText {
  private let pattern: Regex<(Substring, Substring)>

  /// Calls and casts that trap, in comments too: a comment that needs the word can be worded otherwise.
  static var shortcuts: ForbiddenText { ForbiddenText(pattern: /\b(try!|as!|fatalError\()/) }

  /// Absolute paths that only one developer's machine has.
  static var machinePaths: ForbiddenText {
    ForbiddenText(pattern: /(?:^|[^\w.\-])(\/(?:work\/|root\/|home\/|Users\/|tmp\/dev(?:\/|(?![\w\-]))))/)
  }

  /// The first forbidden text of a line.
  func first(in line: Substring) -> String? {
    line.firstMatch(of: pattern).map { String($0.1) }
  }
}
