package import RigorousArithmetic
package import TensorGraph

/// One branch of an obligation: the discrete variables are fixed, the continuous ones are the graph's input.
package struct ObligationCase: Hashable, Sendable {
  /// What was fixed, for people: `s = light`.
  package let label: String
  /// Exact weight of the branch in a probability; 1 under forall.
  package let weight: Rational
  /// One real input of `n` elements, one flat output.
  package let graph: Graph
  /// Under forall what must hold at every point; in a probability the event.
  package let predicate: Predicate
  /// What the graph's operators are computed in; the claim speaks of their results in real numbers.
  package let arithmetic: Arithmetic

  /// Makes a case.
  package init(
    label: String, weight: Rational, graph: Graph, predicate: Predicate, arithmetic: Arithmetic = .real
  ) {
    self.arithmetic = arithmetic
    self.label = label
    self.weight = weight
    self.graph = graph
    self.predicate = predicate
  }
}

/// A bound on a probability.
package struct MeasureBound: Hashable, Sendable {
  /// The relation between measure and threshold.
  package let comparison: Comparison
  /// The exact threshold.
  package let threshold: Rational

  /// Makes a bound.
  package init(_ comparison: Comparison, _ threshold: Rational) {
    self.comparison = comparison
    self.threshold = threshold
  }
}

/// What is asked of the cases.
package enum Question: Hashable, Sendable {
  /// Every case's predicate holds at every point of the region.
  case forall(InputRegion)
  /// The weighted sum of the probabilities of the cases' events meets every bound. Weights are nonnegative; a
  /// balanced error rate has each group's weights sum to one half.
  case measure(law: [AxisLaw], bounds: [MeasureBound])

  /// Every case's predicate holds at every point of the box.
  package static func forall(region box: [AxisRange]) -> Question { .forall(InputRegion(box: box)) }
}

/// A mathematical question without syntax and without engine: region or law, graphs, claim.
package struct Obligation: Hashable, Sendable {
  /// Name of the property.
  package let name: String
  /// What is asked.
  package let question: Question
  /// The branches.
  package let cases: [ObligationCase]

  /// Makes an obligation.
  ///
  /// - Throws: `ObligationError` when a graph does not fit the region, the region has no points, an atom points outside
  ///   the output, a weight is negative or no case is given.
  package init(name: String, question: Question, cases: [ObligationCase]) throws(ObligationError) {
    self.name = name
    self.question = question
    self.cases = cases
    try validate()
  }

  /// Number of continuous coordinates.
  package var dimension: Int {
    switch question {
    case .forall(let region): return region.dimension
    case .measure(let law, _): return law.count
    }
  }

  /// The coordinates whose range is a single number.
  package var fixedAxes: Set<Int> {
    guard case .forall(let region) = question else { return [] }
    return Set(region.box.indices.filter { region.box[$0].lower == region.box[$0].upper })
  }

  private func validate() throws(ObligationError) {
    guard !cases.isEmpty else { throw ObligationError("`\(name)` has no cases") }
    if case .forall(let region) = question, let problem = region.problem {
      throw ObligationError("`\(name)` \(problem)")
    }
    if case .measure(let law, _) = question {
      for axis in law {
        switch axis {
        case .normal(_, let deviation):
          guard deviation > Rational(0) else {
            throw ObligationError("`\(name)` has a law of zero deviation")
          }
        case .truncatedNormal(_, let deviation, let range):
          guard deviation > Rational(0), range.lower < range.upper else {
            throw ObligationError("`\(name)` has a truncated law without mass")
          }
        case .uniform(let range):
          guard range.lower < range.upper else {
            throw ObligationError("`\(name)` has a uniform law on a single point")
          }
        }
      }
    }
    for item in cases {
      guard item.graph.inputs.count == 1, item.graph.outputs.count == 1,
        item.graph.inputCount == dimension, item.graph.inputSignature.allSatisfy({ $0.input.kind == .real })
      else {
        throw ObligationError("`\(name)`, case `\(item.label)`: the graph does not take the region's points")
      }
      if item.arithmetic == .float32AnyOrder, let value = item.graph.constantBeyondSinglePrecision {
        throw ObligationError("`\(name)`: the constant \(value) is out of reach of single precision")
      }
      guard item.weight >= Rational(0) else { throw ObligationError("`\(name)` has a negative weight") }
      let count = item.graph.outputShapes[0].count
      for atom in item.predicate.atoms {
        switch atom.quantity {
        case .element(let index):
          guard (0..<count).contains(index) else {
            throw ObligationError("`\(name)` compares element \(index) of an output of \(count)")
          }
        case .distance(let start, let point, _):
          guard start >= 0, !point.isEmpty, start + point.count <= count, point.allSatisfy(\.isFinite) else {
            throw ObligationError("`\(name)` measures a distance to a point of another space")
          }
        }
        if case .logit(let probability) = atom.threshold {
          guard probability > Rational(0), probability < Rational(1) else {
            throw ObligationError("`\(name)` has the logit of \(probability)")
          }
        }
      }
    }
  }
}

extension Graph {
  /// A constant, weight or factor that single precision does not hold, or holds as zero.
  fileprivate var constantBeyondSinglePrecision: Double? {
    for node in nodes {
      let values: [Double]
      switch node.operation {
      case .constant(let tensor): values = tensor.values
      case .linear(let linear): values = linear.weights.values + linear.bias.values
      case .sparse(let map): values = map.weights + map.bias
      case .scale(let factor): values = [factor]
      case .divide(let divisor): values = [divisor.value]
      default: continue
      }
      if let value = values.first(where: { $0.magnitude > SingleRounding.greatest }) { return value }
      if case .divide(let divisor) = node.operation, divisor.value.magnitude < 1 / SingleRounding.greatest {
        return divisor.value
      }
    }
    return nil
  }
}

/// An obligation that makes no sense.
package struct ObligationError: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
