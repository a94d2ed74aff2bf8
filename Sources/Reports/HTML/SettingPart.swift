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
    let parameters = report.spec?.parameters ?? []
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
    children.append(
      Pieces.facts([
        ("Verdicts speak of", [.text(arithmetic)]),
        ("Bounds computed in", [.text("double precision with error terms bounded beforehand")]),
        ("Specification fixed", [.text(fixed)]), ("Seeds of samples", seeds),
      ]))
    children.append(judges)
    children.append(mappings)
    return Pieces.section("setting", "Setting", children)
  }

  private var arithmetic: String {
    switch report.predicate.arithmetic.claim {
    case .real: "real numbers"
    case .float32AnyOrder: "float32 in any order of summation, without flushing to zero and without TF32"
    case .float16Weights: "real numbers, with weights rounded to float16"
    case .mixed: "different arithmetics, as the scope says of each property"
    }
  }

  private var fixed: String {
    guard let commitment = report.predicate.spec.committedBefore?.commitment else {
      return "nothing shows that it was before the run"
    }
    let files = report.predicate.models + report.predicate.datasets
    let missing = commitment.missing(of: files)
    let rest =
      missing.isEmpty ? "" : "; not there at the time: \(missing.map(\.text).joined(separator: ", "))"
    return "committed to at \(commitment.committedAt), by the word of \(commitment.claimedSigner)\(rest)"
  }

  private var seeds: [Markup] {
    guard report.predicate.hasSamples else { return [] }
    guard let checkpoint = report.predicate.seedCheckpoint else {
      return [.text("seed chosen by the author: nothing that was published later enters it")]
    }
    return [
      .text("derived from a later checkpoint, "),
      checkpoint.text.map { Pieces.code($0) } ?? Pieces.digest(checkpoint.digest),
      .text("; when it was published is not shown here"),
    ]
  }

  private var judges: Markup {
    let oracles = report.predicate.oracles
    guard !oracles.isEmpty else { return .nothing }
    return Pieces.table(
      caption: "Networks that judge what the samplers yield", head: ["Oracle", "File"],
      rows: oracles.map { [Pieces.user($0.name), Pieces.code($0.file.text)] })
  }

  private var mappings: Markup {
    let mappings = report.predicate.mappings
    guard !mappings.isEmpty else { return .nothing }
    return Pieces.table(
      caption: "What the answers are evidence towards; compliance is for others to judge",
      head: ["Framework", "Reference", "Text", "Properties"],
      rows: mappings.map {
        [
          Pieces.user($0.framework), Pieces.user($0.reference), Pieces.user($0.text),
          Pieces.user($0.properties.joined(separator: ", ")),
        ]
      })
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
          numbers: [1, 2]), identity,
      ])
  }

  private var identity: Markup {
    guard let model = report.predicate.model else { return .nothing }
    return Pieces.facts([
      ("Root of an OpenSSF model signature", [Pieces.digest(model.omsRoot)]),
      ("Weights", model.parameters.map { [.text("\($0)")] } ?? []),
      ("Element types", model.dtypes.isEmpty ? [] : [.text(model.dtypes.joined(separator: ", "))]),
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
