/// `Y = W X` on the rows of `X` that are not identically zero.
///
/// A block of four rows of `Y` times eight columns stays in registers. Each element is a sum over the active
/// rows in increasing order with one fused multiply-add a term, so that the result does not depend on the machine.
enum MatrixKernel {
  /// Columns that one pass computes; row strides are multiples of it.
  static let blockColumns = 8

  /// `count` rounded up to the kernel's width.
  @inline(__always)
  static func padded(_ count: Int) -> Int {
    count > Int.max - blockColumns ? count : (count + blockColumns - 1) / blockColumns * blockColumns
  }

  /// Multiplies.
  ///
  /// - Parameters:
  ///   - weights: transposed and padded as in `PackedLinear`.
  ///   - active: indices of the rows of `source` to sum over, ascending.
  ///   - source: rows of `sourceStride` doubles; at least `columns` of each row are set.
  ///   - target: `paddedRows` rows of `targetStride` doubles, overwritten in the first `columns`.
  ///   - columns: a multiple of `blockColumns`.
  @inline(__always)
  static func multiply(
    weights: UnsafePointer<Double>, paddedRows: Int, active: UnsafeBufferPointer<Int32>,
    source: UnsafePointer<Double>, sourceStride: Int, target: UnsafeMutablePointer<Double>, targetStride: Int,
    columns: Int
  ) {
    let count = active.count
    guard let indices = active.baseAddress, count > 0 else {
      for row in 0..<paddedRows { (target + row &* targetStride).update(repeating: 0, count: columns) }
      return
    }
    let stride = targetStride &* MemoryLayout<Double>.stride
    var row = 0
    while row < paddedRows {
      let block = weights + row
      let place = UnsafeMutableRawPointer(target + row &* targetStride)
      var column = 0
      while column < columns {
        let first = UnsafeRawPointer(source + column)
        var sum0 = SIMD8<Double>()
        var sum1 = SIMD8<Double>()
        var sum2 = SIMD8<Double>()
        var sum3 = SIMD8<Double>()
        var position = 0
        repeat {
          let index = Int(truncatingIfNeeded: indices[position])
          let values = (first + (index &* sourceStride) &* 8).loadUnaligned(as: SIMD8<Double>.self)
          let weight = block + index &* paddedRows
          sum0.addProduct(values, SIMD8(repeating: weight[0]))
          sum1.addProduct(values, SIMD8(repeating: weight[1]))
          sum2.addProduct(values, SIMD8(repeating: weight[2]))
          sum3.addProduct(values, SIMD8(repeating: weight[3]))
          position &+= 1
        } while position < count
        let result = place + column &* 8
        result.storeBytes(of: sum0, as: SIMD8<Double>.self)
        (result + stride).storeBytes(of: sum1, as: SIMD8<Double>.self)
        (result + 2 &* stride).storeBytes(of: sum2, as: SIMD8<Double>.self)
        (result + 3 &* stride).storeBytes(of: sum3, as: SIMD8<Double>.self)
        column &+= blockColumns
      }
      row &+= PackedLinear.blockRows
    }
  }

  /// `result = W v` for one vector, by the same order of summation.
  @inline(__always)
  static func multiply(
    weights: UnsafePointer<Double>, paddedRows: Int, active: UnsafeBufferPointer<Int32>,
    vector: UnsafePointer<Double>, result: UnsafeMutablePointer<Double>
  ) {
    let count = active.count
    guard let indices = active.baseAddress, count > 0 else {
      result.update(repeating: 0, count: paddedRows)
      return
    }
    var row = 0
    // Eight independent sums hide the latency of the additions.
    while row &+ 32 <= paddedRows {
      let block = UnsafeRawPointer(weights + row)
      var sum0 = SIMD8<Double>()
      var sum1 = SIMD8<Double>()
      var sum2 = SIMD8<Double>()
      var sum3 = SIMD8<Double>()
      var position = 0
      repeat {
        let index = Int(truncatingIfNeeded: indices[position])
        let factor = SIMD8<Double>(repeating: vector[index])
        let weight = block + (index &* paddedRows) &* 8
        sum0.addProduct(weight.loadUnaligned(as: SIMD8<Double>.self), factor)
        sum1.addProduct((weight + 64).loadUnaligned(as: SIMD8<Double>.self), factor)
        sum2.addProduct((weight + 128).loadUnaligned(as: SIMD8<Double>.self), factor)
        sum3.addProduct((weight + 192).loadUnaligned(as: SIMD8<Double>.self), factor)
        position &+= 1
      } while position < count
      let place = UnsafeMutableRawPointer(result + row)
      place.storeBytes(of: sum0, as: SIMD8<Double>.self)
      (place + 64).storeBytes(of: sum1, as: SIMD8<Double>.self)
      (place + 128).storeBytes(of: sum2, as: SIMD8<Double>.self)
      (place + 192).storeBytes(of: sum3, as: SIMD8<Double>.self)
      row &+= 32
    }
    while row < paddedRows {
      var sum = SIMD4<Double>()
      for position in 0..<count {
        let index = Int(indices[position])
        let weight = UnsafeRawPointer(weights + (index &* paddedRows &+ row)).loadUnaligned(
          as: SIMD4<Double>.self)
        sum.addProduct(weight, SIMD4(repeating: vector[index]))
      }
      UnsafeMutableRawPointer(result + row).storeBytes(of: sum, as: SIMD4<Double>.self)
      row += PackedLinear.blockRows
    }
  }

  /// `result = W v` for nonnegative numbers in single precision, see `SinglePrecision`.
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
