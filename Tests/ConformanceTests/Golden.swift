import Foundation
import Testing

/// The golden files of a case.
struct Golden {
  /// The case they belong to.
  let owner: ConformanceCase

  /// Compares `text` with the golden file of the given extension, or writes it where that was asked for.
  func expect(_ text: String, extension suffix: String) throws {
    let url = Corpus.root.appending(path: owner.category).appending(path: "\(owner.name).\(suffix)")
    let known = (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
    if Corpus.isAccepting {
      if known != text { try Data(text.utf8).write(to: url) }
      return
    }
    guard let known else {
      Issue.record("\(url.lastPathComponent) is missing; DSPEC_ACCEPT=1 writes:\n\(text)")
      return
    }
    #expect(known == text, "\(Self.difference(known, text))")
  }

  /// The first lines that differ.
  private static func difference(_ known: String, _ text: String) -> String {
    let old = known.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let same = zip(old, new).prefix { $0 == $1 }.count
    return "line \(same + 1)\n  golden: \(same < old.count ? old[same] : "the end")\n"
      + "  now:    \(same < new.count ? new[same] : "the end")"
  }
}
