package import DSpecSyntax

/// The words to which the language gives a meaning without reserving them: what the checker accepts and what tools
/// propose.
package enum Vocabulary {
  // MARK: Names

  /// The built-in types that may be written in declarations, and `Bool`.
  package static let types =
    ["Prob", "Int", "Bool", "Step", "Weights"] + TensorKind.allCases.map(\.rawValue)

  /// What an input of a definition may be besides a type.
  package static let argumentKinds = ArgumentKind.allCases.map(\.rawValue)

  /// Names that no declaration, variable or import may have, because expressions give them a meaning.
  package static let reservedNames = Set(
    types + Norm.allCases.map(\.rawValue) + MeasureName.allCases.map(\.rawValue))

  /// The kinds of mitigation: the one with an unrolled form, and those known by their contract.
  package static let mitigationKinds = [attributeSwitching] + MitigationKind.allCases.map(\.rawValue)

  static let attributeSwitching = "attribute_switching"

  // MARK: Fields

  /// A field of a declaration.
  package struct Field: Hashable, Sendable {
    /// The name.
    package let name: String
    /// Whether a declaration without it is reported.
    package let isRequired: Bool
  }

  /// The fields of a declaration that begins with `keyword`; those of all kinds for a mitigation.
  package static func fields(of keyword: DeclarationSyntax.Keyword) -> [Field] {
    switch keyword {
    case .network: fields(["artifact"])
    case .sampler: fields(["denoiser", "method", "schedule", "prediction"], optional: ["decoder"])
    case .dataset: fields(["artifact"], optional: ["scale", "rows"])
    case .hazard: fields(optional: ["severity", "code", "source", "maps", "accepted"])
    case .property:
      fields(
        ["mitigates", "claim", "evidence"], optional: ["engine", "relies_on", "conditions", "arithmetic"])
    case .goal: fields(["hazards", "by"])
    case .test: fields(["under", "expect"])
    case .training: fields(["mechanism", "adjacency"], optional: ["log"])
    case .mitigation:
      allMitigationFields
    case .enum, .param, .domain, .dist, .let: []
    }
  }

  /// The fields of a mitigation of some kind.
  package static func mitigationFields(of kind: String) -> [Field] {
    let contract = MitigationContract.Role.allCases.map(\.rawValue) + ["relies_on"]
    switch kind {
    case attributeSwitching: return fields(["yields", "attribute", "at"], optional: contract)
    case MitigationKind.outputFilter.rawValue:
      return fields(["yields", "rule"], optional: ["weights", "scale"] + contract)
    default: return fields(["yields"], optional: ["weights", "rule", "scale"] + contract)
    }
  }

  /// The fields of all kinds; one is required where every kind requires it.
  private static var allMitigationFields: [Field] {
    let kinds = mitigationKinds.map(mitigationFields)
    var names: [String] = []
    for field in kinds.joined() where !names.contains(field.name) { names.append(field.name) }
    return names.map { name in
      Field(name: name, isRequired: kinds.allSatisfy { $0.contains(Field(name: name, isRequired: true)) })
    }
  }

  private static func fields(_ required: [String] = [], optional: [String] = []) -> [Field] {
    required.map { Field(name: $0, isRequired: true) } + optional.map { Field(name: $0, isRequired: false) }
  }

  // MARK: Calls

  /// The sets of tensors that a domain may be.
  package static let sets = [
    CallShape(name: "box", positional: ["lower", "upper"]), ball,
    CallShape(name: "points", variadic: "[0, 0]"), CallShape(name: "product", variadic: "A"),
    CallShape(name: "slice", labelled: ["origin", "directions", "lower", "upper"]),
  ]
  static let ball = CallShape(name: "ball", labelled: ["center", "radius", "norm"])

  /// What may be the centre of a ball besides records and numbers.
  package static let centers = [CallShape(name: "prompt", positional: ["text"])]

  /// The laws that a `dist` may be.
  package static let laws = [
    CallShape(name: "normal", positional: ["mean", "deviation"]),
    CallShape(name: "uniform", positional: ["set"]),
    CallShape(name: "categorical", positional: ["cases", "weights"]),
    CallShape(name: "mixture", positional: ["laws", "weights"]),
    CallShape(name: "product", variadic: "A"),
    CallShape(name: "empirical", positional: ["dataset"]),
  ]

  /// The members of laws.
  package static let lawMembers = ["truncated"]

  /// The members of pipelines.
  package static let pipelineMembers = ["using", "noise", "at"]

  /// The formats of the files of networks.
  package static let networkFormats = [Artifact.Format.onnx, .safetensors]
  /// The formats of the files of datasets.
  package static let datasetFormats = [Artifact.Format.idx, .npy]

  /// The rows of a dataset.
  package static let rows = [CallShape(name: "range", positional: ["first", "end"])]

  /// The steps that a variable may range over.
  package static let stepRange = CallShape(name: "steps", positional: ["first", "last"])

  /// When a mitigation switches.
  package static let switchTimes = [CallShape(name: "step", positional: ["number"])]

  /// The ways to sample.
  package static let methods = [CallShape(name: "ddim", labelled: ["steps", "eta"], optional: ["spacing"])]

  /// The noise schedules.
  package static let schedules = NoiseSchedule.Kind.allCases.map {
    CallShape(name: $0.rawValue, labelled: ["train_steps", "beta_start", "beta_end"])
  }

  /// The grades of evidence that are words.
  package static let plainGrades = ["proof", "bound"]
  /// The grades of evidence that are calls.
  package static let grades = [
    CallShape(name: "sampled", labelled: ["n", "confidence"]),
    CallShape(name: "attacked", labelled: ["budget"]), CallShape(name: "accounting", positional: ["method"]),
    CallShape(name: "derived", variadic: "A"),
  ]

  /// The changes that a test makes.
  package static let changes = [CallShape(name: "replace", positional: ["network", "by"])]
  /// What a test may put in the place of a network.
  package static let replacements = [CallShape(name: "always", positional: ["value"])]

  /// The mechanisms of private training.
  package static let mechanisms = [
    CallShape(name: "dp_sgd", labelled: ["noise", "clip", "rate", "steps", "sampling"])
  ]

  /// The quantities that accountants derive from trainings.
  package static let quantities = AccountedQuantity.Quantity.allCases.map {
    CallShape(name: $0.rawValue, positional: ["training"], labelled: [$0.label])
  }

  /// The call of a file in a format.
  static func file(_ format: Artifact.Format) -> CallShape {
    CallShape(name: format.rawValue, positional: ["file"], optional: ["sha256"])
  }

  /// The labels of the arguments of a built-in call; none for other names.
  package static func labels(of name: String) -> [String] {
    let files = Artifact.Format.allCases.map(file)
    let all = sets + methods + schedules + grades + mechanisms + quantities + files
    return all.first { $0.name == name }?.labels ?? []
  }
}
