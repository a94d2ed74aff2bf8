/// The two coefficients of one deterministic sampler step.
///
/// The next latent is `latent` times the current one plus `prediction` times the network's output.
package struct StepCoefficients: Hashable, Sendable {
  /// Factor of the current latent.
  package let latent: Double
  /// Factor of the network's output.
  package let prediction: Double

  /// Makes coefficients; both finite.
  package init(latent: Double, prediction: Double) {
    self.latent = latent
    self.prediction = prediction
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    guard let pair = value.arrayValue, pair.count == 2 else {
      throw FieldReader.wrongKind(place, wanted: "an array of two hexadecimal floats", found: value)
    }
    latent = try FieldReader.hexFloat(pair[0], at: "\(place)[0]")
    prediction = try FieldReader.hexFloat(pair[1], at: "\(place)[1]")
  }

  var json: JSONValue { [.hexFloat(latent), .hexFloat(prediction)] }
}

/// A sampler as it was unrolled, with the dyadic coefficients that were used.
package struct SamplerRecord: Hashable, Sendable {
  /// Its name in the specification.
  package let name: String
  /// The method: `ddim`.
  package let kind: String
  /// The number of steps.
  package let steps: Int
  /// What the network predicts: `x0`, `eps`, `v`.
  package let prediction: String
  /// The timesteps in the order of the steps.
  package let timesteps: [Int]
  /// The coefficients in the order of the steps.
  package let coefficients: [StepCoefficients]
  /// The schedule's settings by name, and `eta`, the factor of the noise that a step adds.
  package let schedule: [String: String]
  /// The law of that noise, `none` where there is none; nil where nothing is said.
  package let noise: String?
  /// What `digest` gives; nil where nothing is said.
  package let scheduleDigest: ContentDigest?

  /// Makes a record.
  package init(
    name: String, kind: String, steps: Int, prediction: String, timesteps: [Int],
    coefficients: [StepCoefficients], schedule: [String: String], noise: String? = nil,
    scheduleDigest: ContentDigest? = nil
  ) {
    self.noise = noise
    self.scheduleDigest = scheduleDigest
    self.name = name
    self.kind = kind
    self.steps = steps
    self.prediction = prediction
    self.timesteps = timesteps
    self.coefficients = coefficients
    self.schedule = schedule
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: place,
      fields: ["coefficients", "kind", "name", "prediction", "schedule", "steps", "timesteps"],
      optional: ["noise", "scheduleDigest"])
    name = try reader.string("name")
    kind = try reader.string("kind")
    steps = try reader.count("steps")
    prediction = try reader.string("prediction")
    timesteps = try reader.list("timesteps") { (value, place) throws(CertificateError) in
      try FieldReader.count(value, at: place)
    }
    coefficients = try reader.list("coefficients", StepCoefficients.init(_:at:))
    schedule = try reader.stringMap("schedule")
    noise = reader.has("noise") ? try reader.string("noise") : nil
    scheduleDigest = reader.has("scheduleDigest") ? try reader.digest("scheduleDigest") : nil
  }

  /// The record as an object; what it does not say is left out.
  package var json: JSONValue {
    var object: JSONObject = [
      "coefficients": .array(coefficients.map(\.json)), "kind": .string(kind), "name": .string(name),
      "prediction": .string(prediction), "schedule": .strings(schedule), "steps": .integer(steps),
      "timesteps": .array(timesteps.map { .integer($0) }),
    ]
    object["noise"] = noise.map { .string($0) }
    object["scheduleDigest"] = scheduleDigest.map { .string($0.hex) }
    return .object(object)
  }

  /// Digest of what the schedule does: SHA-256 of the canonical JSON of `coefficients`, `schedule` and `timesteps` as one
  /// object; nil where that cannot be written.
  package var digest: ContentDigest? {
    let value: JSONValue = [
      "coefficients": .array(coefficients.map(\.json)), "schedule": .strings(schedule),
      "timesteps": .array(timesteps.map { .integer($0) }),
    ]
    return (try? value.canonicalBytes()).map { ContentDigest(of: $0) }
  }

  /// The record with the digest of its schedule.
  package var withDigest: SamplerRecord {
    SamplerRecord(
      name: name, kind: kind, steps: steps, prediction: prediction, timesteps: timesteps,
      coefficients: coefficients, schedule: schedule, noise: noise, scheduleDigest: digest)
  }
}

extension JSONValue {
  /// The spelling of a double; a non-finite one becomes a word that every reader refuses.
  static func hexFloat(_ value: Double) -> JSONValue {
    .string(HexFloat.text(value) ?? (value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"))
  }
}
