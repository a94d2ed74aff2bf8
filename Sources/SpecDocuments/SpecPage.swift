package import DSpecSemantics
import RigorousArithmetic

/// A specification as a page in Markdown: hazards, properties in words and in formulas, scope.
package struct SpecPage: Sendable {
  private let spec: TypedSpec
  private let title: String

  /// The page of a specification whose root file is called `title`.
  package init(_ spec: TypedSpec, title: String) {
    self.spec = spec
    self.title = title
  }

  /// The page.
  package var text: String {
    var blocks = ["# \(spec.module ?? title)"]
    blocks.append(
      "\(spec.properties.count) \(spec.properties.count == 1 ? "property" : "properties") about "
        + "\(pipelines()), read from `\(title)`.")
    blocks += hazards() + properties() + goals() + mitigations() + setting() + scope()
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func pipelines() -> String {
    let names = spec.samplers.map { "`\($0.name)`" } + spec.mitigations.map { "`\($0.yields)`" }
    return names.isEmpty ? "networks" : names.joined(separator: ", ")
  }

  private func hazards() -> [String] {
    let matrix = HazardMatrix(spec)
    guard !matrix.rows.isEmpty else { return [] }
    let lines = matrix.rows.map { row in
      let properties = row.properties.map { "`\($0.name)`" }.joined(separator: ", ")
      let state =
        row.hazard.accepted.map { "accepted: \($0)" } ?? (properties.isEmpty ? "**open**" : properties)
      return "| \(row.hazard.name) | \(row.hazard.title ?? "") | \(row.hazard.severity ?? "") | \(state) |"
    }
    return [
      "## Hazards",
      (["| hazard | what may go wrong | severity | kept in check by |", "|---|---|---|---|"] + lines)
        .joined(separator: "\n"),
    ]
  }

  private func properties() -> [String] {
    var blocks = ["## Properties"]
    for property in spec.properties {
      blocks.append("### \(property.name)" + (property.title.map { ": \($0)" } ?? ""))
      blocks.append(ClaimWords.sentence(property.claim) + ".")
      blocks.append("```dspec\n\(property.claimText)\n```")
      var facts = ["Evidence asked for: \(property.evidence.map(HazardMatrix.text).joined(separator: ", "))."]
      if !property.hazards.isEmpty { facts.append("Mitigates \(property.hazards.joined(separator: ", ")).") }
      if !property.reliesOn.isEmpty {
        facts.append("Relies on \(property.reliesOn.joined(separator: ", ")).")
      }
      for condition in property.conditions {
        facts.append("Covers \(condition.name): \(condition.values.joined(separator: ", ")).")
      }
      blocks.append(facts.joined(separator: " "))
    }
    return blocks
  }

  private func goals() -> [String] {
    guard !spec.goals.isEmpty else { return [] }
    return ["## Goals"]
      + spec.goals.map { goal in
        "**\(goal.name)**\(goal.title.map { ": \($0)" } ?? ""). Hazards \(goal.hazards.joined(separator: ", ")); "
          + "met by \(goal.properties.joined(separator: ", "))."
      }
  }

  private func mitigations() -> [String] {
    guard !spec.mitigations.isEmpty else { return [] }
    var blocks = ["## Mitigations"]
    for mitigation in spec.mitigations {
      var text: String
      switch mitigation.effect {
      case .attributeSwitching(let attribute, let step):
        text =
          "**\(mitigation.name)** makes `\(mitigation.yields)` from `\(mitigation.base)`: `\(attribute)` is as given for "
          + "the first \(step) steps and the other case afterwards."
      case .contract(let kind):
        text =
          "**\(mitigation.name)** (\(kind.rawValue)) makes `\(mitigation.yields)` from `\(mitigation.base)`."
      }
      for contract in mitigation.contracts {
        text += "\n- \(contract.role.rawValue): \(ClaimWords.sentence(contract.claim))."
      }
      blocks.append(text)
    }
    return blocks
  }

  /// What the claims range over, in numbers.
  private func setting() -> [String] {
    var lines: [String] = []
    for sampler in spec.samplers {
      lines.append(
        "- `\(sampler.name)` runs \(sampler.method.steps) steps and is "
          + (sampler.method.isDeterministic ? "deterministic." : "stochastic."))
    }
    for domain in spec.domains {
      lines.append("- `\(domain.name)`: \(domain.type), \(region(domain.region)).")
    }
    for domain in spec.weightDomains {
      lines.append(
        "- `\(domain.name)`: the weights of `\(domain.network)`, changed by at most "
          + "\(domain.radius.sourceText) in \(domain.norm.rawValue).")
    }
    for parameter in spec.parameters {
      let value: String
      switch parameter.value {
      case .number(let number): value = number.sourceText
      case .enumCase(let type, let index): value = type.cases[index]
      }
      let origin = parameter.isOverridden ? " (given from outside)" : ""
      lines.append("- `\(parameter.name)` = \(value)\(origin), of type \(parameter.type).")
    }
    return lines.isEmpty ? [] : ["## Setting", lines.joined(separator: "\n")]
  }

  private func region(_ region: Region) -> String {
    switch region {
    case .box(let box):
      let pairs = Set(zip(box.lower, box.upper).map { "[\($0.sourceText), \($1.sourceText)]" })
      if pairs.count == 1, let pair = pairs.first { return "every coordinate in \(pair)" }
      return "a box of \(box.lower.count) coordinates"
    case .ball(let ball):
      let clip = ball.clip.map { ", cut to \($0)" } ?? ""
      let centre: String
      switch ball.center {
      case .constant: centre = ""
      case .record(let dataset, let row): centre = " around \(dataset)[\(row)]"
      case .prompt(let text): centre = " around the prompt \"\(text)\""
      }
      return "the \(ball.norm.rawValue) ball of radius \(ball.radius.sourceText)\(centre)\(clip)"
    case .points(let points): return "a set of \(points.count) point\(points.count == 1 ? "" : "s")"
    case .slice(let slice):
      return "a slice along \(slice.directions.count) direction\(slice.directions.count == 1 ? "" : "s")"
    case .product(let factors):
      let parts = factors.map { self.region($0.region) }
      return "a product of \(factors.count) sets: \(parts.joined(separator: "; "))"
    }
  }

  private func scope() -> [String] {
    let coverage = ScopeCoverage(spec)
    var lines = coverage.sentences.map { "- \($0.prefix(1).uppercased())\($0.dropFirst())." }
    for law in spec.laws where hasTail(law.law) {
      lines.append("- `\(law.name)` is not bounded; a domain covers part of its mass only.")
    }
    let text =
      lines.isEmpty ? "Every declared case of every condition is covered." : lines.joined(separator: "\n")
    return ["## Not covered", text]
  }

  private func hasTail(_ law: Law) -> Bool {
    switch law {
    case .product(_, let coordinates):
      return coordinates.contains { if case .normal = $0 { true } else { false } }
    case .mixture(_, let parts): return parts.contains { hasTail($0.law) }
    case .categorical, .uniform, .empirical: return false
    }
  }
}
