/// What is wrong with an image or the making of one.
package struct ImageError: Error, Hashable, CustomStringConvertible {
  /// The kind of defect, stable across releases.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// Extents that are not positive, too large, or not filled by the pixels.
    case size
    /// A pixel value that has no colour.
    case value
    /// The compressor failed.
    case compression
  }

  /// The kind of defect.
  package let code: Code
  /// What is wrong.
  package let problem: String
  /// What to do about it; may be empty.
  package let fix: String

  /// Makes an error.
  package init(_ code: Code, _ problem: String, fix: String = "") {
    self.code = code
    self.problem = problem
    self.fix = fix
  }

  package var description: String { problem + (fix.isEmpty ? "" : "; \(fix)") }
}
