/// Which cells are tried by full linear bounds and splits of phases instead of being split along a coordinate.
///
/// A trial costs as much as some dozens of cells, the more the deeper the network, since it bounds the operands of every
/// layer through all layers before. It closes a cell that may take hundreds, and fails on one that is too large. Both are
/// measured, and failed trials never cost more than the cells of the search until then. Where a part `q` of all halves
/// closes at once, a cell stands for `2 / (2 q - 1)` more on average, and for no end of them where `q` is a half or less (the
/// total progeny of a branching process); and the shortfall up to which cells are tried follows the trials' successes.
/// Nothing depends on time or on the number of workers.
struct CellTrials {
  /// Nodes that a trial may take.
  static let nodes = 64
  /// What a trial costs in cells, about, for each nonlinear layer.
  private static let costOfLayer = 5.0
  /// Steps of the shortfall's limit; with these about two of three trials succeed.
  private static let pace = (success: 1.05, failure: 0.9)
  /// Trials in one round.
  private static let fewest = 8
  private static let most = 512

  /// What a trial costs in cells, about.
  private let cost: Double
  /// Cells of the search so far, and what failed trials have cost in cells.
  private var cells = 0.0
  private var spent = 0.0
  /// The greatest shortfall, as a part of the quantity's range, at which a cell is tried.
  private var limit = 1.0
  /// The part of all cells that closed at once, the later ones more.
  private var closing = 0.0
  /// Trials in the next round, at most.
  private var room = CellTrials.fewest

  /// Trials on cells of networks of at most so many nonlinear layers.
  init(layers: Int) { cost = CellTrials.costOfLayer * Double(layers + 1) }

  /// Learns from a round of cells how many closed at once.
  mutating func learn(cells: Int, closed: Int) {
    guard cells > 0 else { return }
    self.cells += Double(cells)
    closing = (closing + Double(closed) / Double(cells)) / 2
  }

  /// Cells of the next round to try, at most.
  var count: Int {
    guard cost * (2 * closing - 1) < 2 else { return 0 }
    return Swift.min(room, Int(Swift.max(0, (cells - spent) / cost)))
  }

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
    spent += cost * Double(failures)
    for _ in 0..<failures { limit *= CellTrials.pace.failure }
    room =
      successes > failures
      ? Swift.min(CellTrials.most, 2 * room) : Swift.max(CellTrials.fewest, room / 2)
  }
}
