/// One node of a file during import: its operands' names, its attributes, and errors that name it.
struct ImportedNode {
  let wire: WireNode
  /// File and place for messages.
  let file: String
  let place: String
  /// Operator-set version that gives the node its meaning.
  let operatorSet: Int
  private let attributes: [String: WireAttribute]

  /// Refuses foreign domains, subgraphs and everything else that has no counterpart in any operator.
  init(_ wire: WireNode, index: Int, operatorSet: Int, file: String) throws(ModelFormatError) {
    let label = wire.name.isEmpty ? "node \(index)" : "node \(quoted(wire.name))"
    let place = "\(label) (\(wire.opType.isEmpty ? "no operator" : quoted(wire.opType)))"
    var attributes: [String: WireAttribute] = [:]
    for attribute in wire.attribute {
      guard attributes.updateValue(attribute, forKey: attribute.name) == nil else {
        throw ModelFormatError(
          .ambiguous, file: file, place: place, problem: "attribute \(quoted(attribute.name)) is given twice",
          fix: "keep one")
      }
    }
    self.wire = wire
    self.file = file
    self.place = place
    self.operatorSet = operatorSet
    self.attributes = attributes
    guard isDefaultDomain(wire.domain), wire.overload.isEmpty else {
      throw error(
        .unsupportedOperator, "the operator belongs to the domain \(quoted(wire.domain))",
        fix: "export with standard ONNX operators only")
    }
    for attribute in wire.attribute {
      let isNested =
        attribute.hasG || !attribute.graphs.isEmpty || attribute.hasSparseTensor
        || !attribute.sparseTensors.isEmpty || attribute.hasTp || !attribute.typeProtos.isEmpty
        || !attribute.tensors.isEmpty || !attribute.refAttrName.isEmpty
      if isNested {
        throw error(
          .unsupportedFeature,
          "attribute \(quoted(attribute.name)) holds a subgraph, a sparse tensor, a type or a reference",
          fix: "export a plain inference network")
      }
      let payloads = [
        attribute.hasF, attribute.hasI, attribute.hasS, attribute.hasT, !attribute.floats.isEmpty,
        !attribute.ints.isEmpty, !attribute.strings.isEmpty,
      ]
      guard payloads.count(where: { $0 }) <= 1 else {
        throw error(.ambiguous, "attribute \(quoted(attribute.name)) holds several values", fix: "keep one")
      }
    }
  }

  /// An error at this node.
  func error(_ code: ModelFormatError.Code, _ problem: String, fix: String = "") -> ModelFormatError {
    ModelFormatError(code, file: file, place: place, problem: problem, fix: fix)
  }

  /// Checks the number of operands and that no attribute is present besides the given ones.
  func expect(operands: ClosedRange<Int>, attributes allowed: [String] = []) throws(ModelFormatError) {
    guard operands.contains(wire.input.count) else {
      let wanted =
        operands.lowerBound == operands.upperBound
        ? "\(operands.lowerBound)" : "\(operands.lowerBound) to \(operands.upperBound)"
      throw error(.malformed, "takes \(wanted) operands, \(wire.input.count) given")
    }
    if let extra = attributes.keys.sorted().first(where: { !allowed.contains($0) }) {
      throw error(
        .unsupportedFeature, "attribute \(quoted(extra)) has no meaning here at operator set \(operatorSet)",
        fix: "export again; the attribute belongs to another operator set, or to none")
    }
  }

  /// The name of an operand, nil where an optional operand is absent.
  func operandName(_ position: Int) -> String? {
    guard wire.input.indices.contains(position), !wire.input[position].isEmpty else { return nil }
    return wire.input[position]
  }

  /// An integer attribute, nil when absent.
  func integer(_ name: String) throws(ModelFormatError) -> Int? {
    guard let attribute = attributes[name] else { return nil }
    guard attribute.type == 2, attribute.hasI || isEmptyPayload(attribute) else {
      throw wrongType(name, "an integer")
    }
    return Int(attribute.i)
  }

  /// An attribute that is 0 or 1; of other numbers runtimes make different things.
  func flag(_ name: String, absent: Bool) throws(ModelFormatError) -> Bool {
    guard let value = try integer(name) else { return absent }
    guard value == 0 || value == 1 else {
      throw error(.ambiguous, "`\(name)` is \(value)", fix: "set it to 0 or 1")
    }
    return value == 1
  }

  /// A real attribute, nil when absent.
  func float(_ name: String) throws(ModelFormatError) -> Double? {
    guard let attribute = attributes[name] else { return nil }
    guard attribute.type == 1, attribute.hasF || isEmptyPayload(attribute) else {
      throw wrongType(name, "a number")
    }
    return Double(attribute.f)
  }

  /// A text attribute, nil when absent.
  func text(_ name: String) throws(ModelFormatError) -> String? {
    guard let attribute = attributes[name] else { return nil }
    guard attribute.type == 3, attribute.hasS || isEmptyPayload(attribute),
      let text = String(validating: attribute.s, as: UTF8.self)
    else { throw wrongType(name, "a text") }
    return text
  }

  /// A list of integers, nil when absent.
  func integers(_ name: String) throws(ModelFormatError) -> [Int]? {
    guard let attribute = attributes[name] else { return nil }
    guard attribute.type == 7 else { throw wrongType(name, "a list of integers") }
    return attribute.ints.map { Int($0) }
  }

  /// A list of numbers, nil when absent.
  func floats(_ name: String) throws(ModelFormatError) -> [Double]? {
    guard let attribute = attributes[name] else { return nil }
    guard attribute.type == 6 else { throw wrongType(name, "a list of numbers") }
    return attribute.floats.map { Double($0) }
  }

  /// A tensor, nil when absent.
  func weights(_ name: String) throws(ModelFormatError) -> WireWeights? {
    guard let attribute = attributes[name] else { return nil }
    guard attribute.type == 4, attribute.hasT else { throw wrongType(name, "a tensor") }
    return attribute.t
  }

  /// Names of the attributes present, sorted.
  var attributeNames: [String] { attributes.keys.sorted() }

  /// Writers that follow proto3 leave a zero payload out.
  private func isEmptyPayload(_ attribute: WireAttribute) -> Bool {
    !attribute.hasF && !attribute.hasI && !attribute.hasS && !attribute.hasT && attribute.floats.isEmpty
      && attribute.ints.isEmpty && attribute.strings.isEmpty
  }

  private func wrongType(_ name: String, _ wanted: String) -> ModelFormatError {
    error(.malformed, "attribute \(quoted(name)) is not \(wanted)")
  }
}
