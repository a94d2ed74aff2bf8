package import RigorousArithmetic
package import TensorGraph
package import VerificationProblem

/// One box of a VNN-LIB problem: its inputs meet the problem's formula exactly where the obligation fails.
package struct VNNLIBQuery: Sendable {
  /// What must hold at every point of the box for it to hold no such input.
  package let obligation: Obligation
  /// The range of every input.
  package let box: [AxisRange]
  /// The input that each coordinate of the obligation is; the others are fixed.
  package let coordinates: [Int]
  /// The linear forms that the obligation compares, in the file's variables: `Y_0 - Y_1`.
  private let forms: [String]

  init(obligation: Obligation, box: [AxisRange], coordinates: [Int], forms: [String]) {
    self.obligation = obligation
    self.box = box
    self.coordinates = coordinates
    self.forms = forms
  }

  /// What all atoms of the obligation compare, in the file's variables; nil where that is more than one form.
  package var onlyForm: String? { forms.count == 1 ? forms[0] : nil }

  /// What an atom of the obligation compares, in the file's variables.
  package func form(of atom: Atom) -> String {
    guard case .element(let row) = atom.quantity, forms.indices.contains(row) else { return "" }
    return forms[row]
  }

  /// The inputs at a point of the obligation; those of a range of one number have exactly that number.
  package func inputs(at point: [Double]) -> [Rational] {
    var result = box.map(\.lower)
    for (input, value) in zip(coordinates, point) where box[input].lower != box[input].upper {
      result[input] = Rational(dyadic: value)
    }
    return result
  }
}

