import DSpecSemantics
import Diagnostics
import DiffusionModels
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Lowers the expressions of a claim under one assignment of its discrete variables into a graph of the continuous
/// ones and a predicate over the graph's output.
struct CaseLowering {
  /// A value of an expression.
  enum Value {
    /// A number.
    case number(LinearForm)
    /// A case of an enumeration.
    case choice(Int)
    /// A tensor computed by the graph.
    case tensor(node: Int)
    /// A tensor that is fixed, such as a record.
    case fixed([Double])
    /// Scores of an enumeration; the greatest decides, the earliest at a tie.
    case scores(node: Int)
    /// Log-odds of the second of two cases.
    case odds(node: Int)
  }

  private struct Application: Hashable {
    let callee: Callee
    let arguments: [String]
  }

  let spec: TypedSpec
  let library: ModelLibrary
  private(set) var builder: GraphBuilder
  private var variables: [String: Value] = [:]
  private var applications: [Application: Value] = [:]
  /// What `elementOutputs` and `distanceOutputs` place in the graph's output.
  private var outputs: [Int] = []
  private var outputCount = 0
  private var outputPlace: [String: Int] = [:]
  private(set) var scales: Set<QuantityScale> = []
  private(set) var labels: [String] = []
  /// Value of the first image that a pipeline yields or that a variable ranges over.
  private(set) var imageNode: Int?
  private(set) var imageShape: [Int] = []
  /// What the current atoms speak of.
  var label = ""

  /// Pipelines that others take the place of.
  private let pipelines: [String: Callee]

  init(_ spec: TypedSpec, _ library: ModelLibrary, replacing pipelines: [String: Callee]) {
    self.spec = spec
    self.library = library
    builder = GraphBuilder(folding: library.arithmetic == .float32AnyOrder ? .moves : .exact)
    self.pipelines = pipelines
  }

  /// Declares the continuous variables: one input, cut into their parts where there are several.
  mutating func declare(_ continuous: [ContinuousVariable]) throws {
    let total = continuous.reduce(0) { $0 + $1.coordinateCount }
    let input = try builder.input("x", shape: Shape([1, total]))
    var start = 0
    for variable in continuous {
      let count = variable.coordinateCount
      var node = input
      if continuous.count > 1 {
        var selection = [Double](repeating: 0, count: count * total)
        for row in 0..<count { selection[row * total + start + row] = 1 }
        node = try linear(selection, bias: [Double](repeating: 0, count: count), node)
      }
      if !variable.origin.isEmpty {
        let weights = variable.origin.indices.flatMap { row in variable.directions.map { $0[row] } }
        node = try linear(weights, bias: variable.origin, node)
      }
      variables[variable.name] = .tensor(node: node)
      note(variable.type, node)
      start += count
    }
  }

