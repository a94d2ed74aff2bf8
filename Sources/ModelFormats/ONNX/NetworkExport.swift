import Foundation
import TensorGraph

/// Writes the nodes of one graph into the network of a file.
struct NetworkExport {
  let graph: Graph
  let elementType: ONNXElementType
  /// Version of the operators that are written.
  let operatorSet: Int
  var wire = WireNetwork()
  /// Name of each node's value in the file.
  private(set) var names: [String] = []
  /// Whether a node holds an index rather than real numbers.
  private(set) var isIndex: [Bool] = []
  /// First part of the names of constants and intermediate values of the node at hand; collides with no input
  /// or output.
  private(set) var base = ""
  private var prefix = "v"
  private var constants: [ConstantKey: String] = [:]
  private let file: String

  /// Constants are shared by bit pattern: equal doubles of different sign are different constants.
  private struct ConstantKey: Hashable {
    let extents: [Int]
    let bits: [UInt64]
    let isInteger: Bool
  }

  init(_ graph: Graph, elementType: ONNXElementType, operatorSet: Int, file: String) {
    self.operatorSet = operatorSet
    self.graph = graph
    self.elementType = elementType
    self.file = file
  }

  /// The finished network.
  mutating func run(outputNames: [String]) throws(ModelFormatError) -> WireNetwork {
    wire.name = "dspec"
    try nameValues(outputNames)
    for position in graph.inputs {
      if case .input(let input) = graph.nodes[position].operation {
        exportInput(input, shape: graph.nodes[position].shape)
      }
    }
    for position in graph.nodes.indices { try export(position) }
    for (position, name) in zip(graph.outputs, outputNames) {
      guard !isIndex[position] else {
        throw error(.unsupportedFeature, place: name, "the output holds an index, not real numbers")
      }
      if names[position] != name { add(node: "Identity", inputs: [names[position]], output: name) }
      wire.output.append(valueInfo(name, type: elementType, extents: graph.nodes[position].shape.extents))
    }
    return wire
  }

  /// Chooses names that collide with no input: `v` and the position, or the output's name.
  private mutating func nameValues(_ outputNames: [String]) throws(ModelFormatError) {
    let inputNames = Set(graph.inputSignature.map(\.input.name))
    guard outputNames.count == graph.outputs.count, Set(outputNames).count == outputNames.count,
      outputNames.allSatisfy({ !$0.isEmpty }), inputNames.isDisjoint(with: outputNames)
    else {
      throw error(.duplicateName, place: "", "output names are empty, repeated or names of inputs")
    }
    guard !inputNames.contains("") else { throw error(.missingValue, place: "", "an input has no name") }
    while inputNames.union(outputNames).contains(where: { $0.hasPrefix(prefix) }) { prefix += "_" }
    names = graph.nodes.enumerated().map { [prefix] position, node in
      if case .input(let input) = node.operation { return input.name }
      return "\(prefix)\(position)"
    }
    for (position, name) in zip(graph.outputs, outputNames) where names[position].hasPrefix(prefix) {
      names[position] = name
    }
    isIndex = []
    for node in graph.nodes {
      switch node.operation {
      case .input(let input): isIndex.append(input.kind == .index)
      case .reshape: isIndex.append(isIndex[node.operands[0]])
      default: isIndex.append(false)
      }
    }
  }

