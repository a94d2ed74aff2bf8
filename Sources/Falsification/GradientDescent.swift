// Steps are measured in widths of the box. Half of the points move along the sign of the gradient, half along the
// gradient scaled so that its largest component is one step. A point whose value does not improve twice running
// goes back to its best place with half the step, which finds minima at kinks; where the gradient is zero the
// point moves at random. Madry et al., arXiv 1706.06083 (projected sign steps); Croce and Hein, arXiv 2003.01690
// (restarts from the best point with halved steps).

import Statistics
import TensorGraph

extension CaseAttack {
  /// Projected descent of at most `batchLimit` points; where each was best.
  mutating func descend(_ group: [Candidate], _ inspect: Inspector) throws(GraphError) -> [Candidate] {
    let (batch, dimension) = (group.count, box.dimension)
    var points = group.flatMap(\.point)
    var best = group.map { Candidate(point: $0.point, value: .infinity, quantity: nil) }
    var bestDirections = [Double](repeating: 0, count: points.count)
    var steps = (0..<batch).map { [0.25, 0.08, 0.02][$0 / 2 % 3] }
    var stalls = [Int](repeating: 0, count: batch)
    for step in 0...budget.steps {
      let (values, gradients) = try gradients(points, batch: batch)
      for item in 0..<batch {
        let range = item * dimension..<(item + 1) * dimension
        var direction = direction(gradients[range], at: points[range], isSign: item % 2 == 0)
        if direction.allSatisfy({ $0 == 0 }) { direction = randomDirection(step: step, item: item) }
        if values[item].value < best[item].value {
          best[item] = Candidate(
            point: Array(points[range]), value: values[item].value, quantity: values[item].quantity)
          bestDirections.replaceSubrange(range, with: direction)
          steps[item] = min(0.5, steps[item] * 1.1)
          stalls[item] = 0
        } else {
          stalls[item] += 1
          if stalls[item] >= 2 {
            points.replaceSubrange(range, with: best[item].point)
            direction = Array(bestDirections[range])
            steps[item] *= 0.5
            stalls[item] = 0
          }
        }
        for axis in 0..<dimension {
          let moved = points[range.lowerBound + axis] - steps[item] * box.width(axis) * direction[axis]
          points[range.lowerBound + axis] = box.clamp(moved, axis: axis)
        }
        box.settle(&points, at: range.lowerBound)
      }
      try show(best, inspect)
      if isStopped { break }
    }
    return best
  }

  /// A direction of ascent in widths of the box, its largest component one; zero where the gradient is zero or
  /// descent leaves the box.
  private func direction(
    _ gradient: ArraySlice<Double>, at point: ArraySlice<Double>, isSign: Bool
  ) -> [Double] {
    var scaled = (0..<box.dimension).map { axis -> Double in
      let slope = gradient[gradient.startIndex + axis] * box.width(axis)
      let place = point[point.startIndex + axis]
      guard slope.isFinite else { return 0 }
      if slope > 0 && place <= box.lower[axis] || slope < 0 && place >= box.upper[axis] { return 0 }
      return slope
    }
    let largest = scaled.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0 else { return scaled }
    for axis in scaled.indices {
      scaled[axis] = isSign ? (scaled[axis] == 0 ? 0 : scaled[axis] < 0 ? -1 : 1) : scaled[axis] / largest
    }
    return scaled
  }

  private func randomDirection(step: Int, item: Int) -> [Double] {
    var draws = starts.generator.draws(
      stream: starts.stream, index: 1 << 41 + UInt64(step) << 21 + UInt64(item))
    return box.lower.indices.map { _ in 2 * draws.uniform() - 1 }
  }
}
