package import Certificates
package import Evidence
import Lowering

/// A certificate about a network and a VNN-LIB file, both of which are read and lowered again and compared with its
/// records: all of a replay but the evidence.
package struct NetworkReading: Sendable {
  /// What the two files ask.
  package let question: NetworkQuestion
  /// The answer in the certificate.
  package let record: PropertyRecord
  private let obligation: ContentDigest
  private let files: BundleFiles

  /// Reads a certificate whose structure and digests are checked.
  ///
  /// - Parameter derived: Given the question of every box before anything is compared.
  /// - Throws: `ReplayError` at the first record that is not that of the two files; `CertificateError` where a file cannot
  ///   be read; what `derived` throws.
  package init(_ contents: CertificateContents, derived: ((Derivation) throws -> Void)? = nil) throws {
    let predicate = contents.predicate
    files = contents.files
    question = try NetworkReading.question(contents)
    if let derived {
      for (index, query) in question.instance.queries.enumerated() {
        try derived(Derivation(box: index, of: question.property.name, query.obligation))
      }
    }
    try StandingAssumptions.check(predicate, arithmetics: [], hasOracles: false)
    try StandingScope.check(predicate, question.scope)
    guard predicate.properties.count == 1, let record = predicate.properties.first,
      record.id == question.property.name
    else {
      throw ReplayError(
        .propertySet, step: question.property.name,
        "a VNN-LIB file states one property, which bears its name; recorded are "
          + "\(predicate.properties.map { "`\($0.id)`" }.joined(separator: ", "))")
    }
    guard record.sampling == nil else {
      throw ReplayError(.statistic, step: record.id, "samples are described, and the answer rests on none")
    }
    if let network = predicate.models.first {
      try StandingRecords(
        network: network, bytes: question.network.bytes, answers: predicate.properties.map(\.answered)
      )
      .check(predicate)
    }
    guard record.evidence.count <= 1 else {
      throw ReplayError(.evidenceKind, step: record.id, "more than one piece of evidence")
    }
    // What the files say comes first: evidence is checked against their question, never against the recorded one.
    let stated = question.record(record.verdict, of: question.obligation)
    guard record.formula == stated.formula, record.obligation == stated.obligation,
      record.text == stated.text, record.title == stated.title, record.hazards == stated.hazards,
      record.threshold == stated.threshold
    else {
      throw ReplayError(.obligation, step: record.id, "the recorded claim is not that of the two files")
    }
    obligation = stated.obligation
    self.record = record
  }

  private static func question(_ contents: CertificateContents) throws -> NetworkQuestion {
    let predicate = contents.predicate
    let name = predicate.spec.root
    guard predicate.spec.sources.map(\.name) == [name], predicate.spec.parameters.isEmpty else {
      throw ReplayError(
        .specification, step: name.text, "a VNN-LIB specification is one file without parameters")
    }
    guard predicate.models.count == 1, let model = predicate.models.first, predicate.datasets.isEmpty,
      predicate.samplers.isEmpty
    else {
      throw ReplayError(.model, step: "models", "a VNN-LIB specification speaks of one network and no data")
    }
    let network = NetworkQuestion.File(name: model.name.text, bytes: try contents.files.model(model.name))
    let property = NetworkQuestion.File(name: name.text, bytes: try contents.files.spec(name))
    do {
      return NetworkQuestion(
        network: network, property: property,
        instance: try VNNLIBInstance(
          network: network.bytes, named: network.name, property: property.bytes, named: property.name))
    } catch let error as VNNLIBError {
      throw ReplayError(.specification, step: name.text, error.description)
    } catch {
      throw ReplayError(.model, step: model.name.text, "\(error)")
    }
  }

  /// The evidence; nil where there is none.
  ///
  /// - Throws: `ReplayError` where something is decided without evidence, or it cannot be read or is not what the record
  ///   says of it; `CertificateError` where its file is not the certified one.
  package func evidence() throws -> ProofEvidence? {
    let evidence = try ProofEvidence(of: record, in: files)
    guard evidence != nil || !record.verdict.isDecided else {
      throw ReplayError(
        .evidenceKind, step: record.id, "`\(record.verdict.rawValue)` without evidence")
    }
    try EvidenceChunks.check(record, evidence)
    return evidence
  }

  /// Compares the record with what the two files and the evidence give of an answer.
  ///
  /// - Parameters:
  ///   - verdict: What the evidence shows; the recorded verdict where it is not examined.
  ///   - leaves: Leaves of all trees; likewise.
  /// - Throws: `ReplayError`.
  package func compare(
    _ verdict: Verdict, leaves: Int, with evidence: ProofEvidence?
  ) throws(ReplayError) {
    var derived = question.record(
      verdict, of: obligation, evidence: evidence, files: record.evidence, leaves: leaves,
      nodes: record.nodes, note: record.note)
    guard record.verdict == derived.verdict, record.grade == derived.grade else {
      throw ReplayError(
        .verdict, step: record.id,
        "recorded is `\(record.verdict.rawValue)` (\(record.grade.rawValue)), the evidence gives "
          + "`\(derived.verdict.rawValue)` (\(derived.grade.rawValue))")
    }
    derived.chunks = record.chunks
    guard record == derived else {
      throw ReplayError(
        .record, step: record.id,
        "leaves, bounds, details or the grade asked for are not those that were derived"
      )
    }
  }
}