  private mutating func export(_ position: Int) throws(ModelFormatError) {
    let node = graph.nodes[position]
    let name = names[position]
    base = "\(prefix)\(position)"
    let takesIndex: Bool
    switch node.operation {
    case .gather, .reshape: takesIndex = true
    default: takesIndex = false
    }
    guard takesIndex || node.operands.allSatisfy({ !isIndex[$0] }) else {
      throw error(.unsupportedFeature, place: name, "\(node.operation.name) is applied to an index")
    }
    switch node.operation {
    case .input: break
    case .constant(let tensor): try exportConstant(tensor, as: name)
    case .linear(let linear): try exportLinear(linear, node.operands[0], as: name)
    case .sparse(let map): try exportSparse(map, node.operands[0], as: name)
    case .add: exportAdd(node.operands, as: name)
    case .multiply: exportMultiply(node.operands, as: name)
    case .divide(let divisor): try exportDivide(divisor, node.operands[0], as: name)
    case .scale(let factor): try exportScale(factor, node.operands[0], as: name)
    case .relu: exportReLU(node.operands[0], as: name)
    case .maximum(let maximum): exportMax(maximum, node.operands[0], as: name)
    case .sign: exportSign(node.operands[0], as: name)
    case .clip(let clip): try exportClip(clip, node.operands[0], as: name)
    case .smooth(let function): try exportSmooth(function, node.operands[0], as: name)
    case .softmax(let softmax): exportSoftmax(softmax, node.operands[0], shape: node.shape, as: name)
    case .normalize(let normalization):
      try exportNormalize(normalization, node.operands[0], shape: node.shape, as: name)
    case .gather: try exportGather(node.operands, as: name)
    case .reshape(let shape): exportReshape(shape, node.operands[0], as: name)
    case .concat(let axis): exportConcat(axis: axis, node.operands, as: name)
    }
  }

  // MARK: What operator rules use

  /// An error at a value of the graph.
  func error(_ code: ModelFormatError.Code, place: String, _ problem: String, fix: String = "")
    -> ModelFormatError
  {
    ModelFormatError(
      code, file: file, place: place.isEmpty ? "" : "value \(quoted(place))", problem: problem, fix: fix)
  }

  /// Appends a node with one result.
  mutating func add(
    node operation: String, inputs: [String], output: String, attributes: [WireAttribute] = []
  ) {
    var node = WireNode()
    node.opType = operation
    node.name = "\(operation)_\(output)"
    node.input = inputs
    node.output = [output]
    node.attribute = attributes
    wire.node.append(node)
  }

  /// Appends an initialiser of real numbers, or finds an equal one; returns its name.
  mutating func add(
    constant values: [Double], extents: [Int], name: String, place: String
  ) throws(ModelFormatError) -> String {
    let key = ConstantKey(extents: extents, bits: values.map(\.bitPattern), isInteger: false)
    if let known = constants[key] { return known }
    wire.initializer.append(try weights(values, extents: extents, name: name, place: place))
    constants[key] = name
    return name
  }

  /// Appends an initialiser that lists integers, or finds an equal one; returns its name.
  mutating func add(integers values: [Int], name: String) -> String {
    let bits = values.map { UInt64(bitPattern: Int64($0)) }
    let key = ConstantKey(extents: [values.count], bits: bits, isInteger: true)
    if let known = constants[key] { return known }
    var weights = WireWeights()
    weights.name = name
    weights.dataType = ONNXElementType.int64.rawValue
    weights.dims = [Int64(values.count)]
    weights.rawData = payload(bits)
    wire.initializer.append(weights)
    constants[key] = name
    return name
  }

  /// A tensor of the file's element type.
  ///
  /// - Throws: `notRepresentable` when a number has no exact value of that type.
  func weights(
    _ values: [Double], extents: [Int], name: String, place: String
  ) throws(ModelFormatError) -> WireWeights {
    var weights = WireWeights()
    weights.name = name
    weights.dataType = elementType.rawValue
    weights.dims = extents.map { Int64($0) }
    if elementType == .float64 {
      weights.rawData = payload(values.map(\.bitPattern))
      return weights
    }
    var words: [UInt32] = []
    words.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      let single = Float(value)
      guard Double(single) == value else {
        throw error(
          .notRepresentable, place: place,
          "element \(index) of `\(name)` is \(value), which is not a float32",
          fix: "round the weights to float32, or write float64")
      }
      words.append(single.bitPattern)
    }
    weights.rawData = payload(words)
    return weights
  }

  /// Words as little-endian bytes.
  private func payload<Word: FixedWidthInteger>(_ words: [Word]) -> Data {
    var data = Data(capacity: words.count * MemoryLayout<Word>.size)
    for word in words { withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }
}
