import Testing
import Training

@Suite struct DenseNetworkTests {
  /// `x` through one hidden layer, by the definition.
  @Test func valuesFollowTheDefinition() {
    var generator = SplitMix64(seed: 4)
    var network = DenseNetwork(widths: [2, 2, 1], generator: &generator)
    // W1 = [[1, 2], [-3, 4]], b1 = [0.5, -1], W2 = [[2, -1]], b2 = [0.25].
    network.parameters = [1, 2, -3, 4, 0.5, -1, 2, -1, 0.25]
    // (1, 1): hidden (3.5, 0), result 7.25; (0, 1): hidden (2.5, 3), result 2.25.
    #expect(network([1, 1, 0, 1]) == [7.25, 2.25])
  }

  @Test(arguments: 1...5) func gradientsAreThoseOfDifferences(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let network = DenseNetwork(widths: [3, 6, 5, 2], generator: &generator)
    let inputs = (0..<4 * 3).map { _ in generator.normal() }
    let upstream = (0..<4 * 2).map { _ in generator.normal() }
    func objective(_ network: DenseNetwork, _ inputs: [Double]) -> Double {
      zip(network(inputs), upstream).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var pass = DensePass(network)
    // A pass leaves nothing behind that the next one sees.
    pass.forward(network, inputs.map { -$0 })
    pass.backward(network, upstream: upstream)
    pass.forward(network, inputs)
    pass.backward(network, upstream: upstream)
    let step = 1e-6
    var failures = 0
    for index in network.parameters.indices {
      var (left, right) = (network, network)
      left.parameters[index] -= step
      right.parameters[index] += step
      let slope = (objective(right, inputs) - objective(left, inputs)) / (2 * step)
      if abs(slope - pass.gradient[index]) > 1e-6 { failures += 1 }
    }
    for index in inputs.indices {
      var (left, right) = (inputs, inputs)
      left[index] -= step
      right[index] += step
      let slope = (objective(network, right) - objective(network, left)) / (2 * step)
      if abs(slope - pass.inputGradient[index]) > 1e-6 { failures += 1 }
    }
    // Kinks within the step of a difference are rare.
    #expect(failures <= 1)
  }
}
