import SwiftProtobuf

/// How many weights an ONNX file holds, and of which types.
///
/// A weight is an element of a tensor of a floating type that is an initialiser of the graph or the `value` of a `Constant`
/// node, since exporters put tables into either; tensors of other types are shapes and indices.
package struct WeightInventory: Hashable, Sendable {
  /// The number of weights.
  package private(set) var count = 0
  /// Their element types by the names of the ONNX specification.
  package private(set) var types: Set<String> = []

  /// An inventory of nothing.
  package init() {}

  /// The inventory of a file, or nil where the bytes are no ONNX file or the extents of a tensor make no number.
  package init?(of bytes: [UInt8]) {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    options.messageDepthLimit = 32
    guard let model = try? WireModel(serializedBytes: bytes, options: options), model.hasGraph else {
      return nil
    }
    let constants = model.graph.node.filter { $0.opType == "Constant" && isDefaultDomain($0.domain) }
      .flatMap(\.attribute).filter { $0.name == "value" && $0.hasT }.map(\.t)
    for tensor in model.graph.initializer + constants {
      guard let type = Self.floatingTypes[tensor.dataType] else { continue }
      var elements = 1
      for extent in tensor.dims {
        let (product, overflows) = elements.multipliedReportingOverflow(by: Int(extent))
        guard extent >= 0, !overflows else { return nil }
        elements = product
      }
      guard add(elements) else { return nil }
      types.insert(type)
    }
  }

  /// Adds what another file holds; false where the numbers grow too large.
  package mutating func add(_ other: WeightInventory) -> Bool {
    types.formUnion(other.types)
    return add(other.count)
  }

  private mutating func add(_ elements: Int) -> Bool {
    let (sum, overflows) = count.addingReportingOverflow(elements)
    // Counts of a certificate stay below 2^53.
    guard !overflows, sum < 1 << 53 else { return false }
    count = sum
    return true
  }

  /// Floating types by their code, IR version 10.
  private static let floatingTypes: [Int32: String] = [
    1: "float32", 10: "float16", 11: "float64", 16: "bfloat16", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
    19: "float8e5m2", 20: "float8e5m2fnuz", 23: "float4e2m1",
  ]
}
