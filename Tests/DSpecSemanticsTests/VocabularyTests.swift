import DSpecSemantics
import DSpecSyntax
import Diagnostics
import Testing

/// The table of fields says what the checker does.
@Suite struct VocabularyTests {
  /// A declaration of each kind with a block, whose fields are to be written between the braces.
  static let heads: [(keyword: DeclarationSyntax.Keyword, mitigation: String?, head: String)] =
    [
      (.network, nil, "network f: (x: Latent[2]) -> Prob"),
      (.sampler, nil, "sampler H: (z: Latent[2]) -> Latent[2]"), (.dataset, nil, "dataset D: Latent[2]"),
      (.hazard, nil, "hazard Other"), (.property, nil, "property T"), (.goal, nil, "goal T"),
      (.test, nil, "test \"t\""), (.training, nil, "training T of nsfw"),
    ]
    + Vocabulary.mitigationKinds.map { (.mitigation, $0, "mitigation M of G: \($0)") }

  private func fields(_ keyword: DeclarationSyntax.Keyword, _ mitigation: String?) -> [Vocabulary.Field] {
    mitigation.map(Vocabulary.mitigationFields) ?? Vocabulary.fields(of: keyword)
  }

  /// Whether a diagnostic says that a field is missing.
  private func misses(_ field: String, _ diagnostic: Diagnostic) -> Bool {
    diagnostic.code == .missingField && diagnostic.message.hasSuffix("`\(field)`")
      || diagnostic.code == .propertyWithoutHazard && field == "mitigates"
  }

  @Test(arguments: heads.indices)
  func requiredFieldsAreMissed(index: Int) {
    let (keyword, mitigation, head) = Self.heads[index]
    let found = check(digitsModels + "\(head) {}\n").diagnostics
    for field in fields(keyword, mitigation) {
      #expect(found.contains { misses(field.name, $0) } == field.isRequired, "\(field.name)")
    }
  }

  /// Every field of the table is known, and one that is not in it is none.
  @Test(arguments: heads.indices)
  func fieldsAreKnown(index: Int) {
    let (keyword, mitigation, head) = Self.heads[index]
    let block = (fields(keyword, mitigation).map(\.name) + ["nothing"]).map { "\($0): 1" }
    let found = check(digitsModels + "\(head) { \(block.joined(separator: " ")) }\n").diagnostics
    let unknown = found.filter { $0.code == .unknownField && $0.message.hasPrefix("unknown field") }
    #expect(unknown.map(\.message) == ["unknown field `nothing`"])
  }

  @Test func everyDeclarationWithFieldsIsShown() {
    let shown = Set(Self.heads.map(\.keyword))
    let expected = DeclarationSyntax.Keyword.allCases.filter { !Vocabulary.fields(of: $0).isEmpty }
    #expect(shown == Set(expected))
  }

  @Test func fieldsOfMitigationsAreThoseOfTheirKinds() {
    let all = Vocabulary.fields(of: .mitigation)
    #expect(all.filter(\.isRequired).map(\.name) == ["yields"])
    for kind in Vocabulary.mitigationKinds {
      #expect(Set(Vocabulary.mitigationFields(of: kind).map(\.name)).isSubset(of: Set(all.map(\.name))))
    }
  }

  @Test(arguments: Vocabulary.reservedNames.sorted())
  func reservedNamesAreRefused(name: String) {
    let codes = check("dspec 1.0\nparam \(name): Real = 1\n").diagnostics.map(\.code)
    #expect(codes == [.reservedName])
  }

  /// A definition may use every built-in word of expressions.
  @Test func definitionsKnowQuantities() throws {
    _ = try spec(
      digitsExample + """
        training Dp of nsfw {
          mechanism: dp_sgd(noise: 1.1, clip: 1, rate: 0.1%, steps: 20_000, sampling: poisson)
          adjacency: add_remove
        }
        let spent = dp_epsilon(Dp, delta: 1e-6)
        property Budget {
          mitigates: Eights
          claim: spent <= 3
          evidence: accounting(rdp)
        }
        """)
  }
}
