import Certificates
import Evidence
import Lowering
package import Replay
import VerificationProblem

extension PropertyReport {
  /// Reads the answer about a network and a VNN-LIB file.
  ///
  /// - Parameter place: Where the file says what it asks.
  /// - Throws: `ReplayError` where record and evidence contradict one another, `CertificateError` where a file cannot be
  ///   read.
  package init(_ reading: NetworkReading, place: SourcePlace) async throws {
    let (record, queries) = (reading.record, reading.question.instance.queries)
    let evidence = try reading.evidence()
    try reading.compare(record.verdict, leaves: record.leaves, with: evidence)
    self.init(
      record: record, standing: Standing(record.verdict, record.grade, requested: record.requestedGrade),
      words: "The file asks for an input of the network, within \(Self.boxes(queries.count)), that meets its "
        + "formula. The property holds where there is none (unsat), and an input refutes it (sat).",
      place: place,
      terms: Terms(
        grades: record.requestedGrade.rawValue, boundedQuantity: queries.first?.onlyForm, space: "inputs"),
      obligation: queries.count == 1 ? queries[0].obligation : nil,
      numbers: AnswerNumbers(reached: record.details["answer"] ?? "-", asked: "unsat"),
      findings: try await Self.findings(evidence, record, queries))
  }

  private static func boxes(_ count: Int) -> String {
    switch count {
    case 0: "boxes that are all empty"
    case 1: "one box"
    default: "one of \(NumberText.count(count)) boxes"
    }
  }

  private static func findings(
    _ evidence: ProofEvidence?, _ record: PropertyRecord, _ queries: [VNNLIBQuery]
  ) async throws -> Findings {
    switch evidence {
    case nil: return .none
    case .trees(let trees)?:
      let tally = try TreeTally(trees, of: record)
      try tally.checkVerdict(record)
      guard trees.count == queries.count else {
        throw ReplayError(
          .treeShape, step: record.id, "\(trees.count) trees for \(queries.count) boxes of inputs")
      }
      let work = zip(queries, trees).reduce(0) { $0 + CellStudies.work([$1.1], $1.0.obligation) }
      guard work <= CellStudies.largestWork else { return .trees(tally, nil) }
      var studies: [CellStudies] = []
      for (query, tree) in zip(queries, trees) {
        if let study = try await CellStudies([tree], query.obligation, of: record) { studies.append(study) }
      }
      // Each box has a map of its own; more than one would say little.
      return .trees(tally, queries.count == 1 ? studies.first : nil)
    case .witness(let box, let point)?:
      guard record.verdict == .refuted, queries.indices.contains(box) else {
        throw ReplayError(
          .witness, step: record.id, "the witness refutes nothing, or names no box of the file")
      }
      return .witness(try WitnessStudy(queries[box], number: box, of: queries.count, point: point))
    case .samples?:
      throw ReplayError(
        .evidenceKind, step: record.id, "evidence of this kind does not answer the question")
    }
  }
}
