package import DSpecSyntax

/// What the language itself gives names to, with a sentence on each (Grammar, sections 2 to 7).
package enum LanguageCatalog {
  /// A name with its meaning.
  package struct Entry: Hashable, Sendable {
    /// The name.
    package let name: String
    /// What it means, in Markdown.
    package let summary: String
    /// What to insert for it, in the snippet syntax of the protocol; nil for the name.
    package let snippet: String?

    init(_ name: String, _ summary: String, snippet: String? = nil) {
      self.name = name
      self.summary = summary
      self.snippet = snippet
    }
  }

  /// A field of a declaration.
  package struct Field: Hashable, Sendable {
    /// The name.
    package let name: String
    /// What it means, in Markdown.
    package let summary: String
    /// Whether the declaration needs it.
    package let isRequired: Bool
    /// The built-in values that it may have.
    package let choices: [Entry]

    init(_ name: String, _ summary: String, required: Bool = true, choices: [Entry] = []) {
      self.name = name
      self.summary = summary
      isRequired = required
      self.choices = choices
    }
  }

  /// The built-in types.
  package static let types: [Entry] = [
    Entry("Real", "Real numbers, or with extents tensors of them, as in `Real[4]`."),
    Entry("Prob", "Real numbers in [0, 1]."),
    Entry("Int", "Integers."),
    Entry("Latent", "A point of the latent space, as in `Latent[2]`.", snippet: "Latent[$1]"),
    Entry("Image", "Pixels, as in `Image[8, 8] in [0, 1]`.", snippet: "Image[$1] in [0, 1]"),
    Entry("Embedding", "An embedding of a prompt or an image.", snippet: "Embedding[$1]"),
    Entry("Step", "The index of a sampler step, as in `Step[10]`.", snippet: "Step[$1]"),
    Entry("Weights", "All weights of a network together, as in `Weights[unet]`.", snippet: "Weights[$1]"),
    Entry("Bool", "Truth values, the type of conditions."),
    Entry("Network", "A network, as the input of a definition."),
    Entry("Sampler", "A sampler, as the input of a definition."),
    Entry("Domain", "A domain, as the input of a definition."),
    Entry("Dist", "A law, as the input of a definition."),
    Entry("Dataset", "A dataset, as the input of a definition."),
  ]

  /// The built-in functions of expressions.
  package static let functions: [Entry] = [
    Entry("l1", "The sum of the absolute differences of two tensors.", snippet: "l1($1, $2)"),
    Entry("l2", "The Euclidean distance of two tensors.", snippet: "l2($1, $2)"),
    Entry("linf", "The greatest absolute difference of two tensors.", snippet: "linf($1, $2)"),
  ]

  /// The measures of claims.
  package static let measures: [Entry] = [
    Entry("P", "The probability of an event under independent draws.", snippet: "P[$1: $2]"),
    Entry("E", "The expected value of a number.", snippet: "E[$1: $2]"),
    Entry("BER", "The balanced error rate of a prediction.", snippet: "BER[$1: $2 predicts $3]"),
  ]

  /// The sets of `domain` declarations.
  package static let sets: [Entry] = [
    Entry("box", "All tensors between two ends in every coordinate.", snippet: "box($1, $2)"),
    Entry(
      "ball", "The closed ball around a centre in a norm.",
      snippet: "ball(center: $1, radius: $2, norm: ${3|l1,l2,linf|})"),
    Entry("points", "A finite set of tensors.", snippet: "points($1)"),
    Entry(
      "slice", "A piece of an affine subspace.",
      snippet: "slice(origin: $1, directions: [$2], lower: $3, upper: $4)"),
    Entry("product", "Sets or laws of the coordinates one after the other.", snippet: "product($1, $2)"),
  ]

  /// The laws of `dist` declarations and draws.
  package static let laws: [Entry] = [
    Entry("normal", "Independent normal coordinates of a mean and a deviation.", snippet: "normal($1, $2)"),
    Entry("uniform", "The uniform law on a set or an enumeration.", snippet: "uniform($1)"),
    Entry("categorical", "A law on cases, with their weights.", snippet: "categorical([$1], [$2])"),
    Entry("mixture", "One of several laws, drawn by weight.", snippet: "mixture([$1], [$2])"),
    Entry("empirical", "Every record of a dataset with the same weight.", snippet: "empirical($1)"),
  ]

  /// The members of laws.
  package static let lawMembers: [Entry] = [
    Entry("truncated", "The law conditioned on a box.", snippet: "truncated($1)")
  ]

  private static let otherBuiltins: [Entry] = [
    Entry("prompt", "The embedding of a prompt, as a centre.", snippet: "prompt(\"$1\")"),
    Entry("using", "The pipeline with other weights for one of its networks.", snippet: "using($1: $2)"),
    Entry("noise", "A stochastic sampler with its noise given.", snippet: "noise($1)"),
    Entry("range", "Rows from a first one up to, not including, an end.", snippet: "range($1, $2)"),
    Entry("step", "A number of executed steps.", snippet: "step($1)"),
    Entry("attribute_switching", "Conditions the first steps on the given case, the others on the other."),
    Entry("leading", "Timesteps from the start of each interval."),
    Entry("trailing", "Timesteps from the end of each interval."),
    Entry("linspace", "Timesteps evenly spaced with both ends."),
  ]

  /// The words that begin declarations.
  package static let declarations: [Entry] = [
    Entry("enum", "An enumeration of cases.", snippet: "enum ${1:Name} { $2 }"),
    Entry(
      "param", "A number or case that the command line may replace.", snippet: "param ${1:name}: $2 = $3"),
    Entry("domain", "A set of tensors.", snippet: "domain ${1:Name}: $2 = $3"),
    Entry("dist", "A law.", snippet: "dist ${1:Name}: $2 = $3"),
    Entry(
      "network", "A total function given by a file.",
      snippet: "network ${1:name}: ($2) -> $3 {\n  artifact: $4\n}"),
    Entry(
      "sampler", "A generator: a denoiser run step by step.",
      snippet:
        "sampler ${1:Name}: ($2) -> $3 {\n  denoiser: $4\n  method: $5\n  schedule: $6\n  prediction: $7\n}"),
    Entry(
      "mitigation", "A change of a sampler that yields another one.",
      snippet:
        "mitigation ${1:Name} of $2: attribute_switching {\n  yields: $3\n  attribute: $4\n  at: step($5)\n}"),
    Entry("dataset", "A finite list of records.", snippet: "dataset ${1:Name}: $2 {\n  artifact: $3\n}"),
    Entry("hazard", "What may go wrong.", snippet: "hazard ${1:Name} \"$2\" { severity: \"$3\" }"),
    Entry(
      "property", "A claim that mitigates hazards.",
      snippet: "property ${1:Name} \"$2\" {\n  mitigates: $3\n  claim: $4\n  evidence: $5\n}"),
    Entry(
      "goal", "Hazards, and the properties that keep them in check.",
      snippet: "goal ${1:Name} \"$2\" {\n  hazards: [$3]\n  by: [$4]\n}"),
    Entry(
      "test", "A wrong network and the verdicts it must get.",
      snippet: "test \"$1\" {\n  under: replace($2, always($3))\n  expect: refuted($4)\n}"),
    Entry(
      "training", "How a network was trained under differential privacy.",
      snippet: "training ${1:Name} of $2 {\n  mechanism: $3\n  adjacency: ${4|add_remove,substitute|}\n}"),
    Entry("let", "A name for an expression, with inputs or without.", snippet: "let ${1:name}($2) = $3"),
  ]

  /// The clauses at the start of a file.
  package static let clauses: [Entry] = [
    Entry("dspec", "The version of the language.", snippet: "dspec 1.0"),
    Entry("module", "The name of the module.", snippet: "module ${1:name}"),
    Entry("import", "Makes the declarations of another file visible.", snippet: "import \"$1\" as $2"),
  ]

  private static let artifact = [
    Entry("onnx", "A network in the ONNX format.", snippet: "onnx(\"$1\", sha256: \"$2\")"),
    Entry(
      "safetensors", "A network in the safetensors format.", snippet: "safetensors(\"$1\", sha256: \"$2\")"),
  ]

  private static let changes = [
    Entry("replace", "Puts something in the place of a network or sampler.", snippet: "replace($1, $2)"),
    Entry("always", "A network that yields one number or record.", snippet: "always($1)"),
  ]

  private static let verdicts = [
    Entry("proved", "The claim is proved.", snippet: "proved($1)"),
    Entry("refuted", "The claim is refuted.", snippet: "refuted($1)"),
  ]

  private static let records = [
    Entry("idx", "Records in the IDX format.", snippet: "idx(\"$1\", sha256: \"$2\")"),
    Entry("npy", "Records in the NumPy format.", snippet: "npy(\"$1\", sha256: \"$2\")"),
  ]

  /// The fields of a declaration that begins with `keyword`.
  package static func fields(of keyword: DeclarationSyntax.Keyword) -> [Field] {
    switch keyword {
    case .network: [Field("artifact", "The file of the network.", choices: artifact)]
    case .dataset:
      [
        Field("artifact", "The file of the records.", choices: records),
        Field("scale", "The factor of every stored number, 1 if not given.", required: false),
        Field(
          "rows", "The rows that belong to the dataset, all if not given.", required: false,
          choices: otherBuiltins.filter { $0.name == "range" }),
      ]
    case .sampler:
      [
        Field("denoiser", "The network that is run at every step."),
        Field("decoder", "The network that maps the last latent to the result.", required: false),
        Field(
          "method", "How the steps are made.",
          choices: [
            Entry(
              "ddim", "Denoising diffusion implicit models; deterministic if `eta` is 0.",
              snippet: "ddim(steps: $1, eta: ${2:0})")
          ]),
        Field(
          "schedule", "The betas of the training.",
          choices: [
            Entry(
              "linear", "Betas evenly spaced.",
              snippet: "linear(train_steps: ${1:1000}, beta_start: ${2:0.0001}, beta_end: ${3:0.02})"),
            Entry(
              "scaled_linear", "Betas whose square roots are evenly spaced.",
              snippet: "scaled_linear(train_steps: ${1:1000}, beta_start: $2, beta_end: $3)"),
          ]),
        Field(
          "prediction", "What the denoiser predicts.",
          choices: [
            Entry("x0", "The latent without noise."), Entry("eps", "The noise."),
            Entry("v", "The velocity."),
          ]),
      ]
    case .mitigation:
      [
        Field("yields", "The name of the mitigated sampler."),
        Field("attribute", "The input that is switched, of an attribute switching.", required: false),
        Field(
          "at", "After how many executed steps it is switched.", required: false,
          choices: otherBuiltins.filter { $0.name == "step" }),
        Field("rule", "How an output filter decides.", required: false),
        Field("weights", "The changed weights.", required: false, choices: artifact),
        Field("ensures", "What holds after the mitigation.", required: false),
        Field("erases", "What the mitigated sampler no longer yields.", required: false),
        Field("preserves", "What stays as it was.", required: false),
        Field("relies_on", "Mitigations whose contracts it builds on.", required: false),
      ]
    case .hazard:
      [
        Field("severity", "How bad it is, in quotes.", required: false),
        Field("code", "Its label in a taxonomy, in quotes.", required: false),
        Field("source", "The taxonomy, in quotes.", required: false),
        Field("maps", "Hazards of other taxonomies that it overlaps.", required: false),
        Field("accepted", "Why the risk is accepted without a property.", required: false),
      ]
    case .property:
      [
        Field("mitigates", "The hazard or hazards that the property speaks about."),
        Field("claim", "What is claimed."),
        Field(
          "evidence", "The acceptable grades of evidence, the preferred one first.",
          choices: [
            Entry("proof", "A deterministic proof that replays, or a checked witness; for `forall`."),
            Entry("bound", "A certified interval; for `P` and `BER`."),
            Entry(
              "sampled", "Seeded samples decided at the confidence; for `P` and `BER`.",
              snippet: "sampled(n: ${1:20_000}, confidence: ${2:99.9%})"),
            Entry(
              "attacked", "A witness, or nothing; for `forall`.", snippet: "attacked(budget: ${1:1000})"),
          ]),
        Field(
          "engine", "A wish for an engine, without influence on the meaning.", required: false,
          choices: [Entry("bounds", "Interval and zonotope bounds."), Entry("smt", "An SMT solver.")]),
        Field("relies_on", "Mitigations whose contracts the claim builds on.", required: false),
        Field("conditions", "The circumstances of operation that it covers.", required: false),
        Field(
          "arithmetic", "The numbers in which the networks compute; real ones where it is left out.",
          required: false,
          choices: [
            Entry("real", "Real numbers."),
            Entry(
              "float32", "IEEE single precision in every order of summation.", snippet: "float32(any_order)"),
            Entry("float16", "Weights rounded to half precision.", snippet: "float16(weights)"),
          ]),
      ]
    case .goal:
      [Field("hazards", "The hazards."), Field("by", "The properties that keep them in check.")]
    case .test:
      [
        Field("under", "What is changed.", choices: changes),
        Field("expect", "The verdicts that must come out.", choices: verdicts),
      ]
    case .training:
      [
        Field(
          "mechanism", "How the network was trained.",
          choices: [
            Entry(
              "dp_sgd", "Gradient descent with clipping and noise.",
              snippet: "dp_sgd(noise: $1, clip: $2, rate: $3, steps: $4, sampling: poisson)")
          ]),
        Field(
          "adjacency", "Which records neighbouring training sets differ in.",
          choices: [Entry("add_remove", "One more or one less."), Entry("substitute", "One exchanged.")]),
        Field("log", "The log of the training.", required: false),
      ]
    case .enum, .param, .domain, .dist, .let: []
    }
  }

  /// The labels of the arguments of a built-in callee.
  package static func labels(of callee: String) -> [String] {
    switch callee {
    case "ddim": ["steps", "eta", "spacing"]
    case "linear", "scaled_linear": ["train_steps", "beta_start", "beta_end"]
    case "ball": ["center", "radius", "norm"]
    case "slice": ["origin", "directions", "lower", "upper"]
    case "sampled": ["n", "confidence"]
    case "attacked": ["budget"]
    case "onnx", "safetensors", "idx", "npy": ["sha256"]
    default: []
    }
  }

  /// The built-in values of labelled arguments that take no expressions; empty for other labels.
  package static func choices(ofLabel label: String) -> [Entry] {
    switch label {
    case "norm": functions.map { Entry($0.name, $0.summary) }
    case "spacing": otherBuiltins.filter { ["leading", "trailing", "linspace"].contains($0.name) }
    default: []
    }
  }

  /// The meaning of a name that the language gives, wherever it stands.
  package static func builtin(_ name: String) -> Entry? {
    let choices = DeclarationSyntax.Keyword.allCases.flatMap { fields(of: $0).flatMap(\.choices) }
    return (functions + sets + laws + lawMembers + otherBuiltins + choices).first { $0.name == name }
  }

  /// Names that no declaration may have, since expressions give them a meaning.
  package static let reservedNames: Set<String> = Set((types + functions + measures).map(\.name))
    .subtracting(["Network", "Sampler", "Domain", "Dist", "Dataset"])
}
