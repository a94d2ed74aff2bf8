package import Certificates
import DSpecSemantics
import DiffusionModels
package import Lowering
package import RigorousArithmetic

/// Records of the certificate against what specification and models give.
package enum RecordCheck {
  /// The record of a sampler, as it must stand in a certificate.
  package static func record(_ table: SamplerTable) -> SamplerRecord {
    let schedule = table.declaration.schedule
    return SamplerRecord(
      name: table.name, kind: "ddim", steps: table.declaration.method.steps,
      prediction: table.declaration.prediction.rawValue,
      timesteps: table.coefficients.sampler.timesteps.values.reversed(),
      coefficients: table.coefficients.table.reversed().map {
        StepCoefficients(latent: $0.latent, prediction: $0.output)
      },
      schedule: [
        "kind": schedule.kind.rawValue, "train_steps": "\(schedule.trainSteps)",
        "beta_start": schedule.betaStart.description, "beta_end": schedule.betaEnd.description, "eta": "0",
      ], noise: "none"
    ).withDigest
  }

  /// The samplers of the certificate are those of the specification, and their tables lie within the enclosures of
  /// their formulas.
  package static func samplers(
    _ records: [SamplerRecord], _ tables: [SamplerTable]
  ) throws(ReplayError) {
    let derived = tables.map(record)
    guard records == derived else {
      throw ReplayError(
        .sampler, step: "samplers", "the recorded samplers are not those of the specification")
    }
    for table in tables {
      do {
        try DDIMCoefficients.check(table.coefficients.table, of: table.coefficients.sampler)
      } catch {
        throw ReplayError(.sampler, step: table.name, "\(error)")
      }
    }
  }

  /// Recorded bounds enclose the derived ones; where nothing was derived there are none.
  package static func bounds(_ recorded: PropertyBounds?, _ derived: Interval?, step: String)
    throws(ReplayError)
  {
    guard let recorded else { return }
    guard let derived else {
      throw ReplayError(.boundNotMet, step: step, "bounds are recorded that the evidence does not give")
    }
    if let lower = recorded.lower, lower > derived.lower {
      throw ReplayError(
        .boundNotMet, step: step, "the recorded lower bound \(lower) exceeds the derived one \(derived.lower)"
      )
    }
    if let upper = recorded.upper, upper < derived.upper {
      throw ReplayError(
        .boundNotMet, step: step,
        "the recorded upper bound \(upper) is below the derived one \(derived.upper)")
    }
  }
}

extension SamplerTable {
  /// The record of this sampler in a certificate.
  package var record: SamplerRecord { RecordCheck.record(self) }
}
