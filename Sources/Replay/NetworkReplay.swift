import Certificates
import Evidence
import Lowering

/// Replays the evidence of a certificate about a network and a VNN-LIB file.
struct NetworkReplay {
  let reading: NetworkReading
  let workers: Int
  /// The chunks to replay; nil for all of them.
  var choice: DrawnChoice?
  var state: ReplayState?

  func run() async throws -> ReplayReport {
    let record = reading.record
    let evidence = try reading.evidence()
    var shown = NetworkQuestion.Shown(verdict: .unknown, leaves: 0)
    if let evidence {
      shown = try await reading.question.check(evidence, workers: workers, choice: choice, state: state)
    }
    try reading.compare(shown.verdict, leaves: shown.leaves, with: evidence)
    return ReplayReport(
      properties: [
        PropertyReplay(
          record: record, bounds: nil, leaves: shown.replayed?.leaves ?? record.leaves,
          mayBeVacuous: false, part: shown.replayed?.part ?? (choice == nil ? nil : .whole))
      ], uncovered: [], isPartial: choice != nil)
  }

  /// The boxes of inputs with their trees, where the answer rests on trees.
  func subjects() throws -> [ExactReplay.Subject] {
    let record = reading.record
    guard case .trees(let trees)? = try reading.evidence() else { return [] }
    let queries = reading.question.instance.queries
    guard queries.count == trees.count else {
      throw ReplayError(.treeShape, step: record.id, "\(trees.count) trees for \(queries.count) boxes")
    }
    return zip(queries, trees).map { query, tree in
      ExactReplay.Subject(
        name: record.id, verdict: record.verdict, obligation: query.obligation, trees: [tree])
    }
  }
}
