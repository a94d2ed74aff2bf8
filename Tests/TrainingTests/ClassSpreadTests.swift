import Testing
import Training

@Suite struct ClassSpreadTests {
  /// Two classes of three items of two pixels, all within `[0, 1]`.
  static let results = [0.1, 0.2, 0.7, 0.4, 0.4, 0.9, 0.5, 0.5, 0.3, 0.1, 0.9, 0.8]
  static let labels = [0, 1, 0, 1, 1, 0]

  static func loss(_ results: [Double], wanted: [Double], weight: Double = 2) -> Double {
    var gradient = [Double](repeating: 0, count: results.count)
    return Losses.classSpread(results, labels: labels, wanted: wanted, weight: weight, gradient: &gradient)
  }

  /// Class 0 holds (0.1, 0.2), (0.4, 0.9), (0.9, 0.8): variances 0.49/3 and 0.43/3 with the divisor 2.
  @Test func lossFollowsTheDefinition() {
    let variance = 0.163_333_333_333_333_33 + 0.143_333_333_333_333_33
    let excess = variance / 0.2 - 1
    // The wanted variance 0 leaves class 1 alone.
    #expect(abs(Self.loss(Self.results, wanted: [0.2, 0]) - 2 * 0.5 * excess * excess) < 1e-12)
    #expect(abs(Self.loss(Self.results, wanted: [variance, 0])) < 1e-24)
  }

  @Test func gradientIsThatOfDifferences() {
    let wanted = [0.2, 0.4]
    var gradient = [Double](repeating: 1, count: Self.results.count)
    _ = Losses.classSpread(
      Self.results, labels: Self.labels, wanted: wanted, weight: 2, gradient: &gradient)
    let step = 1e-6
    for index in Self.results.indices {
      var (left, right) = (Self.results, Self.results)
      left[index] -= step
      right[index] += step
      let slope = (Self.loss(right, wanted: wanted) - Self.loss(left, wanted: wanted)) / (2 * step)
      // The term is added to what stands in the gradient.
      #expect(abs(gradient[index] - 1 - slope) < 1e-8)
    }
  }

  /// A class of one item has no variance and is left alone.
  @Test func aLoneItemIsLeftAlone() {
    var gradient = [0.5, 0.5, 0.5, 0.5]
    let loss = Losses.classSpread(
      [0.1, 0.9, 0.3, 0.2], labels: [0, 1], wanted: [1, 1], weight: 3, gradient: &gradient)
    #expect(loss == 0)
    #expect(gradient == [0.5, 0.5, 0.5, 0.5])
  }
}
