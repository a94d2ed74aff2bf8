import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// Checks a sampler and how its networks fit together.
  mutating func sampler(
    _ name: NameSyntax, _ signature: SignatureSyntax, _ block: BlockSyntax, in scope: Scope
  ) -> Entity? {
    let fields = fields(
      block, of: name, allowed: Vocabulary.fields(of: .sampler))
    let inputs = ports(signature.inputs, in: scope)
    let output = output(signature.output, in: scope)
    let denoiserSyntax = required("denoiser", fields, example: "unet")
    let denoiser = denoiserSyntax.flatMap { networkNamed($0, in: scope) }
    let decoder = fields["decoder"].map { networkNamed($0, in: scope) }
    let methodSyntax = required("method", fields, example: "ddim(steps: 10, eta: 0)")
    let method = methodSyntax.flatMap { self.method($0, in: scope) }
    let schedule = required(
      "schedule", fields, example: "linear(train_steps: 1000, beta_start: 0.0001, beta_end: 0.02)"
    ).flatMap { self.schedule($0, in: scope) }
    let prediction = required("prediction", fields, example: "eps").flatMap {
      choice($0, of: PredictionTarget.self, needed: "what the denoiser predicts")
    }
    if let method, let schedule, let methodSyntax, method.steps > schedule.trainSteps {
      report(
        .stepMismatch,
        "the sampler takes \(method.steps) steps but the schedule has only \(schedule.trainSteps)",
        at: methodSyntax.span)
      return nil
    }
    if case .some(.none) = decoder { return nil }
    guard let inputs, let output, let denoiser, let method, let schedule, let prediction,
      let denoiserSyntax, let methodSyntax,
      let wiring = wire(
        inputs, denoiser, method, owner: name, denoiserSpan: denoiserSyntax.span,
        methodSpan: methodSyntax.span)
    else { return nil }
    guard
      checkDecoder(
        decoder ?? nil, latent: wiring.latentType, output: output, owner: name,
        outputSpan: signature.output.span,
        span: fields["decoder"]?.span ?? name.span)
    else { return nil }
    return .sampler(
      SamplerDeclaration(
        name: modules[scope.module].qualified(name.text), inputs: inputs, output: output,
        denoiser: denoiser.name, decoder: decoder??.name, latentInput: wiring.latent,
        stepInput: wiring.step, method: method, schedule: schedule, prediction: prediction,
        span: name.span))
  }

  private mutating func networkNamed(_ expression: ExpressionSyntax, in scope: Scope) -> NetworkDeclaration? {
    guard let (found, name) = entity(of: expression, in: scope, needed: "a network") else { return nil }
    if case .network(let network) = found { return network }
    reportWrong(.entity(found, name: name), at: expression.span, needed: "a network")
    return nil
  }

  private mutating func method(_ expression: ExpressionSyntax, in scope: Scope) -> SamplingMethod? {
    guard let call = call(expression, shapes: Vocabulary.methods, needed: "a sampling method"),
      let stepsSyntax = call["steps"], let etaSyntax = call["eta"]
    else { return nil }
    let steps = integer(stepsSyntax, in: scope, within: 1...1_000_000)
    let eta = constant(etaSyntax, in: scope)
    var spacing: TimestepSpacing? = .leading
    if let syntax = call["spacing"] {
      spacing = choice(syntax, of: TimestepSpacing.self, needed: "a spacing of timesteps")
    }
    guard let steps, let eta, let spacing else { return nil }
    guard ValueRange.unit.contains(eta) else {
      report(
        .numberOutOfRange, "eta lies in [0, 1], `\(eta.sourceText)` does not", at: etaSyntax.span)
      return nil
    }
    return .ddim(steps: steps, eta: eta, spacing: spacing)
  }

  private mutating func schedule(_ expression: ExpressionSyntax, in scope: Scope) -> NoiseSchedule? {
    guard let call = call(expression, shapes: Vocabulary.schedules, needed: "a noise schedule"),
      let kind = NoiseSchedule.Kind(rawValue: call.name.text), let stepsSyntax = call["train_steps"],
      let startSyntax = call["beta_start"], let endSyntax = call["beta_end"]
    else { return nil }
    let steps = integer(stepsSyntax, in: scope, within: 1...1_000_000)
    let start = constant(startSyntax, in: scope)
    let end = constant(endSyntax, in: scope)
    guard let steps, let start, let end else { return nil }
    guard Rational(0) < start, start <= end, end < Rational(1) else {
      report(
        .numberOutOfRange,
        "betas must satisfy 0 < beta_start <= beta_end < 1, not \(start.sourceText) "
          + "and \(end.sourceText)", at: startSyntax.span.union(endSyntax.span))
      return nil
    }
    return NoiseSchedule(kind: kind, trainSteps: steps, betaStart: start, betaEnd: end)
  }
}
