package import DSpecSemantics

/// Hazards against the properties and mitigations that keep them in check.
package struct HazardMatrix: Sendable {
  /// One hazard.
  package struct Row: Sendable {
    /// The hazard.
    package let hazard: HazardDeclaration
    /// The properties that mitigate it, with the grades they ask for.
    package let properties: [(name: String, grades: [String])]
    /// The mitigations that these properties rely on or apply, each one stage of defence.
    package let stages: [String]

    /// What is missing, if anything.
    package var gap: String? {
      if properties.isEmpty { return hazard.accepted == nil ? "open" : nil }
      if hazard.severity == "critical", stages.count < 2 {
        return "critical: \(stages.count) of 2 independent stages"
      }
      return nil
    }
  }

  /// The hazards of the root file, and those of imported files that some property mitigates.
  package let rows: [Row]

  /// The matrix of a specification.
  package init(_ spec: TypedSpec) {
    let used = Set(spec.properties.flatMap(\.hazards))
    rows = spec.hazards.filter { used.contains($0.name) || !$0.name.contains(".") }.map { hazard in
      let properties = spec.properties.filter { $0.hazards.contains(hazard.name) }
      var stages: [String] = []
      for property in properties {
        let applied = property.claim.expressions.flatMap { $0.applications() }.map(\.callee.name)
        let own = spec.mitigations.filter {
          applied.contains($0.yields) || property.reliesOn.contains($0.name)
        }
        for mitigation in own where !stages.contains(mitigation.name) { stages.append(mitigation.name) }
      }
      return Row(
        hazard: hazard, properties: properties.map { ($0.name, $0.evidence.map(HazardMatrix.text)) },
        stages: stages)
    }
  }

  /// A grade as in source text.
  package static func text(_ grade: EvidenceGrade) -> String {
    switch grade {
    case .proof: "proof"
    case .bound: "bound"
    case .sampled(let samples, let confidence): "sampled(n: \(samples), confidence: \(confidence.sourceText))"
    case .accounting(let method): "accounting(\(method))"
    case .derived(let names): "derived(\(names.joined(separator: ", ")))"
    case .attacked(let budget): "attacked(budget: \(budget))"
    }
  }

  /// The matrix as a table in plain text.
  package var text: String {
    var lines = [["hazard", "severity", "property", "evidence", "stages", "gap"]]
    for row in rows {
      let properties = row.properties.isEmpty ? [(name: "-", grades: [])] : row.properties
      for (index, property) in properties.enumerated() {
        let isFirst = index == 0
        lines.append([
          isFirst ? row.hazard.name : "", isFirst ? row.hazard.severity ?? "-" : "", property.name,
          property.grades.joined(separator: ", "), isFirst ? row.stages.joined(separator: ", ") : "",
          isFirst ? row.gap ?? (row.hazard.accepted.map { "accepted: \($0)" } ?? "") : "",
        ])
      }
    }
    return TextTable.text(lines)
  }
}

/// Columns of plain text.
enum TextTable {
  static func text(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      var line = cells.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
