/// `Y = W X` as the kernel of the leaf rules computes it, with vectors of eight doubles in one register.
///
/// This target alone is compiled for x86-64-v4. Nothing of it may run where `Processor.hasWideVectors` is false, and it
/// uses no generic code that another target might share. Each element is the same sum in the same order with the same
/// fused multiply-adds as without wide registers, so that results are equal bit for bit.
package enum WideMatrixKernel {
  /// Multiplies, eight rows times sixteen columns at a time where there are as many.
  ///
  /// - Parameters:
  ///   - weights: blocks of four rows, of each block one operand's weights after the other; `paddedRows` times `depth`.
  ///   - paddedRows: a multiple of four.
  ///   - indices: the rows of `source` to sum over, ascending.
  ///   - count: how many they are, at least one.
  ///   - source: rows of `sourceStride` doubles; at least `columns` of each row are set.
  ///   - panel: room for sixteen doubles a row summed over; at a multiple of 64 bytes it is read fastest.
  ///   - target: `paddedRows` rows of `targetStride` doubles, overwritten in the first `columns`.
  ///   - columns: a multiple of eight.
  @inline(never)
  package static func multiply(
    weights: UnsafePointer<Double>, paddedRows: Int, depth: Int, indices: UnsafePointer<Int32>, count: Int,
    source: UnsafePointer<Double>, sourceStride: Int, panel: UnsafeMutablePointer<Double>,
    target: UnsafeMutablePointer<Double>, targetStride: Int, columns: Int
  ) {
    let next = 4 &* depth
    let down = 4 &* targetStride
    var column = 0
    while column < columns {
      let isWide = column &+ 16 <= columns
      let width = isWide ? 16 : 8
      copy(source + column, sourceStride, indices, count, to: panel, width: width)
      var block = weights
      var place = target + column
      var row = 0
      while row &+ 8 <= paddedRows {
        if isWide {
          eightBySixteen(block, next, indices, count, panel, place, targetStride)
        } else {
          eightByEight(block, next, indices, count, panel, place, targetStride)
        }
        block += 2 &* next
        place += 2 &* down
        row &+= 8
      }
      if row < paddedRows {
        if isWide {
          fourBySixteen(block, indices, count, panel, place, targetStride)
        } else {
          fourByEight(block, indices, count, panel, place, targetStride)
        }
      }
      column &+= width
    }
  }

  @inline(__always)
  private static func copy(
    _ source: UnsafePointer<Double>, _ stride: Int, _ indices: UnsafePointer<Int32>, _ count: Int,
    to panel: UnsafeMutablePointer<Double>, width: Int
  ) {
    var position = 0
    while position < count {
      let from = source + Int(truncatingIfNeeded: indices[position]) &* stride
      let to = panel + position &* width
      store(load(from), to)
      if width == 16 { store(load(from + 8), to + 8) }
      position &+= 1
    }
  }

  @inline(__always)
  private static func eightBySixteen(
    _ weights: UnsafePointer<Double>, _ next: Int, _ indices: UnsafePointer<Int32>, _ count: Int,
    _ panel: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>, _ stride: Int
  ) {
    var (upperLeft, upperRight, lowerLeft, lowerRight) = (FourSums(), FourSums(), FourSums(), FourSums())
    var values = panel
    var position = 0
    repeat {
      let place = weights + Int(truncatingIfNeeded: indices[position]) &* 4
      let (left, right) = (load(values), load(values + 8))
      let (upper, lower) = (FourWeights(place), FourWeights(place + next))
      upperLeft.add(left, upper)
      upperRight.add(right, upper)
      lowerLeft.add(left, lower)
      lowerRight.add(right, lower)
      values += 16
      position &+= 1
    } while position < count
    let below = target + 4 &* stride
    upperLeft.write(target, stride)
    upperRight.write(target + 8, stride)
    lowerLeft.write(below, stride)
    lowerRight.write(below + 8, stride)
  }

  @inline(__always)
  private static func fourBySixteen(
    _ weights: UnsafePointer<Double>, _ indices: UnsafePointer<Int32>, _ count: Int,
    _ panel: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>, _ stride: Int
  ) {
    var (left, right) = (FourSums(), FourSums())
    var values = panel
    var position = 0
    repeat {
      let four = FourWeights(weights + Int(truncatingIfNeeded: indices[position]) &* 4)
      left.add(load(values), four)
      right.add(load(values + 8), four)
      values += 16
      position &+= 1
    } while position < count
    left.write(target, stride)
    right.write(target + 8, stride)
  }

  @inline(__always)
  private static func eightByEight(
    _ weights: UnsafePointer<Double>, _ next: Int, _ indices: UnsafePointer<Int32>, _ count: Int,
    _ panel: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>, _ stride: Int
  ) {
    var (upper, lower) = (FourSums(), FourSums())
    var position = 0
    repeat {
      let place = weights + Int(truncatingIfNeeded: indices[position]) &* 4
      let value = load(panel + position &* 8)
      upper.add(value, FourWeights(place))
      lower.add(value, FourWeights(place + next))
      position &+= 1
    } while position < count
    upper.write(target, stride)
    lower.write(target + 4 &* stride, stride)
  }

  @inline(__always)
  private static func fourByEight(
    _ weights: UnsafePointer<Double>, _ indices: UnsafePointer<Int32>, _ count: Int,
    _ panel: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>, _ stride: Int
  ) {
    var sums = FourSums()
    var position = 0
    repeat {
      let place = weights + Int(truncatingIfNeeded: indices[position]) &* 4
      sums.add(load(panel + position &* 8), FourWeights(place))
      position &+= 1
    } while position < count
    sums.write(target, stride)
  }
}

@inline(__always)
private func load(_ place: UnsafePointer<Double>) -> SIMD8<Double> {
  UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
}

@inline(__always)
private func store(_ value: SIMD8<Double>, _ place: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD8<Double>.self)
}

/// One operand's weights in a block of four rows, each in all places of a vector.
private struct FourWeights {
  let first: SIMD8<Double>
  let second: SIMD8<Double>
  let third: SIMD8<Double>
  let fourth: SIMD8<Double>

  @inline(__always)
  init(_ place: UnsafePointer<Double>) {
    first = SIMD8(repeating: place[0])
    second = SIMD8(repeating: place[1])
    third = SIMD8(repeating: place[2])
    fourth = SIMD8(repeating: place[3])
  }
}

/// Eight columns of four rows.
private struct FourSums {
  private var first = SIMD8<Double>()
  private var second = SIMD8<Double>()
  private var third = SIMD8<Double>()
  private var fourth = SIMD8<Double>()

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(_ value: SIMD8<Double>, _ weights: FourWeights) {
    first.addProduct(value, weights.first)
    second.addProduct(value, weights.second)
    third.addProduct(value, weights.third)
    fourth.addProduct(value, weights.fourth)
  }

  @inline(__always)
  func write(_ target: UnsafeMutablePointer<Double>, _ stride: Int) {
    store(first, target)
    store(second, target + stride)
    store(third, target + 2 &* stride)
    store(fourth, target + 3 &* stride)
  }
}
