import Certificates
package import DSpecSemantics
import RigorousArithmetic

/// What every certificate says about the reach of its answers, derived from the specification.
///
/// Leaving one of these out, or adding one that nothing shows, would let the answers look wider than they are.
package enum StandingScope {
  /// The lines for a specification of which some properties are answered, and some of these decided.
  package static func lines(_ spec: TypedSpec, answered: Set<String>, decided: Set<String>) -> [String] {
    let stated = spec.properties.filter { answered.contains($0.name) }
    let isSingle = StandingAssumptions.claim(stated.map(\.arithmetic)) == .float32AnyOrder
    var lines = [
      "\(isSingle ? "single-precision" : "real-number") semantics of the bundled networks, unrolled over every sampler step"
    ]
    for arithmetic in ClaimArithmetic.allCases where arithmetic != .real {
      let names = stated.filter { $0.arithmetic == arithmetic }.map(\.name)
      if !names.isEmpty {
        lines.append("in arithmetic \(arithmetic.rawValue): \(names.joined(separator: ", "))")
      }
      if arithmetic == .float16Weights, !names.isEmpty {
        lines.append(
          "float16(weights) rounds every number of a tensor of the bundled networks to nearest, ties to even")
      }
    }
    for sampler in spec.samplers {
      switch sampler.method {
      case .ddim(let steps, let eta, let spacing):
        lines.append(
          "sampler \(sampler.name): DDIM, \(steps) steps, eta \(eta), \(spacing.rawValue) spacing, "
            + "prediction \(sampler.prediction.rawValue)")
      }
    }
    for domain in spec.domains {
      let count = domain.type.elementCount
      let facts = [ranges(domain.region, count)].compactMap { $0 } + forms(domain.region)
      guard !facts.isEmpty else { continue }
      lines.append("domain \(domain.name): \(count) coordinates \(facts.joined(separator: ", "))")
    }
    lines += spec.laws.map { "law \($0.name): \($0.law.words)" }
    for property in spec.properties where !property.conditions.isEmpty {
      let conditions = property.conditions.map { "\($0.name) = \($0.values.joined(separator: ", "))" }
      lines.append("\(property.name) covers \(conditions.joined(separator: "; ")), in the author's words")
    }
    lines += ScopeCoverage(spec, of: decided).sentences
    for mitigation in spec.mitigations where !mitigation.contracts.isEmpty {
      lines.append("the contract of \(mitigation.name) is the author's word: no clause of it is decided")
    }
    let missing = spec.properties.map(\.name).filter { !answered.contains($0) }
    if !missing.isEmpty { lines.append("not answered here: \(missing.joined(separator: ", "))") }
    return lines
  }

  /// Most ranges that are told one by one.
  private static let few = 4

  /// The ranges of a set's coordinates in words; nil where one is not known.
  private static func ranges(_ region: Region, _ count: Int) -> String? {
    let ranges = (0..<count).map { region.range(of: $0) }
    let ends = ranges.compactMap { range in range.lower.flatMap { low in range.upper.map { (low, $0) } } }
    guard ends.count == count, let least = ends.map(\.0).min(), let greatest = ends.map(\.1).max() else {
      return nil
    }
    if ends.allSatisfy({ $0 == (least, greatest) }) { return "within [\(least), \(greatest)]" }
    guard count > few else {
      return "within " + ends.map { "[\($0.0), \($0.1)]" }.joined(separator: " x ")
    }
    return "each within its own part of [\(least), \(greatest)]"
  }

  /// What makes a set less than the box of its ranges.
  private static func forms(_ region: Region) -> [String] {
    switch region {
    case .box: []
    case .ball(let ball): [words(ball)]
    case .points(let points): ["at \(points.count) point\(points.count == 1 ? "" : "s")"]
    case .slice(let slice): ["on a slice along \(slice.directions.count) of the directions"]
    case .product(let factors): factors.flatMap { forms($0.region) }
    }
  }

  /// A ball in words.
  private static func words(_ ball: BallRegion) -> String {
    let centre: String
    switch ball.center {
    case .record(let dataset, let row): centre = " around \(dataset)[\(row)]"
    case .prompt(let text): centre = " around the prompt \"\(text)\""
    case .constant(let values):
      let few = values.count <= 4 ? values.map(\.description).joined(separator: ", ") : nil
      centre = few.map { " around [\($0)]" } ?? ""
    }
    return "in the \(ball.norm.rawValue) ball of radius \(ball.radius)\(centre)"
  }

  /// Checks that a certificate states them, in any order, and nothing else.
  static func check(_ predicate: CompliancePredicate, _ spec: TypedSpec) throws(ReplayError) {
    let decided = Set(predicate.properties.filter(\.verdict.isDecided).map(\.id))
    try check(predicate, lines(spec, answered: Set(predicate.properties.map(\.id)), decided: decided))
  }

  /// The same for given lines.
  static func check(_ predicate: CompliancePredicate, _ lines: [String]) throws(ReplayError) {
    for line in lines where !predicate.scope.contains(line) {
      throw ReplayError(.record, step: "scope", "`\(line)` is not stated")
    }
    for line in predicate.scope where !lines.contains(line) {
      throw ReplayError(.record, step: "scope", "`\(line)` is stated, and nothing here shows it")
    }
  }
}

extension Law {
  /// Most values that are told one by one.
  private static let few = 8

  /// In words; what would be long is told by its size.
  fileprivate var words: String {
    switch self {
    case .product(_, let axes):
      let kinds = Set(axes)
      guard kinds.count == 1, let kind = kinds.first else {
        return "\(axes.count) independent coordinates of \(kinds.count) different laws"
      }
      return "\(axes.count) independent coordinates, each \(kind.words)"
    case .categorical(let type, let weights):
      let isEven = Set(weights).count == 1
      guard weights.count <= Law.few else {
        return "\(weights.count) cases of \(type.name), \(isEven ? "all alike" : "weighted")"
      }
      return zip(type.cases, weights).map { "\($0) \($1)" }.joined(separator: ", ")
    case .uniform(let domain): return "uniform on \(domain.name)"
    case .mixture(_, let parts): return "a mixture of \(parts.count) laws"
    case .empirical(let dataset): return "the records of \(dataset.name), all alike"
    }
  }
}

extension CoordinateLaw {
  /// In words.
  fileprivate var words: String {
    switch self {
    case .normal(let mean, let deviation): "normal with mean \(mean) and deviation \(deviation)"
    case .truncatedNormal(let mean, let deviation, let lower, let upper):
      "normal with mean \(mean) and deviation \(deviation), cut to [\(lower), \(upper)]"
    case .uniform(let lower, let upper): "uniform on [\(lower), \(upper)]"
    }
  }
}
