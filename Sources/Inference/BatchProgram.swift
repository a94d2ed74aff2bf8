package import TensorGraph

/// A graph ready for fast evaluation of batches in double precision, with gradients.
///
/// Sums are taken in whatever order OpenBLAS likes: values are close to the exact ones but bound nothing.
/// Buffers are kept from call to call; copy the program for use by another task.
package struct BatchProgram: Sendable {
  /// Numbers of one item: the elements of all inputs of the graph, in order; an index is one number.
  package let inputCount: Int
  /// Numbers of one result: the elements of all outputs of the graph, in order.
  package let outputCount: Int

  let nodes: [Graph.Node]
  private let inputs: [Int]
  private let outputs: [Int]
  /// Largest index of every table that an index input selects from, by node; checked before a run.
  private let indexLimits: [Int: Int]
  private var buffers: BatchBuffers

  /// Takes a graph; every operator has a meaning here.
  package init(_ graph: Graph) {
    nodes = graph.nodes
    inputs = graph.inputs
    outputs = graph.outputs
    inputCount = graph.inputs.reduce(0) { $0 + graph.nodes[$1].shape.count }
    outputCount = graph.outputs.reduce(0) { $0 + graph.nodes[$1].shape.count }
    indexLimits = Self.indexLimits(graph)
    buffers = BatchBuffers(nodeCount: graph.nodes.count)
  }

  /// Results of a batch, `outputCount` numbers for each item.
  ///
  /// - Parameter arguments: `inputCount` numbers for each item.
  /// - Throws: `GraphError.shape` unless there are `batch * inputCount` finite or infinite numbers,
  ///   `GraphError.reference` when an index lies outside its table.
  package mutating func values(inputs arguments: [Double], batch: Int) throws(GraphError) -> [Double] {
    try load(arguments, batch: batch)
    run()
    return gather(from: outputs, width: outputCount) { $0.values }
  }

  /// Results of a batch and the gradient of `sum of upstream * results` with respect to the inputs.
  ///
  /// At kinks the derivative is the one towards the flat side; index inputs have gradient zero.
  ///
  /// - Parameter upstream: `outputCount` numbers for each item.
  /// - Throws: as `values(inputs:batch:)`.
  package mutating func gradient(
    inputs arguments: [Double], batch: Int, upstream: [Double]
  ) throws(GraphError) -> (values: [Double], inputGradients: [Double]) {
    let (wanted, overflow) = batch.multipliedReportingOverflow(by: outputCount)
    guard !overflow, upstream.count == wanted else {
      throw GraphError.shape(
        "\(upstream.count) numbers are no gradient of \(batch) results of \(outputCount)")
    }
    let results = try values(inputs: arguments, batch: batch)
    for position in nodes.indices {
      buffers.clearFlow(at: position, count: batch * nodes[position].shape.count)
    }
    seed(upstream)
    for position in nodes.indices.reversed() { reverse(position) }
    return (results, gather(from: inputs, width: inputCount) { $0.flows })
  }

  private mutating func load(_ arguments: [Double], batch: Int) throws(GraphError) {
    let (wanted, overflow) = batch.multipliedReportingOverflow(by: inputCount)
    guard batch >= 0, !overflow, arguments.count == wanted else {
      throw GraphError.shape(
        "\(arguments.count) numbers are no batch of \(batch) items of \(inputCount) numbers")
    }
    buffers.batch = batch
    var offset = 0
    for position in inputs {
      let count = nodes[position].shape.count
      var block: [Double] = []
      block.reserveCapacity(batch * count)
      for item in 0..<batch {
        block += arguments[item * inputCount + offset..<item * inputCount + offset + count]
      }
      if let limit = indexLimits[position] {
        for value in block where !(value >= 0 && value <= Double(limit) && value == value.rounded()) {
          throw GraphError.reference("the index \(value) is not one of 0 to \(limit)")
        }
      }
      buffers.values[position] = block
      offset += count
    }
  }

  private mutating func run() {
    for (position, node) in nodes.enumerated() {
      if case .input = node.operation { continue }
      let count = buffers.batch * node.shape.count
      var output = buffers.takeValue(at: position, count: count)
      forward(node, into: &output)
      buffers.values[position] = output
    }
  }

  private func forward(_ node: Graph.Node, into output: inout [Double]) {
    switch node.operation {
    case .input: break
    case .constant(let tensor): constantValues(tensor, batch: buffers.batch, into: &output)
    case .linear(let linear):
      linearValues(linear, buffers.values[node.operands[0]], batch: buffers.batch, into: &output)
    case .sparse(let map):
      sparseValues(map, buffers.values[node.operands[0]], batch: buffers.batch, into: &output)
    case .add: addValues(buffers.values[node.operands[0]], buffers.values[node.operands[1]], into: &output)
    case .multiply:
      multiplyValues(buffers.values[node.operands[0]], buffers.values[node.operands[1]], into: &output)
    case .divide(let divisor): divideValues(buffers.values[node.operands[0]], by: divisor, into: &output)
    case .scale(let factor): scaleValues(buffers.values[node.operands[0]], by: factor, into: &output)
    case .relu: reluValues(buffers.values[node.operands[0]], into: &output)
    case .maximum(let maximum): maximumValues(maximum, buffers.values[node.operands[0]], into: &output)
    case .sign: signValues(buffers.values[node.operands[0]], into: &output)
    case .clip(let clip): clipValues(clip, buffers.values[node.operands[0]], into: &output)
    case .smooth(let function):
      smoothValues(function, buffers.values[node.operands[0]], into: &output)
    case .softmax(let softmax):
      softmaxValues(softmax, buffers.values[node.operands[0]], into: &output)
    case .normalize(let normalization):
      normalizeValues(normalization, buffers.values[node.operands[0]], into: &output)
    case .gather:
      gatherValues(
        table: buffers.values[node.operands[0]], indices: buffers.values[node.operands[1]],
        shape: nodes[node.operands[0]].shape, batch: buffers.batch, into: &output)
    case .reshape: reshapeValues(buffers.values[node.operands[0]], into: &output)
    case .concat(let axis):
      concatValues(
        node.operands.map { buffers.values[$0] }, shapes: node.operands.map { nodes[$0].shape }, axis: axis,
        batch: buffers.batch, into: &output)
    }
  }

  /// Adds to the flows of the operands of a node what the flow of its value gives them.
  private mutating func reverse(_ position: Int) {
    let node = nodes[position]
    let operands = node.operands
    let (flow, batch) = (buffers.flows[position], buffers.batch)
    switch node.operation {
    case .input, .constant, .sign: break
    case .linear(let linear): linearFlow(linear, flow, batch: batch, into: &buffers.flows[operands[0]])
    case .sparse(let map): sparseFlow(map, flow, batch: batch, into: &buffers.flows[operands[0]])
    case .add: for operand in operands { addFlow(flow, into: &buffers.flows[operand]) }
    case .multiply:
      for (operand, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
        multiplyFlow(flow, by: buffers.values[other], into: &buffers.flows[operand])
      }
    case .divide(let divisor): divideFlow(flow, by: divisor, into: &buffers.flows[operands[0]])
    case .scale(let factor): scaleFlow(flow, by: factor, into: &buffers.flows[operands[0]])
    case .relu: reluFlow(flow, at: buffers.values[operands[0]], into: &buffers.flows[operands[0]])
    case .clip(let clip):
      clipFlow(clip, flow, at: buffers.values[operands[0]], into: &buffers.flows[operands[0]])
    case .smooth(let function):
      smoothFlow(function, flow, at: buffers.values[operands[0]], into: &buffers.flows[operands[0]])
    case .maximum(let maximum):
      maximumFlow(maximum, flow, at: buffers.values[operands[0]], into: &buffers.flows[operands[0]])
    case .softmax(let softmax):
      softmaxFlow(softmax, flow, values: buffers.values[position], into: &buffers.flows[operands[0]])
    case .normalize(let normalization):
      normalizeFlow(
        normalization, flow, at: buffers.values[operands[0]], values: buffers.values[position],
        into: &buffers.flows[operands[0]])
    case .gather:
      gatherFlow(
        flow, indices: buffers.values[operands[1]], shape: nodes[operands[0]].shape, batch: batch,
        into: &buffers.flows[operands[0]])
    case .reshape: reshapeFlow(flow, into: &buffers.flows[operands[0]])
    case .concat(let axis):
      for (index, operand) in operands.enumerated() {
        concatFlow(
          flow, operand: index, shapes: operands.map { nodes[$0].shape }, axis: axis, batch: batch,
          into: &buffers.flows[operand])
      }
    }
  }

  private mutating func seed(_ upstream: [Double]) {
    var offset = 0
    for position in outputs {
      let count = nodes[position].shape.count
      for item in 0..<buffers.batch {
        for index in 0..<count {
          buffers.flows[position][item * count + index] += upstream[item * outputCount + offset + index]
        }
      }
      offset += count
    }
  }

  private func gather(from positions: [Int], width: Int, _ choose: (BatchBuffers) -> [[Double]]) -> [Double] {
    let source = choose(buffers)
    if positions.count == 1 { return source[positions[0]] }
    var result: [Double] = []
    result.reserveCapacity(buffers.batch * width)
    for item in 0..<buffers.batch {
      for position in positions {
        let count = nodes[position].shape.count
        result += source[position][item * count..<(item + 1) * count]
      }
    }
    return result
  }

  private static func indexLimits(_ graph: Graph) -> [Int: Int] {
    var source: [Int: Int] = [:]
    var limits: [Int: Int] = [:]
    for (position, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .input: source[position] = position
      case .reshape: source[position] = source[node.operands[0]]
      case .gather:
        if let input = source[node.operands[1]] {
          let rows = graph.nodes[node.operands[0]].shape.extents[0]
          limits[input] = min(limits[input] ?? rows - 1, rows - 1)
        }
      default: break
      }
    }
    return limits
  }
}

/// Values and gradients of every node for a batch, item by item.
struct BatchBuffers: Sendable {
  var values: [[Double]]
  var flows: [[Double]]
  var batch = 0

  init(nodeCount: Int) {
    values = [[Double]](repeating: [], count: nodeCount)
    flows = values
  }

  /// Moves a buffer of the right size out, so that writing to it copies nothing.
  mutating func takeValue(at position: Int, count: Int) -> [Double] {
    var buffer = values[position]
    values[position] = []
    if buffer.count != count { buffer = [Double](repeating: 0, count: count) }
    return buffer
  }

  mutating func clearFlow(at position: Int, count: Int) {
    if flows[position].count != count {
      flows[position] = [Double](repeating: 0, count: count)
    } else {
      for index in 0..<count { flows[position][index] = 0 }
    }
  }
}
