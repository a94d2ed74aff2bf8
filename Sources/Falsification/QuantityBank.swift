import Inference
import VerificationProblem

/// Values of many quantities at many outputs, in double precision.
///
/// Euclidean distances from one slice of the output to many fixed points come from one matrix product,
/// `|y - p|^2 = |y|^2 - 2 y.p + |p|^2`; where that cancels, the distance is computed anew, so that values carry a
/// relative error near 10^-10.
struct QuantityBank: Sendable {
  private struct Family: Hashable {
    let start: Int
    let count: Int
  }

  /// Euclidean distances from one slice.
  private struct Records: Sendable {
    let start: Int
    let count: Int
    /// Positions of the quantities.
    let members: [Int]
    /// Their points, one a row.
    let points: [Double]
    let squaredLengths: [Double]
  }

  let quantities: [Quantity]
  private let outputCount: Int
  private let families: [Records]
  private let singles: [Int]

  init(_ quantities: [Quantity], outputCount: Int) {
    self.quantities = quantities
    self.outputCount = outputCount
    var groups: [Family: [Int]] = [:]
    var order: [Family] = []
    var singles: [Int] = []
    for (position, quantity) in quantities.enumerated() {
      guard case .distance(let start, let point, .l2) = quantity else {
        singles.append(position)
        continue
      }
      let family = Family(start: start, count: point.count)
      if groups[family] == nil { order.append(family) }
      groups[family, default: []].append(position)
    }
    var families: [Records] = []
    for family in order {
      let members = groups[family] ?? []
      guard members.count >= 4 else {
        singles += members
        continue
      }
      var points: [Double] = []
      for member in members {
        if case .distance(_, let point, _) = quantities[member] { points += point }
      }
      let lengths = members.indices.map { row in
        points[row * family.count..<(row + 1) * family.count].reduce(0) { $0 + $1 * $1 }
      }
      families.append(
        Records(
          start: family.start, count: family.count, members: members, points: points, squaredLengths: lengths)
      )
    }
    self.families = families
    self.singles = singles
  }

  /// `quantities.count` values for each output of a batch.
  func values(_ outputs: [Double], batch: Int) -> [Double] {
    var values = [Double](repeating: 0, count: batch * quantities.count)
    for item in 0..<batch {
      let output = outputs[item * outputCount..<(item + 1) * outputCount]
      for position in singles {
        values[item * quantities.count + position] = value(position, output)
      }
    }
    for family in families { add(family, outputs, batch: batch, to: &values) }
    return values
  }

  /// One quantity at one output.
  func value(_ position: Int, _ output: ArraySlice<Double>) -> Double {
    switch quantities[position] {
    case .element(let index): return output[output.startIndex + index]
    case .distance(let start, let point, let norm):
      return point.withUnsafeBufferPointer { point in
        output.withUnsafeBufferPointer { output in
          var result = 0.0
          for index in point.indices {
            let difference = (output[start + index] - point[index]).magnitude
            switch norm {
            case .l1: result += difference
            case .l2: result += difference * difference
            case .linf: result = max(result, difference)
            }
          }
          return norm == .l2 ? result.squareRoot() : result
        }
      }
    }
  }

  /// Adds `factor` times the gradient of a quantity with respect to the output to `upstream` at `offset`.
  ///
  /// At a point where a distance is zero the gradient is zero; a largest magnitude that is attained twice follows
  /// the first.
  func addGradient(
    _ position: Int, _ output: ArraySlice<Double>, factor: Double, to upstream: inout [Double], at offset: Int
  ) {
    let base = output.startIndex
    switch quantities[position] {
    case .element(let index): upstream[offset + index] += factor
    case .distance(let start, let point, let norm):
      switch norm {
      case .l1:
        for index in point.indices {
          let difference = output[base + start + index] - point[index]
          if difference != 0 { upstream[offset + start + index] += difference < 0 ? -factor : factor }
        }
      case .l2:
        let length = value(position, output)
        guard length > 0, length.isFinite else { return }
        for index in point.indices {
          upstream[offset + start + index] += factor * (output[base + start + index] - point[index]) / length
        }
      case .linf:
        var (farthest, largest, isNegative) = (0, 0.0, false)
        for index in point.indices {
          let difference = output[base + start + index] - point[index]
          if difference.magnitude > largest {
            (farthest, largest, isNegative) = (index, difference.magnitude, difference < 0)
          }
        }
        if largest > 0 { upstream[offset + start + farthest] += isNegative ? -factor : factor }
      }
    }
  }

  private func add(_ family: Records, _ outputs: [Double], batch: Int, to values: inout [Double]) {
    guard batch > 0 else { return }
    let (count, rows) = (family.count, family.members.count)
    var slices: [Double] = []
    slices.reserveCapacity(batch * count)
    for item in 0..<batch {
      let start = item * outputCount + family.start
      slices += outputs[start..<start + count]
    }
    var products = [Double](repeating: 0, count: batch * rows)
    MatrixProduct.multiply(
      slices[...], family.points[...], transposeRight: true, m: batch, n: rows, k: count, into: &products)
    for item in 0..<batch {
      let length = slices[item * count..<(item + 1) * count].reduce(0) { $0 + $1 * $1 }
      for row in 0..<rows {
        let sum = length + family.squaredLengths[row]
        let squared = sum - 2 * products[item * rows + row]
        let member = family.members[row]
        values[item * quantities.count + member] =
          squared > 0x1p-20 * sum
          ? squared.squareRoot()
          : value(member, outputs[item * outputCount..<(item + 1) * outputCount])
      }
    }
  }
}
