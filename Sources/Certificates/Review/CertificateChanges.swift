/// What changed from one certificate to another.
package struct CertificateChanges: Hashable, Sendable {
  /// One difference.
  package struct Change: Hashable, Sendable {
    /// What part of the certificate: `models`, `property NeverEight`.
    package let subject: String
    /// What is different about it.
    package let aspect: String
    /// How it was, empty where it was not there.
    package let before: String
    /// How it is, empty where it is no more.
    package let after: String
    /// Whether the later certificate claims less than the earlier one, or rests on more.
    package let isWeaker: Bool
  }

  /// The differences in the order of the format.
  package let changes: [Change]

  /// Compares two predicates; times, identifiers and notes for people are no differences.
  package init(from old: CompliancePredicate, to new: CompliancePredicate) {
    var list = ChangeList()
    list.compare("tool", "version", old.tool.text, new.tool.text)
    list.compare("issuer", "key", old.issuerKeyID.hex, new.issuerKeyID.hex)
    list.compare("specification", "root", old.spec.root.text, new.spec.root.text)
    for (subject, before, after) in [
      ("specification", old.spec.sources, new.spec.sources), ("models", old.models, new.models),
      ("data", old.datasets, new.datasets),
    ] {
      list.compare(subject, before.byName, after.byName)
    }
    list.compare("parameter", old.spec.parameters, new.spec.parameters)
    list.compare("arithmetic", "claim", old.arithmetic.claim.rawValue, new.arithmetic.claim.rawValue)
    list.compare(
      "seeds", "checkpoint", old.seedCheckpoint?.digest.hex ?? "", new.seedCheckpoint?.digest.hex ?? "",
      isWeaker: old.seedCheckpoint != nil && new.seedCheckpoint == nil)
    for aspect in CommitmentRecord.aspects {
      let (before, after) = (aspect.value(old.spec.committedBefore), aspect.value(new.spec.committedBefore))
      list.compare(
        "specification", aspect.name, before, after, isWeaker: !before.isEmpty && after.isEmpty)
    }
    list.compareSets("assumption", old.standing, new.standing, moreIsWeaker: true)
    list.compareSets("assumption said to be discharged", old.discharged, new.discharged, moreIsWeaker: true)
    list.compareSets("scope", Set(old.scope), Set(new.scope), moreIsWeaker: false)
    list.compare("sampler", old.samplerTexts, new.samplerTexts)
    list.compare("oracle", old.oracleFiles, new.oracleFiles)
    list.compareSets("evidence towards", old.mappingTexts, new.mappingTexts, moreIsWeaker: false)
    list.compareSets(
      "supersedes", Set(old.supersedes.map(\.hex)), Set(new.supersedes.map(\.hex)), moreIsWeaker: false)
    let (earlier, later) = (old.byProperty, new.byProperty)
    for name in Set(earlier.keys).union(later.keys).sorted() {
      list.compare("property \(name)", earlier[name], later[name])
    }
    changes = list.changes
  }
}

private struct ChangeList {
  var changes: [CertificateChanges.Change] = []

  mutating func add(
    _ subject: String, _ aspect: String, _ before: String, _ after: String, isWeaker: Bool = false
  ) {
    changes.append(
      CertificateChanges.Change(
        subject: subject, aspect: aspect, before: before, after: after, isWeaker: isWeaker))
  }

  mutating func compare(
    _ subject: String, _ aspect: String, _ before: String, _ after: String, isWeaker: Bool = false
  ) {
    guard !before.utf8.elementsEqual(after.utf8) else { return }
    add(subject, aspect, before, after, isWeaker: isWeaker)
  }

  mutating func compare(_ subject: String, _ before: [String: String], _ after: [String: String]) {
    for name in Set(before.keys).union(after.keys).sorted() {
      compare(subject, name, before[name] ?? "", after[name] ?? "")
    }
  }

  mutating func compareSets(
    _ subject: String, _ before: Set<String>, _ after: Set<String>, moreIsWeaker: Bool
  ) {
    for text in before.subtracting(after).sorted() { add(subject, "gone", text, "", isWeaker: !moreIsWeaker) }
    for text in after.subtracting(before).sorted() { add(subject, "new", "", text, isWeaker: moreIsWeaker) }
  }

