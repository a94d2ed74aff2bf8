import TensorGraph

/// Perceptrons as graphs.
enum GraphExport {
  /// A perceptron of one input vector, with an operator on its results.
  static func perceptron(
    _ network: DenseNetwork, input: String, ending: Operation? = nil
  ) throws(GraphError) -> Graph {
    var builder = GraphBuilder()
    var value = try builder.input(input, shape: Shape([1, network.widths[0]]))
    for layer in 0..<network.layerCount {
      value = try builder.apply(.linear(linear(network, layer)), [value])
      if layer < network.layerCount - 1 { value = try builder.apply(.relu, [value]) }
    }
    if let ending { value = try builder.apply(ending, [value]) }
    return try builder.build(outputs: [value])
  }

  /// A denoiser with inputs `z` (real), `t`, `c`, `s` (rows of tables added to the first hidden layer).
  static func denoiser(
    _ network: DenseNetwork, dimension: Int, steps: Int
  ) throws(GraphError) -> Graph {
    var builder = GraphBuilder()
    let latent = try builder.input("z", shape: Shape([1, dimension]))
    var value = try builder.apply(.linear(linear(network, 0, columns: 0..<dimension)), [latent])
    var start = dimension
    for (name, count) in [("t", steps), ("c", DigitImages.classCount), ("s", 2)] {
      let index = try builder.input(name, shape: Shape([1]), kind: .index)
      let table = builder.constant(try table(network, columns: start..<start + count))
      let row = try builder.apply(.gather, [table, index])
      value = try builder.apply(.add, [value, row])
      start += count
    }
    for layer in 1..<network.layerCount {
      value = try builder.apply(.relu, [value])
      value = try builder.apply(.linear(linear(network, layer)), [value])
    }
    return try builder.build(outputs: [value])
  }

  private static func linear(
    _ network: DenseNetwork, _ layer: Int, columns range: Range<Int>? = nil
  ) throws(GraphError) -> Linear {
    let (columns, rows) = (network.widths[layer], network.widths[layer + 1])
    let range = range ?? 0..<columns
    let weights = Array(network.weights(of: layer))
    var values: [Double] = []
    for row in 0..<rows {
      values += weights[row * columns + range.lowerBound..<row * columns + range.upperBound]
    }
    return try Linear(
      weights: Tensor(shape: Shape([rows, range.count]), values: values),
      bias: Tensor(shape: Shape([rows]), values: Array(network.biases(of: layer))))
  }

  /// Columns of the first layer's weights as rows of a table.
  private static func table(_ network: DenseNetwork, columns range: Range<Int>) throws(GraphError) -> Tensor {
    let (columns, rows) = (network.widths[0], network.widths[1])
    let weights = Array(network.weights(of: 0))
    let values = range.flatMap { column in (0..<rows).map { weights[$0 * columns + column] } }
    return try Tensor(shape: Shape([range.count, rows]), values: values)
  }
}
