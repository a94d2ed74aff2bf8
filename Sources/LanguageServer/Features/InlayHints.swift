import DSpecSemantics
import DSpecSyntax
import Diagnostics

extension Session {
  /// The greatest length of a value that is shown beside the text.
  private static var maximumHintLength: Int { 24 }

  /// Answers `textDocument/inlayHint`: after a use of a parameter its value, after a percentage the number
  /// that it stands for.
  ///
  /// Values of parameters are shown only where the specification has no errors, since they are unknown
  /// otherwise.
  func inlayHints(_ parameters: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(parameters)
    let range = document.map.offsets(of: parameters["range"]) ?? 0..<document.file.utf8.count
    var hints: [(offset: Int, text: String)] = []
    for token in document.parsed.tree.tokens
    where token.kind == .percentage && range.lowerBound <= token.end && token.start <= range.upperBound {
      if let value = DecimalText.percentage(document.text(of: token)) { hints.append((token.end, value)) }
    }
    let values = parameterValues(document.path)
    for occurrence in index.occurrences[document.path] ?? []
    where !occurrence.isDefinition && range.lowerBound <= occurrence.span.upper
      && occurrence.span.lower <= range.upperBound
    {
      if let value = values[occurrence.symbol] { hints.append((occurrence.span.upper, value)) }
    }
    return .array(
      hints.filter { $0.text.count <= Self.maximumHintLength }.sorted { $0.offset < $1.offset }.map {
        [
          "position": document.map.position(of: $0.offset).json, "label": .string("= \($0.text)"),
          "paddingLeft": true,
        ]
      })
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
    guard digits.count <= 2, abs(exponent) <= 1_000_000, mantissa.allSatisfy({ "0"..."9" ~= $0 || $0 == "." })
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
