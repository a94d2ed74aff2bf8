import RigorousArithmetic

/// Writes properties in one deterministic form.
///
/// The form is a list of parenthesised terms, one for each thing that the property refers to, sorted,
/// and the property last. Numbers are reduced fractions, bound variables are `%0`, `%1`, … in order of
/// binding, texts are quoted. Comments, spans, titles, engine hints and parameter names do not occur.
struct CanonicalText {
  /// The checked declarations by name; mitigations by the name of what they yield.
  let entities: [String: Entity]

  func property(
    name: String, hazards: [String], claim: Claim, evidence: [EvidenceGrade], arithmetic: ClaimArithmetic
  ) -> String {
    var writer = CanonicalWriter(entities: entities)
    let claimText = writer.claim(claim)
    let grades = evidence.map(writer.grade).joined(separator: " ")
    let hazardText = hazards.map(writer.quote).joined(separator: " ")
    let lines = writer.referenced.sorted { $0.key < $1.key }.map(\.value)
    return
      (["(dspec 1.0)"] + lines + [
        "(property \(writer.quote(name)) (mitigates \(hazardText)) \(claimText) (evidence \(grades))"
          + (arithmetic == .real ? ")" : " (arithmetic \(arithmetic.rawValue)))")
      ]).joined(separator: "\n") + "\n"
  }
}

private struct CanonicalWriter {
  let entities: [String: Entity]
  /// The terms of what was met, by a key that sorts them.
  var referenced: [String: String] = [:]
  private var variables: [String: Int] = [:]
  private var variableCount = 0

  init(entities: [String: Entity]) {
    self.entities = entities
  }

