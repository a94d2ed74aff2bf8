import RigorousArithmetic
import TensorGraph

/// What a propagation records for each group of a softmax: upper bounds of all differences, and ranges of
/// `M_i = log sum_(j != i) exp(x_j - x_i)`.
struct SoftmaxRecords {
  let place: UnsafeMutablePointer<Double>
  let size: Int

  /// Doubles for one group.
  static func count(size: Int) -> Int { size * (size + 2) }

  /// Most elements of a group times elements of the tensor that are followed.
  static let largestCount = 1 << 24

  init(_ records: UnsafeMutablePointer<Double>, group: Int, size: Int) {
    place = records + group * Self.count(size: size)
    self.size = size
  }

  /// Upper bound of `x_other - x_own`.
  @inline(__always)
  func upper(_ other: Int, minus own: Int) -> Double { place[own * size + other] }

  func set(_ other: Int, minus own: Int, upper: Double) { place[own * size + other] = upper }

  /// Bounds of `M_own`.
  func range(_ own: Int) -> Interval {
    Interval(validating: place[size * size + 2 * own], place[size * size + 2 * own + 1]) ?? .entire
  }

  func setRange(_ own: Int, _ range: Interval) {
    place[size * size + 2 * own] = range.lower
    place[size * size + 2 * own + 1] = range.upper
  }

  /// The planes of a result, from these bounds and from ranges of the operands.
  func planes(
    _ own: Int, _ lower: UnsafePointer<Double>, _ upper: UnsafePointer<Double>
  ) -> SoftmaxPlanes {
    @inline(__always)
    func bound(_ other: Int, _ own: Int) -> Double {
      Swift.min(self.upper(other, minus: own), Directed.subtractUp(upper[other], lower[own]))
    }
    let others = (0..<size).filter { $0 != own }
    return SoftmaxPlanes(
      lower: others.map { Swift.min(-bound(own, $0), bound($0, own)) },
      upper: others.map { Swift.max(bound($0, own), -bound(own, $0)) }
    ) { leader, other in bound(others[other], others[leader]) }
  }
}

/// Softmax: each result as an affine form of the differences to its own operand, with an error symbol of its own, see
/// `SoftmaxPlanes`.
///
/// Differences and sums of rows are formed from coefficients, so that what operands share cancels. A computed coefficient
/// `sum_j s_j (G_jk - G_ik)` of `n` terms is off by at most `gamma(n + 3)` times `sum_j |s_j| (|G_jk| + |G_ik|)`.
extension ZonotopePropagation {
  mutating func softmax(_ instruction: CompiledCase.Instruction, _ softmax: Softmax) {
    let slot = instruction.first.slot
    materialize(slot, rows: instruction.rows)
    workspace.buffers[slot].ensureMagnitudes()
    let source = workspace.buffers[slot]
    let lower = workspace.neuronLower + instruction.neuronOffset
    let upper = workspace.neuronUpper + instruction.neuronOffset
    for row in 0..<instruction.rows {
      let range = range(source, row)
      (lower[row], upper[row]) = (range.lower, range.upper)
    }
    if failed { return }
    let size = softmax.size
    let first = nextColumn
    if keepsCorrelation && size > 1 { nextColumn += instruction.rows }
    let isFresh = nextColumn > first
    workspace.buffers[instruction.target].reshape(
      rows: instruction.rows, columns: isFresh ? nextColumn : source.columns)
    workspace.buffers[instruction.target].activateAll(instruction.rows)
    let target = workspace.buffers[instruction.target]
    let scratch = workspace.scratch(SoftmaxRecords.count(size: size))
    for start in stride(from: 0, to: instruction.rows, by: size) {
      let records =
        self.records
        ? SoftmaxRecords(workspace.records + instruction.errorOffset, group: start / size, size: size)
        : SoftmaxRecords(scratch, group: 0, size: size)
      fill(records, source, start, lower, upper)
      for own in 0..<size {
        let row = start + own
        let base = target.values + row * target.stride
        guard size > 1 else {
          clearRow(base, from: 0, to: target.stride)
          base[0] = softmax.isLogarithm ? 0 : 1
          target.remainder[row] = 0
          continue
        }
        let planes = records.planes(own, lower + start, upper + start)
        var range = planes.range(.entire)
        guard keepsCorrelation else {
          let image = Relaxation.image(of: SoftmaxPlanes.image(softmax, range))
          if !(image.error < .infinity) { failed = true }
          clearRow(base, from: 0, to: target.stride)
          base[0] = image.offset
          target.remainder[row] = image.error
          records.setRange(own, range)
          continue
        }
        for (plane, isBelow) in [(planes.inner.below, true), (planes.inner.above, false)]
        where planes.isFinite {
          let remainder = combine(plane.slopes, own, start, source, into: base)
          let radius = radius(base, stride: source.stride, remainder: remainder)
          let sum = Interval(base[0]) + Interval(-radius.nextUp, radius.nextUp) + Interval(plane.offset)
          let known =
            isBelow ? Interval(validating: sum.lower, .infinity) : Interval(validating: -.infinity, sum.upper)
          range = known.flatMap { range.intersection($0) } ?? range
        }
        records.setRange(own, range)
        guard let (plane, error) = planes.parallel(softmax, range), error < .infinity else {
          failed = true
          return
        }
        let remainder = combine(plane.slopes, own, start, source, into: base)
        clearRow(base, from: source.stride, to: target.stride)
        let lost = 2 * Rounding.unit * (base[0].magnitude + plane.offset.magnitude)
        base[0] += plane.offset
        target.remainder[row] = (remainder + lost) * Rounding.inflation(4) + Rounding.slack
        if !(target.remainder[row] < .infinity) {
          failed = true
          return
        }
        let column = first + row
        if attributes {
          workspace.shares.record(column, operand: base, columns: Swift.min(first, target.columns))
        }
        base[column] = error
        target.freshRow[row] = Int32(truncatingIfNeeded: row)
      }
    }
    if isFresh { workspace.buffers[instruction.target].firstFresh = first }
  }

