package import Certificates
package import DSpecSemantics

/// What properties are evidence towards in frameworks of rules: all of it is data in this file.
///
/// A property shows what it says of a model and nothing of an organisation, so that no entry claims compliance. Which risk
/// a hazard belongs to is this project's own judgement.
package enum FrameworkMappings {
  private struct Entry {
    let framework: String
    let reference: String
    let text: String
  }

  /// What every decided property is evidence towards, whatever the answer.
  private static let general = [
    Entry(
      framework: "EU AI Act", reference: "Annex IV(2)(g)",
      text:
        "the description of validation and testing procedures: criteria, metrics, answers and the files that show them"
    ),
    Entry(
      framework: "EU AI Act", reference: "Annex XI, section 2",
      text: "the description of evaluation strategies with their criteria, metrics and results"),
    Entry(
      framework: "ISO/IEC 42001", reference: "A.6.2.4",
      text: "documented measures of verification and validation with criteria for their use"),
  ]

  /// The taxonomy whose labels are mapped, as the library of hazards names it.
  private static let labels = "MLCommons AILuminate 1.0"

  /// Risks of NIST AI 600-1 by the label of AILuminate that overlaps with them; specialised advice has none.
  private static let risks = [
    "cse": "Obscene, Degrading, and/or Abusive Content", "dfm": "Information Integrity",
    "hte": "Dangerous, Violent, or Hateful Content", "ipv": "Intellectual Property",
    "iwp": "CBRN Information or Capabilities", "ncr": "Dangerous, Violent, or Hateful Content",
    "prv": "Data Privacy", "src": "Obscene, Degrading, and/or Abusive Content",
    "ssh": "Dangerous, Violent, or Hateful Content", "sxc": "Obscene, Degrading, and/or Abusive Content",
    "vcr": "Dangerous, Violent, or Hateful Content",
  ]

  private static let riskText =
    "the measurement of this risk as far as a property speaks of an overlapping hazard; the rest of the risk is not covered"
  private static let labelText =
    "this hazard label as the specification assigns it; the benchmark itself tests text chat and was not run"

  /// What a mapping has to know of an answered property.
  package struct Answered: Hashable, Sendable {
    /// Its name.
    package let id: String
    /// The hazards that it mitigates, by name.
    package let hazards: [String]
    /// Whether there is a verdict that evidence shows; an open question is evidence towards nothing.
    package let isDecided: Bool

    /// Makes one.
    package init(id: String, hazards: [String], isDecided: Bool) {
      self.id = id
      self.hazards = hazards
      self.isDecided = isDecided
    }
  }

  /// The mappings of decided properties, in the certificate's order.
  ///
  /// - Parameter hazards: The declared hazards; none where the language does not know any.
  package static func list(_ properties: [Answered], hazards: [HazardDeclaration]) -> [MappingRecord] {
    let properties = properties.filter(\.isDecided)
    guard !properties.isEmpty else { return [] }
    var list = general.map { record($0, properties.map(\.id)) }
    let declared = Dictionary(hazards.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var byLabel: [String: [String]] = [:]
    var byRisk: [String: [String]] = [:]
    for property in properties {
      for label in Set(property.hazards.flatMap { Self.codes(of: $0, declared) }).sorted() {
        byLabel[label, default: []].append(property.id)
        if let risk = risks[label], byRisk[risk]?.last != property.id {
          byRisk[risk, default: []].append(property.id)
        }
      }
    }
    for (risk, names) in byRisk.sorted(by: { $0.key < $1.key }) {
      list.append(record(Entry(framework: "NIST AI 600-1", reference: risk, text: riskText), names))
    }
    for (label, names) in byLabel.sorted(by: { $0.key < $1.key }) {
      list.append(record(Entry(framework: "AILuminate 1.0", reference: label, text: labelText), names))
    }
    return list
  }

  private static func record(_ entry: Entry, _ properties: [String]) -> MappingRecord {
    MappingRecord(
      framework: entry.framework, reference: entry.reference, text: MappingRecord.opening + entry.text,
      properties: properties)
  }

  /// The labels of a hazard: its own code, or those of the hazards that it says it overlaps with.
  private static func codes(of name: String, _ declared: [String: HazardDeclaration]) -> [String] {
    guard let hazard = declared[name] else { return [] }
    return ([hazard] + hazard.maps.compactMap { declared[$0] }).compactMap { item in
      item.source == labels ? item.code : nil
    }
  }
}
