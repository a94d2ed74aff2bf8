import BranchAndBound
import Certificates
import DSpecSemantics
import RigorousArithmetic
import Verifier

/// JSON for programs; numbers that are not integers are strings, exact or rounded outwards.
enum JSONOutput {
  /// Whether the command line asks for it.
  static var isAsked: Bool { FailureMessage.wantsJSON(CommandLine.arguments) }

  static func outcome(_ outcome: PropertyOutcome) -> JSONValue {
    var fields: [(String, JSONValue)] = [
      ("property", .string(outcome.property.name)),
      ("verdict", .string(outcome.verdict.rawValue)),
      ("grade", .string(outcome.grade.rawValue)),
      ("requestedGrade", .string(outcome.requestedGrade.rawValue)),
      ("reached", .string(Presentation.reached(outcome))),
      ("asked", .string(Presentation.asked(outcome))),
      ("nodes", .integer(outcome.nodes)),
      ("leaves", .integer(outcome.leaves)),
      ("seconds", .string(Presentation.fixed(outcome.seconds, 3))),
      ("reused", .bool(outcome.isReused)),
    ]
    if let bounds = outcome.bounds {
      if bounds.lower.isFinite { fields.append(("lower", .string(HexFloat.text(bounds.lower) ?? ""))) }
      if bounds.upper.isFinite { fields.append(("upper", .string(HexFloat.text(bounds.upper) ?? ""))) }
    }
    if let note = outcome.note { fields.append(("note", .string(note))) }
    if let gap = outcome.gap { fields.append(("gap", self.gap(gap))) }
    return object(fields)
  }

  static func gap(_ gap: GapReport) -> JSONValue {
    object([
      ("openCells", .integer(gap.openCells)),
      ("worstLower", .array(gap.lower.map { .string(HexFloat.text($0) ?? "") })),
      ("worstUpper", .array(gap.upper.map { .string(HexFloat.text($0) ?? "") })),
      (
        "operators",
        .array(
          gap.parts.map {
            object([
              ("name", .string($0.name)), ("share", .string(Presentation.fixed($0.share, 4))),
              ("elements", .array($0.elements.map { .integer($0) })),
            ])
          })
      ),
    ])
  }

  static func object(_ fields: [(String, JSONValue)]) -> JSONValue {
    var object = JSONObject()
    for (name, value) in fields { object[name] = value }
    return .object(object)
  }

  static func text(_ value: JSONValue) -> String {
    guard let bytes = try? value.canonicalBytes() else { return "{}" }
    return String(decoding: bytes, as: UTF8.self)
  }
}
