/// Which open cell comes next: the least certain one, or, while memory is short, the newest.
///
/// It turns with the bytes of the search's own structures, so that it does not depend on the machine.
struct SearchOrder {
  /// Bytes that an entry of a queue and of a table takes, about.
  static let entry = 64

  private let limit: Int?
  /// Whether the newest cell comes next.
  private(set) var isNewestFirst = false

  init(limit: Int?) { self.limit = limit }

  /// Whether the limit is reached.
  func isExceeded(_ bytes: Int) -> Bool { limit.map { bytes >= $0 } ?? false }

  /// Turns where it is time to.
  mutating func update(_ queue: inout CellQueue, bytes: Int, priority: (_ node: Int) -> Double) {
    guard let limit else { return }
    if !isNewestFirst, bytes >= limit / 4 * 3 {
      isNewestFirst = true
      queue.reorder { Double($0) }
    } else if isNewestFirst, bytes < limit / 2 {
      isNewestFirst = false
      queue.reorder(priority)
    }
  }

  /// The priority of a new entry.
  func priority(_ priority: Double, node: Int) -> Double { isNewestFirst ? Double(node) : priority }
}
