import Certificates
import DSpecSemantics
import RigorousArithmetic

/// Samplers, parameters and files: what exactly was judged.
struct SettingPart {
  let report: CertificateReport

  var markup: Markup { .group([setting, files]) }

  private var setting: Markup {
    var children: [Markup] = []
    let samplers = report.predicate.samplers
    if !samplers.isEmpty {
      children.append(
        Pieces.table(
          caption: "Samplers as they were unrolled",
          head: ["Sampler", "Method", "Prediction", "Timesteps", "Schedule"],
          rows: samplers.map { sampler in
            [
              Pieces.user(sampler.name), .text("\(sampler.kind.uppercased()), \(sampler.steps) steps"),
              .text(sampler.prediction), .text(sampler.timesteps.map(String.init).joined(separator: " ")),
              Pieces.user(SettingPart.schedule(sampler.schedule)),
            ]
          }))
    }
    let parameters = report.spec.parameters
    if !parameters.isEmpty {
      children.append(
        Pieces.table(
          caption: "Parameters of the specification", head: ["Parameter", "Value", "Type", "Given by"],
          rows: parameters.map { item in
            [
              Pieces.user(item.name), Pieces.user(SettingPart.text(item.value)), Pieces.user("\(item.type)"),
              item.isOverridden
                ? Pieces.chip("set from outside", .open) : "the specification",
            ]
          }))
    }
    let arithmetic = report.predicate.arithmetic
    children.append(
      Pieces.facts([
        (
          "Verdicts speak of",
          [.text(arithmetic.claim == .real ? "real numbers" : "float32 in any order of summation")]
        ), ("Bounds computed in", [.text("double precision with error terms bounded beforehand")]),
      ]))
    return Pieces.section("setting", "Setting", children)
  }

  private var files: Markup {
    let groups: [(String, [FileRecord])] = [
      ("specification", report.predicate.spec.sources), ("model", report.predicate.models),
      ("data", report.predicate.datasets),
    ]
    let rows = groups.flatMap { kind, files in
      files.map { file -> [Markup] in
        [
          Pieces.code(file.name.text), .text(kind), .text(NumberText.bytes(file.size)),
          Pieces.digest(file.digest),
        ]
      }
    }
    return Pieces.section(
      "files", "Files",
      [
        .tag(
          "p", [:],
          "The verdicts are about these bytes. A file with another SHA-256 digest was not judged."),
        Pieces.table(
          caption: "Files of the certificate", head: ["File", "Kind", "Size", "SHA-256"], rows: rows,
          numbers: [1, 2]),
      ])
  }

  private static func schedule(_ settings: [String: String]) -> String {
    settings.sorted { $0.key < $1.key }.map { name, value in
      let number = Rational(description: value).map(NumberText.decimal) ?? value
      return "\(name) \(number)"
    }.joined(separator: ", ")
  }

  private static func text(_ value: ParameterValue) -> String {
    switch value {
    case .number(let number): number.sourceText
    case .enumCase(let type, let index): type.cases[index]
    }
  }
}