  mutating func compare(_ subject: String, _ before: PropertyRecord?, _ after: PropertyRecord?) {
    guard let before else {
      if let after { add(subject, "new", "", after.answer) }
      return
    }
    guard let after else {
      add(subject, "gone", before.answer, "", isWeaker: true)
      return
    }
    compare(subject, "claim", before.text, after.text)
    compare(subject, "title", before.title, after.title)
    let lost = Set(before.hazards).subtracting(after.hazards)
    compare(
      subject, "hazards", before.hazards.sorted().joined(separator: ", "),
      after.hazards.sorted().joined(separator: ", "), isWeaker: !lost.isEmpty)
    compare(subject, "arithmetic", before.arithmetic?.rawValue ?? "", after.arithmetic?.rawValue ?? "")
    if before.text.utf8.elementsEqual(after.text.utf8), before.formula != after.formula {
      add(subject, "formula", before.formula.hex, after.formula.hex)
    }
    if before.formula == after.formula, before.obligation != after.obligation {
      add(
        subject, "question", before.obligation.hex, after.obligation.hex)
    }
    compare(
      subject, "weakest grade accepted", before.requestedGrade.rawValue, after.requestedGrade.rawValue,
      isWeaker: !after.requestedGrade.satisfies(before.requestedGrade))
    compare(
      subject, "answer", before.answer, after.answer,
      isWeaker: before.verdict.isPositive && !after.verdict.isPositive
        || (before.verdict == after.verdict || before.verdict.isPositive && after.verdict.isPositive)
          && !after.grade.satisfies(before.grade)
    )
    compare(
      subject, "bounds asked", before.threshold.joined(separator: ", "),
      after.threshold.joined(separator: ", "), isWeaker: after.asksLess(than: before))
    compare(subject, "bounds", before.reached, after.reached)
  }
}

extension ToolRecord {
  fileprivate var text: String { "\(name) \(version)" }
}

extension [FileRecord] {
  fileprivate var byName: [String: String] {
    Dictionary(map { ($0.name.text, $0.digest.hex) }, uniquingKeysWith: { first, _ in first })
  }
}

extension CompliancePredicate {
  fileprivate var samplerTexts: [String: String] {
    let texts = samplers.map { sampler in
      (sampler.name, (try? sampler.json.canonicalBytes()).map { String(decoding: $0, as: UTF8.self) } ?? "")
    }
    return Dictionary(texts, uniquingKeysWith: { first, _ in first })
  }

  fileprivate var oracleFiles: [String: String] {
    Dictionary(oracles.map { ($0.name, $0.file.text) }, uniquingKeysWith: { first, _ in first })
  }

  fileprivate var mappingTexts: Set<String> {
    Set(
      mappings.map {
        "\($0.framework), \($0.reference): \($0.text) (\($0.properties.joined(separator: ", ")))"
      })
  }

  /// What is assumed and not discharged.
  fileprivate var standing: Set<String> {
    Set(assumptions.filter { !$0.isDischarged }.map { "\($0.id): \($0.text)" })
  }

  /// What the issuer says to be discharged.
  fileprivate var discharged: Set<String> {
    Set(assumptions.filter(\.isDischarged).map { "\($0.id): \($0.text)" })
  }

  fileprivate var byProperty: [String: PropertyRecord] {
    Dictionary(properties.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension PropertyRecord {
  /// Whether some bound of a measure is looser, or gone; of other claims nothing is known but that they changed.
  fileprivate func asksLess(than earlier: PropertyRecord) -> Bool {
    func read(_ text: String) -> (comparison: Substring, text: Substring, bound: Double)? {
      let parts = text.split(separator: " ")
      let numbers = parts.last.map { $0.split(separator: "/").compactMap { Double($0) } } ?? []
      guard parts.count == 2, let numerator = numbers.first, numbers.count <= 2 else { return nil }
      return (parts[0], parts[1], numerator / (numbers.count == 2 ? numbers[1] : 1))
    }
    let bounds = threshold.compactMap(read)
    return earlier.threshold.compactMap(read).contains { old in
      !bounds.contains { new in
        guard new.comparison.first == old.comparison.first else { return false }
        if new.text == old.text { return new.comparison.count <= old.comparison.count }
        return old.comparison.first == "<" ? new.bound < old.bound : new.bound > old.bound
      }
    }
  }

  fileprivate var reached: String {
    guard let bounds else { return "" }
    return "[\(bounds.lower.map { "\($0)" } ?? "-∞"), \(bounds.upper.map { "\($0)" } ?? "∞")]"
  }
}

extension CommitmentRecord {
  /// What may differ between two of them, in words; empty where there is none.
  fileprivate static let aspects: [(name: String, value: @Sendable (CommitmentRecord?) -> String)] = [
    ("committed to at", { $0?.commitment.committedAt.text ?? "" }),
    ("committed to by", { $0?.commitment.envelope.claimedKeyIDs.joined(separator: ", ") ?? "" }),
    ("timestamp of the commitment", { $0?.timestamp.map { ContentDigest(of: $0).hex } ?? "" }),
    ("log of the commitment", { $0?.logProof.map { ContentDigest(of: $0).hex } ?? "" }),
  ]
}
