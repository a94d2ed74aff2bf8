import DSpecSemantics
import Diagnostics
import Foundation
import ModelFormats

/// Applies fix-its to a file until none is left.
package enum SourceFixer {
  /// What came of it.
  package struct Result: Sendable {
    /// The file after the fixes.
    package let bytes: [UInt8]
    /// What was done: code and title, in order.
    package let applied: [String]
    /// How many diagnostics of the file are left.
    package let left: Int
    /// Whether errors are among them.
    package let hasErrors: Bool
  }

  /// Why a file cannot be fixed.
  package struct Failure: Error {
    /// The problem in words.
    package let message: String
  }

  /// The most fixes that are applied to one file.
  static let limit = 1_000

  /// Fixes the file at `path`; nothing is written.
  ///
  /// A fix is applied where its diagnostic offers exactly one, it concerns this file alone, and fewer problems are left
  /// afterwards: a fix that trades one problem for another is the author's to choose.
  package static func fix(path: String) throws(Failure) -> Result {
    let url = URL(fileURLWithPath: path)
    let name = url.lastPathComponent
    let folder = ProjectFolder(path: url.deletingLastPathComponent().path)
    func check(_ bytes: [UInt8]) -> CheckedSpecification {
      var changed = folder
      changed.replaced[name] = bytes
      return SpecificationChecker.check(root: name, loader: changed)
    }
    guard let original: [UInt8] = folder.bytes(at: name) else {
      throw Failure(message: "cannot read `\(path)`")
    }
    var bytes = original
    var checked = check(bytes)
    var applied: [String] = []
    var refused: Set<FixIt> = []
    while applied.count < limit {
      guard
        let (diagnostic, fix) = candidate(checked, refused),
        let file = checked.sources[diagnostic.span.source]
      else { break }
      let changed = fix.applied(to: file, source: diagnostic.span.source)
      let next = check(changed)
      guard next.diagnostics.count < checked.diagnostics.count else {
        refused.insert(fix)
        continue
      }
      applied.append("\(diagnostic.code.rawValue) \(fix.title)")
      (bytes, checked) = (changed, next)
      refused = []
    }
    return Result(
      bytes: bytes, applied: applied, left: checked.diagnostics.count,
      hasErrors: checked.diagnostics.hasErrors)
  }

  /// The first fix of the root file that has not been refused.
  private static func candidate(
    _ checked: CheckedSpecification, _ refused: Set<FixIt>
  ) -> (Diagnostic, FixIt)? {
    for diagnostic in checked.diagnostics {
      guard diagnostic.fixIts.count == 1, let fix = diagnostic.fixIts.first, !refused.contains(fix),
        diagnostic.span.source == SourceID(index: 0),
        fix.edits.allSatisfy({ $0.span.source == diagnostic.span.source })
      else { continue }
      return (diagnostic, fix)
    }
    return nil
  }
}
