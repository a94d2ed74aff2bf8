/// How much a search may spend.
package struct SearchBudget: Sendable {
  /// Wall-clock seconds, from 0 to `longest`, or no limit.
  package var seconds: Double? {
    didSet { seconds = seconds.map(Self.bounded) }
  }
  /// Cells evaluated, or no limit.
  ///
  /// A search that stops by nodes gives the same evidence again.
  package var nodes: Int?
  /// Bytes of the search's own structures, counted and not measured, or no limit.
  ///
  /// From three quarters of it on the newest cells go first, so that few are open at a time. A search that stops by it
  /// gives the same evidence again.
  package var memory: Int?
  /// Concurrent workers; results do not depend on it.
  package var workers: Int

  /// Thirty years: what is longer no clock counts.
  package static let longest = 1e9

  /// Makes a budget; seconds out of range become the nearest in it.
  package init(seconds: Double? = nil, nodes: Int? = nil, memory: Int? = nil, workers: Int = 2) {
    self.seconds = seconds.map(Self.bounded)
    self.nodes = nodes
    self.memory = memory
    self.workers = Swift.max(1, workers)
  }

  /// The budget with what is left of its seconds.
  package func remaining(since start: ContinuousClock.Instant) -> SearchBudget {
    var left = self
    left.seconds = seconds.map { $0 - (ContinuousClock.now - start).seconds }
    return left
  }

  private static func bounded(_ seconds: Double) -> Double {
    seconds > 0 ? Swift.min(seconds, longest) : 0
  }
}

/// Why a search ended.
package enum StopReason: Hashable, Sendable {
  /// The question is answered.
  case decided
  /// The time is up.
  case outOfTime
  /// The cells are used up.
  case outOfNodes
  /// The memory is used up.
  case outOfMemory
  /// Cells have become too small to split.
  case exhausted
  /// The user stopped it.
  case cancelled
}

/// A search's state between two rounds.
package struct SearchProgress: Sendable {
  /// Cells evaluated.
  package var nodes: Int
  /// Cells still open.
  package var open: Int
  /// Share of the region, by volume or by mass, that is decided.
  package var decided: Double
  /// Best bounds so far of the measure or of the quantity.
  package var lower: Double
  package var upper: Double
  /// Seconds since the start.
  package var seconds: Double
}
