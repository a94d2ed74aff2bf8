import RigorousArithmetic

/// What of a pipeline's declared inputs no property speaks of.
package struct ScopeCoverage: Sendable {
  /// Cases of a condition that no property covers.
  package struct Gap: Hashable, Sendable {
    /// The pipeline.
    package let pipeline: String
    /// The input.
    package let input: String
    /// The cases, in order of declaration.
    package let cases: [String]
  }

  /// The gaps, in order of declaration.
  package let gaps: [Gap]
  /// Pipelines that no property applies.
  package let unusedPipelines: [String]
  /// The conditions that properties state themselves, by property.
  package let stated: [(property: String, conditions: [OperatingCondition])]

  /// The gaps as sentences without a final stop: what the operation may meet and no property covers.
  package var sentences: [String] {
    gaps.map { "no property covers \($0.input) = \($0.cases.joined(separator: ", ")) of \($0.pipeline)" }
      + unusedPipelines.map { "no property speaks of \($0)" }
  }

  /// The coverage of a specification.
  ///
  /// A case is covered where some property applies the pipeline to it, to a variable over the whole enumeration, or to
  /// a variable drawn from a law that gives it a positive weight, and no condition of the property excludes it. Inputs are
  /// looked at one by one.
  ///
  /// - Parameter names: The properties that count; nil for all.
  package init(_ spec: TypedSpec, of names: Set<String>? = nil) {
    var covered: [String: [Set<Int>]] = [:]
    for property in spec.properties where names?.contains(property.name) ?? true {
      var walk = Walk(spec: spec)
      walk.visit(property.claim)
      for (pipeline, inputs) in walk.covered {
        let known = covered[pipeline] ?? Array(repeating: [], count: inputs.count)
        covered[pipeline] = zip(known, inputs).map { $0.union($1) }
      }
    }
    var gaps: [Gap] = []
    var unused: [String] = []
    let pipelines =
      spec.samplers.map { ($0.name, $0.inputs) }
      + spec.mitigations.compactMap { mitigation in
        ScopeCoverage.inputs(of: mitigation.yields, spec).map { (mitigation.yields, $0) }
      }
    for (name, inputs) in pipelines {
      guard let sets = covered[name] else {
        unused.append(name)
        continue
      }
      for (port, set) in zip(inputs, sets) {
        guard case .enumeration(let type) = port.type else { continue }
        let missing = type.cases.indices.filter { !set.contains($0) }.map { type.cases[$0] }
        if !missing.isEmpty { gaps.append(Gap(pipeline: name, input: port.name, cases: missing)) }
      }
    }
    self.gaps = gaps
    unusedPipelines = unused
    stated = spec.properties.filter { !$0.conditions.isEmpty }.map { ($0.name, $0.conditions) }
  }

  fileprivate static func inputs(of pipeline: String, _ spec: TypedSpec) -> [Port]? {
    if let sampler = spec.sampler(named: pipeline) { return sampler.inputs }
    guard let mitigation = spec.mitigation(yielding: pipeline) else { return nil }
    return inputs(of: mitigation.base, spec)
  }
}

/// Collects the cases to which pipelines are applied.
private struct Walk {
  let spec: TypedSpec
  var binders: [String: Binder] = [:]
  /// The cases that conditions leave to variables.
  var allowed: [String: Set<Int>] = [:]
  var covered: [String: [Set<Int>]] = [:]

  mutating func visit(_ claim: Claim) {
    switch claim {
    case .forall(let binders, let predicate):
      bind(binders)
      for condition in predicate.implication.conditions { restrict(by: condition) }
      visit(predicate)
    case .measure(let claim):
      bind(claim.binders)
      if let given = claim.given { restrict(by: given) }
      for expression in Claim.measure(claim).expressions { visit(expression) }
    case .general(let expression): visit(expression)
    }
  }

  private mutating func bind(_ list: [Binder]) {
    for binder in list { binders[binder.name] = binder }
  }

  private mutating func restrict(by condition: TypedExpression) {
    for (name, binder) in binders {
      guard case .enumeration(let type) = binder.type else { continue }
      let cases = condition.cases(of: name, among: Set(type.cases.indices))
      allowed[name] = allowed[name]?.intersection(cases) ?? cases
    }
  }

  private mutating func visit(_ expression: TypedExpression) {
    switch expression.kind {
    case .quantified(_, let list, _): bind(list)
    case .measure(let term): bind(term.binders)
    case .apply(let callee, let arguments):
      if ScopeCoverage.inputs(of: callee.name, spec) != nil {
        let sets = arguments.map(cases)
        let known = covered[callee.name] ?? Array(repeating: [], count: sets.count)
        covered[callee.name] = zip(known, sets).map { $0.union($1) }
      }
    default: break
    }
    for operand in expression.operands { visit(operand) }
  }

  /// The cases that an argument can be.
  private func cases(_ argument: TypedExpression) -> Set<Int> {
    switch argument.kind {
    case .enumCase(_, let index): return [index]
    case .variable(let name):
      let all: Set<Int>
      switch binders[name]?.source {
      case .enumeration(let type): all = Set(type.cases.indices)
      case .law(.categorical(_, let weights), _): all = Set(weights.indices.filter { !weights[$0].isZero })
      default: return []
      }
      return allowed[name].map(all.intersection) ?? all
    case .conditional(_, let a, let b): return cases(a).union(cases(b))
    default: return []
    }
  }
}

extension TypedExpression {
  /// The cases that a variable can have where the condition holds; all that it does not exclude by comparing the variable.
  fileprivate func cases(of variable: String, among all: Set<Int>) -> Set<Int> {
    switch kind {
    case .compare(let operation, let left, let right):
      let index: Int
      switch (left.kind, right.kind) {
      case (.variable(variable), .enumCase(_, let value)), (.enumCase(_, let value), .variable(variable)):
        index = value
      default: return all
      }
      switch operation {
      case .equal: return [index]
      case .notEqual: return all.subtracting([index])
      default: return all
      }
    case .and(let parts): return parts.reduce(all) { $0.intersection($1.cases(of: variable, among: all)) }
    case .or(let parts):
      return parts.reduce(into: []) { $0.formUnion($1.cases(of: variable, among: all)) }
    case .not(let operand):
      guard case .compare(let operation, let left, let right) = operand.kind else { return all }
      let negated = TypedExpression(kind: .compare(operation.negated, left, right), type: type, span: span)
      return negated.cases(of: variable, among: all)
    default: return all
    }
  }
}
