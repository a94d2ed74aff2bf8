import TensorGraph
package import VerificationProblem

/// The graphs of a question as a drawing for Graphviz.
package enum GraphDrawing {
  /// One cluster a case: operators with the shapes of their values, arrows from operands to operators.
  package static func dot(_ obligation: Obligation) -> String {
    var lines = ["digraph {", "  rankdir=TB", "  node [shape=box, fontname=\"sans-serif\", fontsize=10]"]
    for (index, item) in obligation.cases.enumerated() {
      let label = item.label.isEmpty ? obligation.name : "\(obligation.name): \(item.label)"
      lines.append("  subgraph cluster_\(index) {")
      lines.append("    label=\(quoted(label))")
      for (position, node) in item.graph.nodes.enumerated() {
        let isOutput = item.graph.outputs.contains(position)
        let text = "\(position): \(detail(node))\n\(node.shape)"
        lines.append(
          "    n\(index)_\(position) [label=\(quoted(text))\(isOutput ? ", style=bold" : "")]")
        for operand in node.operands { lines.append("    n\(index)_\(operand) -> n\(index)_\(position)") }
      }
      lines.append("  }")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  private static func detail(_ node: Graph.Node) -> String {
    switch node.operation {
    case .input(let input): return "Input \(input.name)"
    case .linear(let linear): return "Linear \(linear.outputCount) x \(linear.inputCount)"
    case .sparse(let map): return "Sparse \(map.bias.count) x \(map.inputCount), \(map.weights.count) weights"
    case .scale(let factor): return "Scale \(factor)"
    case .divide(let divisor): return "Divide \(divisor.value)"
    case .clip(let clip): return "Clip [\(clip.lower), \(clip.upper)]"
    case .maximum(let maximum): return "Max of \(maximum.size)"
    case .softmax(let softmax):
      return "\(softmax.isLogarithm ? "LogSoftmax" : "Softmax") of \(softmax.size)"
    case .normalize(let normalization):
      return "Normalize \(normalization.size), epsilon \(normalization.epsilon)"
    case .constant, .add, .multiply, .relu, .sign, .smooth, .gather, .reshape, .concat:
      return node.operation.name
    }
  }

  /// A text in quotes; a line end becomes the two characters that Graphviz reads as one.
  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
      "\n", with: "\\n")
    return "\"\(escaped)\""
  }
}
