import COpenBLAS

/// Dense products over OpenBLAS, on one thread: parallelism belongs to whoever has several batches.
package enum MatrixProduct {
  private static let oneThread: Void = dspec_use_one_thread()

  /// `c = alpha op(a) op(b) + beta c`, row-major; `op(a)` is `m x k`, `op(b)` is `k x n`, `c` is the `m x n`
  /// block of `result` that starts at `offset`.
  ///
  /// - Precondition: the arrays hold as many elements as their shapes say, extents are positive and below `2^31`.
  package static func multiply(
    _ a: ArraySlice<Double>, transposeLeft transposeA: Bool = false, _ b: ArraySlice<Double>,
    transposeRight transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Double = 1, beta: Double = 0,
    into result: inout [Double], at offset: Int = 0
  ) {
    precondition(m > 0 && n > 0 && k > 0 && max(m, n, k) <= Int(Int32.max))
    precondition(a.count >= m * k && b.count >= k * n && offset >= 0 && result.count >= offset + m * n)
    _ = oneThread
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        result.withUnsafeMutableBufferPointer { c in
          guard let c = c.baseAddress else { return }
          dspec_dgemm(
            transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(m), Int32(n), Int32(k), alpha, a.baseAddress,
            Int32(transposeA ? m : k), b.baseAddress, Int32(transposeB ? k : n), beta, c + offset, Int32(n))
        }
      }
    }
  }
}
