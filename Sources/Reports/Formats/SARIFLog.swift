package import Certificates
import Diagnostics
import Replay

/// A report as a SARIF log for code hosts: every property is a rule, its answer the one result of that rule.
///
/// Source: Static Analysis Results Interchange Format version 2.1.0, OASIS Standard 2020. A result that is no failure has
/// the level `none` (section 3.27.10).
package struct SARIFLog: Sendable {
  private let report: CertificateReport
  private let base: String

  /// The log of a report.
  ///
  /// - Parameter base: folder of the specification as the code host knows it, without which file names are relative to the
  ///   specification's own folder.
  package init(_ report: CertificateReport, base: String = "") {
    self.report = report
    self.base = base.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  /// The log's text.
  ///
  /// - Throws: `JSONError` where a number is too large for JSON.
  package func text() throws -> String {
    String(decoding: try value.canonicalBytes(), as: UTF8.self) + "\n"
  }

  /// The log.
  package var value: JSONValue {
    [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run],
    ]
  }

  private var run: JSONValue {
    let version = report.predicate.tool.version.description
    return [
      "tool": [
        "driver": [
          "name": "dspec", "version": .string(version), "semanticVersion": .string(version),
          "rules": .array(report.properties.map(rule)),
        ]
      ],
      "columnKind": "unicodeCodePoints",
      "artifacts": .array(report.predicate.spec.sources.map(artifact)),
      "invocations": [
        ["executionSuccessful": true, "toolExecutionNotifications": .array(notifications)]
      ],
      "results": .array(report.properties.indices.map(result)),
      "properties": [
        "certificate": .string(report.contents.payloadDigest.hex),
        "signature": .string(report.signature.word),
        "replayed": .bool(report.replay != nil),
        "issuedAt": .string(report.predicate.issuedAt.text),
        "expiresAt": .string(report.predicate.expiresAt.text),
        "scope": .array(report.predicate.scope.map { .string($0) }),
        "notAnswered": .array(report.uncovered.map { .string($0) }),
      ],
    ]
  }

  private func rule(_ property: PropertyReport) -> JSONValue {
    let record = property.record
    var rule: JSONObject = [
      "id": .string(record.id), "name": .string(record.id),
      "shortDescription": ["text": .string(record.title.isEmpty ? property.words : record.title)],
      "fullDescription": ["text": .string(property.words)],
      "help": ["text": .string("\(property.words)\n\n\(record.text)")],
      "defaultConfiguration": ["level": "error"],
    ]
    if !record.hazards.isEmpty {
      rule["properties"] = ["tags": .array(Set(record.hazards).sorted().map { .string($0) })]
    }
    return .object(rule)
  }

  private func result(_ index: Int) -> JSONValue {
    let property = report.properties[index]
    let record = property.record
    var result: JSONObject = [
      "ruleId": .string(record.id), "ruleIndex": .integer(index),
      "kind": property.standing == .holds ? "pass" : "fail", "level": .string(level(property.standing)),
      "message": ["text": .string(property.message)],
      "partialFingerprints": ["dspecFormula/v1": .string(record.formula.hex)],
      "properties": [
        "verdict": .string(record.verdict.rawValue), "grade": .string(record.grade.rawValue),
        "requestedGrade": .string(record.requestedGrade.rawValue),
        "reached": .string(property.numbers.reached), "asked": .string(property.numbers.asked),
      ],
    ]
    if let place = property.place { result["locations"] = [location(place)] }
    return .object(result)
  }

  private func level(_ standing: Standing) -> String {
    switch standing {
    case .holds: "none"
    case .violated: "error"
    case .belowGrade, .open, .unanswered: "warning"
    }
  }

  private func location(_ place: SourcePlace) -> JSONValue {
    [
      "physicalLocation": [
        "artifactLocation": ["uri": .string(uri(place.file))],
        "region": [
          "startLine": .integer(place.start.line), "startColumn": .integer(place.start.column),
          "endLine": .integer(place.end.line), "endColumn": .integer(place.end.column),
        ],
      ]
    ]
  }

  private func artifact(_ file: FileRecord) -> JSONValue {
    [
      "location": ["uri": .string(uri(file.name.text))], "length": .integer(file.size),
      "roles": ["analysisTarget"], "hashes": ["sha-256": .string(file.digest.hex)],
    ]
  }

  /// What limits the log as a whole: an unknown signer, no replay, properties without an answer.
  private var notifications: [JSONValue] {
    var texts: [String] = []
    if !report.signature.isTrusted {
      texts.append("\(report.signature.headline): \(report.signature.explanation)")
    }
    if report.replay == nil {
      texts.append("The results are the record of the certificate; its evidence was not replayed.")
    }
    if !report.uncovered.isEmpty {
      texts.append("Not answered by the certificate: \(report.uncovered.joined(separator: ", ")).")
    }
    return texts.map { ["level": "warning", "message": ["text": .string($0)]] }
  }

  /// A file name as a relative reference (RFC 3986).
  private func uri(_ name: String) -> String {
    let path = base.isEmpty ? name : base + "/" + name
    var text = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "/"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return text
  }
}

extension PropertyReport {
  /// The answer in a sentence.
  package var message: String {
    let title = record.title.isEmpty ? record.id : record.title
    var text = "\(verdictText): \(title)."
    text += " Reached \(numbers.reached), asked \(numbers.asked)."
    if standing == .belowGrade {
      text +=
        " The evidence is \(record.grade.rawValue), the property asks for \(record.requestedGrade.rawValue)."
    }
    if let note = record.note { text += " Remark of the issuer: \(note)." }
    return VisibleScalars.spelled(text, keepsLines: false)
  }
}
