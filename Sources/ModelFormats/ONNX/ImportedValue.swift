import TensorGraph

/// What a name of a file stands for during import.
enum ImportedValue {
  /// Real numbers that depend on an input: the node that holds them and the shape that the file gives them,
  /// which may differ from the node's by leading axes of extent one.
  case real(position: Int, shape: Shape, type: ONNXElementType)
  /// Real numbers known at import.
  case constant(Tensor, type: ONNXElementType)
  /// An index that the caller of the network chooses.
  case index(position: Int, shape: Shape)
  /// Integers known at import.
  case integers(IntegerConstant)

  /// Element type in the file.
  var type: ONNXElementType {
    switch self {
    case .real(_, _, let type), .constant(_, let type): return type
    case .index, .integers: return .int64
    }
  }

  /// Extents in the file.
  var extents: [Int] {
    switch self {
    case .real(_, let shape, _), .index(_, let shape): return shape.extents
    case .constant(let tensor, _): return tensor.shape.extents
    case .integers(let constant): return constant.extents
    }
  }

  /// The tensor of real numbers known at import.
  var tensor: Tensor? {
    if case .constant(let tensor, _) = self { return tensor }
    return nil
  }
}

/// A value with the name under which a node refers to it; the name is empty for a value that import derives.
struct ImportedOperand {
  let name: String
  let value: ImportedValue

  init(name: String, value: ImportedValue) {
    self.name = name
    self.value = value
  }

  /// A value that import derives.
  init(derived value: ImportedValue) { self.init(name: "", value: value) }
}
