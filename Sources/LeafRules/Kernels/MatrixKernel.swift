import WideKernels

/// `Y = W X` on the rows of `X` that are not identically zero.
///
/// A block of four rows of `Y` times eight columns stays in registers. Each element is a sum over the active
/// rows in increasing order with one fused multiply-add a term, so that the result does not depend on the machine.
package enum MatrixKernel {
  /// Columns that one pass computes; row strides are multiples of it.
  static let blockColumns = 8
  /// Columns of the active rows that are copied side by side at once, at most.
  static let panelColumns = 16

  /// `count` rounded up to the kernel's width.
  @inline(__always)
  static func padded(_ count: Int) -> Int {
    count > Int.max - blockColumns ? count : (count + blockColumns - 1) / blockColumns * blockColumns
  }

  /// Multiplies.
  ///
  /// Eight columns of the active rows are copied side by side first: rows that lie a power of two apart would share few
  /// places of the first cache and drive each other out for every block of weights.
  ///
  /// - Parameters:
  ///   - weights: laid out as in `PackedLinear`, `paddedRows` times `depth`.
  ///   - depth: how many rows `source` has, active or not.
  ///   - active: indices of the rows of `source` to sum over, ascending.
  ///   - source: rows of `sourceStride` doubles; at least `columns` of each row are set.
  ///   - panel: room for `panelColumns` doubles an active row.
  ///   - target: `paddedRows` rows of `targetStride` doubles, overwritten in the first `columns`.
  ///   - columns: a multiple of `blockColumns`.
  @inline(__always)
  static func multiply(
    weights: UnsafePointer<Double>, paddedRows: Int, depth: Int, active: UnsafeBufferPointer<Int32>,
    source: UnsafePointer<Double>, sourceStride: Int, panel: UnsafeMutablePointer<Double>,
    target: UnsafeMutablePointer<Double>, targetStride: Int, columns: Int
  ) {
    let count = active.count
    guard let indices = active.baseAddress, count > 0 else {
      for row in 0..<paddedRows { (target + row &* targetStride).update(repeating: 0, count: columns) }
      return
    }
    if Processor.hasWideVectors {
      return WideMatrixKernel.multiply(
        weights: weights, paddedRows: paddedRows, depth: depth, indices: indices, count: count,
        source: source,
        sourceStride: sourceStride, panel: panel, target: target, targetStride: targetStride, columns: columns
      )
    }
    narrow(
      weights: weights, paddedRows: paddedRows, depth: depth, indices: indices, count: count, source: source,
      sourceStride: sourceStride, panel: panel, target: target, targetStride: targetStride, columns: columns)
  }

  /// The same for processors without wide vectors.
  ///
  /// - Parameters:
  ///   - indices: as `active`.
  ///   - count: how many they are, at least one.
  package static func narrow(
    weights: UnsafePointer<Double>, paddedRows: Int, depth: Int, indices: UnsafePointer<Int32>, count: Int,
    source: UnsafePointer<Double>, sourceStride: Int, panel: UnsafeMutablePointer<Double>,
    target: UnsafeMutablePointer<Double>, targetStride: Int, columns: Int
  ) {
    let stride = targetStride &* MemoryLayout<Double>.stride
    var column = 0
    while column < columns {
      for position in 0..<count {
        let index = Int(truncatingIfNeeded: indices[position])
        let values = UnsafeRawPointer(source + (index &* sourceStride &+ column)).loadUnaligned(
          as: SIMD8<Double>.self)
        UnsafeMutableRawPointer(panel + position &* blockColumns).storeBytes(
          of: values, as: SIMD8<Double>.self)
      }
      var row = 0
      while row < paddedRows {
        let block = weights + row &* depth
        var values = UnsafeRawPointer(panel)
        var sum0 = SIMD8<Double>()
        var sum1 = SIMD8<Double>()
        var sum2 = SIMD8<Double>()
        var sum3 = SIMD8<Double>()
        var position = 0
        repeat {
          let weight = block + Int(truncatingIfNeeded: indices[position]) &* PackedLinear.blockRows
          let value = values.loadUnaligned(as: SIMD8<Double>.self)
          sum0.addProduct(value, SIMD8(repeating: weight[0]))
          sum1.addProduct(value, SIMD8(repeating: weight[1]))
          sum2.addProduct(value, SIMD8(repeating: weight[2]))
          sum3.addProduct(value, SIMD8(repeating: weight[3]))
          values += blockColumns &* MemoryLayout<Double>.stride
          position &+= 1
        } while position < count
        let result = UnsafeMutableRawPointer(target + (row &* targetStride &+ column))
        result.storeBytes(of: sum0, as: SIMD8<Double>.self)
        (result + stride).storeBytes(of: sum1, as: SIMD8<Double>.self)
        (result + 2 &* stride).storeBytes(of: sum2, as: SIMD8<Double>.self)
        (result + 3 &* stride).storeBytes(of: sum3, as: SIMD8<Double>.self)
        row &+= PackedLinear.blockRows
      }
      column &+= blockColumns
    }
  }

  /// `result = W v` for one vector, by the same order of summation.
  @inline(__always)
  static func multiply(
    weights: UnsafePointer<Double>, paddedRows: Int, depth: Int, active: UnsafeBufferPointer<Int32>,
    vector: UnsafePointer<Double>, result: UnsafeMutablePointer<Double>
  ) {
    let count = active.count
    guard let indices = active.baseAddress, count > 0 else {
      result.update(repeating: 0, count: paddedRows)
      return
    }
    let height = PackedLinear.blockRows
    // From one block of rows to the next, in bytes.
    let next = height &* depth &* MemoryLayout<Double>.stride
    var row = 0
    // Eight independent sums hide the latency of the additions.
    while row &+ 8 &* height <= paddedRows {
      let block = UnsafeRawPointer(weights + row &* depth)
      var sum0 = SIMD4<Double>()
      var sum1 = SIMD4<Double>()
      var sum2 = SIMD4<Double>()
      var sum3 = SIMD4<Double>()
      var sum4 = SIMD4<Double>()
      var sum5 = SIMD4<Double>()
      var sum6 = SIMD4<Double>()
      var sum7 = SIMD4<Double>()
      var position = 0
      repeat {
        let index = Int(truncatingIfNeeded: indices[position])
        let factor = SIMD4<Double>(repeating: vector[index])
        let weight = block + index &* height &* MemoryLayout<Double>.stride
        let fourth = weight + 4 &* next
        sum0.addProduct(weight.loadUnaligned(as: SIMD4<Double>.self), factor)
        sum1.addProduct((weight + next).loadUnaligned(as: SIMD4<Double>.self), factor)
        sum2.addProduct((weight + 2 &* next).loadUnaligned(as: SIMD4<Double>.self), factor)
        sum3.addProduct((weight + 3 &* next).loadUnaligned(as: SIMD4<Double>.self), factor)
        sum4.addProduct(fourth.loadUnaligned(as: SIMD4<Double>.self), factor)
        sum5.addProduct((fourth + next).loadUnaligned(as: SIMD4<Double>.self), factor)
        sum6.addProduct((fourth + 2 &* next).loadUnaligned(as: SIMD4<Double>.self), factor)
        sum7.addProduct((fourth + 3 &* next).loadUnaligned(as: SIMD4<Double>.self), factor)
        position &+= 1
      } while position < count
      let place = UnsafeMutableRawPointer(result + row)
      place.storeBytes(of: sum0, as: SIMD4<Double>.self)
      (place + 32).storeBytes(of: sum1, as: SIMD4<Double>.self)
      (place + 64).storeBytes(of: sum2, as: SIMD4<Double>.self)
      (place + 96).storeBytes(of: sum3, as: SIMD4<Double>.self)
      (place + 128).storeBytes(of: sum4, as: SIMD4<Double>.self)
      (place + 160).storeBytes(of: sum5, as: SIMD4<Double>.self)
      (place + 192).storeBytes(of: sum6, as: SIMD4<Double>.self)
      (place + 224).storeBytes(of: sum7, as: SIMD4<Double>.self)
      row &+= 8 &* height
    }
    while row < paddedRows {
      let block = UnsafeRawPointer(weights + row &* depth)
      var sum = SIMD4<Double>()
      for position in 0..<count {
        let index = Int(truncatingIfNeeded: indices[position])
        let weight = block + index &* height &* MemoryLayout<Double>.stride
        sum.addProduct(weight.loadUnaligned(as: SIMD4<Double>.self), SIMD4(repeating: vector[index]))
      }
      UnsafeMutableRawPointer(result + row).storeBytes(of: sum, as: SIMD4<Double>.self)
      row &+= height
    }
  }

  /// `result = W v` for nonnegative numbers in single precision, see `SinglePrecision`; the weight of row `i` and operand
  /// `k` at `k * paddedRows + i`.
  @inline(__always)
  static func multiply(
    weights: UnsafePointer<Float>, paddedRows: Int, active: UnsafeBufferPointer<Int32>,
    vector: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>
  ) {
    let count = active.count
    guard let indices = active.baseAddress, count > 0 else {
      result.update(repeating: 0, count: paddedRows)
      return
    }
    var row = 0
    while row &+ 32 <= paddedRows {
      let block = UnsafeRawPointer(weights + row)
      var sum0 = SIMD8<Float>()
      var sum1 = SIMD8<Float>()
      var sum2 = SIMD8<Float>()
      var sum3 = SIMD8<Float>()
      var position = 0
      repeat {
        let index = Int(truncatingIfNeeded: indices[position])
        let factor = SIMD8<Float>(repeating: vector[index])
        let weight = block + (index &* paddedRows) &* 4
        sum0.addProduct(weight.loadUnaligned(as: SIMD8<Float>.self), factor)
        sum1.addProduct((weight + 32).loadUnaligned(as: SIMD8<Float>.self), factor)
        sum2.addProduct((weight + 64).loadUnaligned(as: SIMD8<Float>.self), factor)
        sum3.addProduct((weight + 96).loadUnaligned(as: SIMD8<Float>.self), factor)
        position &+= 1
      } while position < count
      let place = UnsafeMutableRawPointer(result + row)
      place.storeBytes(of: sum0, as: SIMD8<Float>.self)
      (place + 32).storeBytes(of: sum1, as: SIMD8<Float>.self)
      (place + 64).storeBytes(of: sum2, as: SIMD8<Float>.self)
      (place + 96).storeBytes(of: sum3, as: SIMD8<Float>.self)
      row &+= 32
    }
    while row < paddedRows {
      var sum = SIMD4<Float>()
      for position in 0..<count {
        let index = Int(truncatingIfNeeded: indices[position])
        let weight = UnsafeRawPointer(weights + (index &* paddedRows &+ row)).loadUnaligned(
          as: SIMD4<Float>.self)
        sum.addProduct(weight, SIMD4(repeating: vector[index]))
      }
      UnsafeMutableRawPointer(result + row).storeBytes(of: sum, as: SIMD4<Float>.self)
      row &+= PackedLinear.blockRows
    }
  }

  /// Sum of magnitudes of `count` doubles; `count` is a multiple of `blockColumns`.
  @inline(__always)
  static func sumOfMagnitudes(_ row: UnsafePointer<Double>, count: Int) -> Double {
    var sum = SIMD8<Double>()
    var column = 0
    while column < count {
      let values = UnsafeRawPointer(row + column).loadUnaligned(as: SIMD8<Double>.self)
      sum += values.replacing(with: -values, where: values .< 0)
      column += blockColumns
    }
    return sum.sum()
  }
}
