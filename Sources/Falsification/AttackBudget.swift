/// How much an attack on one case may evaluate; the effort is a count of points and never of seconds.
package struct AttackBudget: Hashable, Sendable {
  /// Points evaluated first, of which the best are attacked.
  package let scanned: Int
  /// Points that descend along gradients.
  package let descents: Int
  /// Gradient steps of each.
  package let steps: Int
  /// Best end points that a pattern search polishes.
  package let polished: Int
  /// Rounds of the pattern search; each evaluates some points around every polished one.
  package let rounds: Int
  /// Candidates that are evaluated rigorously, at most.
  package let confirmations: Int

  /// Makes a budget; numbers are taken as at least one (zero for steps and rounds) and at most 2^20.
  package init(
    scanned: Int = 1024, descents: Int = 96, steps: Int = 60, polished: Int = 8, rounds: Int = 48,
    confirmations: Int = 16
  ) {
    func limited(_ count: Int, from least: Int) -> Int { min(max(count, least), 1 << 20) }
    self.scanned = limited(scanned, from: 1)
    self.descents = limited(descents, from: 1)
    self.steps = limited(steps, from: 0)
    self.polished = limited(polished, from: 1)
    self.rounds = limited(rounds, from: 0)
    self.confirmations = limited(confirmations, from: 1)
  }
}
