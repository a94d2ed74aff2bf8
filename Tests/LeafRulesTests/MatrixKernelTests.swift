import CProcessor
import LeafRules
import SeededDraws
import Testing
import WideKernels

/// Products of the kernels against sums that are written out, equal bit for bit.
@Suite struct MatrixKernelTests {
  /// Rows, operands and columns, the fourth number how many in a hundred operands are summed over.
  static let shapes = [
    (4, 1, 8, 100), (4, 3, 16, 100), (8, 7, 8, 50), (8, 16, 24, 100), (12, 5, 40, 70), (16, 33, 16, 30),
    (20, 128, 64, 90), (28, 9, 56, 100), (64, 50, 24, 60),
  ]

  @Test(arguments: shapes)
  func narrow(rows: Int, depth: Int, columns: Int, share: Int) {
    var product = Product(rows: rows, depth: depth, columns: columns, share: share)
    product.run(MatrixKernel.narrow)
    product.expectEqual()
  }

  @Test(.enabled(if: processor_has_wide_vectors() != 0, "this processor has no AVX-512"), arguments: shapes)
  func wide(rows: Int, depth: Int, columns: Int, share: Int) {
    var product = Product(rows: rows, depth: depth, columns: columns, share: share)
    product.run(WideMatrixKernel.multiply)
    product.expectEqual()
  }
}

/// One product with room around what a kernel may touch.
private struct Product {
  /// Weights, rows, depth, indices and their count, source and stride, panel, target and stride, columns.
  typealias Kernel = (
    UnsafePointer<Double>, Int, Int, UnsafePointer<Int32>, Int, UnsafePointer<Double>, Int,
    UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, Int, Int
  ) -> Void

  private let rows: Int
  private let depth: Int
  private let columns: Int
  private var weights: [[Double]] = []
  private var source: [[Double]] = []
  private var active: [Int32] = []
  private var target: [Double]
  private let sourceStride: Int
  private let targetStride: Int

  /// What a kernel must leave where it has no business.
  private static let untouched = 12345.0

  init(rows: Int, depth: Int, columns: Int, share: Int) {
    (self.rows, self.depth, self.columns) = (rows, depth, columns)
    (sourceStride, targetStride) = (columns + 8, columns + 16)
    var generator = SeededGenerator(seed: UInt64(1000 * rows + depth))
    // Magnitudes far apart, so that another order of summation shows.
    func draw() -> Double {
      Double(sign: .plus, exponent: generator.below(60) - 30, significand: generator.uniform(-2, 2))
    }
    weights = (0..<rows).map { _ in (0..<depth).map { _ in draw() } }
    source = (0..<depth).map { _ in (0..<columns).map { _ in draw() } }
    active = (0..<depth).filter { _ in generator.below(100) < share }.map { Int32($0) }
    if active.isEmpty { active = [0] }
    target = [Double](repeating: Product.untouched, count: (rows + 1) * targetStride)
  }

  mutating func run(_ kernel: Kernel) {
    var laidOut = [Double](repeating: .nan, count: rows * depth)
    for row in 0..<rows {
      for operand in 0..<depth {
        laidOut[row / 4 * 4 * depth + 4 * operand + row % 4] = weights[row][operand]
      }
    }
    var values = [Double](repeating: .nan, count: depth * sourceStride)
    for operand in 0..<depth {
      for column in 0..<columns { values[operand * sourceStride + column] = source[operand][column] }
    }
    var panel = [Double](repeating: .nan, count: 16 * active.count)
    let (rows, depth, columns) = (rows, depth, columns)
    let (sourceStride, targetStride) = (sourceStride, targetStride)
    laidOut.withUnsafeBufferPointer { laidOut in
      values.withUnsafeBufferPointer { values in
        active.withUnsafeBufferPointer { active in
          panel.withUnsafeMutableBufferPointer { panel in
            target.withUnsafeMutableBufferPointer { target in
              guard let weights = laidOut.baseAddress, let source = values.baseAddress,
                let indices = active.baseAddress, let panel = panel.baseAddress,
                let place = target.baseAddress
              else { return }
              kernel(
                weights, rows, depth, indices, active.count, source, sourceStride, panel, place, targetStride,
                columns)
            }
          }
        }
      }
    }
  }

  func expectEqual() {
    for row in 0...rows {
      for column in 0..<targetStride {
        var expected = Product.untouched
        if row < rows && column < columns {
          expected = active.reduce(0) { $0.addingProduct(source[Int($1)][column], weights[row][Int($1)]) }
        }
        #expect(target[row * targetStride + column].bitPattern == expected.bitPattern, "\(row), \(column)")
      }
    }
  }
}