/// Turns a VNN-LIB problem and its network into obligations.
///
/// The file asks for an input that meets a formula. Where alternatives of the formula bound inputs, each makes a box
/// of its own; the rest of the formula, negated, is what must hold on the box. Every number is exact, and strict
/// comparisons stay strict.
package struct VNNLIBLowering {
  /// Most boxes of one problem.
  package static let largestAlternatives = 100_000

  private let problem: VNNLIBProblem
  private let network: Graph
  private let file: String

  /// The boxes of a problem that are not empty.
  ///
  /// - Throws: `VNNLIBError` where the file does not fit the network, or leaves an input unbounded.
  package static func queries(
    _ problem: VNNLIBProblem, network: Graph, file: String
  ) throws(VNNLIBError) -> [VNNLIBQuery] {
    let lowering = VNNLIBLowering(problem: problem, network: network, file: file)
    try lowering.checkSignature()
    var boxes: [[AxisRange]: [VNNLIBFormula]] = [:]
    var order: [[AxisRange]] = []
    for alternative in try lowering.alternatives(of: .all(problem.assertions)) {
      guard let box = try lowering.box(alternative.bounds) else { continue }
      if boxes[box] == nil { order.append(box) }
      boxes[box, default: []].append(.all(alternative.rest))
    }
    var result: [VNNLIBQuery] = []
    for (index, box) in order.enumerated() {
      result.append(try lowering.query(box, .any(boxes[box] ?? []), name: "box \(index)"))
    }
    return result
  }

  private func fail(_ problem: String, fix: String? = nil) -> VNNLIBError {
    VNNLIBError(file, nil, problem, fix: fix)
  }

  private func checkSignature() throws(VNNLIBError) {
    guard network.inputs.count == 1, network.inputSignature.allSatisfy({ $0.input.kind == .real }) else {
      throw fail("the network has \(network.inputs.count) inputs, VNN-LIB 1.0 speaks of one")
    }
    guard network.outputs.count == 1 else {
      throw fail("the network has \(network.outputs.count) outputs, VNN-LIB 1.0 speaks of one")
    }
    guard network.inputCount == problem.inputCount else {
      throw fail(
        "declares \(problem.inputCount) inputs, the network takes \(network.inputCount)")
    }
    guard network.outputShapes[0].count == problem.outputCount else {
      throw fail(
        "declares \(problem.outputCount) outputs, the network yields \(network.outputShapes[0].count)")
    }
  }

  // MARK: Boxes

  private typealias Bound = (input: Int, isUpper: Bool, isStrict: Bool, value: Rational)

  /// One way to meet a formula: bounds of inputs, and what else must hold.
  private struct Alternative {
    var bounds: [Bound] = []
    var rest: [VNNLIBFormula] = []
  }

  private func alternatives(of formula: VNNLIBFormula) throws(VNNLIBError) -> [Alternative] {
    switch formula {
    case .constraint(let constraint):
      guard let bound = constraint.bound else { return [Alternative(rest: [formula])] }
      // The box is closed; what a strict bound excludes of it stays a condition.
      return [Alternative(bounds: [bound], rest: bound.isStrict ? [formula] : [])]
    case .any(let parts):
      guard formula.boundsInputs else { return [Alternative(rest: [formula])] }
      var result: [Alternative] = []
      for part in parts { result += try alternatives(of: part) }
      try check(result.count)
      return result
    case .all(let parts):
      var result = [Alternative()]
      for part in parts {
        let ways = try alternatives(of: part)
        if ways.count == 1, let only = ways.first {
          for index in result.indices {
            result[index].bounds += only.bounds
            result[index].rest += only.rest
          }
        } else {
          try check(result.count.multipliedReportingOverflow(by: ways.count).partialValue)
          result = result.flatMap { known in
            ways.map { Alternative(bounds: known.bounds + $0.bounds, rest: known.rest + $0.rest) }
          }
        }
      }
      return result
    }
  }

  private func check(_ count: Int) throws(VNNLIBError) {
    guard (0...Self.largestAlternatives).contains(count) else {
      throw fail("has more than \(Self.largestAlternatives) alternatives that bound inputs")
    }
  }

  /// The box of some bounds; nil where it is empty.
  private func box(_ bounds: [Bound]) throws(VNNLIBError) -> [AxisRange]? {
    var lower = [Rational?](repeating: nil, count: problem.inputCount)
    var upper = lower
    for bound in bounds {
      if bound.isUpper {
        upper[bound.input] = upper[bound.input].map { Swift.min($0, bound.value) } ?? bound.value
      } else {
        lower[bound.input] = lower[bound.input].map { Swift.max($0, bound.value) } ?? bound.value
      }
    }
    var result: [AxisRange] = []
    for input in lower.indices {
      guard let low = lower[input], let high = upper[input] else {
        let side = lower[input] == nil ? "below" : "above"
        throw fail("`X_\(input)` has no bound from \(side)", fix: "the inputs must form a box")
      }
      guard low <= high else { return nil }
      guard low.enclosure.isFinite, high.enclosure.isFinite else {
        throw fail(
          "`X_\(input)` is bounded beyond the range of doubles", fix: "give it bounds within ±1.7e308")
      }
      result.append(AxisRange(lower: low, upper: high))
    }
    return result
  }

  // MARK: The obligation of a box

  private func query(
    _ box: [AxisRange], _ unsafe: VNNLIBFormula, name: String
  ) throws(VNNLIBError) -> VNNLIBQuery {
    var coordinates = box.indices.filter {
      box[$0].lower != box[$0].upper || Double(exactly: box[$0].lower) == nil
    }
    if coordinates.isEmpty { coordinates = [0] }
    do {
      var builder = GraphBuilder()
      let free = try builder.input("x", shape: Shape(vector: coordinates.count))
      let inputs = try embed(free, box, coordinates, into: &builder)
      let shaped = try builder.apply(.reshape(network.inputSignature[0].shape), [inputs])
      let output = try builder.inline(network, arguments: [shaped])[0]
      let flat = try builder.apply(.reshape(Shape(vector: problem.outputCount)), [output])
      var rows = OutputRows()
      let predicate = try rows.predicate(unsafe, file: file).negated
      let result = try rows.apply(to: flat, inputs: inputs, counts: problem, in: &builder)
      let graph = try builder.build(outputs: [result])
      let obligation = try Obligation(
        name: name, question: .forall(region: coordinates.map { box[$0] }),
        cases: [ObligationCase(label: "", weight: Rational(1), graph: graph, predicate: predicate)])
      return VNNLIBQuery(
        obligation: obligation, box: box, coordinates: coordinates, forms: rows.texts)
    } catch let error as VNNLIBError {
      throw error
    } catch {
      throw fail("\(error)")
    }
  }

  /// All inputs from the free ones: a fixed one is a constant.
  private func embed(
    _ free: Int, _ box: [AxisRange], _ coordinates: [Int], into builder: inout GraphBuilder
  ) throws -> Int {
    guard coordinates.count < box.count else { return free }
    var weights = [Double](repeating: 0, count: box.count * coordinates.count)
    var bias = box.map { Double(exactly: $0.lower) ?? 0 }
    for (column, input) in coordinates.enumerated() {
      weights[input * coordinates.count + column] = 1
      bias[input] = 0
    }
    return try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([box.count, coordinates.count]), values: weights),
          bias: Tensor(shape: Shape(vector: box.count), values: bias))), [free])
  }
}

/// The linear forms that a formula compares, each once, as elements of the obligation's output.
private struct OutputRows {
  private var rows: [[VNNLIBVariable: Rational]: Int] = [:]
  private var order: [[VNNLIBVariable: Rational]] = []

