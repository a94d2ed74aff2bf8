import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Softmax by the planes of `SoftmaxPlanes`, on the side that each coefficient asks for.
///
/// A plane of the differences is one of the operands. The coefficient of an operand is a sum of at most `2 n` products, for
/// `n` elements of a group; it is off by at most `gamma(2 n + 2)` times the sum of their magnitudes, times the bound of the
/// operand. Each plane's offset covers what its own products may be off by: `gamma(2 n + 2) sum_j |s_j| (|x_j| + |x_i|)`.
extension BackwardMatrix {
  mutating func softmax(
    _ instruction: CompiledCase.Instruction, _ softmax: Softmax, _ coefficients: UnsafePointer<Double>
  ) {
    let operand = instruction.first.instruction
    let target = destination(operand)
    target.update(repeating: 0, count: instruction.rows * stride)
    let size = softmax.size
    for start in Swift.stride(from: 0, to: instruction.rows, by: size) {
      for own in 0..<size {
        let row = coefficients + (start + own) * stride
        guard !isZero(row) else { continue }
        guard size > 1 else {
          apply(
            [], [], [], (softmax.isLogarithm ? 0 : 1, softmax.isLogarithm ? 0 : 1), 0, row, target, target)
          continue
        }
        let planes = softmaxPlanes(instruction, softmax, start, own)
        apply(
          planes.below.slopes, planes.above.slopes, (0..<size).filter { $0 != own }.map { start + $0 },
          (planes.below.offset, planes.above.offset),
          Rounding.backwardUnderflow * planes.reach, row, target, target + (start + own) * stride)
      }
    }
    deliver(operand, rows: instruction.rows)
  }

  private func isZero(_ row: UnsafePointer<Double>) -> Bool {
    var column = 0
    while column < stride {
      if any(load(row + column) .!= 0) { return false }
      column &+= 8
    }
    return true
  }

  /// The planes of a result, as they are multiplied with coefficients.
  ///
  /// - Returns: besides the planes an upper bound of the sum of magnitudes that their slopes are multiplied with.
  func softmaxPlanes(
    _ instruction: CompiledCase.Instruction, _ softmax: Softmax, _ start: Int, _ own: Int
  ) -> (below: SoftmaxPlanes.Plane, above: SoftmaxPlanes.Plane, gap: Double, reach: Double) {
    let size = softmax.size
    let lower = workspace.neuronLower + (instruction.neuronOffset + start)
    let upper = workspace.neuronUpper + (instruction.neuronOffset + start)
    let records = SoftmaxRecords(
      workspace.records + instruction.errorOffset, group: start / size, size: size)
    let planes = records.planes(own, lower, upper)
    var (below, above) = planes.result(softmax, planes.range(records.range(own)))
    let gap = above.height(at: planes.centre) - below.height(at: planes.centre)
    guard below.offset.isFinite, above.offset.isFinite, below.slopes.allSatisfy(\.isFinite),
      above.slopes.allSatisfy(\.isFinite)
    else {
      let none = SoftmaxPlanes.Plane(slopes: below.slopes.map { _ in 0 }, offset: .nan)
      return (none, none, .infinity, 0)
    }
    func extent(_ index: Int) -> Double { Swift.max(lower[index].magnitude, upper[index].magnitude) }
    let gamma = DotProductBound.gamma(2 * size + 2)
    var (lost, reach) = ((below: 0.0, above: 0.0), 0.0)
    for index in below.slopes.indices {
      let bound = extent(index < own ? index : index + 1) + extent(own)
      lost.below += below.slopes[index].magnitude * bound
      lost.above += above.slopes[index].magnitude * bound
      reach += bound
    }
    let factor = gamma * Rounding.inflation(size + 4)
    below.offset = Rounding.below(below.offset - (lost.below * factor + Rounding.slack))
    above.offset = Rounding.above(above.offset + (lost.above * factor + Rounding.slack))
    return (below, above, gap, reach * Rounding.inflation(size))
  }

