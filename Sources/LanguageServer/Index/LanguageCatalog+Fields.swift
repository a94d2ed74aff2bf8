import DSpecSemantics
package import DSpecSyntax

/// The fields of declarations.
extension LanguageCatalog {
  static func fieldSection(of keyword: DeclarationSyntax.Keyword) -> Section {
    Section(Vocabulary.fields(of: keyword).map(\.name), fieldTexts(of: keyword))
  }

  static func fieldTexts(of keyword: DeclarationSyntax.Keyword) -> [Entry] {
    switch keyword {
    case .network: [Entry("artifact", "The file of the network.")]
    case .dataset:
      [
        Entry("artifact", "The file of the records."),
        Entry("scale", "The factor of every stored number, 1 if not given."),
        Entry("rows", "The rows that belong to the dataset, all if not given."),
      ]
    case .sampler:
      [
        Entry("denoiser", "The network that is run at every step."),
        Entry("decoder", "The network that maps the last latent to the result."),
        Entry("method", "How the steps are made."), Entry("schedule", "The betas of the training."),
        Entry("prediction", "What the denoiser predicts."),
      ]
    case .mitigation:
      [
        Entry("yields", "The name of the mitigated sampler."),
        Entry("attribute", "The input that is switched, of an attribute switching."),
        Entry("at", "After how many executed steps it is switched."),
        Entry("rule", "How an output filter decides."), Entry("weights", "The changed weights."),
        Entry("scale", "The strength of a guidance."),
        Entry("ensures", "What holds after the mitigation."),
        Entry("erases", "What the mitigated sampler no longer yields."),
        Entry("preserves", "What stays as it was."),
        Entry("relies_on", "Mitigations whose contracts it builds on."),
      ]
    case .hazard:
      [
        Entry("severity", "How bad it is, in quotes."),
        Entry("code", "Its label in a taxonomy, in quotes."), Entry("source", "The taxonomy, in quotes."),
        Entry("maps", "Hazards of other taxonomies that it overlaps."),
        Entry("accepted", "Why the risk is accepted without a property."),
      ]
    case .property:
      [
        Entry("mitigates", "The hazard or hazards that the property speaks about."),
        Entry("claim", "What is claimed."),
        Entry("evidence", "The acceptable grades of evidence, the preferred one first."),
        Entry("engine", "A wish for an engine, without influence on the meaning."),
        Entry("relies_on", "Mitigations whose contracts the claim builds on."),
        Entry("conditions", "The circumstances of operation that it covers."),
        Entry("arithmetic", "The numbers in which the networks compute; real ones where it is left out."),
      ]
    case .goal:
      [Entry("hazards", "The hazards."), Entry("by", "The properties that keep them in check.")]
    case .test:
      [Entry("under", "What is changed."), Entry("expect", "The verdicts that must come out.")]
    case .training:
      [
        Entry("mechanism", "How the network was trained."),
        Entry("adjacency", "Which records neighbouring training sets differ in."),
        Entry("log", "The log of the training."),
      ]
    case .enum, .param, .domain, .dist, .let: []
    }
  }

  /// The fields of a declaration that begins with `keyword`.
  package static func fields(of keyword: DeclarationSyntax.Keyword) -> [Field] {
    zip(Vocabulary.fields(of: keyword), fieldSection(of: keyword).entries).map { rule, entry in
      Field(rule, entry.summary, choices: choices(keyword, rule.name))
    }
  }
}
