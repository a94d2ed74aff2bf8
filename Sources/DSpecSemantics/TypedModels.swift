package import Diagnostics
package import RigorousArithmetic

/// A file that a declaration names, as written; paths are relative to the declaring file's folder.
package struct Artifact: Hashable, Sendable {
  /// The file formats that a specification may name.
  package enum Format: String, Hashable, Sendable, CaseIterable {
    case onnx
    case safetensors
    case idx
    case npy
    /// A file that is referred to and not read.
    case file
  }

  /// The format.
  package let format: Format
  /// The path as written, with `/` between parts.
  package let path: String
  /// The name of the source file that declares it, against whose folder the path is resolved.
  package let declaringFile: String
  /// The SHA-256 digest as 64 lower-case hexadecimal digits, or nil where none is given.
  package let sha256: String?
  /// Where it is written.
  package let span: SourceSpan

  /// Makes an artifact.
  package init(format: Format, path: String, declaringFile: String, sha256: String?, span: SourceSpan) {
    self.format = format
    self.path = path
    self.declaringFile = declaringFile
    self.sha256 = sha256
    self.span = span
  }
}

/// A named input of a network or a pipeline.
package struct Port: Hashable, Sendable {
  /// The name.
  package let name: String
  /// The type.
  package let type: ValueType

  /// Makes a port.
  package init(name: String, type: ValueType) {
    self.name = name
    self.type = type
  }
}

/// A declared network: a total real function given by a file.
package struct NetworkDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The inputs in order, matched by name or, failing that, by order with those of the file.
  package let inputs: [Port]
  /// The type of the one output.
  package let output: ValueType
  /// The file.
  package let artifact: Artifact
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a network.
  package init(name: String, inputs: [Port], output: ValueType, artifact: Artifact, span: SourceSpan) {
    self.name = name
    self.inputs = inputs
    self.output = output
    self.artifact = artifact
    self.span = span
  }
}

/// How timesteps of the training schedule are chosen for a shorter sampler run.
package enum TimestepSpacing: String, Hashable, Sendable, CaseIterable {
  case leading
  case trailing
  case linspace
}

/// A sampling method with its settings.
package enum SamplingMethod: Hashable, Sendable {
  /// Denoising diffusion implicit models (Song, Meng, Ermon, ICLR 2021).
  ///
  /// `steps >= 1` sampler steps; `eta >= 0` scales the added noise, and the sampler is deterministic
  /// exactly if it is 0. `spacing` is `leading` unless declared.
  case ddim(steps: Int, eta: Rational, spacing: TimestepSpacing)

  /// The number of sampler steps.
  package var steps: Int {
    switch self {
    case .ddim(let steps, _, _): steps
    }
  }

  /// Whether the method adds no noise of its own.
  package var isDeterministic: Bool {
    switch self {
    case .ddim(_, let eta, _): eta == Rational(0)
    }
  }
}

/// The noise schedule of training.
package struct NoiseSchedule: Hashable, Sendable {
  /// The shape of the beta sequence.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// `beta_i` runs linearly from `betaStart` to `betaEnd`.
    case linear
    /// `sqrt(beta_i)` runs linearly from `sqrt(betaStart)` to `sqrt(betaEnd)`.
    case scaledLinear = "scaled_linear"
  }

  /// The shape.
  package let kind: Kind
  /// The number of training timesteps, at least the number of sampler steps.
  package let trainSteps: Int
  /// The first beta, with `0 < betaStart <= betaEnd < 1`.
  package let betaStart: Rational
  /// The last beta.
  package let betaEnd: Rational

  /// Makes a schedule.
  package init(kind: Kind, trainSteps: Int, betaStart: Rational, betaEnd: Rational) {
    self.kind = kind
    self.trainSteps = trainSteps
    self.betaStart = betaStart
    self.betaEnd = betaEnd
  }
}

/// What the denoiser predicts.
package enum PredictionTarget: String, Hashable, Sendable, CaseIterable {
  /// The clean sample.
  case x0
  /// The noise.
  case eps
  /// The velocity `sqrt(abar) eps - sqrt(1 - abar) x0` (Salimans, Ho, ICLR 2022).
  case v
}

