/// Adam with decoupled weight decay.
///
/// Source: Kingma, Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1; Loshchilov, Hutter,
/// "Decoupled weight decay regularization", 2019.
struct Adam {
  /// Decay per unit of learning rate.
  let decay: Double
  private var first: [Double]
  private var second: [Double]
  private var powers = (1.0, 1.0)

  init(parameterCount: Int, decay: Double) {
    self.decay = decay
    first = [Double](repeating: 0, count: parameterCount)
    second = first
  }

  /// Moves parameters against a gradient.
  ///
  /// - Parameter decayed: which parameters decay; biases do not.
  mutating func update(_ parameters: inout [Double], gradient: [Double], decayed: [Bool], rate: Double) {
    precondition(parameters.count == first.count && gradient.count == first.count)
    powers = (powers.0 * 0.9, powers.1 * 0.999)
    let scale = rate * (1 - powers.1).squareRoot() / (1 - powers.0)
    let shrink = 1 - rate * decay
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        parameters.withUnsafeMutableBufferPointer { parameters in
          gradient.withUnsafeBufferPointer { gradient in
            for index in gradient.indices {
              first[index] = 0.9 * first[index] + 0.1 * gradient[index]
              second[index] = 0.999 * second[index] + 0.001 * gradient[index] * gradient[index]
              let kept = decayed[index] ? shrink * parameters[index] : parameters[index]
              parameters[index] = kept - scale * first[index] / (second[index].squareRoot() + 1e-8)
            }
          }
        }
      }
    }
  }
}
