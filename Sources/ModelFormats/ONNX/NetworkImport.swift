import TensorGraph

/// Builds the graph of one network, node by node.
///
/// INVARIANT: every name in `values` was defined before the node at hand, so a name is resolved or an error.
struct NetworkImport {
  /// Version of the default domain's operators.
  let operatorSet: Int
  /// Version of the file format.
  let format: Int
  let file: String
  /// The graph so far.
  var builder: GraphBuilder
  /// What becomes of the numbers of the file.
  let weights: WeightFormat
  /// See `ONNXReader.Network.rewritten`.
  private(set) var rewritten: String?
  /// What every name defined so far stands for.
  var values: [String: ImportedValue] = [:]
  /// Names of values that mean different things to different programs, so that nothing may use them.
  var unusable: Set<String> = []
  /// Graph nodes of inputs and of the constants that are used as values.
  var positions: [String: Int] = [:]
  /// Transposed weights by name, so that layers that share weights share the transposed ones too.
  var transposed: [String: Tensor] = [:]
  /// Elements of all constants that import derived from others, see `ONNXLimits`.
  var derivedElements = 0
  /// Of these, integers.
  var derivedIntegers = 0
  /// Position in the file of the node that defines a name.
  let definitions: [String: Int]

  init(
    _ network: WireNetwork, operatorSet: Int, format: Int, file: String, weights: WeightFormat,
    folding: GraphBuilder.Folding
  ) throws(ModelFormatError) {
    builder = GraphBuilder(folding: folding)
    self.weights = weights
    self.operatorSet = operatorSet
    self.format = format
    self.file = file
    var definitions: [String: Int] = [:]
    for (index, node) in network.node.enumerated() {
      for name in node.output where !name.isEmpty {
        guard definitions.updateValue(index, forKey: name) == nil else {
          throw ModelFormatError(
            .duplicateName, file: file, place: "node \(index)", problem: "\(quoted(name)) is computed twice",
            fix: "give every value one name")
        }
      }
    }
    self.definitions = definitions
  }

  /// Imports everything and returns the finished graph.
  mutating func run(_ network: WireNetwork) throws(ModelFormatError) -> Graph {
    try addInitializers(network)
    try addInputs(network)
    for (index, wire) in network.node.enumerated() {
      let node = try ImportedNode(wire, index: index, operatorSet: operatorSet, file: file)
      for (name, result) in zip(wire.output, try results(of: node)) where !name.isEmpty {
        guard let value = result else {
          unusable.insert(name)
          continue
        }
        values[name] = value
        // A constant that the file places among its nodes keeps its place in the graph.
        if wire.opType == "Constant", case .constant(let tensor, _) = value {
          positions[name] = builder.constant(tensor)
        }
      }
    }
    return try finish(network)
  }

  /// The first name of a value in half precision.
  var halfValue: String? { values.filter { $0.value.type.isHalf }.keys.min() }

  /// What a node's outputs stand for, as many as it names.
  private mutating func results(of node: ImportedNode) throws(ModelFormatError) -> [ImportedValue?] {
    let wire = node.wire
    let results: [ImportedValue?]
    if let rule = OperatorTable.rules[wire.opType] {
      guard wire.output.count == 1, !wire.output[0].isEmpty else {
        throw node.error(.unsupportedFeature, "defines \(wire.output.count) values instead of one")
      }
      results = [try rule(&self, node)]
    } else if let rule = OperatorTable.partsRules[wire.opType] {
      results = try rule(&self, node)
    } else {
      throw node.error(
        .unsupportedOperator, "the operator is not supported",
        fix: "supported are \(OperatorTable.names.joined(separator: ", "))")
    }
    guard wire.output.count == results.count else {
      throw node.error(
        .malformed, "defines \(wire.output.count) values where the operator makes \(results.count)")
    }
    guard wire.output.contains(where: { !$0.isEmpty }) else {
      throw node.error(.malformed, "names none of its values")
    }
    return results
  }

  /// Keeps the first node whose operator the graph does not hold as it is computed.
  mutating func noteRewriting(of node: ImportedNode) { rewritten = rewritten ?? node.place }

  /// The node that holds real numbers under the shape that the file gives them.
  mutating func position(of operand: ImportedOperand) throws(GraphError) -> Int {
    switch operand.value {
    case .real(let position, let shape, _):
      if builder.shape(at: position) == shape { return position }
      return try builder.apply(.reshape(shape), [position])
    case .constant(let tensor, _):
      if let known = positions[operand.name] { return known }
      let position = builder.constant(tensor)
      if !operand.name.isEmpty { positions[operand.name] = position }
      return position
    case .index(let position, _): return position
    case .integers:
      throw GraphError.unsupported("integers \(quoted(operand.name)) stand where numbers are wanted")
    }
  }
}
