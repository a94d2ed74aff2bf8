/// A VNN-LIB file that cannot be read or asks what its network does not offer.
package struct VNNLIBError: Error, Hashable, CustomStringConvertible {
  /// The file as the user named it.
  package let file: String
  /// The line, from 1; nil where the whole file is meant.
  package let line: Int?
  /// What is wrong.
  package let problem: String
  /// What to do about it, if anything is known.
  package let fix: String?

  init(_ file: String, _ line: Int?, _ problem: String, fix: String? = nil) {
    self.file = file
    self.line = line
    self.problem = problem
    self.fix = fix
  }

  package var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": " + problem + (fix.map { "; \($0)" } ?? "")
  }
}
