import Foundation

/// The files of `specs/conformance`, discovered when the tests run.
enum Corpus {
  /// The folder of the corpus.
  static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "specs/conformance")
  }

  /// Whether golden files are written rather than compared.
  static var isAccepting: Bool { ProcessInfo.processInfo.environment["DSPEC_ACCEPT"] == "1" }

  /// The cases of a category in order of their names.
  ///
  /// A case is a file `NAME.dspec` or a folder `NAME` with a file `main.dspec`.
  static func cases(_ category: String) -> [ConformanceCase] {
    let folder = root.appending(path: category)
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return entries.sorted().compactMap { entry in
      let url = folder.appending(path: entry)
      if entry.hasSuffix(".dspec") {
        guard let data = try? Data(contentsOf: url) else { return nil }
        return ConformanceCase(
          category: category, name: String(entry.dropLast(6)), main: entry, files: [entry: Array(data)])
      }
      let files = files(under: url)
      guard files["main.dspec"] != nil else { return nil }
      return ConformanceCase(category: category, name: entry, main: "main.dspec", files: files)
    }
  }

  /// Golden files and folders of a category that belong to no case.
  static func strays(_ category: String, goldens: [String]) -> [String] {
    let folder = root.appending(path: category)
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let names = Set(cases(category).map(\.name))
    let expected = names.union(names.map { $0 + ".dspec" }).union(
      names.flatMap { name in goldens.map { "\(name).\($0)" } })
    return entries.filter { !expected.contains($0) }.sorted()
  }

  /// The bytes of all files under a folder by path relative to it; empty where there is no such folder.
  private static func files(under folder: URL) -> [String: [UInt8]] {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    var result: [String: [UInt8]] = [:]
    for path in paths where path.hasSuffix(".dspec") {
      if let data = try? Data(contentsOf: folder.appending(path: path)) { result[path] = Array(data) }
    }
    return result
  }
}
