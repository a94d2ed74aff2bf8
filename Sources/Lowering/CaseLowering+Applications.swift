import DSpecSemantics
import Diagnostics
import DiffusionModels
import ModelFormats
import TensorGraph
import VerificationProblem

/// Networks and samplers applied to values.
extension CaseLowering {
  mutating func apply(
    _ callee: Callee, _ arguments: [TypedExpression], _ expression: TypedExpression
  ) throws -> Value {
    var values: [Value] = []
    for argument in arguments { values.append(given(try value(argument))) }
    let key = Application(callee: callee, arguments: values.map { "\($0)" })
    if let known = applications[key] { return known }
    let result: Value
    switch callee {
    case .network, .sampler, .mitigated, .switched: break
    case .reweighted(_, let network):
      throw LoweringError.noBackEnd("other weights of `\(network)`", expression.span)
    case .noised: throw LoweringError.noBackEnd("a sampler with given noise", expression.span)
    }
    var changedStep: Int?
    var pipeline = callee
    if case .switched(let inner, let step) = callee { (pipeline, changedStep) = (inner, step) }
    if let other = pipelines[callee.name] {
      guard changedStep == nil else {
        throw LoweringError.noBackEnd("another step of a replaced pipeline", expression.span)
      }
      pipeline = other
    }
    switch pipeline {
    case .reweighted, .noised, .switched:
      throw LoweringError.noBackEnd("a pipeline changed twice", expression.span)
    case .network(let name): result = try applyNetwork(name, values, expression)
    case .sampler(let name): result = try applySampler(name, values, switching: nil, expression)
    case .mitigated(let name):
      guard let mitigation = spec.mitigation(yielding: name) else {
        throw LoweringError.noBackEnd("`\(name)`", expression.span)
      }
      guard var switching = mitigation.switching else {
        throw LoweringError.noBackEnd("a mitigation known by its contract only, `\(name)`", expression.span)
      }
      switching.step = changedStep ?? switching.step
      var base = mitigation.base
      if let other = pipelines[base] {
        guard case .sampler(let name) = other else {
          throw LoweringError.noBackEnd(
            "a mitigation of a pipeline that is replaced by no sampler", expression.span)
        }
        base = name
      }
      result = try applySampler(base, values, switching: switching, expression)
    }
    applications[key] = result
    return result
  }

  mutating func applyNetwork(
    _ name: String, _ values: [Value], _ expression: TypedExpression
  ) throws -> Value {
    if let reason = library.unsupported[name] { throw LoweringError.noBackEnd(reason, expression.span) }
    guard let declaration = spec.network(named: name), let graph = library.networks[name] else {
      throw LoweringError.noBackEnd("`\(name)`", expression.span)
    }
    var arguments: [Int] = []
    for (port, (value, (input, shape))) in zip(declaration.inputs, zip(values, graph.inputSignature)) {
      if case .step = port.type, input.kind != .index {
        throw LoweringError.noBackEnd(
          "a step as an argument of `\(name)`, which has no index there,", expression.span)
      }
      arguments.append(try argument(value, input, shape, expression.span))
    }
    switch declaration.output {
    case .real:
      let logits = graph.logits
      let node = try builder.inline(logits ?? graph, arguments: arguments)[0]
      return .number(
        LinearForm(logits == nil ? .element(node: node, index: 0) : .logistic(node: node, index: 0)))
    case .enumeration(let type):
      // Computed logistic values of different arguments may be equal, so that several scores are compared as computed.
      let logits = arithmetic == .real || graph.outputShapes[0].count == 1 ? graph.logits : nil
      let node = try builder.inline(logits ?? graph, arguments: arguments)[0]
      if builder.shape(at: node).count == type.cases.count { return .scores(node: node) }
      guard logits != nil else {
        throw LoweringError.noBackEnd("one score for two cases that is not a probability", expression.span)
      }
      return .odds(node: node)
    case .tensor(let type):
      let node = try builder.inline(graph, arguments: arguments)[0]
      note(type, node)
      return .tensor(node: node)
    default: throw LoweringError.noBackEnd("a network of this type", expression.span)
    }
  }

  mutating func argument(
    _ value: Value, _ input: Input, _ shape: Shape, _ span: SourceSpan
  ) throws -> Int {
    switch value {
    case .tensor(let node): return try builder.shaped(node, to: shape)
    case .fixed(let record):
      // In single precision the bounds of quotients of rounded numbers hold for rounded quotients too.
      let numerators = builder.constant(try Tensor(shape: shape, values: record.numerators))
      guard record.denominator != 1 else { return numerators }
      return try builder.apply(.divide(Divisor(record.denominator)), [numerators])
    case .choice(let index):
      if input.kind == .index { return builder.constant(try Tensor(shape: shape, values: [Double(index)])) }
      var oneHot = [Double](repeating: 0, count: shape.count)
      guard oneHot.indices.contains(index) else {
        throw LoweringError.noBackEnd("this case as an argument", span)
      }
      oneHot[index] = 1
      return builder.constant(try Tensor(shape: shape, values: oneHot))
    case .number(let form) where form.terms.isEmpty:
      guard let exact = Double(exactly: form.constant) else {
        throw LoweringError.noBackEnd("a number that is not a double as an argument", span)
      }
      return builder.constant(try Tensor(shape: shape, values: [exact]))
    default: throw LoweringError.noBackEnd("this argument", span)
    }
  }

  mutating func applySampler(
    _ name: String, _ values: [Value], switching: (attribute: String, step: Int)?,
    _ expression: TypedExpression
  ) throws -> Value {
    if let reason = library.reasonAgainst(sampler: name, of: spec) {
      throw LoweringError.noBackEnd(reason, expression.span)
    }
    guard let sampler = spec.sampler(named: name), let table = library.samplers[name],
      let denoiser = spec.network(named: sampler.denoiser)
    else { throw LoweringError.noBackEnd("`\(name)`", expression.span) }
    var latent: Int?
    var conditions: [String: Int] = [:]
    for (port, value) in zip(sampler.inputs, values) {
      switch value {
      case .tensor(let node) where port.name == sampler.latentInput: latent = node
      case .choice(let index): conditions[port.name] = index
      default: throw LoweringError.noBackEnd("this argument of `\(name)`", expression.span)
      }
    }
    guard let latent else { throw LoweringError.noBackEnd("a fixed latent", expression.span) }
    let names = denoiser.inputs.map(\.name).filter { $0 != sampler.latentInput && $0 != sampler.stepInput }
    // One row of condition indices for each executed step.
    let steps = sampler.method.steps
    let rows = try (0..<steps).map { step in
      try names.map { port in
        guard let given = conditions[port] else {
          throw LoweringError.noBackEnd("`\(name)` without a condition `\(port)`", expression.span)
        }
        guard let switching, switching.attribute == port, step >= switching.step else { return given }
        return 1 - given
      }
    }
    let graph = try library.unrolled(sampler, table: table, conditions: rows, at: expression.span)
    // Latents of a domain are vectors, those of a denoiser may be images.
    let shaped = try builder.shaped(latent, to: graph.inputSignature[0].shape)
    let node = try builder.inline(graph, arguments: [shaped])[0]
    guard case .tensor(let type) = sampler.output else {
      throw LoweringError.noBackEnd("a sampler of this type", expression.span)
    }
    note(type, node)
    return .tensor(node: node)
  }
}