  /// Adds to the coefficients of the operands what a row of coefficients gives them.
  ///
  /// - Parameters:
  ///   - rows: the operands of the slopes.
  ///   - mine: where the coefficients of the operand stand that the others are compared with.
  private mutating func apply(
    _ below: [Double], _ above: [Double], _ rows: [Int], _ offsets: (below: Double, above: Double),
    _ underflow: Double, _ coefficients: UnsafePointer<Double>, _ target: UnsafeMutablePointer<Double>,
    _ mine: UnsafeMutablePointer<Double>
  ) {
    let offsetBelow = SIMD8<Double>(repeating: offsets.below)
    let offsetAbove = SIMD8<Double>(repeating: offsets.above)
    let lost = SIMD8<Double>(repeating: underflow)
    var column = 0
    while column < stride {
      let values = load(coefficients + column)
      let isPositive = values .> 0
      let offset = offsetAbove.replacing(with: offsetBelow, where: isPositive)
      // A coefficient of zero takes nothing from a plane, not even from one that does not exist.
      let product = (values * offset).replacing(with: 0, where: values .== 0)
      store(load(constants + column) + product, constants + column)
      store(load(sizes + column) + magnitude(product), sizes + column)
      store(load(faults + column) + (values * 0 + product * 0), faults + column)
      store(load(errors + column) + lost, errors + column)
      for index in below.indices {
        let slope = SIMD8<Double>(repeating: above[index]).replacing(
          with: SIMD8<Double>(repeating: below[index]), where: isPositive)
        let term = values * slope
        let place = target + rows[index] * stride + column
        store(load(place) + term, place)
        store(load(mine + column) - term, mine + column)
      }
      column &+= 8
    }
    constantCount &+= 1
    errorCount &+= 1
  }

  /// Tightens the recorded bounds of differences and of the logarithms of sums of exponentials, each by linear bounds.
  ///
  /// Theorem: as for `refineOperands`. A sum `W` of doubles `w_j` differs from the real one by at most
  /// `gamma(n) sum |w_j|`, and so does `sum_j w_j x_j - W x_i` from the plane, times the bound of `x_i`.
  mutating func refineSoftmax(
    _ instruction: CompiledCase.Instruction, _ softmax: Softmax, on cell: Cell
  ) {
    let size = softmax.size
    guard size > 1, !compiled.isAffine[instruction.first.instruction] else { return }
    for start in Swift.stride(from: 0, to: instruction.rows, by: size) {
      let records = SoftmaxRecords(
        workspace.records + instruction.errorOffset, group: start / size, size: size)
      let pairs = (0..<size).flatMap { own in (0..<size).filter { $0 != own }.map { (own, $0) } }
      inBatches(of: pairs) { pass, batch in
        pass.begin(at: instruction.first.instruction, objectives: batch.count)
        for (position, pair) in batch.enumerated() {
          pass.set(position, element: start + pair.0, to: 1)
          pass.set(position, element: start + pair.1, to: -1)
        }
        pass.run(cell: cell)
        for (position, pair) in batch.enumerated() {
          let bound = -pass.lowerBound(position)
          if bound < records.upper(pair.1, minus: pair.0) {
            records.set(pair.1, minus: pair.0, upper: bound)
          }
        }
      }
      inBatches(of: (0..<size).flatMap { [($0, true), ($0, false)] }) { pass, batch in
        pass.refineRanges(instruction, records, start, batch, on: cell)
      }
    }
  }

  private mutating func refineRanges(
    _ instruction: CompiledCase.Instruction, _ records: SoftmaxRecords, _ start: Int,
    _ batch: ArraySlice<(own: Int, isBelow: Bool)>, on cell: Cell
  ) {
    let lower = workspace.neuronLower + (instruction.neuronOffset + start)
    let upper = workspace.neuronUpper + (instruction.neuronOffset + start)
    begin(at: instruction.first.instruction, objectives: batch.count)
    var offsets: [Double] = []
    for (position, item) in batch.enumerated() {
      let planes = records.planes(item.own, lower, upper)
      let plane = item.isBelow ? planes.inner.below : planes.inner.above
      let sign = item.isBelow ? 1.0 : -1.0
      var (sum, size) = (0.0, 0.0)
      for (index, slope) in plane.slopes.enumerated() {
        set(position, element: start + (index < item.own ? index : index + 1), to: sign * slope)
        sum += slope
        size += slope.magnitude
      }
      set(position, element: start + item.own, to: -sign * sum)
      let extent = Swift.max(lower[item.own].magnitude, upper[item.own].magnitude)
      let error =
        DotProductBound.gamma(records.size) * size * extent * Rounding.inflation(records.size + 2)
        + Rounding.slack
      offsets.append(Rounding.below(sign * plane.offset - error))
    }
    run(cell: cell)
    for (position, item) in batch.enumerated() {
      let bound = Rounding.below(lowerBound(position) + offsets[position])
      let known = records.range(item.own)
      let half =
        item.isBelow ? Interval(validating: bound, .infinity) : Interval(validating: -.infinity, -bound)
      if let both = half.flatMap({ known.intersection($0) }) { records.setRange(item.own, both) }
    }
  }

  /// Work on as many items as one pass takes on, in turn.
  private mutating func inBatches<Item>(
    of items: [Item], _ body: (inout BackwardMatrix, ArraySlice<Item>) -> Void
  ) {
    var next = 0
    while next < items.count {
      let batch = items[next..<Swift.min(next + BackwardMatrix.refinedAtOnce, items.count)]
      next += batch.count
      body(&self, batch)
    }
  }
}
