import LeafRules
import TensorGraph
import VerificationProblem

/// Why a search stayed open: the worst open cells, and the operators that hold most of what separates their bounds from
/// the claim.
package struct GapReport: Sendable {
  /// One operator of a graph.
  package struct Part: Sendable {
    /// Its name, with its place among those of its kind and the step of the sampler.
    package let name: String
    /// Its part of the gap, from 0 to 1.
    package let share: Double
    /// Its elements with the greatest parts, greatest first.
    package let elements: [Int]
  }

  /// Number of open cells.
  package let openCells: Int
  /// The ends of the worst one.
  package let lower: [Double]
  package let upper: [Double]
  /// The operators with the greatest parts over the worst cells, greatest first.
  package let parts: [Part]

  /// Cells that are looked at, fewer where that takes long.
  static let inspected = 16
  /// How long cells behind the worst one are looked at.
  private static let patience = Duration.milliseconds(500)
  /// Operators and elements that are named.
  private static let named = 3

  /// Looks at the worst open cells of a search; nil where none is open.
  init?(_ open: [(caseIndex: Int, cell: Cell)], openCells: Int, cases: [CompiledCase], graphs: [Graph]) {
    guard let worst = open.first else { return nil }
    self.openCells = openCells
    lower = worst.cell.lower
    upper = worst.cell.upper
    // The same operator of several cases counts as one.
    var sums: [String: [Double]] = [:]
    let start = ContinuousClock.now
    for (position, (caseIndex, cell)) in open.prefix(GapReport.inspected).enumerated() {
      if position > 0, ContinuousClock.now - start > GapReport.patience { break }
      let shares = CellEvaluator(cases[caseIndex]).gapShares(on: cell)
      let total = shares.reduce(0) { $0 + $1.total }
      guard total > 0, total.isFinite else { continue }
      for share in shares {
        let name = GapReport.name(of: share.node, in: graphs[caseIndex])
        var sum = sums[name] ?? []
        while sum.count < share.elements.count { sum.append(0) }
        for (index, element) in share.elements.enumerated() { sum[index] += element / total }
        sums[name] = sum
      }
    }
    let whole = sums.values.reduce(0) { $0 + $1.reduce(0, +) }
    let ranked = sums.map { (name: $0.key, elements: $0.value, sum: $0.value.reduce(0, +)) }
      .sorted { ($1.sum, $0.name) < ($0.sum, $1.name) }
    parts = ranked.prefix(GapReport.named).filter { $0.sum > 0 }.map { item in
      let order = item.elements.indices.sorted { (item.elements[$1], $0) < (item.elements[$0], $1) }
      return Part(
        name: item.name, share: item.sum / whole,
        elements: order.prefix(GapReport.named).filter { item.elements[$0] > 0 })
    }
  }

  /// An operator's name; where the same weights stand before several operators of its kind, they are steps of a loop.
  static func name(of position: Int, in graph: Graph) -> String {
    let name = graph.nodes[position].operation.name
    let alike = graph.nodes.indices.filter { graph.nodes[$0].operation.name == name }
    let ordinal = (alike.firstIndex(of: position) ?? 0) + 1
    guard let weights = weights(before: position, in: graph) else {
      return alike.count == 1 ? name : "\(name) \(ordinal) of \(alike.count)"
    }
    let steps = alike.filter { self.weights(before: $0, in: graph) == weights }
    guard steps.count > 1, let step = steps.firstIndex(of: position) else {
      return alike.count == 1 ? name : "\(name) \(ordinal) of \(alike.count)"
    }
    return "\(name) \(ordinal) of \(alike.count), step \(step + 1) of \(steps.count)"
  }

  /// The weights of the matrix that an operator's value comes from through sums and factors.
  private static func weights(before position: Int, in graph: Graph) -> Tensor? {
    var place = position
    while let operand = graph.nodes[place].operands.first {
      place = operand
      switch graph.nodes[place].operation {
      case .linear(let linear): return linear.weights
      case .add, .scale, .divide, .reshape: continue
      default: return nil
      }
    }
    return nil
  }
}
