package import DSpecSemantics
package import DiffusionModels
package import Lowering
import Statistics
package import TensorGraph

/// A second derivation of every sampler: the textbook loop against the unrolled graph, at seeded points.
///
/// Both run in plain doubles, so that they agree only up to rounding; a wrong unrolling differs by far more than
/// `tolerance`. This guards against a shared misreading of a sampler, which no proof about the graph could notice.
package enum LoopCheck {
  /// Largest difference, relative to magnitudes of at least one.
  package static let tolerance = 1e-6
  /// Points for each sampler.
  static let points = 8

  package static func check(_ spec: TypedSpec, _ library: ModelLibrary) throws(ReplayError) {
    guard let generator = CounterGenerator(seed: [UInt8](repeating: 0x5d, count: 32)) else { return }
    // A sampler that no claim can be lowered with has nothing to compare.
    for sampler in spec.samplers where !library.isUnsupported(sampler) {
      try check(sampler, spec, library, generator)
    }
  }

  /// Compares loop and graph at one latent.
  ///
  /// - Throws: `ReplayError` of the code `sampler` where an element differs by more than `tolerance`, and whatever either
  ///   evaluation throws.
  package static func compare(
    _ loop: SamplerLoop, _ graph: Graph, at latent: [Double], _ conditions: StepConditions, step: String
  ) throws {
    let expected = try loop.sample(latent, conditions: conditions)[0]
    let found = try graph.evaluate([latent])[0]
    guard expected.count == found.count else {
      throw ReplayError(
        .sampler, step: step,
        "the unrolled graph has \(found.count) elements where the sampling loop has \(expected.count)")
    }
    for (a, b) in zip(expected, found)
    where !((a - b).magnitude <= tolerance * Swift.max(1, a.magnitude)) {
      throw ReplayError(
        .sampler, step: step,
        "the unrolled graph gives \(b) where the sampling loop gives \(a), at \(latent)")
    }
  }

  private static func check(
    _ sampler: SamplerDeclaration, _ spec: TypedSpec, _ library: ModelLibrary, _ generator: CounterGenerator
  ) throws(ReplayError) {
    guard let table = library.samplers[sampler.name], let denoiser = library.networks[sampler.denoiser],
      let declaration = spec.network(named: sampler.denoiser)
    else { throw ReplayError(.sampler, step: sampler.name, "the sampler's networks are absent") }
    let switches: [(attribute: String, step: Int)?] =
      [nil] + spec.mitigations.filter { $0.base == sampler.name }.compactMap(\.switching)
    let ports = declaration.inputs.filter { $0.name != sampler.latentInput && $0.name != sampler.stepInput }
    do {
      let signature = try DenoiserSignature(of: denoiser)
      let loop = SamplerLoop(
        sampler: table.coefficients.sampler, denoiser: denoiser,
        decoder: sampler.decoder.flatMap { library.networks[$0] },
        timeIndex: try signature.timeIndex(for: table.coefficients.sampler))
      for index in 0..<points {
        var draws = generator.draws(stream: 1, index: UInt64(index))
        let latent = (0..<signature.latent.count).map { _ in draws.normal() }
        var values: [Int] = []
        for condition in signature.conditions { values.append(Int(draws.word() % UInt64(condition.count))) }
        for change in switches {
          let rows = (0..<sampler.method.steps).map { step in
            zip(ports, values).map { port, value in
              guard let change, change.attribute == port.name, step >= change.step else { return value }
              return 1 - value
            }
          }
          let conditions = StepConditions(values: rows)
          let graph = try library.unrolled(sampler, table: table, conditions: rows, at: sampler.span)
          try compare(loop, graph, at: latent, conditions, step: sampler.name)
        }
      }
    } catch let error as ReplayError {
      throw error
    } catch {
      throw ReplayError(.sampler, step: sampler.name, "\(error)")
    }
  }
}
