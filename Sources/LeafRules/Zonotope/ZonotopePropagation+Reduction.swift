/// Order reduction where a narrow tensor is the only one alive, as a latent is between two steps of a sampler.
///
/// Theorem. A row `c + sum G_j s_j ± e` with symbols in `[-1, 1]` lies, for every choice of some of its symbols, within
/// `sum |G_j|` over the others, plus `e`, of what these give; so a fresh symbol of that size in their place, one a row, keeps
/// every value. Nothing else refers to the symbols that are given up. Those that are kept are renamed.
///
/// Source: Girard, Reachability of uncertain linear systems using zonotopes, HSCC 2005, section 3.2; which symbols are kept
/// matters for tightness only, here those with the greatest sums of magnitudes.
extension ZonotopePropagation {
  /// Error symbols that are kept of a tensor of so many rows: of two or fewer none, since boxes of few sides are tight and
  /// what is kept costs more than it saves.
  private static func kept(rows: Int) -> Int { rows < 3 ? 0 : 8 * rows }

  /// Keeps the columns of the cell's coordinates and of the greatest error symbols, and boxes all others into one fresh
  /// symbol a row.
  mutating func reduce(_ instruction: CompiledCase.Instruction) {
    guard keepsCorrelation else { return }
    let first = 1 + compiled.symbolCount
    let rows = workspace.buffers[instruction.target].activeCount
    let errors = workspace.buffers[instruction.target].columns - first
    let kept = Self.kept(rows: rows)
    // No fewer symbols, and nothing is gained.
    guard errors > kept + rows else { return }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * errors + kept) { room in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: Swift.max(kept, 1)) { places in
        guard let scores = room.baseAddress, let columns = places.baseAddress else { return }
        keepGreatest(kept, of: errors, from: first, in: instruction.target, scores: scores, columns: columns)
      }
    }
    compact(instruction, rows: rows)
    nextColumn = first + kept + rows
  }

  private mutating func keepGreatest(
    _ kept: Int, of errors: Int, from first: Int, in slot: Int, scores: UnsafeMutablePointer<Double>,
    columns: UnsafeMutablePointer<Int>
  ) {
    var buffer = workspace.buffers[slot]
    let rows = buffer.activeCount
    let (ordered, values) = (scores + errors, scores + 2 * errors)
    // The columns that are kept, ascending; none where some magnitude is no number.
    var chosen = 0
    if kept > 0 {
      scores.update(repeating: 0, count: errors)
      for position in 0..<rows {
        let base = buffer.values + Int(buffer.active[position]) * buffer.stride + first
        for column in 0..<errors { scores[column] += base[column].magnitude }
      }
      ordered.update(from: scores, count: errors)
      let limit = Self.greatest(kept, of: ordered, count: errors)
      var above = 0
      for column in 0..<errors where scores[column] > limit { above += 1 }
      // Of equal ones the first.
      for column in 0..<errors where chosen < kept {
        guard scores[column] > limit || scores[column] == limit && above < kept else { continue }
        if scores[column] == limit { above += 1 }
        columns[chosen] = first + column
        chosen += 1
      }
    }
    for position in 0..<rows {
      let row = Int(buffer.active[position])
      let base = buffer.values + row * buffer.stride
      for index in 0..<chosen {
        values[index] = base[columns[index]]
        base[columns[index]] = 0
      }
      let radius = buffer.radius(row, from: first)
      if attributes { workspace.shares.record(nextColumn + position, boxing: base, columns: buffer.columns) }
      clearRow(base, from: first, to: buffer.stride)
      for index in 0..<chosen { base[first + index] = values[index] }
      base[first + kept + position] = radius
      buffer.remainder[row] = 0
    }
    if attributes {
      for index in 0..<chosen { workspace.shares.move(from: columns[index], to: first + index, symbols: 1) }
      workspace.shares.move(from: nextColumn, to: first + kept, symbols: rows)
    }
    // The stride stays; only the number of columns in use shrinks, and what lies beyond is zero.
    buffer.columns = first + kept + rows
    buffer.hasMagnitudes = false
    buffer.firstFresh = .max
    workspace.buffers[slot] = buffer
  }

  /// The `rank`-th greatest of some numbers, which it reorders (Hoare's selection); not a number where one of them is none.
  private static func greatest(_ rank: Int, of numbers: UnsafeMutablePointer<Double>, count: Int) -> Double {
    var (low, high) = (0, count - 1)
    let place = rank - 1
    while low < high {
      let pivot = numbers[(low + high) / 2]
      guard !pivot.isNaN else { return .nan }
      var (left, right) = (low, high)
      while left <= right {
        while numbers[left] > pivot { left += 1 }
        while numbers[right] < pivot { right -= 1 }
        if left <= right {
          swap(&numbers[left], &numbers[right])
          left += 1
          right -= 1
        }
      }
      if place <= right { high = right } else if place >= left { low = left } else { return pivot }
    }
    return numbers[place]
  }

  /// Moves the rows of a reduced tensor together under the smaller stride.
  private func compact(_ instruction: CompiledCase.Instruction, rows: Int) {
    let stride = MatrixKernel.padded(workspace.buffers[instruction.target].columns)
    let old = workspace.buffers[instruction.target].stride
    guard stride < old else { return }
    let values = workspace.buffers[instruction.target].values
    for position in 0..<rows {
      let row = Int(workspace.buffers[instruction.target].active[position])
      for column in 0..<stride { values[row * stride + column] = values[row * old + column] }
    }
    workspace.buffers[instruction.target].stride = stride
  }
}
