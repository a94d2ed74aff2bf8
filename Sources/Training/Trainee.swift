/// A network while it trains: parameters, optimiser, buffers and a running mean of the parameters.
struct Trainee {
  /// The parameters that gradients move.
  private(set) var network: DenseNetwork
  private var pass: DensePass
  private var optimiser: Adam
  private var mean: [Double]
  private let keep: Double

  /// - Parameter keep: share of the running mean that an update keeps; 0 follows the parameters.
  init(_ network: DenseNetwork, decay: Double, keep: Double = 0) {
    self.network = network
    pass = DensePass(network)
    optimiser = Adam(parameterCount: network.parameters.count, decay: decay)
    mean = network.parameters
    self.keep = keep
  }

  /// Results of a batch.
  mutating func forward(_ inputs: [Double]) -> [Double] {
    pass.forward(network, inputs)
    return pass.results
  }

  /// One update from the gradient of the results of the last batch; gives the gradient of its inputs.
  mutating func update(_ upstream: [Double], rate: Double) -> [Double] {
    pass.backward(network, upstream: upstream)
    optimiser.update(
      &network.parameters, gradient: pass.gradient, decayed: network.isWeight, rate: rate)
    for index in mean.indices {
      mean[index] = network.parameters[index] + keep * (mean[index] - network.parameters[index])
    }
    return pass.inputGradient
  }

  /// The network with the running mean of its parameters.
  var averaged: DenseNetwork {
    var copy = network
    copy.parameters = mean
    return copy
  }
}

/// Learning rates over a run.
enum LearningRate {
  /// From `peak` down to zero along `3 r^2 - 2 r^3`, where `r` is the share of updates that is left.
  static func falling(from peak: Double, update: Int, of count: Int) -> Double {
    let rest = 1 - Double(update) / Double(count)
    return peak * rest * rest * (3 - 2 * rest)
  }
}
