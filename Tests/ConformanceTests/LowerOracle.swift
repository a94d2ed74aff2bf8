import DSpecSemantics
import Lowering
import ModelFormats
import RigorousArithmetic
import SMT
import TensorGraph
import VerificationProblem

/// One case of a lowered property beside the claim that it stands for, on points of the region.
struct LoweredBranch {
  /// The branch of the obligation.
  let item: ObligationCase
  /// The points, each with the truth of the claim or event by the exact semantics of the surface language.
  let points: [(point: [Rational], truth: Bool)]

  /// The first point at which a predicate over the branch's graph differs from the claim.
  func disagreement(_ predicate: Predicate) throws -> (point: [Rational], truth: Bool)? {
    try points.first { sample in
      let output = try item.graph.evaluate([sample.point])[0]
      return try ExactPredicate(output: output).truth(predicate) != sample.truth
    }
  }
}

/// A property of a case in `lower`: what its obligation should be by the semantics of the language, and what it is.
struct LowerOracle {
  let property: Property
  let obligation: Obligation
  /// The region of the continuous variables, computed here.
  let region: [AxisRange]
  let branches: [LoweredBranch]

  /// What the enumeration of discrete variables must give in order.
  struct Discrete: Equatable {
    let label: String
    let weight: Rational
  }

  /// The expected cases.
  let expected: [Discrete]

  /// A claim of a form that the oracle does not read.
  struct Unsupported: Error { let text: String }

  private typealias Assignment = (label: [String], weight: Rational, values: [String: ClaimEvaluator.Value])

  /// Lowers a property and evaluates its claim at points.
  ///
  /// - Parameter extra: coordinates that the case asks for beside the ends, quarters and constants.
  init(_ property: Property, of project: CorpusProject, extra: [Rational]) throws {
    self.property = property
    obligation = try SpecLowering(project.spec, project.library).lower(property).obligation
    let evaluator = ClaimEvaluator(project)
    let binders: [Binder]
    switch property.claim {
    case .forall(let list, _): binders = list
    case .measure(let claim): binders = claim.binders
    case .general: throw Unsupported(text: "a claim of a general form")
    }
    let continuous = try binders.compactMap { binder in
      try Self.ranges(of: binder).map { (name: binder.name, ranges: $0, shape: Self.shape(of: binder)) }
    }
    region = continuous.flatMap(\.ranges)
    let grid = PointGrid(region, constants: PointGrid.constants(of: property.claim) + extra).points
    var expected: [Discrete] = []
    var branches: [LoweredBranch] = []
    for assignment in try Self.assignments(binders, property.claim) {
      guard assignment.weight > Rational(0), branches.count < obligation.cases.count else { continue }
      let samples = try grid.map { point in
        var values = assignment.values
        var start = 0
        for (name, ranges, shape) in continuous {
          values[name] = .tensor(Array(point[start..<start + ranges.count]), shape: shape)
          start += ranges.count
        }
        return (point, try Self.truth(property.claim, binders, values, evaluator))
      }
      branches.append(LoweredBranch(item: obligation.cases[branches.count], points: samples))
      expected.append(Discrete(label: assignment.label.joined(separator: ", "), weight: assignment.weight))
    }
    self.expected = expected
    self.branches = branches
  }

  /// The box of a continuous variable, or a bounded part of the support of its law; nil for a discrete one.
  private static func ranges(of binder: Binder) throws -> [AxisRange]? {
    switch binder.source {
    case .enumeration, .dataset, .law(.categorical, _): return nil
    case .domain(let domain):
      guard case .box(let box) = domain.region else { throw Unsupported(text: "a domain that is no box") }
      return zip(box.lower, box.upper).map { AxisRange(lower: $0, upper: $1) }
    case .weights, .law(.mixture, _), .law(.empirical, _), .law(.uniform, _):
      throw Unsupported(text: "the variable \(binder.name)")
    case .law(.product(_, let axes), _):
      return axes.map { axis in
        switch axis {
        case .normal(let mean, let deviation):
          AxisRange(lower: mean - Rational(3) * deviation, upper: mean + Rational(3) * deviation)
        case .truncatedNormal(_, _, let lower, let upper), .uniform(let lower, let upper):
          AxisRange(lower: lower, upper: upper)
        }
      }
    }
  }

  private static func shape(of binder: Binder) -> [Int] {
    if case .tensor(let type) = binder.type { return type.shape }
    return []
  }

  /// Every assignment of the variables over enumerations, the last one running fastest.
  private static func assignments(_ binders: [Binder], _ claim: Claim) throws -> [Assignment] {
    var rows: [Assignment] = [([], Rational(1), [:])]
    for binder in binders {
      let type: EnumType
      var weights: [Rational]
      switch binder.source {
      case .enumeration(let own): (type, weights) = (own, own.cases.map { _ in Rational(1) })
      case .law(.categorical(let own, let given), _): (type, weights) = (own, given)
      default: continue
      }
      if case .measure(let measure) = claim, case .balancedErrorRate(_, let label) = measure.measure,
        label == binder.name
      {
        weights = type.cases.map { _ in Rational(BigInteger(1), over: BigInteger(type.cases.count)) }
      }
      rows = rows.flatMap { row in
        type.cases.indices.map { index in
          var values = row.values
          values[binder.name] = .choice(index)
          return (
            row.label + ["\(binder.name) = \(type.cases[index])"], row.weight * weights[index], values
          )
        }
      }
    }
    return rows
  }

  /// The claim for every record of its datasets, or the event of its measure.
  private static func truth(
    _ claim: Claim, _ binders: [Binder], _ values: [String: ClaimEvaluator.Value], _ evaluator: ClaimEvaluator
  ) throws -> Bool {
    switch claim {
    case .forall(_, let predicate):
      var rows = [values]
      for binder in binders {
        guard case .dataset(let dataset) = binder.source else { continue }
        let count =
          dataset.rows?.count
          ?? TinyModelTests.pictures.elements.count / dataset.elementType.elementCount
        rows = try rows.flatMap { row in
          try (0..<count).map { index in
            var next = row
            next[binder.name] = try ClaimEvaluator.record(index, of: dataset.name, in: evaluator.spec)
            return next
          }
        }
      }
      return try rows.map { try evaluator.truth(predicate, $0) }.allSatisfy { $0 }
    case .measure(let measure):
      switch measure.measure {
      case .probability(let event): return try evaluator.truth(event, values)
      case .balancedErrorRate(let prediction, let label):
        guard case .choice(let predicted) = try evaluator.value(prediction, values),
          case .choice(let actual)? = values[label]
        else { throw Unsupported(text: "a prediction that is no case") }
        return predicted != actual
      case .expectation: throw Unsupported(text: "an expected value")
      }
    case .general: throw Unsupported(text: "a claim of a general form")
    }
  }
}
