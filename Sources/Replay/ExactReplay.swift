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
  /// Leaves of which only a part of the cell counts for a probability: nothing is tried.
  package internal(set) var notCovered = 0
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
    if notCovered > 0 { text += ", \(notCovered) not covered (masses of parts of cells)" }
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
/// Theorem. What `ExactCase` shows is true; a point that it names contradicts the leaf. A leaf under a measure is said to count
/// where its rule decides the event on the whole cell, and that is what is derived again.
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

  /// A drawn leaf: what it claims and where.
  private struct Drawn: Sendable {
    let claim: ExactClaim
    let leaf: LeafWalk.Leaf
    let seed: UInt64
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
    var region: InputRegion?
    var evaluator: CellEvaluator?
    switch subject.obligation.question {
    case .forall(let asked): region = asked
    case .measure(let law, _):
      evaluator = CellEvaluator(
        try TreeShape.compile(item, step: subject.name), laws: law.map { AxisMass($0) })
    }
    var drawn: [Drawn] = []
    for (position, leaf) in leaves {
      guard leaf.rule != .open else {
        report.claimNothing += 1
        continue
      }
      var claim = leaf.rule == .outside ? ExactClaim.outside : .holds
      if let evaluator {
        guard leaf.rule.bounds else {
          report.claimNothing += 1
          continue
        }
        let bounds = evaluator.bounds(on: leaf.cell, rule: leaf.rule, wantsAffine: leaf.rule != .interval)
        guard let truth = item.predicate.truth(evaluator.atomTruth(bounds)) else {
          report.notCovered += 1
          continue
        }
        claim = truth ? .holds : .fails
      }
      drawn.append(Drawn(claim: claim, leaf: leaf, seed: UInt64(position)))
    }
    let exact: ExactCase
    do {
      exact = try ExactCase(item, region: region)
    } catch {
      for item in drawn { report.add(.notShown("\(error)"), item.leaf.rule) }
      return
    }
    for (item, verdict) in zip(drawn, await verdicts(drawn, exact, workers)) {
      report.add(verdict, item.leaf.rule)
      guard case .contradicted(let point) = verdict else { continue }
      throw ReplayError(contradicted: item.leaf.cell, at: point, step: subject.name)
    }
  }

  private static func verdicts(_ drawn: [Drawn], _ exact: ExactCase, _ workers: Int) async -> [ExactVerdict] {
    await drawn.inParallel(parts: min(workers, drawn.count)) { slice in
      slice.map {
        exact.judge($0.claim, lower: $0.leaf.cell.lower, upper: $0.leaf.cell.upper, seed: $0.seed)
      }
    }
  }
}

extension ExactReport {
  fileprivate mutating func add(_ verdict: ExactVerdict, _ rule: LeafRule) {
    switch verdict {
    case .shown: shown += 1
    case .contradicted: break
    case .notShown(let reason):
      notShown[rule.words, default: 0] += 1
      if let reason { reasons[reason, default: 0] += 1 }
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
