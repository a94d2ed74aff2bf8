/// Bounds that were reached for a quantity; at least one side is known.
package struct PropertyBounds: Hashable, Sendable {
  /// The quantity is at least this.
  package let lower: Double?
  /// The quantity is at most this.
  package let upper: Double?

  /// Makes bounds of what is known, or nil when no side is finite; a non-finite side counts as unknown.
  package init?(lower: Double?, upper: Double?) {
    self.lower = lower.flatMap { $0.isFinite ? $0 : nil }
    self.upper = upper.flatMap { $0.isFinite ? $0 : nil }
    if self.lower == nil, self.upper == nil { return nil }
  }

  init(_ value: JSONValue, at place: String) throws(CertificateError) {
    let reader = try FieldReader(value, at: place, fields: [], optional: ["lower", "upper"])
    lower = reader.has("lower") ? try reader.hexFloat("lower") : nil
    upper = reader.has("upper") ? try reader.hexFloat("upper") : nil
    guard lower != nil || upper != nil else {
      throw CertificateError(
        .missingField, at: place, "bounds need at least one side", fix: "leave unknown bounds out")
    }
    if let lower, let upper, lower > upper {
      throw CertificateError(
        .nonFinite, at: place, "the lower bound exceeds the upper one",
        fix: "obtain the certificate again from its issuer")
    }
  }

  /// `{lower?, upper?}`.
  package var json: JSONValue {
    var object = JSONObject()
    object["lower"] = lower.map { .hexFloat($0) }
    object["upper"] = upper.map { .hexFloat($0) }
    return .object(object)
  }
}
