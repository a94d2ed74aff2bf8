import DSpecSyntax
import Diagnostics

extension Checker {
  /// Checks `G.using(unet: w)`: the pipeline with the weights w in place of those of one of its networks.
  mutating func reweighted(
    _ applied: Applied, _ arguments: [ArgumentSyntax], at span: SourceSpan, in scope: Scope
  ) -> Applied? {
    guard arguments.count == 1, let argument = arguments.first, let label = argument.label else {
      report(
        .wrongArity, "`using` takes one network and its weights", at: span,
        help: "write `\(applied.callee.name).using(\(networks(of: applied).first ?? "unet"): w)`")
      return nil
    }
    let names = networks(of: applied)
    // A network of an imported module goes by its own name here, as it does in the import.
    guard let network = names.first(where: { $0 == label.text || $0.hasSuffix("." + label.text) }) else {
      let meant = SpellingSuggestion.nearest(to: label.text, among: names)
      report(
        .unknownName, "`\(applied.callee.name)` has no network `\(label.text)`", at: label.span,
        help: meant.map { "did you mean `\($0)`?" }
          ?? "its networks are \(names.map { "`\($0)`" }.joined(separator: ", "))")
      return nil
    }
    guard let weights = typed(argument.value, in: scope) else { return nil }
    guard weights.type == .weights(network: network) else {
      report(
        .typeMismatch, "`using` needs Weights[\(network)], \(describe(weights))", at: argument.value.span,
        help: "bind them with `forall w in W` for a `domain W: Weights[\(network)]`")
      return nil
    }
    var changed = applied
    changed.callee = .reweighted(applied.callee, network: network)
    changed.changes.append(weights)
    return changed
  }

  /// The networks whose weights an application depends on.
  private func networks(of applied: Applied) -> [String] {
    guard let sampler = applied.sampler else { return [applied.callee.name] }
    return [sampler.denoiser] + (sampler.decoder.map { [$0] } ?? [])
  }

  /// Checks `G.noise(n)`: the sampler with its own noise given, one latent for each step in order of execution.
  mutating func noised(
    _ applied: Applied, _ arguments: [ArgumentSyntax], at span: SourceSpan, in scope: Scope
  ) -> Applied? {
    guard let sampler = applied.sampler,
      let port = sampler.inputs.first(where: { $0.name == sampler.latentInput }),
      case .tensor(let latent) = port.type
    else {
      report(.typeMismatch, "`\(applied.callee.name)` draws no noise, it is a network", at: span)
      return nil
    }
    guard !sampler.method.isDeterministic else {
      report(
        .typeMismatch, "`\(applied.callee.name)` is deterministic and draws no noise", at: span,
        notes: [DiagnosticNote("`\(sampler.name)` is declared here", at: sampler.span)],
        help: "remove `.noise(…)`")
      return nil
    }
    guard arguments.count == 1, let argument = arguments.first, argument.label == nil else {
      report(
        .wrongArity, "`noise` takes one tensor", at: span,
        help: "write `\(applied.callee.name).noise(n)`")
      return nil
    }
    let needed = TensorType(kind: .latent, shape: [sampler.method.steps] + latent.shape, range: nil)
    guard let noise = typed(argument.value, in: scope) else { return nil }
    guard case .tensor(let found) = noise.type else {
      report(
        .typeMismatch, "the noise of `\(applied.callee.name)` is \(needed), \(describe(noise))",
        at: argument.value.span)
      return nil
    }
    guard
      fits(
        found, needed, what: describe(noise), needer: "the noise of `\(applied.callee.name)` is",
        at: argument.value.span)
    else { return nil }
    var changed = applied
    changed.callee = .noised(applied.callee)
    changed.changes.append(noise)
    return changed
  }

  /// Checks `Gs.at(t)`: the pipeline with its attribute switched after t steps.
  mutating func switched(
    _ applied: Applied, _ arguments: [ArgumentSyntax], at span: SourceSpan, in scope: Scope
  ) -> Applied? {
    guard applied.isSwitched, let sampler = applied.sampler else {
      report(
        .typeMismatch, "`\(applied.callee.name)` switches no attribute", at: span,
        help: "apply `at` to what a mitigation of kind `attribute_switching` yields")
      return nil
    }
    guard arguments.count == 1, let argument = arguments.first, argument.label == nil else {
      report(
        .wrongArity, "`at` takes the number of steps before the switch", at: span,
        help: "write `\(applied.callee.name).at(\(sampler.method.steps / 2))`")
      return nil
    }
    guard let step = integer(argument.value, in: scope, within: 0...sampler.method.steps) else { return nil }
    var changed = applied
    changed.callee = .switched(applied.callee, step: step)
    return changed
  }
}
