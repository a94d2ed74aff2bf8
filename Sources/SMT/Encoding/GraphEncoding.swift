package import TensorGraph

/// A piecewise-linear graph as terms.
///
/// Theorem: under every assignment of the input symbols, the term of an element has the value that the real
/// semantics of the graph gives the element. Weights enter as the exact rationals that they are, and case
/// distinctions as `ite`, so that no bound on any value is assumed.
///
/// Each element that Linear, Sparse, Add, ReLU, Max, Sign or Clip computes gets a symbol of its own, named after operator, node
/// and element; the other operators only pass terms on.
package struct GraphEncoding: Sendable {
  /// Symbols of each input of the graph, in order.
  package let inputs: [[RealTerm]]
  /// Terms of each result of the graph, in order.
  package let outputs: [[RealTerm]]
  /// Terms of each node's elements.
  package let elements: [[RealTerm]]

  /// Encodes a graph over new input symbols.
  ///
  /// - Throws: `EncodingError.unsupportedOperator` when an operator has no exact encoding.
  package init(_ graph: Graph, in terms: inout TermStore) throws(EncodingError) {
    var elements: [[RealTerm]] = []
    elements.reserveCapacity(graph.nodes.count)
    for (position, node) in graph.nodes.enumerated() {
      let values = try node.operation.encoded(
        OperatorSite(graph: graph, position: position, operands: node.operands.map { elements[$0] }), &terms)
      elements.append(values)
    }
    self.elements = elements
    inputs = graph.inputs.map { elements[$0] }
    outputs = graph.outputs.map { elements[$0] }
  }
}

/// Where an operator is applied.
struct OperatorSite {
  let graph: Graph
  let position: Int
  /// Terms of the operands' elements.
  let operands: [[RealTerm]]

  var node: Graph.Node { graph.nodes[position] }
  /// Shapes of the operands.
  var shapes: [Shape] { node.operands.map { graph.nodes[$0].shape } }

  /// Gives each element a symbol of its own.
  func named(_ values: [RealTerm], _ terms: inout TermStore) -> [RealTerm] {
    let prefix = "\(node.operation.name.lowercased())\(position)_"
    var symbols: [RealTerm] = []
    symbols.reserveCapacity(values.count)
    for (element, value) in values.enumerated() {
      symbols.append(terms.define(like: prefix + String(element), value))
    }
    return symbols
  }

  func unsupported(_ problem: String) -> EncodingError {
    .unsupportedOperator(name: node.operation.name, node: position, problem: problem)
  }
}

extension Operation {
  /// Terms of the elements of the operator's value.
  fileprivate func encoded(_ site: OperatorSite, _ terms: inout TermStore) throws(EncodingError) -> [RealTerm]
  {
    switch self {
    case .input(let input): return try encodeInput(input, at: site, &terms)
    case .constant(let tensor): return encodeConstant(tensor, &terms)
    case .linear(let linear): return encodeLinear(linear, at: site, &terms)
    case .sparse(let map): return encodeSparse(map, at: site, &terms)
    case .add: return encodeAdd(at: site, &terms)
    case .multiply: throw encodeMultiply(at: site)
    case .scale(let factor): return encodeScale(factor, at: site, &terms)
    case .divide(let divisor): return encodeDivide(divisor, at: site, &terms)
    case .relu: return encodeReLU(at: site, &terms)
    case .maximum(let maximum): return encodeMax(maximum, at: site, &terms)
    case .sign: return encodeSign(at: site, &terms)
    case .clip(let clip): return encodeClip(clip, at: site, &terms)
    case .smooth(let function): throw encodeSmooth(function, at: site)
    case .softmax: throw encodeSoftmax(at: site)
    case .normalize: throw encodeNormalize(at: site)
    case .gather: return try encodeGather(at: site, terms)
    case .reshape: return encodeReshape(at: site)
    case .concat(let axis): return encodeConcat(axis: axis, at: site)
    }
  }
}