  func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }

  func grade(_ grade: EvidenceGrade) -> String {
    switch grade {
    case .proof: "proof"
    case .bound: "bound"
    case .sampled(let samples, let confidence): "(sampled \(samples) \(confidence))"
    case .accounting(let method): "(accounting \(method))"
    case .derived(let names): "(derived \(names.map(quote).joined(separator: " ")))"
    case .attacked(let budget): "(attacked \(budget))"
    }
  }

  mutating func claim(_ claim: Claim) -> String {
    switch claim {
    case .forall(let binders, let predicate):
      let bound = self.binders(binders)
      return "(forall \(bound) \(expression(predicate)))"
    case .measure(let claim):
      let bound = self.binders(claim.binders)
      let measure = self.measure(claim.measure)
      let bounds = claim.bounds.map { "(\($0.comparison.rawValue) \($0.bound))" }.joined(separator: " ")
      return "(measure \(bound) \(measure)\(given(claim.given)) (bounds \(bounds)))"
    case .general(let expression): return "(holds \(self.expression(expression)))"
    }
  }

  private mutating func measure(_ measure: Measure) -> String {
    switch measure {
    case .probability(let event): return "(P \(expression(event)))"
    case .balancedErrorRate(let prediction, let label):
      return "(BER \(expression(prediction)) \(variable(label)))"
    case .expectation(let value): return "(E \(expression(value)))"
    }
  }

  private mutating func given(_ condition: TypedExpression?) -> String {
    guard let condition else { return "" }
    return " (given \(expression(condition)))"
  }

  private mutating func binders(_ binders: [Binder]) -> String {
    var parts: [String] = []
    for binder in binders {
      parts.append(source(binder.source))
      variables[binder.name] = variableCount
      variableCount += 1
    }
    return "(\(parts.joined(separator: " ")))"
  }

  private func variable(_ name: String) -> String { "%\(variables[name] ?? -1)" }

  private mutating func source(_ source: BinderSource) -> String {
    switch source {
    case .domain(let domain): return "(in \(type(.tensor(domain.type))) \(region(domain.region)))"
    case .enumeration(let cases): return "(in \(type(.enumeration(cases))))"
    case .dataset(let dataset):
      addDataset(dataset.name)
      return "(in (dataset \(quote(dataset.name))))"
    case .weights(let domain):
      addCallee(domain.network)
      return "(in (weights \(quote(domain.network)) \(domain.radius) \(domain.norm.rawValue)))"
    case .law(let law, _): return "(draw \(type(law.type)) \(self.law(law)))"
    }
  }

  private func numbers(_ values: [Rational]) -> String {
    if let first = values.first, values.allSatisfy({ $0 == first }) { return "(all \(first))" }
    return "(\(values.map(\.description).joined(separator: " ")))"
  }

  private func range(_ range: ValueRange?) -> String {
    range.map { "(range \($0.lower) \($0.upper))" } ?? "any"
  }

  private func type(_ type: ValueType) -> String {
    switch type {
    case .boolean: "bool"
    case .real(let range): "(real \(self.range(range)))"
    case .integer(let range): "(int \(self.range(range)))"
    case .tensor(let tensor):
      "(tensor \(tensor.kind.rawValue) (\(tensor.shape.map(String.init).joined(separator: " "))) \(range(tensor.range)))"
    case .enumeration(let cases):
      "(enum \(quote(cases.name)) \(cases.cases.joined(separator: " ")))"
    case .step(let count): "(step \(count))"
    case .weights(let network): "(weights \(quote(network)))"
    }
  }

  private mutating func region(_ region: Region) -> String {
    switch region {
    case .box(let box): return "(box \(numbers(box.lower)) \(numbers(box.upper)))"
    case .ball(let ball):
      let center: String
      switch ball.center {
      case .record(let dataset, let row):
        addDataset(dataset)
        center = "(record \(quote(dataset)) \(row))"
      case .constant(let values): center = numbers(values)
      case .prompt(let text): center = "(prompt \(quote(text)))"
      }
      return "(ball \(center) \(ball.radius) \(ball.norm.rawValue) (clip \(range(ball.clip))))"
    case .points(let points): return "(points \(points.map(list).joined(separator: " ")))"
    case .slice(let slice):
      let directions = slice.directions.map(list).joined(separator: " ")
      let box = slice.coefficients
      return "(slice \(list(slice.origin)) (\(directions)) (box \(numbers(box.lower)) \(numbers(box.upper))))"
    case .product(let factors):
      var parts: [String] = []
      for factor in factors { parts.append("(\(factor.count) \(self.region(factor.region)))") }
      return "(product \(parts.joined(separator: " ")))"
    }
  }

  private func list(_ values: [Rational]) -> String {
    "(\(values.map(\.description).joined(separator: " ")))"
  }

  private mutating func law(_ law: Law) -> String {
    switch law {
    case .uniform(let domain): return "(uniform \(region(domain.region)))"
    case .empirical(let dataset):
      addDataset(dataset.name)
      return "(empirical \(quote(dataset.name)))"
    case .mixture(_, let parts):
      var texts: [String] = []
      for part in parts { texts.append("(\(part.weight) \(self.law(part.law)))") }
      return "(mixture \(texts.joined(separator: " ")))"
    case .categorical(_, let weights): return "(categorical \(numbers(weights)))"
    case .product(_, let coordinates):
      let texts = coordinates.map { coordinate in
        switch coordinate {
        case .normal(let mean, let deviation): "(normal \(mean) \(deviation))"
        case .truncatedNormal(let mean, let deviation, let lower, let upper):
          "(truncated_normal \(mean) \(deviation) \(lower) \(upper))"
        case .uniform(let lower, let upper): "(uniform \(lower) \(upper))"
        }
      }
      if let first = texts.first, texts.allSatisfy({ $0 == first }) { return "(product (all \(first)))" }
      return "(product \(texts.joined(separator: " ")))"
    }
  }
}