  /// `W x + b` for row-major weights.
  private mutating func linear(_ weights: [Double], bias: [Double], _ node: Int) throws -> Int {
    let rows = bias.count
    return try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([rows, weights.count / rows]), values: weights),
          bias: Tensor(shape: Shape([rows]), values: bias))), [node])
  }

  /// Gives a variable a fixed point as a value of the graph, which samplers take like any other latent.
  mutating func assign(_ name: String, point: [Double], _ type: TensorType) throws {
    let node = builder.constant(try Tensor(shape: Shape([1, point.count]), values: point))
    variables[name] = .tensor(node: node)
    note(type, node)
  }

  mutating func assign(_ name: String, choice: Int) { variables[name] = .choice(choice) }

  mutating func assign(_ name: String, record: [Double]) { variables[name] = .fixed(record) }

  private mutating func note(_ type: TensorType, _ node: Int) {
    guard imageNode == nil, type.kind == .image else { return }
    imageNode = node
    imageShape = type.shape
  }

  /// What the operators of the graph are computed in.
  var arithmetic: Arithmetic { library.arithmetic == .float32AnyOrder ? .float32AnyOrder : .real }

  // MARK: Predicates

  mutating func predicate(_ expression: TypedExpression, negated: Bool = false) throws -> Predicate {
    switch expression.kind {
    case .boolean(let value): return value != negated ? .all([]) : .any([])
    case .not(let operand): return try predicate(operand, negated: !negated)
    case .and(let parts), .or(let parts):
      var lowered: [Predicate] = []
      for part in parts { lowered.append(try predicate(part, negated: negated)) }
      var isAnd = false
      if case .and = expression.kind { isAnd = true }
      return isAnd != negated ? .all(lowered) : .any(lowered)
    case .implies(let premise, let conclusion):
      let parts = [
        try predicate(premise, negated: !negated), try predicate(conclusion, negated: negated),
      ]
      return negated ? .all(parts) : .any(parts)
    case .compare(let comparison, let left, let right):
      let result = try compare(comparison, left, right, at: expression.span)
      return negated ? result.negated : result
    default: throw LoweringError.noBackEnd("this form of condition", expression.span)
    }
  }

  private mutating func compare(
    _ comparison: ComparisonOperator, _ left: TypedExpression, _ right: TypedExpression, at span: SourceSpan
  ) throws -> Predicate {
    if case .enumeration(let type) = left.type {
      let first = try value(left)
      let second = try value(right)
      let equal = Predicate.any(
        try type.cases.indices.map {
          .all([try holds(first, choice: $0, span), try holds(second, choice: $0, span)])
        })
      return comparison == .notEqual ? equal.negated : equal
    }
    let difference = try number(left).adding(number(right).scaled(by: Rational(-1)))
    switch comparison {
    case .less: return try atom(difference, .less, span)
    case .lessOrEqual: return try atom(difference, .lessOrEqual, span)
    case .greater: return try atom(difference, .greater, span)
    case .greaterOrEqual: return try atom(difference, .greaterOrEqual, span)
    case .equal, .notEqual:
      let equal = Predicate.all([
        try atom(difference, .lessOrEqual, span), try atom(difference, .greaterOrEqual, span),
      ])
      return comparison == .notEqual ? equal.negated : equal
    }
  }

  /// The event that a prediction differs from a case.
  mutating func differs(_ prediction: TypedExpression, from choice: Int) throws -> Predicate {
    try holds(value(prediction), choice: choice, prediction.span).negated
  }

  private mutating func holds(_ value: Value, choice: Int, _ span: SourceSpan) throws -> Predicate {
    switch value {
    case .choice(let own): return own == choice ? .all([]) : .any([])
    case .odds(let node):
      scales.insert(.logistic)
      let place = try element(node, 0)
      labels.append(label)
      // The second case wins strictly: at even odds the scores tie and the earlier case is taken.
      // In single precision the probabilities decide, and one near one half may be rounded to it.
      let even = Threshold.logit(Rational(dyadic: 0.5))
      return .atom(
        Atom(
          .element(place), choice == 1 ? .greater : .lessOrEqual,
          arithmetic == .real ? .rational(Rational(0)) : even))
    case .scores(let node):
      let count = builder.shape(at: node).count
      var parts: [Predicate] = []
      for other in 0..<count where other != choice {
        var form = LinearForm(.element(node: node, index: choice))
        form = form.adding(LinearForm(.element(node: node, index: other)).scaled(by: Rational(-1)))
        parts.append(try atom(form, other < choice ? .greater : .greaterOrEqual, span))
      }
      return .all(parts)
    default: throw LoweringError.noBackEnd("this comparison of enumeration values", span)
    }
  }

  /// `form ⋈ 0`.
  private mutating func atom(_ form: LinearForm, _ comparison: Comparison, _ span: SourceSpan) throws
    -> Predicate
  {
    guard let first = form.terms.first else {
      return comparison.holds(form.constant, Rational(0)) ? .all([]) : .any([])
    }
    let isElements = form.terms.allSatisfy {
      if case .element = $0.quantity { return true } else { return false }
    }
    if isElements { return try elementAtom(form, comparison, span) }
    guard form.terms.count == 1, let threshold = (-form.constant).divided(by: first.coefficient) else {
      throw LoweringError.noBackEnd("sums of probabilities or distances", span)
    }
    let relation = first.coefficient < Rational(0) ? comparison.flipped : comparison
    switch first.quantity {
    case .element: return try elementAtom(form, comparison, span)
    case .logistic(let node, let index):
      // The logistic function lies strictly between 0 and 1 and is increasing.
      // A computed one may be 0 or 1, or beyond them by a rounding.
      guard
        arithmetic == .real || SingleRounding.isBeyondProbabilities(threshold)
          || threshold > Rational(0) && threshold < Rational(1)
      else {
        throw LoweringError.noBackEnd(
          "a computed probability compared with 0 or 1 or a number next to them", span)
      }
      if threshold <= Rational(0) { return relation.boundsAbove ? .any([]) : .all([]) }
      if threshold >= Rational(1) { return relation.boundsAbove ? .all([]) : .any([]) }
      scales.insert(.logistic)
      let place = try element(node, index)
      labels.append(label)
      return .atom(Atom(.element(place), relation, .logit(threshold)))
    case .distance(let node, let point, let norm):
      scales.insert(.distance)
      let start = try whole(node)
      labels.append(label)
      return .atom(Atom(.distance(start: start, point: point, norm: norm), relation, .rational(threshold)))
    }
  }

  /// Coefficients are cleared of denominators, so that the graph's extra row is exact.
  private mutating func elementAtom(
    _ form: LinearForm, _ comparison: Comparison, _ span: SourceSpan
  ) throws -> Predicate {
    scales.insert(.plain)
    labels.append(label)
    if form.terms.count == 1, case .element(let node, let index) = form.terms[0].quantity,
      let threshold = (-form.constant).divided(by: form.terms[0].coefficient)
    {
      let relation = form.terms[0].coefficient < Rational(0) ? comparison.flipped : comparison
      return .atom(Atom(.element(try element(node, index)), relation, .rational(threshold)))
    }
    let denominator = form.terms.reduce(Rational(1)) { product, term in
      let cleared = term.coefficient * product
      return cleared.isInteger ? product : product * Rational(cleared.denominator)
    }
    var rows: [Int: [Double]] = [:]
    var order: [Int] = []
    for term in form.terms {
      guard case .element(let node, let index) = term.quantity,
        let coefficient = (term.coefficient * denominator).asInt(), coefficient.magnitude < 1 << 52
      else { throw LoweringError.noBackEnd("a coefficient of this size", span) }
      if rows[node] == nil {
        rows[node] = [Double](repeating: 0, count: builder.shape(at: node).count)
        order.append(node)
      }
      rows[node]?[index] += Double(coefficient)
    }
    var sum: Int?
    for node in order {
      guard let row = rows[node] else { continue }
      let flat = try builder.apply(.reshape(Shape([1, row.count])), [node])
      let product = try builder.apply(
        .linear(
          Linear(
            weights: Tensor(shape: Shape([1, row.count]), values: row),
            bias: Tensor(shape: Shape([1]), values: [0]))), [flat])
      if let left = sum { sum = try builder.apply(.add, [left, product]) } else { sum = product }
    }
    guard let node = sum else { throw LoweringError.noBackEnd("an empty sum", span) }
    return .atom(Atom(.element(try element(node, 0)), comparison, .rational(-form.constant * denominator)))
  }

  // MARK: Outputs

  /// Position of an element in the flat output.
  private mutating func element(_ node: Int, _ index: Int) throws -> Int { try whole(node) + index }

  /// Position of a whole value in the flat output.
  private mutating func whole(_ node: Int) throws -> Int {
    if let place = outputPlace["\(node)"] { return place }
    let count = builder.shape(at: node).count
    outputs.append(try builder.apply(.reshape(Shape([1, count])), [node]))
    outputPlace["\(node)"] = outputCount
    outputCount += count
    return outputCount - count
  }

  /// The graph of everything that the predicates refer to.
  mutating func graph() throws -> Graph {
    if outputs.isEmpty {
      // A claim that no value decides: any output will do.
      outputs = [builder.constant(try Tensor(shape: Shape([1, 1]), values: [0]))]
    }
    let output = outputs.count == 1 ? outputs[0] : try builder.apply(.concat(axis: 1), outputs)
    return try builder.build(outputs: [output])
  }

  /// The graph of the image that the claim speaks of.
  func imageGraph() throws -> Graph? {
    guard let imageNode else { return nil }
    return try builder.build(outputs: [imageNode])
  }

  // MARK: Values

  private mutating func number(_ expression: TypedExpression) throws -> LinearForm {
    guard case .number(let form) = try value(expression) else {
      throw LoweringError.noBackEnd("a number made this way", expression.span)
    }
    return form
  }

  mutating func value(_ expression: TypedExpression) throws -> Value {
    switch expression.kind {
    case .constant(let number): return .number(LinearForm(number))
    case .enumCase(_, let index): return .choice(index)
    case .variable(let name):
      guard let value = variables[name] else {
        throw LoweringError.noBackEnd("variable `\(name)`", expression.span)
      }
      return value
    case .record(let dataset, let row):
      guard let record = library.datasets[dataset]?[row] else {
        throw LoweringError.mismatch("`\(dataset)` has no row \(row)", expression.span)
      }
      return .fixed(record)
    case .negate(let operand): return .number(try number(operand).scaled(by: Rational(-1)))
    case .arithmetic(let operation, let left, let right):
      return .number(try arithmetic(operation, left, right, expression.span))
    case .distance(let norm, let left, let right):
      return .number(LinearForm(try distance(norm, left, right, expression.span)))
    case .index(let tensor, let indices):
      guard case .tensor(let node) = try value(tensor), case .tensor(let type) = tensor.type else {
        throw LoweringError.noBackEnd("an element of this value", expression.span)
      }
      let flat = zip(indices, type.shape).reduce(0) { $0 * $1.1 + $1.0 }
      return .number(LinearForm(.element(node: node, index: flat)))
    case .apply(let callee, let arguments): return try apply(callee, arguments, expression)
    default: throw LoweringError.noBackEnd("this form of value", expression.span)
    }
  }

  private mutating func arithmetic(
    _ operation: ArithmeticOperator, _ left: TypedExpression, _ right: TypedExpression, _ span: SourceSpan
  ) throws -> LinearForm {
    let first = try number(left)
    let second = try number(right)
    switch operation {
    case .add: return first.adding(second)
    case .subtract: return first.adding(second.scaled(by: Rational(-1)))
    case .multiply:
      if first.terms.isEmpty { return second.scaled(by: first.constant) }
      if second.terms.isEmpty { return first.scaled(by: second.constant) }
    case .divide:
      if second.terms.isEmpty, let inverse = Rational(1).divided(by: second.constant) {
        return first.scaled(by: inverse)
      }
    }
    throw LoweringError.noBackEnd("products of computed values", span)
  }

  private mutating func distance(
    _ norm: DSpecSemantics.Norm, _ left: TypedExpression, _ right: TypedExpression, _ span: SourceSpan
  ) throws -> BaseQuantity {
    let kind: VerificationProblem.Norm
    switch norm {
    case .l1: kind = .l1
    case .l2: kind = .l2
    case .linf: kind = .linf
    }
    switch (try value(left), try value(right)) {
    case (.tensor(let node), .fixed(let point)), (.fixed(let point), .tensor(let node)):
      return .distance(node: node, point: point, norm: kind)
    case (.tensor(let first), .tensor(let second)):
      let count = builder.shape(at: first).count
      let left = try builder.apply(.reshape(Shape([1, count])), [first])
      let right = try builder.apply(.scale(-1), [builder.apply(.reshape(Shape([1, count])), [second])])
      let node = try builder.apply(.add, [left, right])
      return .distance(node: node, point: [Double](repeating: 0, count: count), norm: kind)
    default: throw LoweringError.noBackEnd("a distance between fixed values", span)
    }
  }

  // MARK: Applications

  private mutating func apply(
    _ callee: Callee, _ arguments: [TypedExpression], _ expression: TypedExpression
  ) throws -> Value {
    var values: [Value] = []
    for argument in arguments { values.append(try value(argument)) }
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
      result = try applySampler(mitigation.base, values, switching: switching, expression)
    }
    applications[key] = result
    return result
  }

  private mutating func applyNetwork(
    _ name: String, _ values: [Value], _ expression: TypedExpression
  ) throws -> Value {
    if let reason = library.unsupported[name] { throw LoweringError.noBackEnd(reason, expression.span) }
    guard let declaration = spec.network(named: name), let graph = library.networks[name] else {
      throw LoweringError.noBackEnd("`\(name)`", expression.span)
    }
    var arguments: [Int] = []
    for (value, (input, shape)) in zip(values, graph.inputSignature) {
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

  private mutating func argument(
    _ value: Value, _ input: Input, _ shape: Shape, _ span: SourceSpan
  ) throws -> Int {
    switch value {
    case .tensor(let node):
      return builder.shape(at: node).squeezed == shape.squeezed
        ? node : try builder.apply(.reshape(shape), [node])
    case .fixed(let values): return builder.constant(try Tensor(shape: shape, values: values))
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

  private mutating func applySampler(
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
    let node = try builder.inline(graph, arguments: [latent])[0]
    guard case .tensor(let type) = sampler.output else {
      throw LoweringError.noBackEnd("a sampler of this type", expression.span)
    }
    note(type, node)
    return .tensor(node: node)
  }
}

extension Double {
  /// The double that equals a rational, or nil.
  init?(exactly value: Rational) {
    let enclosure = value.enclosure
    guard enclosure.lower == enclosure.upper else { return nil }
    self = enclosure.lower
  }
}
