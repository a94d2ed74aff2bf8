import TensorGraph

extension NetworkImport {
  mutating func addInitializers(_ network: WireNetwork) throws(ModelFormatError) {
    for (index, initializer) in network.initializer.enumerated() {
      let place = "initialiser " + (initializer.name.isEmpty ? "\(index)" : quoted(initializer.name))
      guard !initializer.name.isEmpty else {
        throw ModelFormatError(.malformed, file: file, place: place, problem: "has no name")
      }
      let value: ImportedValue
      do {
        switch try ONNXConstant(initializer) {
        case .real(let tensor, let type): value = .constant(try weights.rounded(tensor), type: type)
        case .integers(let constant): value = .integers(constant)
        }
      } catch {
        throw error.located(file: file, place: place)
      }
      try define(initializer.name, as: value, place: place)
    }
  }

  mutating func addInputs(_ network: WireNetwork) throws(ModelFormatError) {
    guard network.input.count - network.initializer.count <= ONNXLimits.inputs else {
      throw ModelFormatError(
        .tooLarge, file: file, problem: "declares more than \(ONNXLimits.inputs) inputs")
    }
    var seen: Set<String> = []
    for input in network.input {
      let place = "input \(quoted(input.name))"
      guard !input.name.isEmpty else {
        throw ModelFormatError(.malformed, file: file, place: "input", problem: "has no name")
      }
      guard seen.insert(input.name).inserted else {
        throw ModelFormatError(.duplicateName, file: file, place: place, problem: "is declared twice")
      }
      if values[input.name] != nil {
        // Up to format 3 every initialiser is also listed as an input; later such an input may be overridden.
        guard format <= 3 else {
          throw ModelFormatError(
            .ambiguous, file: file, place: place, problem: "is an input and has a default value",
            fix: "export with the initialisers kept out of the inputs")
        }
        continue
      }
      let (type, shape) = try declaredType(input, place: place)
      let kind: Input.Kind = type == .int64 ? .index : .real
      guard kind == .real || shape.count == 1 else {
        throw ModelFormatError(
          .shape, file: file, place: place,
          problem: "is an int64 input of shape \(shape), an index is one number")
      }
      let position: Int
      do {
        position = try builder.input(input.name, shape: shape, kind: kind)
      } catch {
        throw ModelFormatError(.duplicateName, file: file, place: place, problem: "\(error)")
      }
      positions[input.name] = position
      try define(
        input.name,
        as: kind == .index
          ? .index(position: position, shape: shape) : .real(position: position, shape: shape, type: type),
        place: place)
    }
  }

  private mutating func define(_ name: String, as value: ImportedValue, place: String)
    throws(ModelFormatError)
  {
    guard values[name] == nil, definitions[name] == nil else {
      throw ModelFormatError(
        .duplicateName, file: file, place: place, problem: "the name is defined twice",
        fix: "give every value one name")
    }
    values[name] = value
  }

  /// Element type and shape of an input, the batch taken as one.
  private func declaredType(
    _ info: WireValueInfo, place: String
  ) throws(ModelFormatError) -> (ONNXElementType, Shape) {
    let (type, extents) = try declaration(info, place: place)
    guard let extents else {
      throw ModelFormatError(
        .shape, file: file, place: place, problem: "declares no shape",
        fix: "export the model with input shapes")
    }
    var fixed: [Int] = []
    for (axis, extent) in extents.enumerated() {
      guard let known = extent ?? (axis == 0 ? 1 : nil) else {
        throw ModelFormatError(
          .shape, file: file, place: place, problem: "has no fixed extent on axis \(axis)",
          fix: "only the first axis, the batch, may be dynamic")
      }
      fixed.append(known)
    }
    do {
      let shape = try Shape(fixed)
      guard shape.count <= ONNXLimits.elements else {
        throw ModelFormatError(
          .tooLarge, file: file, place: place,
          problem: "has shape \(shape), more than \(ONNXLimits.elements) elements")
      }
      return (type, shape)
    } catch let error as GraphError {
      throw ModelFormatError(.shape, file: file, place: place, problem: error.description)
    } catch let error as ModelFormatError {
      throw error
    } catch {
      throw ModelFormatError(.shape, file: file, place: place, problem: "\(error)")
    }
  }

  /// Declared element type and extents, nil for an extent that is not fixed; no extents where none are declared.
  private func declaration(
    _ info: WireValueInfo, place: String
  ) throws(ModelFormatError) -> (ONNXElementType, [Int?]?) {
    guard case .tensorType(let dense)? = info.type.value else {
      throw ModelFormatError(
        .elementType, file: file, place: place,
        problem: info.hasType && info.type.value != nil ? "is not a dense tensor" : "declares no type")
    }
    let type: ONNXElementType
    do { type = try ONNXElementType.of(code: dense.elemType) } catch {
      throw error.located(file: file, place: place)
    }
    guard dense.hasShape else { return (type, nil) }
    guard dense.shape.dim.count <= ONNXLimits.rank else {
      throw ModelFormatError(
        .tooLarge, file: file, place: place,
        problem: "declares \(dense.shape.dim.count) axes, more than \(ONNXLimits.rank)")
    }
    return (
      type,
      dense.shape.dim.map { extent in
        if case .dimValue(let value)? = extent.value { return Int(value) }
        return nil
      }
    )
  }

  mutating func finish(_ network: WireNetwork) throws(ModelFormatError) -> Graph {
    guard !network.output.isEmpty else {
      throw ModelFormatError(.malformed, file: file, problem: "declares no output")
    }
    var outputs: [Int] = []
    var seen: Set<String> = []
    for output in network.output {
      let place = "output \(quoted(output.name))"
      guard seen.insert(output.name).inserted else {
        throw ModelFormatError(.duplicateName, file: file, place: place, problem: "is declared twice")
      }
      guard let value = values[output.name] else {
        throw ModelFormatError(.missingValue, file: file, place: place, problem: "nothing computes it")
      }
      let (type, extents) = try declaration(output, place: place)
      guard type == value.type else {
        throw ModelFormatError(
          .elementType, file: file, place: place,
          problem: "is declared as \(type.name), the network computes \(value.type.name)")
      }
      if let extents {
        let agrees =
          extents.count == value.extents.count
          && zip(extents, value.extents).allSatisfy { $0 == nil || $0 == $1 }
        guard agrees else {
          let text = extents.map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
          throw ModelFormatError(
            .shape, file: file, place: place,
            problem: "is declared with shape [\(text)], the network computes \(value.extents)",
            fix: "export the model again with shape inference")
        }
      }
      switch value {
      case .index, .integers:
        throw ModelFormatError(
          .elementType, file: file, place: place, problem: "holds integers, not real numbers")
      case .real, .constant:
        do {
          outputs.append(try position(of: ImportedOperand(name: output.name, value: value)))
        } catch {
          throw ModelFormatError(.shape, file: file, place: place, problem: "\(error)")
        }
      }
    }
    do {
      return try builder.build(outputs: outputs)
    } catch {
      throw ModelFormatError(.malformed, file: file, problem: "\(error)")
    }
  }
}
