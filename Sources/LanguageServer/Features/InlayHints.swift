import DSpecSemantics
import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Session {
  /// The greatest length of a value that is shown beside the text.
  private static var maximumHintLength: Int { 24 }

  /// Answers `textDocument/inlayHint`: after the bound of a claim the number that is verified, after another
  /// use of a parameter its value, after a percentage the number that it stands for.
  ///
  /// Bounds and values of parameters are shown only where the specification has no errors, since they are
  /// unknown otherwise.
  func inlayHints(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(parameters)
    let range = document.map.offsets(of: parameters["range"]) ?? 0..<document.file.utf8.count
    let bounds = bounds(document)
    var hints = bounds.map { (offset: $0.key.upper, text: $0.value) }
    let isInBound = { (offset: Int) in bounds.keys.contains { $0.lower <= offset && offset < $0.upper } }
    for token in document.parsed.tree.tokens
    where token.kind == .percentage && range.lowerBound <= token.end && token.start <= range.upperBound
      && !isInBound(token.start)
    {
      if let value = DecimalText.percentage(document.text(of: token)) { hints.append((token.end, value)) }
    }
    let values = parameterValues(document.path)
    for occurrence in index.occurrences[document.path] ?? []
    where !occurrence.isDefinition && range.lowerBound <= occurrence.span.upper
      && occurrence.span.lower <= range.upperBound && !isInBound(occurrence.span.lower)
    {
      if let value = values[occurrence.symbol] { hints.append((occurrence.span.upper, value)) }
    }
    hints.removeAll { hint in
      hint.text.count > Self.maximumHintLength || hint.offset < range.lowerBound
        || hint.offset > range.upperBound
    }
    hints.sort { $0.offset < $1.offset }
    return .array(
      hints.map { hint in
        let label: JSONValue = .string("= \(hint.text)")
        return ["position": document.map.position(of: hint.offset).json, "label": label, "paddingLeft": true]
      })
  }

  /// The bounds of claims in a document that are written as more than one token, with their values.
  ///
  /// A hint behind the last part of `1 - eps` would read as the value of the whole, so these come first.
  private func bounds(_ document: DocumentIndex) -> [SourceSpan: String] {
    guard let spec = checks[document.path]?.spec else { return [:] }
    var constants: [SourceSpan: Rational] = [:]
    for property in spec.properties { constants.merge(property.claim.bounds) { first, _ in first } }
    var shown: [SourceSpan: String] = [:]
    for (span, value) in constants where spec.sources[span.source]?.name == document.path {
      let text = document.file.text(in: span.lower..<span.upper)
      let isOneToken = text.allSatisfy { $0.isLetter || $0.isNumber || "._%".contains($0) }
      if !isOneToken { shown[span] = value.sourceText }
    }
    return shown
  }

  private func parameterValues(_ path: String) -> [SymbolKey: String] {
    guard let spec = checks[path]?.spec else { return [:] }
    var values: [SymbolKey: String] = [:]
    for parameter in spec.parameters {
      guard let file = spec.sources[parameter.span.source] else { continue }
      values[SymbolKey(path: file.name, offset: parameter.span.lower)] = parameter.value.text
    }
    return values
  }
}

extension Claim {
  /// The constants that something is compared with, by their places.
  fileprivate var bounds: [SourceSpan: Rational] {
    var result: [SourceSpan: Rational] = [:]
    switch self {
    case .forall(_, let predicate): predicate.collectBounds(into: &result)
    case .general(let expression): expression.collectBounds(into: &result)
    case .measure(let claim):
      for bound in claim.bounds { result[bound.span] = bound.bound }
      switch claim.measure {
      case .probability(let value), .expectation(let value), .balancedErrorRate(let value, _):
        value.collectBounds(into: &result)
      }
      claim.given?.collectBounds(into: &result)
    }
    return result
  }
}

extension TypedExpression {
  fileprivate func collectBounds(into result: inout [SourceSpan: Rational]) {
    if case .compare(_, let left, let right) = kind {
      for operand in [left, right] {
        if case .constant(let value) = operand.kind { result[operand.span] = value }
      }
    }
    for operand in operands { operand.collectBounds(into: &result) }
  }
}

/// Exact decimal numbers as texts.
enum DecimalText {
  /// The greatest number of places that are written out; longer numbers get an exponent.
  private static let maximumPlaces = 20

  /// The exact value of a percentage such as `99.9%`, or nil for another text.
  static func percentage(_ text: String) -> String? {
    guard text.hasSuffix("%") else { return nil }
    let number = text.dropLast().filter { $0 != "_" }
    let parts = number.split(whereSeparator: { $0 == "e" || $0 == "E" })
    guard let mantissa = parts.first, parts.count <= 2, parts.count == 1 || Int(parts[1]) != nil else {
      return nil
    }
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    let digits = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    guard digits.count <= 2, exponent.magnitude <= 1_000_000,
      mantissa.allSatisfy({ "0"..."9" ~= $0 || $0 == "." })
    else { return nil }
    var all = String(digits.joined().drop { $0 == "0" })
    guard !all.isEmpty else { return "0" }
    var places = (digits.count == 2 ? digits[1].count : 0) + 2 - exponent
    while all.hasSuffix("0") {
      all.removeLast()
      places -= 1
    }
    if places > maximumPlaces || places < -maximumPlaces {
      let fraction = all.dropFirst()
      let power = all.count - 1 - places
      return all.prefix(1) + (fraction.isEmpty ? "" : ".\(fraction)") + "e\(power)"
    }
    if places <= 0 { return all + String(repeating: "0", count: -places) }
    let padded = String(repeating: "0", count: max(0, places + 1 - all.count)) + all
    return padded.dropLast(places) + "." + padded.suffix(places)
  }
}
