import SwiftProtobuf
package import TensorGraph

/// Reads ONNX networks.
///
/// Weights become the exact dyadic numbers that the file holds, operators the real functions that the ONNX
/// specification names. A dynamic first extent of an input is the batch and becomes 1. int64 inputs become
/// index inputs. Whatever the reader cannot represent exactly is an error, never an approximation.
///
/// Source: ONNX specification (onnx.ai), IR versions 3 to 14, operator sets 7 to 28 of the default domain.
package enum ONNXReader {
  /// Operator-set versions of the default domain that are read.
  package static let operatorSets = 7...28
  /// File format versions that are read.
  package static let formatVersions = 3...14

  /// Operators that are read, sorted by name.
  package static var supportedOperators: [String] { OperatorTable.names }

  /// The graph of a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: the file as the user named it, for messages.
  package static func graph(from bytes: [UInt8], file: String) throws(ModelFormatError) -> Graph {
    try network(from: bytes, file: file).graph
  }

  /// What is read of a file.
  package struct Network: Sendable {
    /// The function that it denotes.
    package let graph: Graph
    /// The first node whose operator stands in the graph as several or folded ones with roundings of their own, so that
    /// the graph does not say how a program computes it; nil where there is none.
    package let rewritten: String?
    /// The first name of a value in half precision, in which programs do not compute in binary32; nil where there is none.
    package let halfValue: String?

    /// Why the graph does not say what a program of single precision makes of the network; nil where it does.
    package var obstacleToSinglePrecision: String? {
      if let rewritten { return "\(rewritten) computes in a way that the graph does not show" }
      return halfValue.map { "value \(quoted($0)) is in half precision" }
    }
  }

  /// The network of a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: the file as the user named it, for messages.
  ///   - weights: what becomes of the numbers that the file holds.
  ///   - folding: what is computed at once from constants.
  package static func network(
    from bytes: [UInt8], file: String, weights: WeightFormat = .stored,
    folding: GraphBuilder.Folding = .exact
  ) throws(ModelFormatError) -> Network {
    guard !bytes.isEmpty else { throw ModelFormatError(.malformed, file: file, problem: "is empty") }
    let model: WireModel
    do {
      var options = BinaryDecodingOptions()
      options.discardUnknownFields = true
      options.messageDepthLimit = 32
      model = try WireModel(serializedBytes: bytes, options: options)
    } catch {
      throw ModelFormatError(
        .malformed, file: file, problem: "is not an ONNX file or is damaged or cut short",
        fix: "export the model again")
    }
    let operatorSet = try checkHeader(model, file: file)
    var network = try NetworkImport(
      model.graph, operatorSet: operatorSet, format: Int(model.irVersion), file: file, weights: weights,
      folding: folding)
    let graph = try network.run(model.graph)
    return Network(graph: graph, rewritten: network.rewritten, halfValue: network.halfValue)
  }

  /// The graph of the file at a path.
  package static func graph(contentsOf path: String) throws(ModelFormatError) -> Graph {
    try graph(from: ModelFile.bytes(at: path), file: path)
  }

  /// Checks versions and refuses what changes the meaning of the whole file; returns the operator set.
  private static func checkHeader(_ model: WireModel, file: String) throws(ModelFormatError) -> Int {
    guard model.hasGraph else {
      throw ModelFormatError(
        .malformed, file: file, problem: "holds no network", fix: "export the model again")
    }
    guard let format = Int(exactly: model.irVersion), formatVersions.contains(format) else {
      throw ModelFormatError(
        .unsupportedVersion, file: file, problem: "has the ONNX format version \(model.irVersion)",
        fix: "use a version in \(formatVersions.lowerBound) to \(formatVersions.upperBound)")
    }
    for (feature, count) in [
      ("local functions", model.functions.count), ("training information", model.trainingInfo.count),
      ("sparse weights", model.graph.sparseInitializer.count),
      ("quantisation annotations", model.graph.quantizationAnnotation.count),
    ] where count > 0 {
      throw ModelFormatError(
        .unsupportedFeature, file: file, problem: "uses \(feature)", fix: "export a plain inference network")
    }
    let versions = Set(model.opsetImport.filter { isDefaultDomain($0.domain) }.map(\.version))
    guard versions.count <= 1 else {
      throw ModelFormatError(
        .ambiguous, file: file, problem: "names the operator sets \(versions.sorted())", fix: "name one")
    }
    guard let version = versions.first else {
      throw ModelFormatError(
        .unsupportedVersion, file: file, problem: "names no operator set of the default domain")
    }
    guard let operatorSet = Int(exactly: version), operatorSets.contains(operatorSet) else {
      throw ModelFormatError(
        .unsupportedVersion, file: file, problem: "uses the operator set \(version)",
        fix: "use a version in \(operatorSets.lowerBound) to \(operatorSets.upperBound)")
    }
    return operatorSet
  }
}

/// The default operator domain has two spellings.
func isDefaultDomain(_ domain: String) -> Bool { domain.isEmpty || domain == "ai.onnx" }
