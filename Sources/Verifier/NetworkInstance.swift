package import BranchAndBound
import Certificates
package import Evidence
import Foundation
import Lowering
import ModelFormats
package import Replay
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
    /// What a decided answer rests on: a tree for each box, or a point of one; see `NetworkQuestion`.
    package var evidence: ProofEvidence?
  }

  /// What the two files ask.
  package let question: NetworkQuestion

  /// Reads both files.
  ///
  /// - Throws: an error whose description says what is wrong and where.
  package init(network networkPath: String, property propertyPath: String) throws {
    let network = try ModelFile.bytes(at: networkPath)
    let property = try ModelFile.bytes(at: propertyPath)
    let instance = try VNNLIBInstance(
      network: network, named: networkPath, property: property, named: propertyPath)
    func name(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
    question = NetworkQuestion(
      network: NetworkQuestion.File(name: name(networkPath), bytes: network),
      property: NetworkQuestion.File(name: name(propertyPath), bytes: property), instance: instance)
  }

  /// Attacks and proves every box of the instance within one budget.
  package func decide(
    budget: SearchBudget, checkpoints: CheckpointFolder? = nil,
    progress: (@Sendable (SearchProgress) -> Void)? = nil
  ) async -> Answer {
    let start = ContinuousClock.now
    var answer = Answer(result: .unsat)
    var trees: [SplitTree] = []
    for box in question.instance.queries.indices {
      let left = budget.remaining(since: start)
      if box > 0, let seconds = left.seconds, seconds == 0 {
        answer.result = .timeout
        answer.note = Advice.forall(.outOfTime, reached: nil)
        break
      }
      do {
        if let tree = try await decide(box, budget: left, checkpoints, into: &answer, progress: progress) {
          trees.append(tree)
        }
      } catch {
        answer.result = .unknown
        answer.note = Advice.failure(error)
      }
      if answer.result == .sat || answer.result == .timeout { break }
    }
    if answer.result == .unsat { answer.evidence = .trees(trees) }
    if question.instance.queries.isEmpty {
      answer.note = "no input meets the bounds of the file: every box that it states is empty"
    }
    answer.seconds = (ContinuousClock.now - start).seconds
    return answer
  }

  /// Decides one box; the tree is nil where it is not shown to hold no such input.
  private func decide(
    _ box: Int, budget: SearchBudget, _ checkpoints: CheckpointFolder?, into answer: inout Answer,
    progress: (@Sendable (SearchProgress) -> Void)?
  ) async throws -> SplitTree? {
    let start = ContinuousClock.now
    let obligation = question.instance.queries[box].obligation
    if let found = try Attack.witness(obligation, budget) {
      try answer.setWitness(box: box, point: found.point, of: question.instance)
      return nil
    }
    guard let search = try ForallSearch(obligation) else {
      answer.result = .unknown
      answer.note = "no back end: the formula does not speak of all points of a box"
      return nil
    }
    let outcome = try await search.run(
      budget: budget.remaining(since: start), attack: Attack.followUp(obligation),
      checkpoint: try checkpoints?.checkpoint(for: obligation), progress: progress)
    answer.nodes += outcome.nodes
    answer.leaves += outcome.leaves
    switch (outcome.holds, outcome.evidence) {
    case (true, .trees(let trees)): return trees.first
    case (false, .witness(_, let point)):
      try answer.setWitness(box: box, point: point, of: question.instance)
    default:
      answer.result = outcome.stop == .outOfTime ? .timeout : .unknown
      var reached: String?
      if let form = question.instance.queries[box].onlyForm, let range = outcome.range {
        reached = Advice.bound(range, shown: range).map { "\(form) \($0)" }
      }
      answer.note = Advice.forall(outcome.stop, reached: reached)
      answer.gap = outcome.gap
    }
    return nil
  }

  /// The answer with whether the rules of the checker confirm it; an answer that decides nothing stays as it is.
  ///
  /// Evidence of another instance confirms nothing.
  package func replay(_ answer: Answer, workers: Int) async -> Answer {
    guard answer.result == .sat || answer.result == .unsat else { return answer }
    var result = answer
    result.isReplayed = false
    guard let evidence = answer.evidence else { return result }
    do {
      let shown = try await question.check(evidence, workers: workers)
      result.isReplayed = shown.verdict == (answer.result == .sat ? .refuted : .proved)
    } catch {
      result.note = "\(error)"
    }
    return result
  }
}

extension NetworkInstance.Answer {
  fileprivate mutating func setWitness(box: Int, point: [Double], of instance: VNNLIBInstance) throws {
    let inputs = instance.queries[box].inputs(at: point)
    result = .sat
    // What was said of an earlier box no longer matters.
    note = nil
    gap = nil
    evidence = .witness(caseIndex: box, point: point)
    witness = NetworkInstance.Witness(
      inputs: inputs, outputs: try OpenNetwork(graph: instance.graph).outputs(inputs))
  }
}