/// A declared sampler: denoiser steps from a latent, then the decoder if there is one.
package struct SamplerDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The inputs in order.
  ///
  /// Exactly one, `latentInput`, is the starting latent; all others are conditions that go to the denoiser's input of the same name and type at every step.
  package let inputs: [Port]
  /// The type of the result.
  package let output: ValueType
  /// The name of the denoiser among the networks.
  package let denoiser: String
  /// The name of the decoder among the networks, or nil where the last latent is the result.
  package let decoder: String?
  /// The input of sampler and denoiser, of one name and type, that carries the latent.
  package let latentInput: String
  /// The input of the denoiser that carries the step index; its type is `.step(count: method.steps)`.
  package let stepInput: String
  /// The sampling method.
  package let method: SamplingMethod
  /// The noise schedule.
  package let schedule: NoiseSchedule
  /// What the denoiser predicts.
  package let prediction: PredictionTarget
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a sampler.
  package init(
    name: String, inputs: [Port], output: ValueType, denoiser: String, decoder: String?,
    latentInput: String, stepInput: String, method: SamplingMethod, schedule: NoiseSchedule,
    prediction: PredictionTarget, span: SourceSpan
  ) {
    self.name = name
    self.inputs = inputs
    self.output = output
    self.denoiser = denoiser
    self.decoder = decoder
    self.latentInput = latentInput
    self.stepInput = stepInput
    self.method = method
    self.schedule = schedule
    self.prediction = prediction
    self.span = span
  }
}

/// A declared mitigation by attribute switching: a pipeline made from a sampler.
///
/// The first `step` executed sampler steps are conditioned on the given value of the attribute, the
/// remaining ones on the other case of its two-case enumeration. With `step == steps` nothing is
/// switched (Choi et al., Fair Sampling through Switching Mechanism, AAAI 2024).
package struct MitigationDeclaration: Hashable, Sendable {
  /// The name of the mitigation, unique in the specification.
  package let name: String
  /// The name of the pipeline it makes, unique in the specification; inputs and output are the base's.
  package let yields: String
  /// The name of the sampler, or of the mitigated sampler, it is made from.
  package let base: String
  /// What it does.
  package let effect: MitigationEffect
  /// The clauses of its contract.
  package var contracts: [MitigationContract] = []
  /// The networks that decide in its rule, by name.
  package var judges: [String] = []
  /// The names of mitigations whose contracts its own builds on.
  package var reliesOn: [String] = []
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a mitigation without a contract.
  package init(name: String, yields: String, base: String, effect: MitigationEffect, span: SourceSpan) {
    self.name = name
    self.yields = yields
    self.base = base
    self.effect = effect
    self.span = span
  }

  /// The switched input and the number of steps before the switch, where it is an attribute switching.
  package var switching: (attribute: String, step: Int)? {
    if case .attributeSwitching(let attribute, let step) = effect { return (attribute, step) }
    return nil
  }
}

/// A declared dataset: a finite list of records from a file.
package struct DatasetDeclaration: Hashable, Sendable {
  /// The name, unique in the specification.
  package let name: String
  /// The type of one record.
  ///
  /// That the records have this shape and lie in its range is for the reader of the file to check.
  package let elementType: TensorType
  /// The file.
  package let artifact: Artifact
  /// The exact factor that each stored number is multiplied by.
  package let scale: Rational
  /// The rows of the file that belong to the dataset, half-open, or nil for all rows.
  package let rows: Range<Int>?
  /// The name in the declaration.
  package let span: SourceSpan

  /// Makes a dataset.
  package init(
    name: String, elementType: TensorType, artifact: Artifact, scale: Rational, rows: Range<Int>?,
    span: SourceSpan
  ) {
    self.name = name
    self.elementType = elementType
    self.artifact = artifact
    self.scale = scale
    self.rows = rows
    self.span = span
  }
}
