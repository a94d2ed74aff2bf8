import TensorGraph

extension NetworkExport {
  /// Real inputs have the element type of the file, index inputs are int64.
  mutating func exportInput(_ input: Input, shape: Shape) {
    wire.input.append(
      valueInfo(input.name, type: input.kind == .real ? elementType : .int64, extents: shape.extents))
  }

  /// The declaration of an input or output.
  func valueInfo(_ name: String, type: ONNXElementType, extents: [Int]) -> WireValueInfo {
    var info = WireValueInfo()
    info.name = name
    info.type.tensorType.elemType = type.rawValue
    info.type.tensorType.shape.dim = extents.map { extent in
      var wire = WireExtent()
      wire.dimValue = Int64(extent)
      return wire
    }
    // A scalar has a shape without axes, which is not the same as no shape.
    if extents.isEmpty { info.type.tensorType.shape = WireExtents() }
    return info
  }
}
