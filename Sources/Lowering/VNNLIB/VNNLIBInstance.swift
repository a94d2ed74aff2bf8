import ModelFormats
package import TensorGraph

/// A network and a VNN-LIB file, read from their bytes, with a question for each box of inputs.
package struct VNNLIBInstance: Sendable {
  /// The network.
  package let graph: Graph
  /// The boxes that are not empty, in the file's order.
  package let queries: [VNNLIBQuery]

  /// Reads both files.
  ///
  /// - Parameters:
  ///   - network: ONNX.
  ///   - property: VNN-LIB 1.0.
  ///   - networkFile: The file as the user named it, for messages; likewise `propertyFile`.
  /// - Throws: `ModelFormatError` for the network, `VNNLIBError` for the property and where the two do not fit.
  package init(
    network: [UInt8], named networkFile: String, property: [UInt8], named propertyFile: String
  ) throws {
    graph = try ONNXReader.graph(from: network, file: networkFile)
    let problem = try VNNLIBParser.parse(property, file: propertyFile)
    queries = try VNNLIBLowering.queries(problem, network: graph, file: propertyFile)
  }
}
