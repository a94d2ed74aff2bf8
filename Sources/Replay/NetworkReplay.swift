import Certificates
import Evidence
import Lowering

/// Replays a certificate about a network and a VNN-LIB file.
///
/// Both files are read again from the bundle and lowered again; question, records and verdict are derived from them and
/// from the evidence, and compared with what is recorded.
struct NetworkReplay {
  let contents: CertificateContents
  let workers: Int
  /// The chunks to replay; nil for all of them.
  var choice: DrawnChoice?
  var state: ReplayState?

  func run(
    progress: ((String) -> Void)?, derived: ((Derivation) throws -> Void)?
  ) async throws -> ReplayReport {
    let predicate = contents.predicate
    let question = try question(predicate)
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
    progress?(record.id)
    let shown = try await replay(record, question)
    return ReplayReport(
      properties: [
        PropertyReplay(
          record: record, bounds: nil, leaves: shown.replayed?.leaves ?? record.leaves,
          mayBeVacuous: false, part: shown.replayed?.part ?? (choice == nil ? nil : .whole))
      ], uncovered: [])
  }

  /// The boxes of inputs with their trees, where the answer rests on trees.
  func subjects() throws -> [ExactReplay.Subject] {
    guard let record = contents.predicate.properties.first,
      case .trees(let trees)? = try ProofEvidence(of: record, in: contents.files)
    else { return [] }
    let queries = try question(contents.predicate).instance.queries
    guard queries.count == trees.count else {
      throw ReplayError(.treeShape, step: record.id, "\(trees.count) trees for \(queries.count) boxes")
    }
    return zip(queries, trees).map { query, tree in
      ExactReplay.Subject(
        name: record.id, verdict: record.verdict, obligation: query.obligation, trees: [tree])
    }
  }

  private func question(_ predicate: CompliancePredicate) throws -> NetworkQuestion {
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

  private func replay(
    _ record: PropertyRecord, _ question: NetworkQuestion
  ) async throws -> NetworkQuestion.Shown {
    let step = record.id
    guard record.evidence.count <= 1 else {
      throw ReplayError(.evidenceKind, step: step, "more than one piece of evidence")
    }
    var evidence: ProofEvidence?
    var shown = NetworkQuestion.Shown(verdict: .unknown, leaves: 0)
    // What the files say comes first: evidence is checked against their question, never against the recorded one.
    let stated = question.record(record.verdict, of: question.obligation)
    guard record.formula == stated.formula, record.obligation == stated.obligation,
      record.text == stated.text,
      record.title == stated.title, record.hazards == stated.hazards, record.threshold == stated.threshold
    else { throw ReplayError(.obligation, step: step, "the recorded claim is not that of the two files") }
    if let file = record.evidence.first {
      let decoded: ProofEvidence
      do {
        decoded = try ProofEvidence(decoding: contents.files.evidence(file.digest))
      } catch let error as EvidenceError {
        throw ReplayError(.treeShape, step: step, error.description)
      }
      try EvidenceChunks.check(record, decoded)
      shown = try await question.check(decoded, workers: workers, choice: choice, state: state)
      evidence = decoded
    } else if record.verdict.isDecided {
      throw ReplayError(.evidenceKind, step: step, "`\(record.verdict.rawValue)` without evidence")
    } else {
      try EvidenceChunks.check(record, nil)
    }
    var derived = question.record(
      shown.verdict, of: stated.obligation, evidence: evidence, files: record.evidence, leaves: shown.leaves,
      nodes: record.nodes,
      note: record.note)
    guard record.verdict == derived.verdict, record.grade == derived.grade else {
      throw ReplayError(
        .verdict, step: step,
        "recorded is `\(record.verdict.rawValue)` (\(record.grade.rawValue)), the evidence gives "
          + "`\(derived.verdict.rawValue)` (\(derived.grade.rawValue))")
    }
    derived.chunks = record.chunks
    guard record == derived else {
      throw ReplayError(
        .record, step: step, "leaves, bounds, details or the grade asked for are not those that were derived")
    }
    return shown
  }
}
