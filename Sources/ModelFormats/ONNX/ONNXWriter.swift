import SwiftProtobuf
package import TensorGraph

/// Writes graphs as ONNX networks: operator set 17 and format version 8, or 20 and 9 where an operator needs them; the
/// same bytes for the same graph.
///
/// Reading a written file gives the graph back, with its inputs moved to the front.
package struct ONNXWriter: Sendable {
  /// Element type of weights, inputs and outputs: float32 or float64.
  package let elementType: ONNXElementType

  /// Makes a writer; the element type must be one of the two.
  package init(elementType: ONNXElementType = .float32) {
    precondition(elementType == .float32 || elementType == .float64)
    self.elementType = elementType
  }

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - graph: what to write.
  ///   - outputNames: one name for each result; by default `output`, or `output_0`, `output_1`, ….
  ///   - file: the file as the user named it, for messages.
  /// - Throws: `notRepresentable` when a constant is not a number of the element type.
  package func bytes(
    of graph: Graph, outputNames: [String]? = nil, file: String
  ) throws(ModelFormatError) -> [UInt8] {
    // GELU is an operator since operator set 20.
    let isRecent = graph.nodes.contains {
      $0.operation == .smooth(.gelu) || $0.operation == .smooth(.tanhGELU)
    }
    var operatorSet = WireOperatorSet()
    operatorSet.version = isRecent ? 20 : 17
    var export = NetworkExport(
      graph, elementType: elementType, operatorSet: Int(operatorSet.version), file: file)
    var model = WireModel()
    model.irVersion = isRecent ? 9 : 8
    model.producerName = "dspec"
    model.opsetImport = [operatorSet]
    model.graph = try export.run(outputNames: outputNames ?? defaultNames(graph))
    do {
      return try model.serializedBytes()
    } catch {
      throw ModelFormatError(.tooLarge, file: file, problem: "exceeds the size of an ONNX file")
    }
  }

  private func defaultNames(_ graph: Graph) -> [String] {
    let taken = Set(graph.inputSignature.map(\.input.name))
    let names = graph.outputs.indices.map { graph.outputs.count == 1 ? "output" : "output_\($0)" }
    var suffix = ""
    while names.contains(where: { taken.contains($0 + suffix) }) { suffix += "_" }
    return names.map { $0 + suffix }
  }
}
