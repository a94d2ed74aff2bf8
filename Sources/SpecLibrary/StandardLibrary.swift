import Foundation

/// The modules that `import std.…` names: hazard taxonomies and templates of properties.
package enum StandardLibrary {
  /// The folder that holds them: `DSPEC_LIBRARY`, else beside the installed program, else in the project's folder.
  package static var folder: String? {
    let files = FileManager.default
    if let named = ProcessInfo.processInfo.environment["DSPEC_LIBRARY"] { return named }
    let program = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
      .resolvingSymlinksInPath()
    let installed = program.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("share/dspec/std").path
    if files.fileExists(atPath: installed) { return installed }
    var parent = program.deletingLastPathComponent()
    while parent.path.count > 1 {
      let candidate = parent.appendingPathComponent("specs/std").path
      if files.fileExists(atPath: candidate) { return candidate }
      parent.deleteLastPathComponent()
    }
    return nil
  }

  /// The names of all modules, in alphabetical order.
  package static func modules() -> [String] {
    guard let folder, let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
    return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".dspec") }
      .map { "std." + $0.dropLast(6).replacingOccurrences(of: "/", with: ".") }.sorted()
  }
}
