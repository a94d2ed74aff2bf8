import RigorousArithmetic

/// What a case in `verdict` says of one property, in the comment lines directly before it.
///
/// The first line is `// RESULT: V`, where V is one of the verdicts below or several with `or` between them, for a
/// measure optionally followed by `within [a, b]`. Then may come `// VALUE: v` with the exact measure, or
/// `// VALUE: [a, b]` with an enclosure of one that has no exact decimal. Then come one or more lines of reasoning.
///
/// `unknown` says in parentheses what is true: `unknown (holds)`, `unknown (fails)`, or `unknown (no back end)` where
/// no engine takes such claims.
struct VerdictStatement: Sendable {
  /// Name of the property.
  let property: String
  /// The verdicts that may come out.
  let verdicts: [String]
  /// What the certified interval must lie in.
  let within: (lower: Rational, upper: Rational)?
  /// An enclosure of the true measure, a single number where it is known exactly.
  let value: (lower: Rational, upper: Rational)?
  /// The reasoning.
  let reasons: [String]

  /// Every verdict that may be stated.
  static let known: Set<String> = [
    "proved", "refuted", "supported", "contradicted", "vacuous", "undefined", "unknown (holds)",
    "unknown (fails)", "unknown (no back end)",
  ]

  /// A text that is no statement.
  struct Malformed: Error { let line: String }

  /// The statements of a file, in order.
  static func all(in text: String) throws -> [VerdictStatement] {
    var statements: [VerdictStatement] = []
    var comment: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("// ") {
        comment.append(String(line.dropFirst(3)))
      } else if line.hasPrefix("property ") {
        let name = line.dropFirst(9).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        statements.append(try VerdictStatement(of: String(name), comment))
        comment = []
      } else {
        comment = []
      }
    }
    return statements
  }

  private init(of property: String, _ comment: [String]) throws {
    guard let first = comment.first, first.hasPrefix("RESULT: ") else {
      throw Malformed(line: "property \(property) without a line `// RESULT: …` right before it")
    }
    self.property = property
    let parts = first.dropFirst(8).split(separator: " within ")
    verdicts = parts.first.map { $0.split(separator: " or ").map(String.init) } ?? []
    guard !verdicts.isEmpty, verdicts.allSatisfy(Self.known.contains) else { throw Malformed(line: first) }
    within = try parts.count > 1 ? Self.range(parts[1]) : nil
    var rest = comment.dropFirst()
    if let second = rest.first, second.hasPrefix("VALUE: ") {
      value = try Self.range(second.dropFirst(7))
      rest = rest.dropFirst()
    } else {
      value = nil
    }
    reasons = Array(rest)
  }

  /// `[a, b]`, or a single number.
  private static func range(_ text: Substring) throws -> (lower: Rational, upper: Rational) {
    let isRange = text.hasPrefix("[") && text.hasSuffix("]")
    let ends = (isRange ? text.dropFirst().dropLast() : text).split(separator: ",").compactMap(number)
    guard ends.count == (isRange ? 2 : 1), let lower = ends.first, let upper = ends.last, lower <= upper
    else {
      throw Malformed(line: String(text))
    }
    return (lower, upper)
  }

  /// A decimal or a fraction.
  private static func number(_ text: Substring) -> Rational? {
    let bare = text.filter { $0 != " " }
    return Rational(decimal: bare) ?? Rational(description: bare)
  }

  /// Whether the claim is true, where some stated verdict tells; nil where the statement leaves it open.
  var truth: Bool? {
    let told = Set(
      verdicts.compactMap { verdict -> Bool? in
        switch verdict {
        case "proved", "supported", "unknown (holds)": true
        case "refuted", "contradicted", "unknown (fails)": false
        default: nil
        }
      })
    return told.count == 1 ? told.first : nil
  }
}
