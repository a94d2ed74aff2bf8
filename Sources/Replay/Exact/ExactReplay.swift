package import CellMasses
package import Certificates
package import Evidence
import ExactLeaves
import LeafRules
import RigorousArithmetic
package import VerificationProblem

/// What exact arithmetic found of the leaves that were drawn.
package struct ExactReport: Hashable, Sendable {
  /// Leaves of all trees of the certificate.
  package internal(set) var leaves = 0
  /// Leaves that were drawn.
  package internal(set) var drawn = 0
  /// Leaves whose claim was shown again.
  package internal(set) var shown = 0
  /// Leaves whose claim was not, by the name of their rule; this says nothing against them.
  package internal(set) var notShown: [String: Int] = [:]
  /// Leaves that are open, or whose rule bounds no mass where one is asked.
  package internal(set) var claimNothing = 0
  /// Why graphs were not followed, with the number of leaves.
  package internal(set) var reasons: [String: Int] = [:]

  /// In one line.
  package var text: String {
    guard drawn > 0 else { return "the certificate has no leaves" }
    var text = "\(shown) of \(drawn) drawn leaves shown again in exact arithmetic"
    if !notShown.isEmpty {
      text += ", \(notShown.values.reduce(0, +)) not shown (\(Self.list(notShown)))"
    }
    if claimNothing > 0 { text += ", \(claimNothing) that claim nothing" }
    return reasons.isEmpty ? text : text + "; \(Self.list(reasons))"
  }

  private static func list(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
      .joined(separator: ", ")
  }
}

/// Derives drawn leaves again by code that shares nothing with the rules that closed them.
///
/// Theorem. What `LeafJudge` shows is true; a point that it names contradicts the leaf. No point is inside and outside of an
/// event, so that masses inside by the one way and outside by the other are not more than that of the cell.
package enum ExactReplay {
  /// An answer's question and its trees, one for each case.
  package struct Subject: Sendable {
    let name: String
    let obligation: Obligation
    let trees: [SplitTree]
    /// The verdict that is recorded.
    let verdict: Verdict

    /// Names an answer by its property.
    package init(name: String, verdict: Verdict, obligation: Obligation, trees: [SplitTree]) {
      self.name = name
      self.verdict = verdict
      self.obligation = obligation
      self.trees = trees
    }
  }

  /// What the masses of a leaf in exact arithmetic say of those that its rule gives.
  package enum MassComparison: Hashable, Sendable {
    /// They are as large, but for a hundredth of what the rule leaves undecided.
    case shown
    case smaller
    /// Together they are more than the cell, so that one of them is wrong.
    case contradicted
  }

  /// Compares masses of one cell.
  package static func compare(_ exact: CellMass, with rule: CellMass) -> MassComparison {
    guard Directed.addDown(exact.inside, rule.outside) <= exact.total,
      Directed.addDown(exact.outside, rule.inside) <= exact.total
    else { return .contradicted }
    let slack = rule.undecided / 100
    return exact.inside >= rule.inside - slack && exact.outside >= rule.outside - slack ? .shown : .smaller
  }

  /// Draws leaves over all trees and derives them again.
  ///
  /// - Throws: `ReplayError` where a tree is malformed or a leaf is contradicted.
  package static func run(
    _ subjects: [Subject], choice: DrawnChoice, workers: Int
  ) async throws(ReplayError) -> ExactReport {
    var report = ExactReport()
    var hashes = ArraySlice<ContentDigest>()
    for subject in subjects {
      hashes += try EvidenceChunks(subject.trees, step: subject.name).hashes
      for tree in subject.trees {
        report.leaves += try TreeShape.check(
          tree, dimension: subject.obligation.dimension, step: subject.name)
      }
    }
    let chosen = choice.positions(of: report.leaves, root: EvidenceChunks.root(hashes))
    report.drawn = chosen.count
    var passed = 0
    for subject in subjects {
      for (tree, item) in zip(subject.trees, subject.obligation.cases) {
        var leaves: [(position: Int, leaf: LeafWalk.Leaf)] = []
        var walk = LeafWalk(tree)
        while true {
          let chunk = try walk.nextChunk(step: subject.name)
          if chunk.isEmpty { break }
          for leaf in chunk {
            if chosen.contains(passed) { leaves.append((passed, leaf)) }
            passed += 1
          }
        }
        if !leaves.isEmpty { try await judge(leaves, of: item, in: subject, workers, &report) }
      }
    }
    return report
  }

  private static func judge(
    _ leaves: [(position: Int, leaf: LeafWalk.Leaf)], of item: ObligationCase, in subject: Subject,
    _ workers: Int, _ report: inout ExactReport
  ) async throws(ReplayError) {
    let judge = LeafJudge(item, subject.obligation.question)
    let findings = await leaves.inParallel(parts: min(workers, leaves.count)) { slice in
      slice.map { judge.finding(of: $0.leaf, seed: UInt64($0.position)) }
    }
    var evaluator: CellEvaluator?
    if case .measure(let law, _) = subject.obligation.question {
      evaluator = CellEvaluator(
        try TreeShape.compile(item, step: subject.name), laws: law.map { AxisMass($0) })
    }
    for ((_, leaf), finding) in zip(leaves, findings) {
      switch finding {
      case .shown: report.shown += 1
      case .claimsNothing: report.claimNothing += 1
      case .notShown(let reason): report.add(notShown: leaf.rule, reason)
      case .contradicted(let point):
        throw ReplayError(contradicted: leaf.cell, at: point, step: subject.name)
      case .mass(let mass):
        guard let known = evaluator?.masses(on: leaf.cell, rule: leaf.rule) else { break }
        switch compare(mass, with: known) {
        case .shown: report.shown += 1
        case .smaller: report.add(notShown: leaf.rule, "smaller masses")
        case .contradicted:
          throw ReplayError(
            .exactContradiction, step: subject.name,
            "masses of the leaf at \(leaf.cell.lower) … \(leaf.cell.upper) are larger than in exact arithmetic"
          )
        }
      }
    }
  }
}

extension ExactReport {
  fileprivate mutating func add(notShown rule: LeafRule, _ reason: String?) {
    notShown[rule.title, default: 0] += 1
    if let reason { reasons[reason, default: 0] += 1 }
  }
}

extension ReplayError {
  /// A leaf that claims what is false at a point.
  init(contradicted cell: Cell, at point: [Rational], step: String) {
    self.init(
      .exactContradiction, step: step,
      "the leaf at \(cell.lower) … \(cell.upper) claims what is false at "
        + "\(point.map { $0.exactDecimal ?? $0.description }) in exact arithmetic")
  }
}
