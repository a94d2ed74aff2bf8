/// The arithmetic that the verdicts speak of, and the checker's.
package struct ArithmeticRecord: Hashable, Sendable {
  /// What the deployed network computes in.
  package enum Claim: String, Hashable, Sendable, CaseIterable {
    /// Real numbers.
    case real
    /// Single precision in any order of summation.
    case float32AnyOrder = "f32-any-order"
    /// Real numbers, with weights rounded to half precision.
    case float16Weights = "f16-weights"
    /// Not the same in all claims; each record says its own.
    case mixed
  }

  /// What the checker computes in.
  package enum Checker: String, Hashable, Sendable, CaseIterable {
    /// Double precision with a-priori error terms.
    case float64APriori = "f64-a-priori"
  }

  /// What the deployed network computes in.
  package let claim: Claim
  /// What the checker computes in.
  package let checker: Checker
  /// Whether results below the least normal number may become zero; nil where nothing is said.
  package let flushToZero: Bool?
  /// Whether products may be computed in TF32; nil where nothing is said.
  package let tf32: Bool?

  /// Makes a record.
  package init(
    claim: Claim = .real, checker: Checker = .float64APriori, flushToZero: Bool? = nil, tf32: Bool? = nil
  ) {
    self.claim = claim
    self.checker = checker
    self.flushToZero = flushToZero
    self.tf32 = tf32
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(
      value, at: place, fields: ["checker", "claim"], optional: ["flushToZero", "tf32"])
    checker = try reader.word("checker")
    claim = try reader.word("claim")
    flushToZero = reader.has("flushToZero") ? try reader.flag("flushToZero") : nil
    tf32 = reader.has("tf32") ? try reader.flag("tf32") : nil
  }

  /// `{checker, claim, flushToZero?, tf32?}`.
  package var json: JSONValue {
    var object: JSONObject = ["checker": .string(checker.rawValue), "claim": .string(claim.rawValue)]
    object["flushToZero"] = flushToZero.map { .bool($0) }
    object["tf32"] = tf32.map { .bool($0) }
    return .object(object)
  }
}