extension CanonicalWriter {
  private mutating func expression(_ expression: TypedExpression) -> String {
    switch expression.kind {
    case .constant(let value): return value.description
    case .boolean(let value): return "\(value)"
    case .enumCase(let type, let index): return "(case \(quote(type.name)) \(type.cases[index]))"
    case .variable(let name): return variable(name)
    case .record(let dataset, let row):
      addDataset(dataset)
      return "(record \(quote(dataset)) \(row))"
    case .apply(let callee, let arguments):
      addCallee(callee.name)
      return list("apply \(quote(callee.text))", arguments)
    case .distance(let norm, let a, let b): return list("distance \(norm.rawValue)", [a, b])
    case .index(let operand, let positions):
      return list("index \(positions.map(String.init).joined(separator: " "))", [operand])
    case .negate(let operand): return list("negate", [operand])
    case .arithmetic(let operation, let a, let b): return list(operation.rawValue, [a, b])
    case .compare(let operation, let a, let b): return list(operation.rawValue, [a, b])
    case .and(let operands): return list("and", operands)
    case .or(let operands): return list("or", operands)
    case .not(let operand): return list("not", [operand])
    case .implies(let a, let b): return list("implies", [a, b])
    case .conditional(let a, let b, let c): return list("if", [a, b, c])
    case .quantified(let isUniversal, let bound, let body):
      return "(\(isUniversal ? "forall" : "exists") \(binders(bound)) \(self.expression(body)))"
    case .measure(let term):
      let bound = binders(term.binders)
      return "(measure \(bound) \(measure(term.measure))\(given(term.given)))"
    case .accounted(let quantity):
      addTraining(quantity.training)
      return "(\(quantity.quantity.rawValue) \(quote(quantity.training)) \(quantity.argument))"
    }
  }

  private mutating func list(_ head: String, _ operands: [TypedExpression]) -> String {
    var parts = [head]
    for operand in operands { parts.append(expression(operand)) }
    return "(\(parts.joined(separator: " ")))"
  }

  private func artifact(_ artifact: Artifact) -> String {
    "(artifact \(artifact.format.rawValue) \(quote(artifact.path)) \(artifact.sha256 ?? "unpinned"))"
  }

  private func ports(_ inputs: [Port], _ output: ValueType) -> String {
    let texts = inputs.map { "(\(quote($0.name)) \(type($0.type)))" }
    return "(inputs \(texts.joined(separator: " "))) (output \(type(output)))"
  }

  private mutating func addDataset(_ name: String) {
    guard case .dataset(let dataset)? = entities[name] else { return }
    let rows = dataset.rows.map { "(rows \($0.lowerBound) \($0.upperBound))" } ?? "(rows all)"
    referenced["dataset \(dataset.name)"] =
      "(dataset \(quote(dataset.name)) \(type(.tensor(dataset.elementType))) \(artifact(dataset.artifact)) "
      + "(scale \(dataset.scale)) \(rows))"
  }

  private mutating func addTraining(_ name: String) {
    guard case .training(let training)? = entities[name] else { return }
    addCallee(training.network)
    referenced["training \(training.name)"] =
      "(training \(quote(training.name)) \(quote(training.network)) (dp_sgd \(training.noise) \(training.clip) "
      + "\(training.rate) \(training.steps) \(training.sampling.rawValue)) \(training.adjacency.rawValue))"
  }

  private mutating func addCallee(_ name: String) {
    guard let entity = entities[name] else { return }
    switch entity {
    case .network(let network):
      referenced["network \(network.name)"] =
        "(network \(quote(network.name)) \(ports(network.inputs, network.output)) \(artifact(network.artifact)))"
    case .sampler(let sampler):
      addCallee(sampler.denoiser)
      if let decoder = sampler.decoder { addCallee(decoder) }
      let schedule = sampler.schedule
      guard case .ddim(let steps, let eta, let spacing) = sampler.method else { return }
      referenced["sampler \(sampler.name)"] =
        "(sampler \(quote(sampler.name)) \(ports(sampler.inputs, sampler.output)) "
        + "(denoiser \(quote(sampler.denoiser)) \(quote(sampler.latentInput)) \(quote(sampler.stepInput))) "
        + "(decoder \(sampler.decoder.map(quote) ?? "none")) (ddim \(steps) \(eta) \(spacing.rawValue)) "
        + "(\(schedule.kind.rawValue) \(schedule.trainSteps) \(schedule.betaStart) \(schedule.betaEnd)) "
        + "(prediction \(sampler.prediction.rawValue)))"
    case .mitigation(let mitigation):
      addCallee(mitigation.base)
      let names = "\(quote(mitigation.yields)) \(quote(mitigation.base))"
      switch mitigation.effect {
      case .attributeSwitching(let attribute, let step):
        referenced["mitigation \(mitigation.yields)"] =
          "(attribute_switching \(names) \(quote(attribute)) \(step))"
      case .contract(let kind):
        referenced["mitigation \(mitigation.yields)"] = "(\(kind.rawValue) \(names))"
      }
    default: break
    }
  }
}
