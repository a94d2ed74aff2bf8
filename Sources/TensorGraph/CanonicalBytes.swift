/// A byte sequence that determines a value: equal values have equal bytes, different values different bytes.
package struct ByteWriter: Sendable {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty writer.
  package init() {}

  /// Appends one byte.
  package mutating func byte(_ value: UInt8) { bytes.append(value) }

  /// Appends a count or a position, as eight bytes, least significant first.
  package mutating func integer(_ value: Int) { word(UInt64(bitPattern: Int64(value))) }

  /// Appends a double by its bit pattern.
  package mutating func double(_ value: Double) { word(value.bitPattern) }

  /// Appends a text with its length in front.
  package mutating func text(_ value: String) {
    integer(value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }

  /// Appends bytes with their count in front.
  package mutating func block(_ value: [UInt8]) {
    integer(value.count)
    bytes.append(contentsOf: value)
  }

  private mutating func word(_ value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}

extension Graph {
  /// Canonical bytes of structure and constants.
  ///
  /// Every node starts with its operator's name, so that no two operators share an encoding.
  package var canonicalBytes: [UInt8] {
    var writer = ByteWriter()
    writer.text("dspec graph 1")
    writer.integer(nodes.count)
    for node in nodes {
      writer.text(node.operation.canonicalName)
      writer.integer(node.operands.count)
      for operand in node.operands { writer.integer(operand) }
      writer.shape(node.shape)
      switch node.operation {
      case .input(let input):
        writer.text(input.name)
        writer.byte(input.kind == .real ? 0 : 1)
      case .constant(let tensor): writer.tensor(tensor)
      case .linear(let linear):
        writer.tensor(linear.weights)
        writer.tensor(linear.bias)
      case .sparse(let map): writer.sparse(map)
      case .scale(let factor): writer.double(factor)
      case .divide(let divisor): writer.double(divisor.value)
      case .clip(let clip):
        writer.double(clip.lower)
        writer.double(clip.upper)
      case .concat(let axis): writer.integer(axis)
      case .maximum(let maximum): writer.integer(maximum.size)
      case .softmax(let softmax):
        writer.integer(softmax.size)
        writer.byte(softmax.isLogarithm ? 1 : 0)
      case .normalize(let normalization):
        writer.integer(normalization.size)
        writer.double(normalization.epsilon)
      // The name of a smooth function says all of it.
      case .add, .multiply, .relu, .sign, .smooth, .gather, .reshape: break
      }
    }
    for list in [inputs, outputs] {
      writer.integer(list.count)
      for position in list { writer.integer(position) }
    }
    return writer.bytes
  }
}

extension Operation {
  /// The operator's name, and one of its own where an allowance follows.
  fileprivate var canonicalName: String {
    if case .sparse(let map) = self, map.allowance != nil { return "RoundedSparse" }
    return name
  }
}

extension ByteWriter {
  mutating func shape(_ shape: Shape) {
    integer(shape.extents.count)
    for extent in shape.extents { integer(extent) }
  }

  /// The result's shape stands before; what is left is the operand's count, the rows with their biases, and
  /// the allowance, which the operator's name announces.
  mutating func sparse(_ map: SparseMap) {
    integer(map.inputCount)
    for row in map.bias.indices {
      let entries = map.entries(row)
      integer(entries.count)
      for entry in entries {
        integer(Int(map.columns[entry]))
        double(map.weights[entry])
      }
      double(map.bias[row])
    }
    guard let allowance = map.allowance else { return }
    integer(allowance.roundings)
    for size in allowance.sizes { double(size) }
  }

  mutating func tensor(_ tensor: Tensor) {
    shape(tensor.shape)
    for value in tensor.values { double(value) }
  }
}
