import Testing

/// A deliberate change of one case in `verdict` and what must come of it: one line of `mutation/mutants.txt`.
///
/// A line is `CASE | OPERATOR | from => to | EXPECTED`, where `from` occurs exactly once in the case's declarations and
/// EXPECTED is `Property verdict`, several with `or` between the verdicts, or the code of an error.
struct Mutant: Sendable, CustomTestStringConvertible {
  /// The ways in which a text is changed.
  enum Operator: String, CaseIterable {
    /// `<=` becomes `<`.
    case tighten_below
    /// `<` becomes `<=`.
    case loosen_below
    /// `>=` becomes `>`.
    case tighten_above
    /// `>` becomes `>=`.
    case loosen_above
    /// `and` becomes `or`.
    case and_to_or
    /// `or` becomes `and`.
    case or_to_and
    /// The end of a box or a radius moves outwards.
    case widen
    /// A `given` goes.
    case drop_given
    /// A `where` goes.
    case drop_where
    /// A condition is negated.
    case negate
    /// Two arguments change places.
    case exchange
    /// A bound becomes its complement.
    case complement
  }

  let line: String
  let caseName: String
  let operation: Operator
  let from: String
  let to: String
  let expected: String

  var testDescription: String { "\(caseName): \(operation.rawValue): \(from)" }

  /// A line that is no mutant.
  struct Malformed: Error { let line: String }

  init(_ line: String) throws {
    let parts = line.components(between: " | ")
    guard parts.count == 4, let operation = Operator(rawValue: parts[1]) else { throw Malformed(line: line) }
    let change = parts[2].components(between: " => ")
    guard change.count == 2 else { throw Malformed(line: line) }
    self.line = line
    caseName = parts[0]
    self.operation = operation
    from = change[0]
    to = change[1] == "nothing" ? "" : change[1]
    expected = parts[3]
    guard isWellFormed else { throw Malformed(line: line) }
  }

  /// Whether the change is an instance of its operator.
  private var isWellFormed: Bool {
    switch operation {
    case .tighten_below: to == from.replacingOnce("<=", by: "<")
    case .loosen_below: !from.contains("<=") && to == from.replacingOnce("<", by: "<=")
    case .tighten_above: to == from.replacingOnce(">=", by: ">")
    case .loosen_above: !from.contains(">=") && to == from.replacingOnce(">", by: ">=")
    case .and_to_or: to == from.replacingOnce(" and ", by: " or ")
    case .or_to_and: to == from.replacingOnce(" or ", by: " and ")
    case .widen: from != to && from.filter { !$0.isNumberPart } == to.filter { !$0.isNumberPart }
    case .drop_given: from.hasPrefix(" given ") && to.isEmpty
    case .drop_where: from.hasPrefix(" where ") && to.isEmpty
    case .negate: to == "not (\(from))"
    case .exchange:
      from != to && from.components(between: ", ").sorted() == to.components(between: ", ").sorted()
    case .complement: to == "1 - \(from)" || to == from.replacingOnce("<= ", by: "<= 1 - ")
    }
  }

  /// The case's text with the change made.
  func applied(to text: String) throws -> String {
    let pieces = text.components(between: from)
    guard pieces.count == 2 else {
      throw Malformed(line: "\(line): `\(from)` occurs \(pieces.count - 1) times, not once")
    }
    return pieces.joined(separator: to)
  }
}

extension String {
  /// The parts between occurrences of a separator.
  func components(between separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }

  /// The text with the first occurrence replaced; unchanged where there is none.
  fileprivate func replacingOnce(_ part: String, by other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}

extension Character {
  /// Whether the character can belong to a number.
  fileprivate var isNumberPart: Bool { isNumber || self == "." || self == "/" || self == "-" }
}
