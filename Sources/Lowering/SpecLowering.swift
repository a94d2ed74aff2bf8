package import DSpecSemantics
import Diagnostics
import ModelFormats
import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Turns properties into obligations.
///
/// Discrete variables are enumerated: one case of the obligation for each assignment, weighted by its probability
/// where there is a law. Continuous variables become the input of each case's graph. Records of a dataset are
/// enumerated inside the predicate, where they share one graph.
package struct SpecLowering: Sendable {
  /// Largest number of cases or of records times cases that are enumerated.
  package static let largestEnumeration = 100_000

  private let spec: TypedSpec
  private let library: ModelLibrary
  private let pipelines: [String: Callee]

  /// A lowering of a checked specification with its files.
  ///
  /// - Parameter pipelines: Pipelines that others take the place of, by name; for tests.
  package init(_ spec: TypedSpec, _ library: ModelLibrary, replacing pipelines: [String: Callee] = [:]) {
    self.spec = spec
    self.library = library
    self.pipelines = pipelines
  }

  /// The obligation of a property.
  ///
  /// - Throws: `LoweringError.noBackEnd` when no engine decides such a claim, another case when a file does not fit.
  package func lower(_ property: Property) throws(LoweringError) -> LoweredProperty {
    do {
      guard property.arithmetic == library.arithmetic else {
        return try SpecLowering(
          spec, library.variant(for: property.arithmetic, of: spec), replacing: pipelines
        ).lower(property)
      }
      switch property.claim {
      case .forall(let binders, let predicate):
        var lowered = try forall(property, binders, predicate)
        if let negation = predicate.negatedPresumption {
          lowered.vacuity = try forall(property, binders, negation)
        }
        return lowered
      case .measure(let claim): return try measure(property, claim)
      case .general(let expression): throw LoweringError.noBackEnd(undecided(expression), expression.span)
      }
    } catch let error as LoweringError {
      throw error
    } catch {
      throw .mismatch("\(error)", property.span)
    }
  }

  /// What no engine decides, in words.
  private func undecided(_ expression: TypedExpression) -> String {
    switch expression.kind {
    case .quantified(let isUniversal, _, let body):
      if !isUniversal { return "`exists`" }
      return body.isQuantifierFree ? "`forall` within a larger claim" : undecided(body)
    case .accounted(let quantity): return "`\(quantity.quantity.rawValue)`"
    case .measure: return "a probability within a larger expression"
    default: return expression.operands.first { !$0.isQuantifierFree }.map(undecided) ?? "this claim"
    }
  }

  // MARK: forall

  private func forall(
    _ property: Property, _ binders: [Binder], _ predicate: TypedExpression
  ) throws -> LoweredProperty {
    var region = RegionParts()
    var continuous: [ContinuousVariable] = []
    var choices: [Choice] = []
    var records: [(name: String, dataset: DatasetDeclaration)] = []
    for binder in binders {
      switch binder.source {
      case .domain(let domain):
        switch domain.region {
        case .points(let points):
          choices.append(Choice(binder.name, domain, points: points))
        case .slice(let slice):
          region.box += ranges(slice.coefficients)
          continuous.append(
            ContinuousVariable(
              name: binder.name, type: domain.type, origin: try exact([slice.origin], domain.span)[0],
              directions: try exact(slice.directions, domain.span)))
        case .box, .ball, .product:
          try append(domain, domain.region, to: &region)
          continuous.append(ContinuousVariable(name: binder.name, type: domain.type))
        }
      case .enumeration(let type): choices.append(Choice(binder.name, type))
      case .dataset(let dataset):
        if let reason = library.unsupported[dataset.name] {
          throw LoweringError.noBackEnd(reason, binder.span)
        }
        records.append((binder.name, dataset))
      case .weights(let domain):
        throw LoweringError.noBackEnd("other weights of `\(domain.network)`", binder.span)
      case .law: throw LoweringError.noBackEnd("a law under forall", binder.span)
      }
    }
    if continuous.isEmpty {
      // Records of a claim without continuous variables share nothing, so each is a case of its own.
      choices += records.map { Choice($0.name, $0.dataset, records: library.datasets[$0.dataset.name] ?? []) }
      records = []
    }
    // Numbers that no constant holds are coordinates whose range is the number.
    var seen: Set<Rational> = []
    let numbers = choices.flatMap(\.numbers).filter { seen.insert($0).inserted }
    if !numbers.isEmpty {
      region.box += numbers.map { AxisRange(lower: $0, upper: $0) }
      continuous.append(.hidden(numbers.count))
    } else if continuous.isEmpty {
      // An obligation has at least one coordinate; this one is a single point that nothing refers to.
      region.box = [AxisRange(lower: Rational(0), upper: Rational(0))]
      continuous = [.unused]
    }
    guard region.box.allSatisfy(\.isWithinDoubles) else {
      throw LoweringError.noBackEnd("a region that reaches beyond the numbers of binary64", property.span)
    }
    var parts = Parts()
    for assignment in try product(choices.map(\.count), property) {
      var lowering = CaseLowering(spec, library, replacing: pipelines)
      try lowering.declare(continuous, numbers: numbers)
      for (choice, index) in zip(choices, assignment) { try choice.assign(index, to: &lowering) }
      var conjuncts: [Predicate] = []
      for rows in try recordRows(records, property) {
        for (item, row) in zip(records, rows) {
          guard let record = library.record(item.dataset.name, row) else {
            throw LoweringError.mismatch("`\(item.dataset.name)` has no row \(row)", property.span)
          }
          lowering.assign(item.name, record: record)
        }
        lowering.label = zip(records, rows).map { "\($0.name) = \($0.dataset.name)[\($1)]" }.joined(
          separator: ", ")
        conjuncts.append(try lowering.predicate(predicate))
      }
      let claim = conjuncts.count == 1 ? conjuncts[0] : .all(conjuncts)
      try lowering.checkRounding(of: claim, isEvent: false, property.span)
      try parts.append(
        &lowering, label: label(choices, assignment), weight: Rational(1), predicate: claim)
    }
    return try parts.finish(property, .forall(InputRegion(box: region.box, balls: region.balls)))
  }

  /// Points as doubles, where no others can be taken.
  private func exact(_ points: [[Rational]], _ span: SourceSpan) throws -> [[Double]] {
    try points.map { point in
      try point.map { value in
        guard let exact = Double(exactly: value) else {
          throw LoweringError.noBackEnd("the coordinate \(value.sourceText), which is no double,", span)
        }
        return exact
      }
    }
  }

  private func ranges(_ box: BoxRegion) -> [AxisRange] {
    zip(box.lower, box.upper).map { AxisRange(lower: $0, upper: $1) }
  }

  /// Adds the coordinates of a domain: the box of a box, and of a ball the box around it, with the ball itself unless its
  /// norm is the largest magnitude, or it is a line or a point, and the two are the same.
  private func append(_ domain: DomainDeclaration, _ region: Region, to parts: inout RegionParts) throws {
    switch region {
    case .box(let box): parts.box += ranges(box)
    case .product(let factors):
      for factor in factors { try append(domain, factor.region, to: &parts) }
    case .points: throw LoweringError.noBackEnd("a finite set as a factor of a product", domain.span)
    case .slice: throw LoweringError.noBackEnd("a slice as a factor of a product", domain.span)
    case .ball(let ball):
      let centre: [Rational]
      switch ball.center {
      case .constant(let values): centre = values
      case .prompt: throw LoweringError.noBackEnd("the embedding of a prompt", domain.span)
      case .record(let name, let row):
        if let reason = library.unsupported[name] { throw LoweringError.noBackEnd(reason, domain.span) }
        guard let record = library.record(name, row) else {
          throw LoweringError.mismatch("`\(name)` has no row \(row)", domain.span)
        }
        centre = record.exact
      }
      let start = parts.box.count
      parts.box += try centre.map { value in
        let lower = Swift.max(value - ball.radius, ball.clip?.lower ?? value - ball.radius)
        let upper = Swift.min(value + ball.radius, ball.clip?.upper ?? value + ball.radius)
        guard lower <= upper else { throw LoweringError.mismatch("`\(domain.name)` is empty", domain.span) }
        return AxisRange(lower: lower, upper: upper)
      }
      guard let norm = ball.norm.curved, centre.count > 1, !ball.radius.isZero else { return }
      let round = Ball(start: start, centre: centre, radius: ball.radius, norm: norm)
      guard round.meets(parts.box) else {
        throw LoweringError.mismatch(
          "`\(domain.name)` is empty: no point within \(ball.radius.sourceText) of the centre in "
            + "\(ball.norm.rawValue) has the range of its type", domain.span)
      }
      parts.balls.append(round)
    }
  }

  // MARK: P and BER

  private func measure(_ property: Property, _ claim: MeasureClaim) throws -> LoweredProperty {
    if let given = claim.given {
      throw LoweringError.noBackEnd("a condition (`given`)", given.span)
    }
    var laws: [AxisLaw] = []
    var continuous: [ContinuousVariable] = []
    var choices: [Choice] = []
    var weights: [[Rational]] = []
    for binder in claim.binders {
      guard case .law(let law, _) = binder.source else {
        throw LoweringError.noBackEnd("a domain under a probability", binder.span)
      }
      switch law {
      case .product(let type, let axes):
        laws += axes.map(axisLaw)
        continuous.append(ContinuousVariable(name: binder.name, type: type))
      case .categorical(let type, let own):
        choices.append(Choice(binder.name, type))
        weights.append(own)
      case .empirical(let dataset):
        if let reason = library.unsupported[dataset.name] {
          throw LoweringError.noBackEnd(reason, binder.span)
        }
        let records = library.datasets[dataset.name] ?? []
        choices.append(Choice(binder.name, dataset, records: records))
        weights.append(try alike(records.count, property))
      case .uniform(let domain):
        guard case .points(let points) = domain.region else {
          let isBall: Bool
          if case .ball = domain.region { isBall = true } else { isBall = false }
          throw LoweringError.noBackEnd(
            "the uniform law on `\(domain.name)`\(isBall ? ", which is a ball: no engine measures one," : "")",
            binder.span)
        }
        // A set has each of its points once.
        var seen: Set<[Rational]> = []
        let different = points.filter { seen.insert($0).inserted }
        _ = try exact(different, domain.span)
        choices.append(Choice(binder.name, domain, points: different))
        weights.append(try alike(different.count, property))
      case .mixture: throw LoweringError.noBackEnd("a mixture", binder.span)
      }
    }
    if continuous.isEmpty {
      // An obligation has at least one coordinate; nothing refers to this one.
      laws = [.uniform(AxisRange(lower: Rational(0), upper: Rational(1)))]
      continuous = [.unused]
    }
    guard laws.allSatisfy(\.isWithinDoubles) else {
      throw LoweringError.noBackEnd("a law that reaches beyond the numbers of binary64", property.span)
    }
    var parts = Parts()
    for assignment in try product(choices.map(\.count), property) {
      var weight = Rational(1)
      for (position, index) in assignment.enumerated() {
        // The balanced error rate weighs every label alike, whatever its law.
        if case .balancedErrorRate(_, let label) = claim.measure, choices[position].name == label {
          weight = weight * (Rational(1).divided(by: Rational(choices[position].count)) ?? Rational(0))
        } else {
          weight = weight * weights[position][index]
        }
      }
      if weight == Rational(0) { continue }
      var lowering = CaseLowering(spec, library, replacing: pipelines)
      try lowering.declare(continuous)
      for (choice, index) in zip(choices, assignment) { try choice.assign(index, to: &lowering) }
      let event: Predicate
      switch claim.measure {
      case .probability(let expression): event = try lowering.predicate(expression)
      case .expectation: throw LoweringError.noBackEnd("an expected value (`E[…]`)", property.span)
      case .balancedErrorRate(let prediction, let label):
        guard let position = choices.firstIndex(where: { $0.name == label }) else {
          throw LoweringError.noBackEnd("a label without a categorical law", property.span)
        }
        event = try lowering.differs(prediction, from: assignment[position])
      }
      try lowering.checkRounding(of: event, isEvent: true, property.span)
      try parts.append(&lowering, label: label(choices, assignment), weight: weight, predicate: event)
    }
    let bounds = try claim.bounds.map { bound in
      let comparison: Comparison
      switch bound.comparison {
      case .less: comparison = .less
      case .lessOrEqual: comparison = .lessOrEqual
      case .greater: comparison = .greater
      case .greaterOrEqual: comparison = .greaterOrEqual
      case .equal, .notEqual: throw LoweringError.noBackEnd("an equation for a probability", bound.span)
      }
      return VerificationProblem.MeasureBound(comparison, bound.bound)
    }
    return try parts.finish(property, .measure(law: laws, bounds: bounds))
  }

  private func axisLaw(_ law: CoordinateLaw) -> AxisLaw {
    switch law {
    case .normal(let mean, let deviation): return .normal(mean: mean, deviation: deviation)
    case .truncatedNormal(let mean, let deviation, let lower, let upper):
      return .truncatedNormal(mean: mean, deviation: deviation, range: AxisRange(lower: lower, upper: upper))
    case .uniform(let lower, let upper): return .uniform(AxisRange(lower: lower, upper: upper))
    }
  }

  /// The same weight for each of `count` values.
  private func alike(_ count: Int, _ property: Property) throws -> [Rational] {
    guard count > 0, let weight = Rational(1).divided(by: Rational(count)) else {
      throw LoweringError.mismatch("a dataset without records", property.span)
    }
    return Array(repeating: weight, count: count)
  }

  // MARK: Enumeration

  private func recordRows(
    _ records: [(name: String, dataset: DatasetDeclaration)], _ property: Property
  ) throws -> [[Int]] {
    try product(records.map { library.datasets[$0.dataset.name]?.count ?? 0 }, property)
  }

  private func product(_ counts: [Int], _ property: Property) throws -> [[Int]] {
    var rows: [[Int]] = [[]]
    for count in counts {
      guard count > 0 else { throw LoweringError.mismatch("a dataset without records", property.span) }
      guard rows.count <= SpecLowering.largestEnumeration / count else {
        throw LoweringError.noBackEnd(
          "more than \(SpecLowering.largestEnumeration) discrete cases", property.span)
      }
      rows = rows.flatMap { row in (0..<count).map { row + [$0] } }
    }
    return rows
  }

  private func label(_ choices: [Choice], _ assignment: [Int]) -> String {
    zip(choices, assignment).map { "\($0.name) = \($0.labels[$1])" }.joined(separator: ", ")
  }
}

