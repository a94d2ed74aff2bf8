import DSpecSyntax
import Diagnostics
import RigorousArithmetic

extension Checker {
  /// How the inputs of a sampler reach its denoiser.
  struct Wiring {
    let latent: String
    let latentType: TensorType
    let step: String
  }

  /// Finds the latent and the step among the denoiser's inputs and matches the rest by name.
  mutating func wire(
    _ inputs: [Port], _ denoiser: NetworkDeclaration, _ method: SamplingMethod, owner: NameSyntax,
    denoiserSpan: SourceSpan, methodSpan: SourceSpan
  ) -> Wiring? {
    let note = [DiagnosticNote("`\(denoiser.name)` is declared here", at: denoiser.span)]
    let steps = denoiser.inputs.filter { if case .step = $0.type { true } else { false } }
    guard steps.count == 1, let step = steps.first, case .step(let count) = step.type else {
      report(
        .wiringMismatch,
        "a denoiser has exactly one input of type `Step`, `\(denoiser.name)` has \(steps.count)",
        at: denoiserSpan, notes: note)
      return nil
    }
    guard count == method.steps else {
      report(
        .stepMismatch,
        "the sampler takes \(method.steps) steps, the denoiser is declared for Step[\(count)]",
        at: methodSpan, notes: note, help: "give both the same number")
      return nil
    }
    let latents = denoiser.inputs.filter {
      if case .tensor(let type) = $0.type { type.kind == .latent } else { false }
    }
    guard latents.count == 1, let latent = latents.first, case .tensor(let latentType) = latent.type else {
      report(
        .wiringMismatch,
        "a denoiser has exactly one input of type `Latent`, `\(denoiser.name)` has \(latents.count)",
        at: denoiserSpan, notes: note)
      return nil
    }
    guard case .tensor(let result) = denoiser.output, result.kind == .latent,
      result.shape == latentType.shape
    else {
      report(
        .shapeMismatch,
        "a denoiser yields what it is given: `\(denoiser.name)` takes \(latentType) and yields "
          + "\(denoiser.output)", at: denoiserSpan, notes: note)
      return nil
    }
    let needed = denoiser.inputs.filter { $0.name != step.name }
    for port in needed {
      guard let given = inputs.first(where: { $0.name == port.name }) else {
        report(
          .wiringMismatch, "`\(owner.text)` has no input `\(port.name)`, which `\(denoiser.name)` needs",
          at: owner.span, notes: note, help: "add `\(port.name): \(port.type)` to its inputs")
        return nil
      }
      guard given.type == port.type else {
        report(
          .wiringMismatch,
          "input `\(port.name)` is \(given.type) in `\(owner.text)` and \(port.type) in "
            + "`\(denoiser.name)`", at: owner.span, notes: note, help: "give both the same type")
        return nil
      }
    }
    if let extra = inputs.first(where: { input in !needed.contains { $0.name == input.name } }) {
      report(
        .wiringMismatch,
        "input `\(extra.name)` of `\(owner.text)` goes nowhere: `\(denoiser.name)` has no such input",
        at: owner.span, notes: note)
      return nil
    }
    return Wiring(latent: latent.name, latentType: latentType, step: step.name)
  }

  /// Whether the decoder takes the latent and yields the sampler's result; reports if not.
  mutating func checkDecoder(
    _ decoder: NetworkDeclaration?, latent: TensorType, output: ValueType, owner: NameSyntax,
    outputSpan: SourceSpan, span: SourceSpan
  ) -> Bool {
    guard let decoder else {
      if output == .tensor(latent) { return true }
      report(
        .shapeMismatch, "without a decoder `\(owner.text)` yields its latent, \(latent), not \(output)",
        at: outputSpan, help: "add a field `decoder`")
      return false
    }
    let note = [DiagnosticNote("`\(decoder.name)` is declared here", at: decoder.span)]
    guard decoder.inputs.count == 1, let input = decoder.inputs.first, case .tensor(let needed) = input.type
    else {
      report(
        .wiringMismatch, "a decoder has one input, the latent; `\(decoder.name)` has \(decoder.inputs.count)",
        at: span, notes: note)
      return false
    }
    guard
      fits(
        latent, needed, what: "the latent is \(latent)", needer: "`\(decoder.name)` needs", at: span,
        notes: note)
    else { return false }
    guard decoder.output == output else {
      report(
        .shapeMismatch,
        "`\(owner.text)` is declared to yield \(output), `\(decoder.name)` yields \(decoder.output)",
        at: outputSpan, notes: note)
      return false
    }
    return true
  }
}
