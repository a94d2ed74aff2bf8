package import Certificates
package import ExactLeaves
import RigorousArithmetic

/// How much is derived again in exact arithmetic after a replay.
package enum ExactExtent: Hashable, Sendable {
  /// Drawn leaves.
  case leaves(DrawnChoice)
  /// All decided answers that rest on trees.
  case answers
}

/// What exact arithmetic found.
package enum ExactFindings: Hashable, Sendable {
  /// Of drawn leaves.
  case leaves(ExactReport)
  /// Of whole answers.
  case answers([ExactlyAnswered])

  /// Whether everything that was asked for was derived again; drawn leaves ask for none.
  package var isComplete: Bool {
    switch self {
    case .leaves: true
    case .answers(let answers): answers.allSatisfy(\.isDerived)
    }
  }
}

/// What exact arithmetic found of an answer's trees.
package struct ExactlyAnswered: Hashable, Sendable {
  /// The answer's property.
  package let name: String
  /// The verdict that is recorded.
  package let verdict: Verdict
  /// What follows from the trees.
  package let answer: ExactAnswer

  /// Whether the recorded verdict follows from the trees in exact arithmetic.
  package var isDerived: Bool {
    switch answer.holds {
    // The trees of what is vacuous show that nothing meets what it presupposes.
    case .some(true): verdict == .proved || verdict == .vacuous
    case .some(false): verdict == .refuted
    case nil: false
    }
  }

  /// In one line.
  package var text: String {
    let bounds = answer.measure.map { "  [\($0.lower), \($0.upper)]" } ?? ""
    let missing = answer.notShown.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    let word = isDerived ? "\(verdict.rawValue) in exact arithmetic" : "not shown in exact arithmetic"
    return "\(word)  \(answer.leaves) leaves\(bounds)" + (missing.isEmpty ? "" : "; \(missing)")
  }
}

extension ExactReplay {
  /// Derives answers again from their trees, without any rule that closed a leaf.
  ///
  /// - Parameter progress: Told the property and how many of its leaves are done.
  /// - Throws: `ReplayError` where a tree is malformed or a leaf is contradicted.
  package static func answers(
    _ subjects: [Subject], workers: Int, progress: ((String) -> Void)? = nil
  ) async throws(ReplayError) -> [ExactlyAnswered] {
    var answers: [ExactlyAnswered] = []
    for subject in subjects where subject.verdict.isDecided || subject.verdict == .vacuous {
      do {
        let answer = try await ExactAnswer(subject.obligation, subject.trees, workers: workers) {
          progress?("\(subject.name) in exact arithmetic: \($0) leaves")
        }
        answers.append(ExactlyAnswered(name: subject.name, verdict: subject.verdict, answer: answer))
      } catch {
        switch error {
        case .trees(let reason): throw ReplayError(.treeShape, step: subject.name, reason)
        case .contradicted(let cell, let point):
          throw ReplayError(contradicted: cell, at: point, step: subject.name)
        }
      }
    }
    return answers
  }
}