extension AxisRange {
  /// Whether some doubles lie around it, so that a search has where to begin.
  fileprivate var isWithinDoubles: Bool { lower.roundedDown.isFinite && upper.roundedUp.isFinite }
}

extension AxisLaw {
  /// Whether its parameters lie between doubles.
  fileprivate var isWithinDoubles: Bool {
    switch self {
    case .normal(let mean, let deviation):
      mean.enclosure.isFinite && deviation.enclosure.isFinite
    case .truncatedNormal(let mean, let deviation, let range):
      mean.enclosure.isFinite && deviation.enclosure.isFinite && range.isWithinDoubles
    case .uniform(let range): range.isWithinDoubles
    }
  }
}

/// The coordinates of a region as its domains are lowered.
private struct RegionParts {
  var box: [AxisRange] = []
  var balls: [Ball] = []
}

extension DSpecSemantics.Norm {
  /// The norm as a ball's that is no box.
  fileprivate var curved: VerificationProblem.Norm? {
    switch self {
    case .l1: return .l1
    case .l2: return .l2
    case .linf: return nil
    }
  }
}

/// The cases of an obligation as they are lowered.
private struct Parts {
  private var cases: [ObligationCase] = []
  private var images: [Graph?] = []
  private var imageShape: [Int] = []
  private var scales: Set<QuantityScale> = []
  private var units: Set<Double> = []
  private var labels: [String] = []
  private var quantitiesAreWritten = true

  mutating func append(
    _ lowering: inout CaseLowering, label: String, weight: Rational, predicate: Predicate
  ) throws {
    cases.append(
      ObligationCase(
        label: label, weight: weight, graph: try lowering.graph(), predicate: predicate,
        arithmetic: lowering.arithmetic))
    images.append(try lowering.imageGraph())
    imageShape = lowering.imageShape
    scales.formUnion(lowering.scales)
    units.formUnion(lowering.units)
    quantitiesAreWritten = quantitiesAreWritten && lowering.quantitiesAreWritten
    labels = lowering.labels
  }

  func finish(_ property: Property, _ question: Question) throws -> LoweredProperty {
    LoweredProperty(
      property: property,
      obligation: try Obligation(name: property.name, question: question, cases: cases), images: images,
      imageShape: imageShape, scale: scales.count == 1 ? scales.first ?? .plain : .plain,
      unit: scales == [.distance] && units.count == 1 ? units.first ?? 1 : 1, atomLabels: labels,
      quantitiesAreWritten: quantitiesAreWritten && scales.count <= 1 && units.count <= 1)
  }
}
