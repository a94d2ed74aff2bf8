/// A binary heap of open cells, largest priority first, the older cell first among equals.
struct CellQueue {
  private var heap: [(priority: Double, node: Int)] = []

  var isEmpty: Bool { heap.isEmpty }
  var count: Int { heap.count }
  var first: (priority: Double, node: Int)? { heap.first }
  var nodes: [Int] { heap.map(\.node) }

  private static func precedes(_ a: (priority: Double, node: Int), _ b: (priority: Double, node: Int)) -> Bool
  {
    a.priority == b.priority ? a.node < b.node : a.priority > b.priority
  }

  /// The first cells in order.
  func worst(_ count: Int) -> [Int] {
    var copy = self
    var nodes: [Int] = []
    while nodes.count < count, let (_, node) = copy.removeFirst() { nodes.append(node) }
    return nodes
  }

  mutating func insert(priority: Double, node: Int) {
    heap.append((priority, node))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard CellQueue.precedes(heap[child], heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Gives every cell another priority.
  mutating func reorder(_ priority: (_ node: Int) -> Double) {
    let nodes = nodes.sorted()
    heap.removeAll(keepingCapacity: true)
    for node in nodes { insert(priority: priority(node), node: node) }
  }

  mutating func removeAll(where isUnwanted: (Int) -> Bool) {
    let kept = heap.filter { !isUnwanted($0.node) }
    heap = []
    for item in kept { insert(priority: item.priority, node: item.node) }
  }

  mutating func removeFirst() -> (priority: Double, node: Int)? {
    guard let result = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return result }
    heap[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if CellQueue.precedes(heap[child], heap[best]) { best = child }
      }
      guard best != parent else { break }
      heap.swapAt(best, parent)
      parent = best
    }
    return result
  }
}
