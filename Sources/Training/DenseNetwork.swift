import Inference

/// A multilayer perceptron with ReLU between its affine layers.
package struct DenseNetwork: Sendable {
  /// Widths of the layers, inputs first.
  package let widths: [Int]
  /// For each layer row-major weights `[out, in]`, then `out` biases.
  package var parameters: [Double]
  /// Which parameters are weights.
  let isWeight: [Bool]

  /// Weights of variance `2 / in`, zero biases.
  ///
  /// Source: He et al., "Delving deep into rectifiers", 2015, equation 10.
  package init(widths: [Int], generator: inout SplitMix64) {
    self.widths = widths
    var (values, kinds): ([Double], [Bool]) = ([], [])
    for (columns, rows) in zip(widths, widths.dropFirst()) {
      let deviation = (2 / Double(columns)).squareRoot()
      for _ in 0..<rows * columns { values.append(deviation * generator.normal()) }
      kinds += [Bool](repeating: true, count: rows * columns)
      values += [Double](repeating: 0, count: rows)
      kinds += [Bool](repeating: false, count: rows)
    }
    (parameters, isWeight) = (values, kinds)
  }

  /// Number of affine layers.
  var layerCount: Int { widths.count - 1 }

  /// Position of a layer's first weight; its biases follow its weights.
  func start(of layer: Int) -> Int {
    (0..<layer).reduce(0) { $0 + (widths[$1] + 1) * widths[$1 + 1] }
  }

  /// Row-major weights of a layer.
  func weights(of layer: Int) -> ArraySlice<Double> {
    let start = start(of: layer)
    return parameters[start..<start + widths[layer] * widths[layer + 1]]
  }

  /// Biases of a layer.
  func biases(of layer: Int) -> ArraySlice<Double> {
    let start = start(of: layer) + widths[layer] * widths[layer + 1]
    return parameters[start..<start + widths[layer + 1]]
  }

  /// Results of a batch, row by row.
  package func callAsFunction(_ inputs: [Double]) -> [Double] {
    var pass = DensePass(self)
    pass.forward(self, inputs)
    return pass.results
  }

  /// Multiplies input `column` by `factor` after adding `offset`, folded into the first layer.
  mutating func precompose(column: Int, factor: Double, offset: Double) {
    let (columns, rows) = (widths[0], widths[1])
    for row in 0..<rows {
      let weight = parameters[row * columns + column]
      parameters[rows * columns + row] += weight * factor * offset
      parameters[row * columns + column] = weight * factor
    }
  }

  /// Parameters rounded to multiples of `2^-16` that float32 holds.
  var rounded: DenseNetwork {
    var copy = self
    copy.parameters = parameters.map { Double(Float(($0 * 65_536).rounded() / 65_536)) }
    return copy
  }
}

/// Buffers of a forward and a backward pass, reused from batch to batch.
package struct DensePass: Sendable {
  /// Values of every layer, inputs first; hidden ones after their ReLU.
  private var values: [[Double]]
  private var flows: [[Double]]
  /// Gradient of the parameters after `backward`, in their order.
  package private(set) var gradient: [Double]
  private var batch = 0

  /// Buffers for networks of the widths of the given one.
  package init(_ network: DenseNetwork) {
    values = [[Double]](repeating: [], count: network.widths.count)
    flows = values
    gradient = [Double](repeating: 0, count: network.parameters.count)
  }

  /// Results after `forward`, row by row.
  package var results: [Double] { values[values.count - 1] }
  /// Gradient of the inputs after `backward`, row by row.
  package var inputGradient: [Double] { flows[0] }

  /// Computes the values of every layer.
  package mutating func forward(_ network: DenseNetwork, _ inputs: [Double]) {
    batch = inputs.count / network.widths[0]
    values[0] = inputs
    for layer in 0..<network.layerCount {
      let (columns, rows) = (network.widths[layer], network.widths[layer + 1])
      var output = values[layer + 1]
      values[layer + 1] = []
      let biases = network.biases(of: layer)
      if output.count != batch * rows { output = [Double](repeating: 0, count: batch * rows) }
      output.withUnsafeMutableBufferPointer { output in
        biases.withUnsafeBufferPointer { biases in
          for item in 0..<batch { for row in 0..<rows { output[item * rows + row] = biases[row] } }
        }
      }
      MatrixProduct.multiply(
        values[layer][...], network.weights(of: layer), transposeRight: true, m: batch, n: rows, k: columns,
        beta: 1, into: &output)
      if layer < network.layerCount - 1 {
        output.withUnsafeMutableBufferPointer { output in
          for index in output.indices { output[index] = max(output[index], 0) }
        }
      }
      values[layer + 1] = output
    }
  }

  /// Computes the gradients of parameters and inputs from the gradient of the results.
  package mutating func backward(_ network: DenseNetwork, upstream: [Double]) {
    flows[network.layerCount] = upstream
    for layer in (0..<network.layerCount).reversed() {
      let (columns, rows) = (network.widths[layer], network.widths[layer + 1])
      let start = network.start(of: layer)
      MatrixProduct.multiply(
        flows[layer + 1][...], transposeLeft: true, values[layer][...], m: rows, n: columns, k: batch,
        into: &gradient, at: start)
      let biasStart = start + rows * columns
      for row in 0..<rows { gradient[biasStart + row] = 0 }
      gradient.withUnsafeMutableBufferPointer { gradient in
        flows[layer + 1].withUnsafeBufferPointer { flow in
          for item in 0..<batch {
            for row in 0..<rows { gradient[biasStart + row] += flow[item * rows + row] }
          }
        }
      }
      var down = flows[layer]
      flows[layer] = []
      if down.count != batch * columns { down = [Double](repeating: 0, count: batch * columns) }
      MatrixProduct.multiply(
        flows[layer + 1][...], network.weights(of: layer), m: batch, n: columns, k: rows, into: &down)
      if layer > 0 {
        down.withUnsafeMutableBufferPointer { down in
          values[layer].withUnsafeBufferPointer { values in
            for index in down.indices where values[index] <= 0 { down[index] = 0 }
          }
        }
      }
      flows[layer] = down
    }
  }
}
