package import BranchAndBound
import Evidence
import Lowering
import ModelFormats
import Replay
package import RigorousArithmetic
import VerificationProblem

/// A network and a VNN-LIB file, which asks whether an input meets its formula.
package struct NetworkInstance: Sendable {
  /// The answer in the words of the competition.
  package enum Result: String, Sendable {
    /// An input meets the formula.
    case sat
    /// No input does.
    case unsat
    /// The time is up.
    case timeout
    /// Neither was found for another reason.
    case unknown
  }

  /// An input with what the network makes of it.
  package struct Witness: Sendable {
    /// Each input, exact and within the file's ranges.
    package let inputs: [Rational]
    /// Enclosures of the outputs.
    package let outputs: [Interval]
  }

  /// An answer and what it rests on.
  package struct Answer: Sendable {
    package var result: Result
    /// Where the answer is `sat`.
    package var witness: Witness?
    /// Whether the checker's rules have confirmed the answer once more; nil where they were not asked.
    package var isReplayed: Bool?
    package var nodes = 0
    package var leaves = 0
    package var seconds = 0.0
    /// What to know or to try next.
    package var note: String?
  }

  private let queries: [VNNLIBQuery]
  private let network: OpenNetwork

  /// Reads both files.
  ///
  /// - Throws: an error whose description says what is wrong and where.
  package init(network networkPath: String, property propertyPath: String) throws {
    let graph = try ONNXReader.graph(contentsOf: networkPath)
    let problem = try VNNLIBParser.parse(try ModelFile.bytes(at: propertyPath), file: propertyPath)
    queries = try VNNLIBLowering.queries(problem, network: graph, file: propertyPath)
    network = OpenNetwork(graph: graph)
  }

  /// Attacks and proves every box of the instance within one budget.
  ///
  /// - Parameter replays: Whether the evidence is checked anew by the rules of the checker.
  package func decide(
    budget: SearchBudget, replays: Bool = false, progress: (@Sendable (SearchProgress) -> Void)? = nil
  ) async -> Answer {
    let start = ContinuousClock.now
    var answer = Answer(result: .unsat, isReplayed: replays ? true : nil)
    for query in queries {
      var left = budget
      left.seconds = budget.seconds.map { Swift.max(0, $0 - (ContinuousClock.now - start).seconds) }
      do {
        try await decide(query, budget: left, replays: replays, into: &answer, progress: progress)
      } catch {
        answer.result = .unknown
        answer.note = "no back end: \(error)"
      }
      if answer.result == .sat || answer.result == .timeout { break }
    }
    answer.seconds = (ContinuousClock.now - start).seconds
    return answer
  }

  private func decide(
    _ query: VNNLIBQuery, budget: SearchBudget, replays: Bool, into answer: inout Answer,
    progress: (@Sendable (SearchProgress) -> Void)?
  ) async throws {
    let obligation = query.obligation
    var evidence: ProofEvidence
    if let found = try Attack.witness(obligation) {
      evidence = .witness(caseIndex: found.caseIndex, point: found.point)
    } else {
      guard let search = try ForallSearch(obligation) else { return }
      let outcome = await search.run(
        budget: budget, attack: Attack.followUp(obligation), progress: progress)
      answer.nodes += outcome.nodes
      answer.leaves += outcome.leaves
      evidence = outcome.evidence
      guard outcome.holds != nil else {
        answer.result = outcome.stop == .outOfTime ? .timeout : .unknown
        answer.note = Advice.forall(outcome.stop, range: outcome.range)
        return
      }
    }
    if case .witness(_, let point) = evidence {
      let inputs = query.inputs(at: point)
      answer.result = .sat
      answer.witness = Witness(inputs: inputs, outputs: try network.outputs(inputs))
    }
    guard replays else { return }
    do {
      let checked = try await EvidenceCheck.check(obligation, evidence, plan: nil, workers: budget.workers)
      if checked.holds != (answer.result == .unsat) { answer.isReplayed = false }
    } catch {
      answer.isReplayed = false
      answer.note = "\(error)"
    }
  }
}
