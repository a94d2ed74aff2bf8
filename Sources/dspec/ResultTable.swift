import Certificates
import DSpecSemantics
import Replay
import RigorousArithmetic
import Verifier

/// The closing table of a verification.
enum ResultTable {
  /// One row a property: verdict, bound reached against bound asked, cells, seconds.
  static func render(_ outcomes: [PropertyOutcome]) -> String {
    var rows = [["property", "verdict", "bound reached", "bound asked", "cells", "seconds"]]
    for outcome in outcomes {
      rows.append([
        outcome.property.name, verdict(outcome), Presentation.reached(outcome), Presentation.asked(outcome),
        outcome.isReused ? "reused" : "\(outcome.nodes)",
        outcome.isReused ? "-" : String(format2(outcome.seconds)),
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines: [String] = []
    for (index, row) in rows.enumerated() {
      let cells = row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        let shown = index > 0 && column == 1 ? Terminal.colored(text, color(outcomes[index - 1])) : text
        return column >= 4 ? padding + shown : shown + padding
      }
      lines.append(cells.joined(separator: "  "))
      if index == 0 { lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")) }
    }
    return lines.joined(separator: "\n")
  }

  private static func verdict(_ outcome: PropertyOutcome) -> String {
    guard outcome.grade == .sampled, outcome.verdict.isDecided, let plan = outcome.property.samplePlan else {
      return outcome.verdict.rawValue
    }
    return "\(outcome.verdict.rawValue)(\(Presentation.percentage(plan.confidence)))"
  }

  private static func color(_ outcome: PropertyOutcome) -> Terminal.Color {
    outcome.holds ? .green : outcome.verdict.isNegative ? .red : .yellow
  }

  private static func format2(_ value: Double) -> String { Presentation.fixed(value, 2) }
}
