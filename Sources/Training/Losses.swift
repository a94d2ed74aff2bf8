/// Losses with their gradients, means over a batch of sums over elements.
package enum Losses {
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

  /// Penalty on the spread of images within each class.
  ///
  /// It is `weight` times the mean over items of `(V / R - 1)^2`, where `V` is the sum over pixels of the class's variance in the batch and `R` its wanted
  /// value. Its gradient is added.
  ///
  /// A decoder of few latents that only reconstructs shows the part of the variance that it can explain; this
  /// term widens its images along the directions that it has (moment matching; Li, Swersky, Zemel, "Generative
  /// moment matching networks", 2015, for the idea).
  package static func classSpread(
    _ results: [Double], labels: [Int], wanted: [Double], weight: Double, gradient: inout [Double]
  ) -> Double {
    let pixels = results.count / labels.count
    var loss = 0.0
    for label in wanted.indices {
      let items = labels.indices.filter { labels[$0] == label }
      guard items.count > 1, wanted[label] > 0 else { continue }
      var mean = [Double](repeating: 0, count: pixels)
      for item in items {
        for pixel in 0..<pixels { mean[pixel] += min(1, max(0, results[item * pixels + pixel])) }
      }
      for pixel in 0..<pixels { mean[pixel] /= Double(items.count) }
      var variance = 0.0
      for item in items {
        for pixel in 0..<pixels {
          let difference = min(1, max(0, results[item * pixels + pixel])) - mean[pixel]
          variance += difference * difference
        }
      }
      variance /= Double(items.count - 1)
      let excess = variance / wanted[label] - 1
      let share = Double(items.count) / Double(labels.count)
      loss += weight * share * excess * excess
      let scale = 4 * weight * share * excess / (wanted[label] * Double(items.count - 1))
      for item in items {
        for pixel in 0..<pixels {
          let index = item * pixels + pixel
          gradient[index] += scale * (min(1, max(0, results[index])) - mean[pixel])
        }
      }
    }
    return loss
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
