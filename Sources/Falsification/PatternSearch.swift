// Hooke and Jeeves, J. ACM 8 (1961) 212-229, with random directions added, without which a search along axes stops
// at kinks that run askew.

import Statistics
import TensorGraph

extension CaseAttack {
  /// Moves points to better neighbours along axes and random directions, with steps that double on success and
  /// halve on failure down to the spacing of doubles.
  mutating func polish(_ group: [Candidate], _ inspect: Inspector) throws(GraphError) -> [Candidate] {
    var best = group
    var steps = [Double](repeating: 0.02, count: group.count)
    for round in 0..<budget.rounds {
      var neighbours: [Double] = []
      var owners: [Int] = []
      for item in best.indices where steps[item] >= 0x1p-54 {
        for direction in directions(round: round, item: item) {
          for sign in [1.0, -1.0] {
            neighbours += best[item].point.indices.map { axis in
              box.clamp(
                best[item].point[axis] + sign * steps[item] * box.width(axis) * direction[axis], axis: axis)
            }
            box.settle(&neighbours, at: neighbours.count - box.dimension)
            owners.append(item)
          }
        }
      }
      guard !owners.isEmpty, !isStopped else { break }
      let found = try evaluate(neighbours, inspect)
      var improved = [Bool](repeating: false, count: best.count)
      for (owner, candidate) in zip(owners, found) where candidate.value < best[owner].value {
        best[owner] = candidate
        improved[owner] = true
      }
      for item in best.indices {
        steps[item] = improved[item] ? min(0.25, steps[item] * 2) : steps[item] * 0.5
      }
    }
    return best
  }

  /// The axes while they are few, else some of them by turns, and as many random directions.
  private func directions(round: Int, item: Int) -> [[Double]] {
    let dimension = box.dimension
    let count = min(dimension, 8)
    var draws = starts.generator.draws(
      stream: starts.stream, index: 1 << 42 + UInt64(round) << 21 + UInt64(item))
    let axes = (0..<count).map { number -> [Double] in
      var direction = [Double](repeating: 0, count: dimension)
      direction[(round * count + number) % dimension] = 1
      return direction
    }
    guard dimension > 1 else { return axes }
    return axes + (0..<count).map { _ in (0..<dimension).map { _ in 2 * draws.uniform() - 1 } }
  }
}
