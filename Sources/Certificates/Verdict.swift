/// The answer to one property.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
  /// Holds on the whole declared region and law; the evidence replays.
  case proved
  /// A rigorously evaluated witness violates it, or a certified interval lies wholly on the wrong side.
  case refuted
  /// Seeded samples support it at the stated confidence.
  case supported
  /// Seeded samples contradict it at the stated confidence.
  case contradicted
  /// The budget ran out; the bounds reached are kept.
  case unknown
  /// The region is empty or the antecedent never holds; never a success.
  case vacuous
  /// A condition whose mass is not provably positive; fails closed.
  case undefined

  /// Whether the property holds, by proof or by samples.
  package var isPositive: Bool { self == .proved || self == .supported }

  /// Whether the property is violated, by proof or by samples.
  package var isNegative: Bool { self == .refuted || self == .contradicted }

  /// Whether the verdict was decided, so that something must show it.
  package var isDecided: Bool { isPositive || isNegative }
}
