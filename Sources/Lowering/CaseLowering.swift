import DSpecSemantics
import Diagnostics
import ModelFormats
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
    case fixed(RecordValues)
    /// Scores of an enumeration; the greatest decides, the earliest at a tie.
    case scores(node: Int)
    /// Log-odds of the second of two cases.
    case odds(node: Int)
  }

  struct Application: Hashable {
    let callee: Callee
    let arguments: [String]
  }

  let spec: TypedSpec
  let library: ModelLibrary
  var builder: GraphBuilder
  var variables: [String: Value] = [:]
  var applications: [Application: Value] = [:]
  /// What `elementOutputs` and `distanceOutputs` place in the graph's output.
  private var outputs: [Int] = []
  private var outputCount = 0
  private var outputPlace: [String: Int] = [:]
  var scales: Set<QuantityScale> = []
  /// What the compared distances are multiplied by.
  var units: Set<Double> = []
  /// Values and the nodes of their multiples.
  private var multiples: [Multiple: Int] = [:]
  var labels: [String] = []
  /// Whether every comparison so far is of a number with what its atom compares: not a multiple, the negative or a part of
  /// what is written, and none was decided without an atom.
  var quantitiesAreWritten = true
  /// In single precision, variables as the claim compares them, and what programs are given in their place.
  ///
  /// The claim means the real number, which programs round: see `weigh`.
  private var programInputs: [Int: Int] = [:]
  /// Nodes that hold variables or come from variables by what the claim writes, and not by a program.
  private var ownNodes: Set<Int> = []
  private var comparesVariables = false
  private var comparesComputed = false
  /// Value of the first image that a pipeline yields or that a variable ranges over.
  private(set) var imageNode: Int?
  private(set) var imageShape: [Int] = []
  /// What the current atoms speak of.
  var label = ""
  /// Coordinates of the hidden variable by their numbers.
  private var numberPlace: [Rational: Int] = [:]

  /// Pipelines that others take the place of.
  let pipelines: [String: Callee]

  init(_ spec: TypedSpec, _ library: ModelLibrary, replacing pipelines: [String: Callee]) {
    self.spec = spec
    self.library = library
    builder = GraphBuilder(folding: library.arithmetic == .float32AnyOrder ? .moves : .exact)
    self.pipelines = pipelines
  }

  /// Declares the continuous variables: one input, cut into their parts where there are several.
  ///
  /// - Parameter numbers: What the coordinates of the hidden variable are, if points need it.
  mutating func declare(_ continuous: [ContinuousVariable], numbers: [Rational] = []) throws {
    for (place, number) in numbers.enumerated() { numberPlace[number] = place }
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
      try bind(variable.name, node)
      note(variable.type, node)
      start += count
    }
  }

  /// `W x + b` for row-major weights.
  mutating func linear(_ weights: [Double], bias: [Double], _ node: Int) throws -> Int {
    let rows = bias.count
    return try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([rows, weights.count / rows]), values: weights),
          bias: Tensor(shape: Shape([rows]), values: bias))), [node])
  }

  /// Gives a variable a fixed point as a value of the graph, which samplers take like any other latent.
  mutating func assign(_ name: String, point: [Rational], _ type: TensorType) throws {
    let doubles = point.map { Double(exactly: $0) ?? 0 }
    let node: Int
    if case .tensor(let numbers)? = variables[ContinuousVariable.unused.name],
      point.contains(where: { numberPlace[$0] != nil })
    {
      var selection = [Double](repeating: 0, count: point.count * numberPlace.count)
      for (row, value) in point.enumerated() {
        if let place = numberPlace[value] { selection[row * numberPlace.count + place] = 1 }
      }
      node = try linear(selection, bias: doubles, numbers)
    } else {
      node = builder.constant(try Tensor(shape: Shape([1, point.count]), values: doubles))
    }
    try bind(name, node)
    note(type, node)
  }

  private mutating func bind(_ name: String, _ node: Int) throws {
    guard arithmetic == .float32AnyOrder else {
      variables[name] = .tensor(node: node)
      return
    }
    // A node of its own, so that a network which yields its input is not taken for the variable.
    let own = try builder.apply(.reshape(builder.shape(at: node)), [node])
    programInputs[own] = node
    ownNodes.insert(own)
    variables[name] = .tensor(node: own)
  }

  mutating func assign(_ name: String, choice: Int) { variables[name] = .choice(choice) }

  mutating func assign(_ name: String, record: RecordValues) { variables[name] = .fixed(record) }

  mutating func note(_ type: TensorType, _ node: Int) {
    guard imageNode == nil, type.kind == .image else { return }
    imageNode = node
    imageShape = type.shape
  }

  /// What the operators of the graph are computed in.
  var arithmetic: Arithmetic { library.arithmetic == .float32AnyOrder ? .float32AnyOrder : .real }

  // MARK: Outputs

  /// Position of an element in the flat output.
  mutating func element(_ node: Int, _ index: Int) throws -> Int { try whole(node) + index }

  /// Position of a whole value in the flat output.
  mutating func whole(_ node: Int) throws -> Int {
    if let place = outputPlace["\(node)"] { return place }
    let count = builder.shape(at: node).count
    outputs.append(try builder.apply(.reshape(Shape([1, count])), [node]))
    outputPlace["\(node)"] = outputCount
    outputCount += count
    return outputCount - count
  }

  private struct Multiple: Hashable {
    let node: Int
    let factor: Double
  }

  /// The value times a number, made once.
  mutating func multiple(_ node: Int, by factor: Double) throws -> Int {
    guard factor != 1 else { return node }
    let key = Multiple(node: node, factor: factor)
    if let made = multiples[key] { return made }
    let made = try builder.apply(.scale(factor), [node])
    if ownNodes.contains(node) { ownNodes.insert(made) }
    multiples[key] = made
    return made
  }

  // MARK: Variables in single precision

  /// A value as programs are given it.
  func given(_ value: Value) -> Value {
    guard case .tensor(let node) = value, let input = programInputs[node] else { return value }
    return .tensor(node: input)
  }

  /// The difference of two values, by which the claim compares them.
  ///
  /// - Throws: As `weigh`.
  mutating func difference(_ first: Int, _ second: Int, _ span: SourceSpan) throws -> Int {
    try weigh([first, second], span)
    let count = builder.shape(at: first).count
    let left = try builder.apply(.reshape(Shape([1, count])), [first])
    let right = try builder.apply(.scale(-1), [builder.apply(.reshape(Shape([1, count])), [second])])
    let node = try builder.apply(.add, [left, right])
    if ownNodes.contains(first) { ownNodes.insert(node) }
    return node
  }

  /// Notes that an atom compares values of nodes.
  ///
  /// The rules bound what programs compute, the rounded variable at first, whose rounding cancels where it meets what a network
  /// makes of it. The claim's own variable is not rounded, so that one atom, or one clause of several, may not weigh the two.
  /// Atoms of variables alone are sound: that nothing is rounded is among the roundings that are allowed for.
  ///
  /// - Throws: `LoweringError.noBackEnd` where some hold variables and some what programs compute.
  mutating func weigh(_ nodes: [Int], _ span: SourceSpan) throws {
    guard arithmetic == .float32AnyOrder else { return }
    let own = nodes.count { ownNodes.contains($0) }
    if own > 0 { comparesVariables = true }
    if own < nodes.count { comparesComputed = true }
    guard own == 0 || own == nodes.count else { throw Self.roundedVariable(span) }
  }

  /// Checks a predicate whose atoms were all noted.
  ///
  /// - Parameter isEvent: Whether its probability is asked for, of which the atoms of a conjunction are parts.
  /// - Throws: `LoweringError.noBackEnd` where a clause weighs variables against what programs compute.
  func checkRounding(of predicate: Predicate, isEvent: Bool, _ span: SourceSpan) throws {
    guard comparesVariables, comparesComputed, isEvent || !predicate.isConjunction else { return }
    throw Self.roundedVariable(span)
  }

  private static func roundedVariable(_ span: SourceSpan) -> LoweringError {
    .noBackEnd("a variable weighed against what programs make of it after rounding it", span)
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
}

extension Double {
  /// The double that equals a rational, or nil.
  init?(exactly value: Rational) {
    let enclosure = value.enclosure
    guard enclosure.lower == enclosure.upper else { return nil }
    self = enclosure.lower
  }
}
