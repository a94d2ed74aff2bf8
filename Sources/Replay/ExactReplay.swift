import CellMasses
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
  /// Open leaves.
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

  /// Masses that are smaller than those of the rule by no more than this share count as shown.
  private static let share = 0.01

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
      case .notShown(let reason):
        report.notShown[leaf.rule.words, default: 0] += 1
        if let reason { report.reasons[reason, default: 0] += 1 }
      case .contradicted(let point):
        throw ReplayError(contradicted: leaf.cell, at: point, step: subject.name)
      case .mass(let mass):
        guard let known = evaluator?.masses(on: leaf.cell, rule: leaf.rule) else { break }
        guard Directed.addDown(mass.inside, known.outside) <= mass.total,
          Directed.addDown(mass.outside, known.inside) <= mass.total
        else {
          throw ReplayError(
            .exactContradiction, step: subject.name,
            "masses of the leaf at \(leaf.cell.lower) … \(leaf.cell.upper) are larger than in exact arithmetic"
          )
        }
        if mass.inside >= known.inside * (1 - share), mass.outside >= known.outside * (1 - share) {
          report.shown += 1
        } else {
          report.notShown[leaf.rule.words, default: 0] += 1
          report.reasons["smaller masses", default: 0] += 1
        }
      }
    }
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

extension LeafRule {
  /// What the rule is called in a report.
  fileprivate var words: String {
    switch self {
    case .interval: "intervals"
    case .zonotope: "zonotope"
    case .linearBounds: "linear bounds"
    case .attained: "attained bounds"
    case .fullLinearBounds: "full linear bounds"
    case .phases: "phases"
    case .weighedZonotope: "weighed zonotope"
    case .weighedLinearBounds: "weighed linear bounds"
    case .outside: "outside"
    case .open: "open"
    }
  }
}
