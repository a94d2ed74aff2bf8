/// Which cells are tried by full linear bounds and splits of phases instead of being split along a coordinate.
///
/// A trial costs as much as some dozens of cells, closes a cell that may take hundreds, and fails on one that is too large.
/// Both are measured. Where a part `q` of all halves closes at once, a cell stands for `2 / (2 q - 1)` more on average, and
/// for no end of them where `q` is a half or less (the total progeny of a branching process); and the shortfall up to which
/// cells are tried follows the trials' successes. Nothing depends on time or on the number of workers.
struct CellTrials {
  /// Nodes that a trial may take.
  static let nodes = 64
  /// What a trial costs in cells, about.
  private static let cost = 32.0
  /// Steps of the shortfall's limit; with these about two of three trials succeed.
  private static let pace = (success: 1.05, failure: 0.9)
  /// Trials in one round.
  private static let fewest = 8
  private static let most = 512

  /// The greatest shortfall, as a part of the quantity's range, at which a cell is tried.
  private var limit = 1.0
  /// The part of all cells that closed at once, the later ones more.
  private var closing = 0.0
  /// Trials in the next round, at most.
  private var room = CellTrials.fewest

  /// Learns from a round of cells how many closed at once.
  mutating func learn(cells: Int, closed: Int) {
    guard cells > 0 else { return }
    closing = (closing + Double(closed) / Double(cells)) / 2
  }

  /// Cells of the next round to try, at most.
  var count: Int { CellTrials.cost * (2 * closing - 1) < 2 ? room : 0 }

  /// Whether a cell is worth a trial.
  ///
  /// - Parameters:
  ///   - margin: What the cell falls short by, negative.
  ///   - width: Of the range of its quantity.
  func isWorthwhile(margin: Double, width: Double) -> Bool { margin < 0 && -margin <= limit * width }

  /// Learns from a round of trials.
  mutating func learn(successes: Int, failures: Int) {
    guard successes + failures > 0 else { return }
    for _ in 0..<successes { limit = Swift.min(1, limit * CellTrials.pace.success) }
    for _ in 0..<failures { limit *= CellTrials.pace.failure }
    room =
      successes > failures
      ? Swift.min(CellTrials.most, 2 * room) : Swift.max(CellTrials.fewest, room / 2)
  }
}
