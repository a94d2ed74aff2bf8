/// Losses with their gradients, means over a batch of sums over elements.
enum Losses {
  /// Half the squared distance of two batches.
  static func squaredDistance(
    _ results: [Double], _ targets: [Double], batch: Int, gradient: inout [Double]
  ) -> Double {
    var loss = 0.0
    for index in results.indices {
      let difference = results[index] - targets[index]
      loss += difference * difference / 2
      gradient[index] = difference / Double(batch)
    }
    return loss / Double(batch)
  }

  /// Half the squared distance of results cut to `[0, 1]` from targets in `[0, 1]`, with the gradient passed
  /// straight through the cut.
  ///
  /// A result on the wrong side of a bound is drawn back with full strength, one on the right side is left
  /// alone, so that no gradient dies and no capacity goes into hitting the bounds exactly.
  static func clippedSquaredDistance(
    _ results: [Double], _ targets: [Double], batch: Int, gradient: inout [Double]
  ) -> Double {
    squaredDistance(results.map { min(1, max(0, $0)) }, targets, batch: batch, gradient: &gradient)
  }

  /// Cross-entropy of the first `classes` of every `width` scores against labels; the other gradients are left.
  static func crossEntropy(
    _ scores: [Double], width: Int, classes: Int, labels: [Int], weight: Double = 1, gradient: inout [Double]
  ) -> Double {
    var loss = 0.0
    for (item, label) in labels.enumerated() {
      let row = scores[item * width..<item * width + classes]
      let top = row.max() ?? 0
      let masses = row.map { Elementary.exp($0 - top) }
      let total = masses.reduce(0, +)
      for (index, mass) in masses.enumerated() {
        gradient[item * width + index] =
          weight * (mass / total - (index == label ? 1 : 0)) / Double(labels.count)
      }
      loss -= Elementary.log(masses[label] / total)
    }
    return loss / Double(labels.count)
  }

  /// Cross-entropy of the log-odds in one column of every `width` numbers against truth values.
  static func logistic(
    _ scores: [Double], width: Int, column: Int, truths: [Bool], weight: Double = 1, gradient: inout [Double]
  ) -> Double {
    var loss = 0.0
    for (item, truth) in truths.enumerated() {
      let odds = scores[item * width + column]
      gradient[item * width + column] =
        weight * (Elementary.logistic(odds) - (truth ? 1 : 0)) / Double(truths.count)
      let wrong = truth ? -odds : odds
      loss += max(wrong, 0) + Elementary.log(1 + Elementary.exp(-abs(wrong)))
    }
    return loss / Double(truths.count)
  }
}
