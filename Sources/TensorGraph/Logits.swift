extension Graph {
  /// The graph of the argument of a final logistic function, or nil when the graph does not end in one.
  ///
  /// The logistic function is strictly increasing, so that comparisons of its value with a constant, and of its
  /// values with each other, are comparisons of its arguments.
  package var logits: Graph? {
    guard outputs.count == 1 else { return nil }
    var position = outputs[0]
    while case .reshape = nodes[position].operation { position = nodes[position].operands[0] }
    guard case .smooth(.sigmoid) = nodes[position].operation else { return nil }
    return Graph(nodes: nodes, inputs: inputs, outputs: [nodes[position].operands[0]])
  }
}
