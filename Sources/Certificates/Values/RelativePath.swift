/// A relative path that names one file in every file system: components joined by `/`.
///
/// Refused are empty, `.` and `..` components, a leading `/`, backslashes, colons, control and
/// direction-changing characters, components over 255 bytes, paths over 1024 bytes or 32 components.
package struct RelativePath: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The path.
  package let text: String

  /// Makes a path, or nil when the text breaks a rule.
  package init?(_ text: String) {
    let components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard text.utf8.count <= 1024, components.count <= 32, !text.utf8.contains(UInt8(ascii: "\\")),
      !text.utf8.contains(UInt8(ascii: ":")),
      VisibleText.isClean(text, allowingLineBreaks: false)
    else { return nil }
    for component in components {
      let name = String(Substring(component))
      guard !name.isEmpty, name != ".", name != "..", component.count <= 255 else { return nil }
    }
    self.text = text
  }

  /// The components in order; at least one.
  package var components: [String] {
    text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
  }

  /// The path.
  package var description: String { text }

  /// One key for all spellings that some file system takes for the same file: letter case and the composed and
  /// decomposed forms of accents do not count.
  var foldedKey: String {
    // `String` hashes and compares by canonical equivalence, so equal keys cover composed and decomposed forms.
    text.lowercased().uppercased().lowercased()
  }

  /// Equality of the bytes.
  package static func == (left: RelativePath, right: RelativePath) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Hashes the bytes.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(ExactText(text))
  }

  /// The order of the bytes.
  package static func < (left: RelativePath, right: RelativePath) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Refuses a list in which two paths are twins, or one names a folder that another lies in.
  static func checkDistinct(_ paths: [RelativePath], place: String) throws(CertificateError) {
    var files: Set<String> = []
    for path in paths {
      guard files.insert(path.foldedKey).inserted else {
        throw CertificateError(
          .path, at: place,
          "`\(path)` is listed twice, or differs from another path only in letter case or accents",
          fix: "give the files distinct names")
      }
    }
    for path in paths {
      let components = path.components
      for count in 1..<components.count {
        let folder = components.prefix(count).joined(separator: "/")
        guard let folderPath = RelativePath(folder), !files.contains(folderPath.foldedKey) else {
          throw CertificateError(
            .path, at: place, "`\(folder)` is listed as a file and `\(path)` lies in it",
            fix: "give the files distinct names")
        }
      }
    }
  }
}