  /// Upper bounds of all differences of a group.
  private func fill(
    _ records: SoftmaxRecords, _ source: ZonotopeBuffer, _ start: Int, _ lower: UnsafePointer<Double>,
    _ upper: UnsafePointer<Double>
  ) {
    for own in 0..<records.size {
      records.set(own, minus: own, upper: 0)
      for other in 0..<own {
        let (x, y) = (start + other, start + own)
        var (high, low) = (
          Directed.subtractUp(upper[x], lower[y]), Directed.subtractUp(upper[y], lower[x])
        )
        if keepsCorrelation {
          let (left, right) = (source.values + x * source.stride, source.values + y * source.stride)
          var sum = 0.0
          for column in 1..<Swift.max(1, source.columns) { sum += (left[column] - right[column]).magnitude }
          let radius =
            (sum + source.remainder[x] + source.remainder[y]) * Rounding.inflation(source.columns + 4)
            + Rounding.slack
          high = Swift.min(high, Directed.addUp(Directed.subtractUp(left[0], right[0]), radius))
          low = Swift.min(low, Directed.addUp(Directed.subtractUp(right[0], left[0]), radius))
        }
        records.set(other, minus: own, upper: high)
        records.set(own, minus: other, upper: low)
      }
    }
  }

  /// Writes `sum_j s_j (x_j - x_i)` over the others of a group; returns what it is off by, remainders included.
  private func combine(
    _ slopes: [Double], _ own: Int, _ start: Int, _ source: ZonotopeBuffer,
    into base: UnsafeMutablePointer<Double>
  ) -> Double {
    let stride = source.stride
    clearRow(base, from: 0, to: stride)
    let mine = source.values + (start + own) * stride
    var (remainder, size, total, sum) = (0.0, 0.0, 0.0, 0.0)
    for (index, slope) in slopes.enumerated() where slope != 0 {
      let row = start + (index < own ? index : index + 1)
      let other = source.values + row * stride
      for column in 0..<source.columns { base[column] += slope * (other[column] - mine[column]) }
      remainder += slope.magnitude * source.remainder[row]
      size += slope.magnitude * (source.magnitude[row] + source.magnitude[start + own])
      total += slope.magnitude
      sum += slope
    }
    let gamma = DotProductBound.gamma(slopes.count + 3)
    remainder += (sum.magnitude + gamma * total) * source.remainder[start + own]
    return (remainder + gamma * size) * Rounding.inflation(slopes.count + 4) + Rounding.slack
  }
}
