import DSpecSemantics
import DSpecSyntax

/// The built-in values of fields and labelled arguments.
extension LanguageCatalog {
  static let centers = Section(
    Vocabulary.centers.map(\.name),
    [Entry("prompt", "The embedding of a prompt, as a centre.", snippet: "prompt(\"$1\")")])

  static let networkFormats = Section(
    Vocabulary.networkFormats.map(\.rawValue),
    [
      Entry("onnx", "A network in the ONNX format.", snippet: "onnx(\"$1\", sha256: \"$2\")"),
      Entry(
        "safetensors", "A network in the safetensors format.", snippet: "safetensors(\"$1\", sha256: \"$2\")"),
    ])

  static let datasetFormats = Section(
    Vocabulary.datasetFormats.map(\.rawValue),
    [
      Entry("idx", "Records in the IDX format.", snippet: "idx(\"$1\", sha256: \"$2\")"),
      Entry("npy", "Records in the NumPy format.", snippet: "npy(\"$1\", sha256: \"$2\")"),
    ])

  static let logFormats = Section(
    [Artifact.Format.file.rawValue],
    [Entry("file", "A file that is not read.", snippet: "file(\"$1\", sha256: \"$2\")")])

  static let rows = Section(
    Vocabulary.rows.map(\.name),
    [Entry("range", "Rows from a first one up to, not including, an end.", snippet: "range($1, $2)")])

  static let switchTimes = Section(
    Vocabulary.switchTimes.map(\.name),
    [Entry("step", "A number of executed steps.", snippet: "step($1)")])

  static let methods = Section(
    Vocabulary.methods.map(\.name),
    [
      Entry(
        "ddim", "Denoising diffusion implicit models; deterministic if `eta` is 0.",
        snippet: "ddim(steps: $1, eta: ${2:0})")
    ])

  static let spacings = Section(
    TimestepSpacing.allCases.map(\.rawValue),
    [
      Entry("leading", "Timesteps from the start of each interval."),
      Entry("trailing", "Timesteps from the end of each interval."),
      Entry("linspace", "Timesteps evenly spaced with both ends."),
    ])

  static let schedules = Section(
    Vocabulary.schedules.map(\.name),
    [
      Entry(
        "linear", "Betas evenly spaced.",
        snippet: "linear(train_steps: ${1:1000}, beta_start: ${2:0.0001}, beta_end: ${3:0.02})"),
      Entry(
        "scaled_linear", "Betas whose square roots are evenly spaced.",
        snippet: "scaled_linear(train_steps: ${1:1000}, beta_start: $2, beta_end: $3)"),
    ])

  static let predictions = Section(
    PredictionTarget.allCases.map(\.rawValue),
    [
      Entry("x0", "The latent without noise."), Entry("eps", "The noise."), Entry("v", "The velocity."),
    ])

  static let grades = Section(
    Vocabulary.plainGrades + Vocabulary.grades.map(\.name),
    [
      Entry("proof", "A deterministic proof that replays, or a checked witness; for `forall`."),
      Entry("bound", "A certified interval; for `P` and `BER`."),
      Entry(
        "sampled", "Seeded samples decided at the confidence; for `P` and `BER`.",
        snippet: "sampled(n: ${1:20_000}, confidence: ${2:99.9%})"),
      Entry("attacked", "A witness, or nothing; for `forall`.", snippet: "attacked(budget: ${1:1000})"),
      Entry(
        "accounting", "A bound by the rules of a privacy accountant; for quantities of a training.",
        snippet: "accounting(${1|rdp,pld|})"),
      Entry("derived", "A conclusion from other verdicts.", snippet: "derived($1)"),
    ])

  static let engines = Section(
    EngineHint.allCases.map(\.rawValue),
    [Entry("bounds", "Interval and zonotope bounds."), Entry("smt", "An SMT solver.")])

  /// The arithmetics by the word that begins them.
  static let arithmetics = Section(
    ClaimArithmetic.allCases.map { String($0.rawValue.prefix { $0 != "(" }) },
    [
      Entry("real", "Real numbers."),
      Entry(
        "float32", "IEEE single precision in every order of summation.",
        snippet: ClaimArithmetic.float32AnyOrder.rawValue),
      Entry(
        "float16", "Weights rounded to half precision.", snippet: ClaimArithmetic.float16Weights.rawValue),
    ])

  static let changes = Section(
    (Vocabulary.changes + Vocabulary.replacements).map(\.name),
    [
      Entry("replace", "Puts something in the place of a network or sampler.", snippet: "replace($1, $2)"),
      Entry("always", "A network that yields one number or record.", snippet: "always($1)"),
    ])

  static let verdicts = Section(
    TestDeclaration.Expected.allCases.map(\.rawValue),
    [
      Entry("proved", "The claim is proved.", snippet: "proved($1)"),
      Entry("refuted", "The claim is refuted.", snippet: "refuted($1)"),
      Entry("supported", "Samples support the claim.", snippet: "supported($1)"),
      Entry("contradicted", "Samples contradict the claim.", snippet: "contradicted($1)"),
      Entry("unknown", "The claim stays undecided.", snippet: "unknown($1)"),
      Entry("vacuous", "The claim is about nothing.", snippet: "vacuous($1)"),
      Entry(
        "undefined", "The condition of the measure has no provably positive probability.",
        snippet: "undefined($1)"),
    ])

  static let mechanisms = Section(
    Vocabulary.mechanisms.map(\.name),
    [
      Entry(
        "dp_sgd", "Gradient descent with clipping and noise.",
        snippet: "dp_sgd(noise: $1, clip: $2, rate: $3, steps: $4, sampling: poisson)")
    ])

  static let adjacencies = Section(
    TrainingDeclaration.Adjacency.allCases.map(\.rawValue),
    [Entry("add_remove", "One more or one less."), Entry("substitute", "One exchanged.")])

  static let batches = Section(
    TrainingDeclaration.BatchSampling.allCases.map(\.rawValue),
    [
      Entry("poisson", "Every record by a coin of its own."),
      Entry("shuffled", "One batch after the other of a shuffled set."),
      Entry("fixed", "Batches of one size, drawn anew each time."),
    ])

  static let quantities = Section(
    Vocabulary.quantities.map(\.name),
    [
      Entry(
        "dp_epsilon", "The epsilon of a training at a given delta.", snippet: "dp_epsilon($1, delta: $2)"),
      Entry(
        "attack_tpr", "The greatest rate of true positives of a membership test at a rate of false ones.",
        snippet: "attack_tpr($1, fpr: $2)"),
    ])

  static func choices(_ keyword: DeclarationSyntax.Keyword, _ field: String) -> [Entry] {
    switch (keyword, field) {
    case (.network, "artifact"), (.mitigation, "weights"): networkFormats.entries
    case (.dataset, "artifact"): datasetFormats.entries
    case (.dataset, "rows"): rows.entries
    case (.sampler, "method"): methods.entries
    case (.sampler, "schedule"): schedules.entries
    case (.sampler, "prediction"): predictions.entries
    case (.mitigation, "at"): switchTimes.entries
    case (.property, "evidence"): grades.entries
    case (.property, "engine"): engines.entries
    case (.property, "arithmetic"): arithmetics.entries
    case (.test, "under"): changes.entries
    case (.test, "expect"): verdicts.entries
    case (.training, "mechanism"): mechanisms.entries
    case (.training, "adjacency"): adjacencies.entries
    case (.training, "log"): logFormats.entries
    default: []
    }
  }
}
