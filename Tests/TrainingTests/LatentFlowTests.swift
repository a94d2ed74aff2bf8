import Testing
import Training

@Suite struct LatentFlowTests {
  /// With one centre the law is normal, and its flow is affine: standardised points stay what they are.
  @Test(arguments: [0.05, 0.3, 1.0]) func theFlowOfANormalLawKeepsStandardisedPoints(bandwidth: Double) {
    let centre = [0.7, -0.4]
    let flow = LatentFlow(dimension: 2, bandwidth: bandwidth, centres: [centre])
    var latent = [1.1, -0.3]
    var mean = latent
    func standardised(_ alphaBar: Double) -> [Double] {
      let deviation = (alphaBar * bandwidth * bandwidth + 1 - alphaBar).squareRoot()
      return zip(latent, centre).map { ($0 - alphaBar.squareRoot() * $1) / deviation }
    }
    let levels = (0...4_000).map { 0.01 + 0.98 * Double($0) / 4_000 }
    let before = standardised(levels[0])
    for (now, next) in zip(levels, levels.dropFirst()) {
      flow.step(&latent, condition: 0, from: now, to: next, mean: &mean)
    }
    for (a, b) in zip(before, standardised(levels[4_000])) { #expect(abs(a - b) < 0.01) }
  }

  /// Two centres and no bandwidth: the posterior mean is the weighted one of the two-point law.
  @Test func theMeanIsThatOfThePosterior() {
    let flow = LatentFlow(dimension: 1, bandwidth: 0, centres: [[5], [-1, 1]])
    var mean = [0.0]
    flow.cleanMean([0.3], condition: 1, alphaBar: 0.64, into: &mean)
    // Odds exp(2 * 0.8 * 0.3 / 0.36) = exp(4/3); mean = tanh(2/3).
    #expect(abs(mean[0] - 0.582_782_945_347_910_2) < 1e-9)
    flow.cleanMean([0.3], condition: 0, alphaBar: 0.64, into: &mean)
    #expect(abs(mean[0] - 5) < 1e-12)
  }
}
