/// Bounds on JSON text, checked before anything is built from it.
package struct JSONLimits: Hashable, Sendable {
  /// The largest text in bytes.
  package let bytes: Int
  /// The deepest nesting of arrays and objects; a scalar has depth 0.
  package let depth: Int

  /// Makes limits.
  package init(bytes: Int = 64 << 20, depth: Int = 64) {
    self.bytes = bytes
    self.depth = depth
  }

  /// 64 MiB and 64 levels.
  package static let standard = JSONLimits()
}
