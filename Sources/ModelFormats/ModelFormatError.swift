/// What is wrong with a model or data file, where, and what to do about it.
package struct ModelFormatError: Error, Hashable, CustomStringConvertible {
  /// The kind of defect, stable across releases.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// The bytes are not a file of the format, or end early.
    case malformed
    /// The format's version is outside the supported range.
    case unsupportedVersion
    /// An operator has no counterpart.
    case unsupportedOperator
    /// A feature of the format, an attribute or an operand pattern has no counterpart.
    case unsupportedFeature
    /// An element type has no counterpart, or does not fit where it stands.
    case elementType
    /// A weight is NaN or infinite.
    case nonFinite
    /// Extents that do not fit together.
    case shape
    /// A name that nothing defines.
    case missingValue
    /// A name that is defined twice.
    case duplicateName
    /// A node that stands before one of its operands, or depends on itself.
    case unsortedNodes
    /// A declared size that the data does not bear out, or beyond the bounds.
    case tooLarge
    /// Content that can be read in two ways.
    case ambiguous
    /// A number that the target format cannot hold exactly.
    case notRepresentable
    /// The file cannot be read or written.
    case access
  }

  /// The kind of defect.
  package let code: Code
  /// The file as the user named it.
  package let file: String
  /// The place within the file, such as a node with its operator; empty when the whole file is meant.
  package let place: String
  /// What is wrong.
  package let problem: String
  /// What to do about it; empty when there is nothing better than a correct file.
  package let fix: String

  /// Makes an error.
  package init(_ code: Code, file: String, place: String = "", problem: String, fix: String = "") {
    self.code = code
    self.file = file
    self.place = place
    self.problem = problem
    self.fix = fix
  }

  package var description: String {
    let location = [file, place].filter { !$0.isEmpty }.joined(separator: ": ")
    return "\(location): \(problem)" + (fix.isEmpty ? "" : "; \(fix)")
  }
}

/// A name from a file in backticks: backticks and characters that steer a terminal replaced, at most 80 characters.
func quoted(_ name: String) -> String {
  var text = ""
  for scalar in name.unicodeScalars.prefix(80) {
    let isPlain: Bool
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: isPlain = false
    default: isPlain = scalar != "`"
    }
    text.unicodeScalars.append(isPlain ? scalar : "\u{FFFD}")
  }
  if name.unicodeScalars.count > 80 { text += "…" }
  return "`\(text)`"
}

/// What is wrong with a part of a file whose name only the caller knows.
struct FormatDefect: Error {
  let code: ModelFormatError.Code
  let problem: String
  let fix: String

  init(_ code: ModelFormatError.Code, _ problem: String, fix: String = "") {
    self.code = code
    self.problem = problem
    self.fix = fix
  }

  func located(file: String, place: String) -> ModelFormatError {
    ModelFormatError(code, file: file, place: place, problem: problem, fix: fix)
  }
}