  mutating func predicate(_ formula: VNNLIBFormula, file: String) throws(VNNLIBError) -> Predicate {
    switch formula {
    case .all(let parts):
      var result: [Predicate] = []
      for part in parts { result.append(try predicate(part, file: file)) }
      return result.count == 1 ? result[0] : .all(result)
    case .any(let parts):
      var result: [Predicate] = []
      for part in parts { result.append(try predicate(part, file: file)) }
      return result.count == 1 ? result[0] : .any(result)
    case .constraint(let constraint): return try atom(constraint, file: file)
    }
  }

  /// The form is divided by the coefficient of its first variable, so that multiples of one share a row; it stays as it
  /// stands where a quotient is no double, and what keeps the side of the comparison is taken instead: its sign.
  private mutating func atom(_ constraint: VNNLIBConstraint, file: String) throws(VNNLIBError) -> Predicate {
    var comparison: Comparison
    switch constraint.comparison {
    case .less: comparison = .less
    case .lessOrEqual: comparison = .lessOrEqual
    case .greater: comparison = .greater
    case .greaterOrEqual: comparison = .greaterOrEqual
    }
    guard let first = constraint.coefficients.keys.min(by: { $0.rank < $1.rank }),
      let factor = constraint.coefficients[first], var scale = Rational(1).divided(by: factor)
    else {
      return comparison.holds(constraint.constant, Rational(0)) ? .all([]) : .any([])
    }
    if factor < Rational(0) { comparison = comparison.flipped }
    var form = constraint.coefficients.mapValues { $0 * scale }
    if !form.values.allSatisfy({ Double(exactly: $0) != nil }) {
      scale = Rational(factor < Rational(0) ? -1 : 1)
      form = constraint.coefficients.mapValues { $0 * scale }
    }
    guard form.values.allSatisfy({ Double(exactly: $0) != nil }) else {
      throw VNNLIBError(
        file, constraint.line,
        "a coefficient is no double, nor is its quotient by that of the first variable",
        fix: "multiply the constraint by a number that makes them whole, such as 10 for 0.1")
    }
    let row: Int
    if let known = rows[form] {
      row = known
    } else {
      row = order.count
      rows[form] = row
      order.append(form)
    }
    return .atom(Atom(.element(row), comparison, .rational(-constraint.constant * scale)))
  }

  /// The forms as they are written, of the longest only the beginning.
  var texts: [String] {
    order.map { form in
      let terms = form.sorted { $0.key.rank < $1.key.rank }
      var text = ""
      for (index, (variable, coefficient)) in terms.prefix(OutputRows.shownTerms).enumerated() {
        let isNegative = coefficient < Rational(0)
        let size = isNegative ? -coefficient : coefficient
        text += index > 0 ? (isNegative ? " - " : " + ") : isNegative ? "-" : ""
        if size != Rational(1) { text += (size.exactDecimal ?? "\(size)") + " " }
        text += variable.name
      }
      return terms.count > OutputRows.shownTerms ? text + " + …" : text
    }
  }

  private static let shownTerms = 6

  /// The forms of the network's outputs, and of its inputs where some form needs them.
  func apply(
    to outputs: Int, inputs: Int, counts: VNNLIBProblem, in builder: inout GraphBuilder
  ) throws -> Int {
    let needsInputs = order.contains { form in
      form.keys.contains {
        if case .input = $0 { return true }
        return false
      }
    }
    let source = needsInputs ? try builder.apply(.concat(axis: 0), [outputs, inputs]) : outputs
    let width = counts.outputCount + (needsInputs ? counts.inputCount : 0)
    // Without any form the predicate is constant, and any output will do.
    let forms = order.isEmpty ? [[.output(0): Rational(1)]] : order
    var weights = [Double](repeating: 0, count: forms.count * width)
    for (row, form) in forms.enumerated() {
      for (variable, coefficient) in form {
        let column: Int
        switch variable {
        case .output(let index): column = index
        case .input(let index): column = counts.outputCount + index
        }
        weights[row * width + column] = Double(exactly: coefficient) ?? 0
      }
    }
    return try builder.apply(
      .linear(
        Linear(
          weights: Tensor(shape: Shape([forms.count, width]), values: weights),
          bias: Tensor(
            shape: Shape(vector: forms.count), values: [Double](repeating: 0, count: forms.count)))), [source]
    )
  }
}

extension VNNLIBVariable {
  /// As it is written: `X_0`.
  fileprivate var name: String {
    switch self {
    case .input(let index): "X_\(index)"
    case .output(let index): "Y_\(index)"
    }
  }

  /// Outputs before inputs, each by number.
  fileprivate var rank: (Int, Int) {
    switch self {
    case .output(let index): (0, index)
    case .input(let index): (1, index)
    }
  }
}
