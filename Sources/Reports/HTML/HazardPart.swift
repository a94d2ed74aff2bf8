import Certificates
import DSpecSemantics
import SpecDocuments

/// Hazards against the properties that keep them in check, with their verdicts; then the goals.
struct HazardPart {
  let report: CertificateReport

  var markup: Markup {
    guard let spec = report.spec else { return .nothing }
    let matrix = HazardMatrix(spec)
    guard !matrix.rows.isEmpty || !spec.goals.isEmpty else { return .nothing }
    var children: [Markup] = []
    if !matrix.rows.isEmpty {
      children.append(
        Pieces.table(
          caption: "Which property keeps which hazard in check, and whether it stands",
          head: ["Hazard", "Severity", "Properties", "Stages of defence", "State"],
          rows: matrix.rows.map(row)))
    }
    if !spec.goals.isEmpty {
      children.append(
        Pieces.table(
          caption: "Goals and the properties that together meet them",
          head: ["Goal", "Properties", "State"], rows: spec.goals.map(goal)))
    }
    return Pieces.section("hazards", "Hazards", children)
  }

  private func row(_ row: HazardMatrix.Row) -> [Markup] {
    let names = row.properties.map(\.name)
    return [
      .group(
        [Pieces.user(row.hazard.name)]
          + (row.hazard.title.map {
            [.tag("br"), .tag("span", ["class": "muted user"], $0)]
          } ?? [])),
      .text(row.hazard.severity ?? "-"), chips(names),
      .text(row.stages.isEmpty ? "-" : row.stages.joined(separator: ", ")),
      state(names, gap: row.gap, accepted: row.hazard.accepted),
    ]
  }

  private func goal(_ goal: GoalDeclaration) -> [Markup] {
    [
      .group(
        [Pieces.user(goal.name)]
          + (goal.title.map { [.tag("br"), .tag("span", ["class": "muted user"], $0)] } ?? [])),
      chips(goal.properties), state(goal.properties, gap: nil, accepted: nil),
    ]
  }

  private func state(_ names: [String], gap: String?, accepted: String?) -> Markup {
    if names.isEmpty, let accepted { return Pieces.user("accepted: \(accepted)") }
    guard !names.isEmpty else { return Pieces.chip("open: no property", .open) }
    let standings = names.map(report.standing(of:))
    let holding = standings.count { $0 == .holds }
    let violated = standings.count { $0 == .violated }
    let (text, standing): (String, Standing) =
      holding == names.count
      ? (names.count == 1 ? "holds" : "all \(names.count) hold", .holds)
      : violated > 0
        ? ("\(violated) of \(names.count) violated", .violated)
        : ("\(names.count - holding) of \(names.count) not shown", .open)
    let chip = Pieces.chip(text, standing)
    guard let gap, gap != "open" else { return chip }
    return .group([chip, .tag("br"), .tag("span", ["class": "muted"], gap)])
  }

  private func chips(_ names: [String]) -> Markup {
    guard !names.isEmpty else { return "-" }
    return .tag(
      "ul", ["class": "chips"],
      names.map { name in
        let index = report.properties.firstIndex { $0.record.id == name }
        let standing = report.standing(of: name)
        let verdict = index.map { report.properties[$0].verdictText } ?? "not answered"
        let chip = Pieces.chip("\(name): \(verdict)", standing)
        return .tag("li", [:], [index.map { .tag("a", ["href": "#p\($0)"], [chip]) } ?? chip])
      })
  }
}
