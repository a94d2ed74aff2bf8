/// The numbers in which the pipeline that a question speaks of computes.
package enum Arithmetic: UInt8, Hashable, Sendable, CaseIterable {
  /// Real numbers.
  case real
  /// IEEE single precision, sums in any order, products and sums fused or not; see `SingleRounding`.
  case float32AnyOrder
}
