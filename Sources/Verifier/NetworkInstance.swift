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
    /// What keeps an open question open.
    package var gap: GapReport?
    /// What the answer rests on, for each box that was decided.
    fileprivate var evidence: [(box: Int, evidence: ProofEvidence)] = []
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
  package func decide(
    budget: SearchBudget, checkpoints: CheckpointFolder? = nil,
    progress: (@Sendable (SearchProgress) -> Void)? = nil
  ) async -> Answer {
    let start = ContinuousClock.now
    var answer = Answer(result: .unsat)
    for box in queries.indices {
      var left = budget
      left.seconds = budget.seconds.map { Swift.max(0, $0 - (ContinuousClock.now - start).seconds) }
      do {
        try await decide(box, budget: left, checkpoints, into: &answer, progress: progress)
      } catch {
        answer.result = .unknown
        answer.note = Advice.failure(error)
      }
      if answer.result == .sat || answer.result == .timeout { break }
    }
    answer.seconds = (ContinuousClock.now - start).seconds
    return answer
  }

  private func decide(
    _ box: Int, budget: SearchBudget, _ checkpoints: CheckpointFolder?, into answer: inout Answer,
    progress: (@Sendable (SearchProgress) -> Void)?
  ) async throws {
    let query = queries[box]
    let obligation = query.obligation
    if let found = try Attack.witness(obligation) {
      answer.evidence.append((box, .witness(caseIndex: found.caseIndex, point: found.point)))
    } else {
      guard let search = try ForallSearch(obligation) else {
        answer.result = .unknown
        answer.note = "no back end: the formula does not speak of all points of a box"
        return
      }
      let outcome = try await search.run(
        budget: budget, attack: Attack.followUp(obligation),
        checkpoint: try checkpoints?.checkpoint(for: obligation), progress: progress)
      answer.nodes += outcome.nodes
      answer.leaves += outcome.leaves
      guard outcome.holds != nil else {
        answer.result = outcome.stop == .outOfTime ? .timeout : .unknown
        answer.note = Advice.forall(outcome.stop, range: outcome.range)
        answer.gap = outcome.gap
        return
      }
      answer.evidence.append((box, outcome.evidence))
    }
    if case .witness(_, let point)? = answer.evidence.last?.evidence {
      let inputs = query.inputs(at: point)
      answer.result = .sat
      answer.witness = Witness(inputs: inputs, outputs: try network.outputs(inputs))
    }
  }

  /// The answer with whether the rules of the checker confirm it; an answer that decides nothing stays as it is.
  ///
  /// `unsat` needs evidence of every box, `sat` a witness. Evidence of another instance confirms nothing.
  package func replay(_ answer: Answer, workers: Int) async -> Answer {
    guard answer.result == .sat || answer.result == .unsat else { return answer }
    var result = answer
    var isWitnessed = false
    result.isReplayed = answer.result == .sat || answer.evidence.map(\.box) == Array(queries.indices)
    for (box, evidence) in answer.evidence {
      guard queries.indices.contains(box) else {
        result.isReplayed = false
        break
      }
      var isWitness = false
      if case .witness = evidence { isWitness = true }
      isWitnessed = isWitnessed || isWitness
      do {
        let checked = try await EvidenceCheck.check(
          queries[box].obligation, evidence, plan: nil, workers: workers)
        if checked.holds != !isWitness { result.isReplayed = false }
      } catch {
        result.isReplayed = false
        result.note = "\(error)"
      }
    }
    if isWitnessed != (answer.result == .sat) { result.isReplayed = false }
    return result
  }
}
