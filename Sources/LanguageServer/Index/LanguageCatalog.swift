import DSpecSemantics
package import DSpecSyntax

/// What the language itself gives names to, with a sentence on each (Grammar, sections 2 to 7).
///
/// The names are those of the parser and the checker; here stand only the words about them.
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

  /// Names with what is said of each; a test checks that nothing is missing and nothing is left over.
  package struct Section: Sendable {
    /// The names, in the order of proposals.
    package let names: [String]
    /// What is said of them.
    package let texts: [Entry]

    init(_ names: [String], _ texts: [Entry]) {
      self.names = names
      self.texts = texts
    }

    /// The names with their texts.
    var entries: [Entry] {
      names.map { name in texts.first { $0.name == name } ?? Entry(name, "") }
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

    init(_ rule: Vocabulary.Field, _ summary: String, choices: [Entry]) {
      name = rule.name
      isRequired = rule.isRequired
      self.summary = summary
      self.choices = choices
    }
  }

  /// The built-in types.
  package static let types = typesSection.entries

  static let typesSection = Section(
    Vocabulary.types + Vocabulary.argumentKinds,
    [
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
    ])

  /// The built-in functions of expressions.
  package static let functions = functionsSection.entries

  static let functionsSection = Section(
    Norm.allCases.map(\.rawValue),
    [
      Entry("l1", "The sum of the absolute differences of two tensors.", snippet: "l1($1, $2)"),
      Entry("l2", "The Euclidean distance of two tensors.", snippet: "l2($1, $2)"),
      Entry("linf", "The greatest absolute difference of two tensors.", snippet: "linf($1, $2)"),
    ])

  /// The measures of claims.
  package static let measures = measuresSection.entries

  static let measuresSection = Section(
    MeasureName.allCases.map(\.rawValue),
    [
      Entry("P", "The probability of an event under independent draws.", snippet: "P[$1: $2]"),
      Entry("E", "The expected value of a number.", snippet: "E[$1: $2]"),
      Entry("BER", "The balanced error rate of a prediction.", snippet: "BER[$1: $2 predicts $3]"),
    ])

  /// The sets of `domain` declarations.
  package static let sets = setsSection.entries

  static let setsSection = Section(
    Vocabulary.sets.map(\.name),
    [
      Entry("box", "All tensors between two ends in every coordinate.", snippet: "box($1, $2)"),
      Entry(
        "ball", "The closed ball around a centre in a norm.",
        snippet: "ball(center: $1, radius: $2, norm: ${3|l1,l2,linf|})"),
      Entry("points", "A finite set of tensors.", snippet: "points($1)"),
      Entry(
        "slice", "A piece of an affine subspace.",
        snippet: "slice(origin: $1, directions: [$2], lower: $3, upper: $4)"),
      Entry("product", "Sets of the coordinates one after the other.", snippet: "product($1, $2)"),
    ])

  /// The laws of `dist` declarations and draws.
  package static let laws = lawsSection.entries

  static let lawsSection = Section(
    Vocabulary.laws.map(\.name),
    [
      Entry("normal", "Independent normal coordinates of a mean and a deviation.", snippet: "normal($1, $2)"),
      Entry("uniform", "The uniform law on a set or an enumeration.", snippet: "uniform($1)"),
      Entry("categorical", "A law on cases, with their weights.", snippet: "categorical([$1], [$2])"),
      Entry("mixture", "One of several laws, drawn by weight.", snippet: "mixture([$1], [$2])"),
      Entry("product", "Independent draws one after the other in one tensor.", snippet: "product($1, $2)"),
      Entry("empirical", "Every record of a dataset with the same weight.", snippet: "empirical($1)"),
    ])

  /// The members of laws.
  package static let lawMembers = lawMembersSection.entries

  static let lawMembersSection = Section(
    Vocabulary.lawMembers,
    [
      Entry("truncated", "The law conditioned on a box.", snippet: "truncated($1)")
    ])

  /// The members of pipelines.
  package static let pipelineMembers = pipelineMembersSection.entries

  static let pipelineMembersSection = Section(
    Vocabulary.pipelineMembers,
    [
      Entry("using", "The pipeline with other weights for one of its networks.", snippet: "using($1: $2)"),
      Entry("noise", "A stochastic sampler with its noise given.", snippet: "noise($1)"),
      Entry("at", "A pipeline that switches its attribute after another step.", snippet: "at($1)"),
    ])

  /// The kinds of mitigation.
  package static let mitigationKinds = mitigationKindsSection.entries

  static let mitigationKindsSection = Section(
    Vocabulary.mitigationKinds,
    [
      Entry("attribute_switching", "Conditions the first steps on the given case, the others on the other."),
      Entry("unlearning", "Weights trained anew so that something is forgotten."),
      Entry("concept_editing", "Weights changed so that a concept is no longer drawn."),
      Entry("output_filter", "A rule that shows what was drawn or a blank."),
      Entry("safe_guidance", "Guidance away from what is unsafe."),
      Entry("alignment", "Weights trained on what people prefer."),
    ])

  /// The words that begin declarations.
  package static let declarations = declarationsSection.entries

  static let declarationsSection = Section(
    DeclarationSyntax.Keyword.allCases.map(\.rawValue),
    [
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
          "sampler ${1:Name}: ($2) -> $3 {\n  denoiser: $4\n  method: $5\n  schedule: $6\n  prediction: $7\n}"
      ),
      Entry(
        "mitigation", "A change of a sampler that yields another one.",
        snippet:
          "mitigation ${1:Name} of $2: attribute_switching {\n  yields: $3\n  attribute: $4\n  at: step($5)\n}"
      ),
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
    ])

  /// The clauses at the start of a file.
  package static let clauses = clausesSection.entries

  static let clausesSection = Section(
    FileSyntax.Clause.allCases.map(\.rawValue),
    [
      Entry("dspec", "The version of the language.", snippet: "dspec 1.0"),
      Entry("module", "The name of the module.", snippet: "module ${1:name}"),
      Entry("import", "Makes the declarations of another file visible.", snippet: "import \"$1\" as $2"),
    ])

  /// The labels of the arguments of a built-in callee.
  package static func labels(of callee: String) -> [String] { Vocabulary.labels(of: callee) }

  /// The built-in values of labelled arguments that take no expressions; empty for other labels.
  package static func choices(ofLabel label: String) -> [Entry] {
    switch label {
    case "norm": functions.map { Entry($0.name, $0.summary) }
    case "spacing": spacings.entries
    case "sampling": batches.entries
    default: []
    }
  }

  /// The meaning of a name that the language gives, wherever it stands.
  package static func builtin(_ name: String) -> Entry? {
    let values = DeclarationSyntax.Keyword.allCases.flatMap { fields(of: $0).flatMap(\.choices) }
    let words = functions + sets + laws + lawMembers + pipelineMembers + mitigationKinds
    let others = [centers, spacings, batches, quantities].flatMap(\.entries)
    return (words + others + values).first { $0.name == name }
  }

  /// Names that no declaration may have, since expressions give them a meaning.
  package static let reservedNames = Vocabulary.reservedNames

  /// All sections.
  package static var sections: [Section] {
    [
      typesSection, functionsSection, measuresSection, setsSection, lawsSection, lawMembersSection,
      pipelineMembersSection, mitigationKindsSection, declarationsSection, clausesSection, centers,
      networkFormats, datasetFormats, logFormats, rows, switchTimes, methods, spacings, schedules,
      predictions,
      grades, engines, arithmetics, changes, verdicts, mechanisms, adjacencies, batches, quantities,
    ] + DeclarationSyntax.Keyword.allCases.map(fieldSection)
  }
}
