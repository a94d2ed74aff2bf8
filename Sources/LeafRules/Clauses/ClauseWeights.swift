import RigorousArithmetic

/// Weights of a clause's atoms for which the least value of their sum on a zonotope is large: a choice, on which nothing
/// rests.
///
/// Over the simplex of weights the least value is concave, so that ascent from the best single atom, along one edge after
/// the other, does not lose.
struct ClauseWeights {
  /// A weight for each candidate; they sum to about 1.
  private(set) var values: [Double]
  /// About the least value of the weighted sum over its threshold.
  private(set) var margin: Double
  /// How often every edge is tried.
  private static let sweeps = 2
  /// Evaluations on an edge: the bracket shrinks to `0.618^12`, a three-hundredth.
  private static let steps = 12

  /// The golden section.
  private static let section = 0.618_033_988_749_894_9

  /// An atom's value over its threshold on the cell: a centre, a row of coefficients and a bound of the rest.
  struct Candidate {
    let centre: Double
    let row: UnsafePointer<Double>
    /// 1, or -1 where the atom bounds its quantity from above.
    let sign: Double
    let rest: Double
  }

  /// Chooses weights.
  ///
  /// - Parameters:
  ///   - candidates: At least one; rows of `stride` coefficients, of which the first does not count.
  ///   - start: The candidate with the greatest least value.
  ///   - stride: A multiple of 8.
  ///   - scratch: Room for `stride` doubles.
  init(_ candidates: [Candidate], from start: Int, stride: Int, scratch: UnsafeMutablePointer<Double>) {
    values = [Double](repeating: 0, count: candidates.count)
    values[start] = 1
    let first = candidates[start]
    for column in 0..<stride { scratch[column] = first.sign * first.row[column] }
    scratch[0] = 0
    var centre = first.centre
    var rest = first.rest
    margin = centre - rest - MatrixKernel.sumOfMagnitudes(scratch, count: stride)
    for _ in 0..<ClauseWeights.sweeps {
      for (position, candidate) in candidates.enumerated() where margin <= 0 {
        let edge = Edge(
          from: UnsafePointer(scratch), to: candidate, stride: stride, centre: centre, rest: rest)
        guard let (part, value) = edge.best(above: margin, steps: ClauseWeights.steps) else { continue }
        for index in values.indices { values[index] *= 1 - part }
        values[position] += part
        centre += part * (candidate.centre - centre)
        rest += part * (candidate.rest - rest)
        for column in 1..<stride {
          scratch[column] += part * (candidate.sign * candidate.row[column] - scratch[column])
        }
        margin = value
      }
    }
  }

  /// The weighted sums between one and a candidate.
  private struct Edge {
    let from: UnsafePointer<Double>
    let to: Candidate
    let stride: Int
    let centre: Double
    let rest: Double

    /// The least value where a part of the way is gone.
    func value(_ part: Double) -> Double {
      let near = SIMD8<Double>(repeating: 1 - part)
      let far = SIMD8<Double>(repeating: to.sign * part)
      var sum = SIMD8<Double>()
      var column = 0
      while column < stride {
        var mixed = near * UnsafeRawPointer(from + column).loadUnaligned(as: SIMD8<Double>.self)
        var other = UnsafeRawPointer(to.row + column).loadUnaligned(as: SIMD8<Double>.self)
        if column == 0 { other[0] = 0 }
        mixed += far * other
        sum += mixed.replacing(with: -mixed, where: mixed .< 0)
        column += 8
      }
      return centre + part * (to.centre - centre) - (rest + part * (to.rest - rest)) - sum.sum()
    }

    /// The best part of the way; nil where no step is better than none.
    func best(above known: Double, steps: Int) -> (part: Double, value: Double)? {
      // By concavity, what does not gain near the start gains nowhere.
      let probe = 0x1p-6
      guard value(probe) > known else { return nil }
      var (low, high) = (0.0, 1.0)
      var inner = (high - ClauseWeights.section * (high - low), low + ClauseWeights.section * (high - low))
      var values = (value(inner.0), value(inner.1))
      for _ in 0..<steps {
        if values.0 > 0 || values.1 > 0 { break }
        if values.0 >= values.1 {
          high = inner.1
          inner = (high - ClauseWeights.section * (high - low), inner.0)
          values = (value(inner.0), values.0)
        } else {
          low = inner.0
          inner = (inner.1, low + ClauseWeights.section * (high - low))
          values = (values.1, value(inner.1))
        }
      }
      let best = values.0 >= values.1 ? (inner.0, values.0) : (inner.1, values.1)
      return best.1 > known ? best : nil
    }
  }
}
