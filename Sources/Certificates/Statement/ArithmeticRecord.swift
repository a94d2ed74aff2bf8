/// The arithmetic that the verdicts speak of, and the checker's.
package struct ArithmeticRecord: Hashable, Sendable {
  /// What the deployed network computes in.
  package enum Claim: String, Hashable, Sendable, CaseIterable {
    /// Real numbers.
    case real
    /// Single precision in any order of summation.
    case float32AnyOrder = "f32-any-order"
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

  /// Makes a record.
  package init(claim: Claim = .real, checker: Checker = .float64APriori) {
    self.claim = claim
    self.checker = checker
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: ["checker", "claim"])
    claim = try reader.word("claim")
    checker = try reader.word("checker")
  }

  /// `{checker, claim}`.
  package var json: JSONValue {
    ["checker": .string(checker.rawValue), "claim": .string(claim.rawValue)]
  }
}
