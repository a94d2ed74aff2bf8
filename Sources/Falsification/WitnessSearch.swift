import Inference
package import RigorousArithmetic
import Statistics
package import TensorGraph
package import VerificationProblem

/// Search for a point at which a `forall` claim fails: projected gradient descent on the margin from many starts.
///
/// Starting points are the centre, corners and seeded points of the box; steps shrink. A point counts as a witness
/// only if it lies in the exact region and rigorous arithmetic shows the claim false there; a near miss does not.
package struct WitnessSearch: Sendable {
  /// What an attack found on one case.
  package struct Attempt: Sendable {
    /// Which case.
    package let caseIndex: Int
    /// Smallest margin, in floating point; negative where the claim seems to fail.
    package let margin: Double
    /// Where.
    package let point: [Double]
    /// Last points of all starts, for tests that look for violations inside proved regions.
    package let endpoints: [[Double]]
  }

  /// Starts of an attack.
  package var starts = 192
  /// Gradient steps of an attack.
  package var steps = 120

  private let obligation: Obligation
  private let region: [AxisRange]
  private let seed: UInt8

  /// A search over an obligation's region; nil for an obligation of another kind.
  package init?(_ obligation: Obligation, seed: UInt8 = 0x61) {
    guard case .forall(let region) = obligation.question else { return nil }
    self.obligation = obligation
    self.region = region
    self.seed = seed
  }

  /// A confirmed witness, or nil when none was found.
  package func run() throws(GraphError) -> (caseIndex: Int, point: [Double])? {
    for index in obligation.cases.indices {
      let attempt = try attack(index)
      guard attempt.margin < 0 else { continue }
      for point in [attempt.point] + attempt.endpoints where try isWitness(index, point) { return (index, point) }
    }
    return nil
  }

  private func isWitness(_ caseIndex: Int, _ point: [Double]) throws(GraphError) -> Bool {
    guard zip(region, point).allSatisfy({ $0.contains($1) }) else { return false }
    return try obligation.cases[caseIndex].truth(at: point).truth == false
  }

  /// Attacks one case.
  package func attack(_ caseIndex: Int) throws(GraphError) -> Attempt {
    let item = obligation.cases[caseIndex]
    var program = BatchProgram(item.graph)
    let margin = PredicateMargin(item.predicate)
    let dimension = region.count
    // The largest box of doubles inside the region.
    let lower = region.map(\.lower.roundedUp)
    let upper = region.map { Swift.max($0.lower.roundedUp, $0.upper.roundedDown) }
    var points = startingPoints(lower, upper)
    let batch = points.count / Swift.max(1, dimension)
    let width = program.outputCount
    var bestMargin = Double.infinity
    var bestPoint = zip(lower, upper).map { $0 / 2 + $1 / 2 }
    var ownBest = [Double](repeating: .infinity, count: batch)
    var ownPoint = points
    for step in 0..<steps {
      let outputs = try program.values(inputs: points, batch: batch)
      var upstream = [Double](repeating: 0, count: batch * width)
      for start in 0..<batch {
        var slice = upstream[start * width..<(start + 1) * width]
        let value = margin.value(outputs[start * width..<(start + 1) * width], upstream: &slice)
        upstream.replaceSubrange(start * width..<(start + 1) * width, with: slice)
        if value < ownBest[start] {
          ownBest[start] = value
          ownPoint.replaceSubrange(
            start * dimension..<(start + 1) * dimension, with: points[start * dimension..<(start + 1) * dimension])
        }
        if value < bestMargin {
          bestMargin = value
          bestPoint = Array(points[start * dimension..<(start + 1) * dimension])
        }
      }
      let gradients = try program.gradient(inputs: points, batch: batch, upstream: upstream).inputGradients
      let rest = 1 - Double(step) / Double(steps)
      let rate = 0.08 * rest * rest
      // Half of the way through, every start goes on from the best point it has seen.
      if step == steps / 2 { points = ownPoint }
      for start in 0..<batch {
        var length = 0.0
        for axis in 0..<dimension {
          length = Swift.max(length, gradients[start * dimension + axis].magnitude * (upper[axis] - lower[axis]))
        }
        guard length > 0, length.isFinite else { continue }
        for axis in 0..<dimension {
          let span = upper[axis] - lower[axis]
          let move = rate * span * gradients[start * dimension + axis] * span / length
          points[start * dimension + axis] =
            Swift.min(upper[axis], Swift.max(lower[axis], points[start * dimension + axis] - move))
        }
      }
    }
    let endpoints = (0..<batch).map { Array(ownPoint[$0 * dimension..<($0 + 1) * dimension]) }
    return Attempt(caseIndex: caseIndex, margin: bestMargin, point: bestPoint, endpoints: endpoints)
  }

  private func startingPoints(_ lower: [Double], _ upper: [Double]) -> [Double] {
    var points = zip(lower, upper).map { $0 / 2 + $1 / 2 }
    guard let generator = CounterGenerator(seed: [UInt8](repeating: seed, count: 32)) else { return points }
    for start in 1..<Swift.max(2, starts) {
      var draws = generator.draws(stream: 3, index: UInt64(start))
      let isCorner = start % 8 == 1
      for axis in lower.indices {
        let u = draws.uniform()
        let value = isCorner ? (u < 0.5 ? lower[axis] : upper[axis]) : lower[axis] + (upper[axis] - lower[axis]) * u
        points.append(Swift.min(upper[axis], Swift.max(lower[axis], value)))
      }
    }
    return points
  }

  /// The extreme value of the compared quantities that an attack attains, in floating point: the largest where the
  /// claim bounds from above, the smallest where it bounds from below; with its place.
  package func extreme(isUpper: Bool) throws(GraphError) -> (value: Double, caseIndex: Int, point: [Double])? {
    var best: (value: Double, caseIndex: Int, point: [Double])?
    for index in obligation.cases.indices {
      let attempt = try attack(index)
      let output = try obligation.cases[index].graph.evaluate([attempt.point])[0]
      for atom in obligation.cases[index].predicate.atoms {
        let value = PredicateMargin.quantity(atom.quantity, output[...])
        guard value.isFinite else { continue }
        if best.map({ isUpper ? value > $0.value : value < $0.value }) ?? true {
          best = (value, index, attempt.point)
        }
      }
    }
    return best
  }
}
