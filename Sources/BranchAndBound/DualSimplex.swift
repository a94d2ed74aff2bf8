/// A linear function to be minimised over a box and inequalities, by the dual simplex method with bounded variables.
///
/// Every basis has multipliers of the inequalities that are not negative, so that it bounds the minimum from below; each
/// step leaves a violated bound and raises that bound (Lemke 1954; Koberstein, "The dual simplex method", 2005, ch. 2-3).
/// It computes in plain doubles: what it returns is a proposal, to be judged by whoever needs it.
///
/// The variables' costs must leave each at its lower bound to begin with: none is negative.
struct DualSimplex {
  enum End {
    /// The point is a minimum.
    case optimal
    /// The multipliers show that no point meets the inequalities.
    case infeasible
    /// Neither was reached.
    case gaveUp
  }

  /// Numbers of inequalities and variables.
  let rows: Int
  let columns: Int
  /// Numbers that one step changes.
  var tableSize: Int { Swift.max(1, rows * columns) }
  private let lower: [Double]
  private let upper: [Double]
  /// What each inequality was divided by.
  private let scales: [Double]

  /// Each basic variable as an affine function of the nonbasic ones, row by row.
  private var table: [Double]
  private var offsets: [Double]
  private var costs: [Double]
  /// Variables below `columns` are the given ones, the others the inequalities' values.
  private var basic: [Int]
  private var nonbasic: [Int]
  /// The nonbasic variables' values, each a bound.
  private var values: [Double]

  /// What a number must exceed to count as a pivot, and a violation as one.
  private static let pivot = 1e-9
  private static let violation = 1e-11

  /// A problem: `rows[i] . v + offsets[i] >= 0` for all `i`, within the bounds.
  init(costs: [Double], lower: [Double], upper: [Double], rows: [[Double]], offsets: [Double]) {
    self.rows = rows.count
    columns = costs.count
    self.lower = lower
    self.upper = upper
    scales = rows.map { row in
      let largest = row.reduce(0) { Swift.max($0, $1.magnitude) }
      return largest > 0 ? largest : 1
    }
    self.costs = costs
    table = []
    table.reserveCapacity(rows.count * costs.count)
    self.offsets = []
    for (index, row) in rows.enumerated() {
      for value in row { table.append(value / scales[index]) }
      self.offsets.append(offsets[index] / scales[index])
    }
    basic = rows.indices.map { costs.count + $0 }
    nonbasic = Array(costs.indices)
    values = lower
  }

  private func bounds(_ variable: Int) -> (low: Double, high: Double) {
    variable < columns ? (lower[variable], upper[variable]) : (0, .infinity)
  }

  /// Multipliers of the inequalities and what remains of the given variables' costs: those of the minimum, or, where
  /// the problem is infeasible, of a sum of inequalities that no point of the box meets.
  private(set) var multipliers: [Double] = []
  private(set) var remainders: [Double] = []
  /// By how much the box misses the inequalities' sum, where the problem is infeasible.
  private(set) var gap = 0.0

  /// The given variables' values.
  var point: [Double] {
    var result = lower
    for (column, variable) in nonbasic.enumerated() where variable < columns {
      result[variable] = values[column]
    }
    let basics = basicValues()
    for (row, variable) in basic.enumerated() where variable < columns { result[variable] = basics[row] }
    return result
  }

  private func basicValues() -> [Double] {
    var result = offsets
    table.withUnsafeBufferPointer { table in
      for row in 0..<rows {
        var sum = 0.0
        for column in 0..<columns { sum += table[row * columns + column] * values[column] }
        result[row] += sum
      }
    }
    return result
  }

  /// Steps until an end, at most `limit`.
  mutating func run(limit: Int) -> End {
    var stalled = 0
    for _ in 0..<limit {
      let basics = basicValues()
      // The order of the variables alone ends a cycle (Bland 1977).
      let isCautious = stalled > rows + columns
      guard let leaving = leavingRow(basics, isCautious) else {
        readMultipliers()
        return .optimal
      }
      let isBelow = basics[leaving] < bounds(basic[leaving]).low
      guard let entering = enteringColumn(leaving, isBelow: isBelow, isCautious) else {
        readRay(leaving, isBelow: isBelow, basics[leaving])
        return .infeasible
      }
      stalled = costs[entering] == 0 ? stalled + 1 : 0
      exchange(leaving, entering, isBelow: isBelow)
      guard offsets[leaving].isFinite else { return .gaveUp }
    }
    return .gaveUp
  }

  /// The row whose variable misses its bounds most.
  private func leavingRow(_ basics: [Double], _ isCautious: Bool) -> Int? {
    var best: Int?
    var worst = 0.0
    for row in 0..<rows {
      let (low, high) = bounds(basic[row])
      let miss = Swift.max(low - basics[row], basics[row] - high)
      guard miss > DualSimplex.violation * Swift.max(1, basics[row].magnitude) else { continue }
      if isCautious {
        if best.map({ basic[row] < basic[$0] }) ?? true { best = row }
      } else if miss > worst {
        worst = miss
        best = row
      }
    }
    return best
  }

  /// The column that can move the row towards its bound at the least cost; nil where none can.
  private func enteringColumn(_ row: Int, isBelow: Bool, _ isCautious: Bool) -> Int? {
    var best: Int?
    var ratio = Double.infinity
    for column in 0..<columns {
      let entry = table[row * columns + column]
      let (low, high) = bounds(nonbasic[column])
      guard entry.magnitude > DualSimplex.pivot, low < high else { continue }
      let canRise = values[column] == low
      guard (entry > 0) == (canRise == isBelow) else { continue }
      let candidate = costs[column].magnitude / entry.magnitude
      let isTie = candidate <= ratio + 1e-12 && candidate >= ratio - 1e-12
      let isBetter: Bool
      if let best, isTie {
        isBetter =
          isCautious
          ? nonbasic[column] < nonbasic[best]
          : entry.magnitude > table[row * columns + best].magnitude
      } else {
        isBetter = candidate < ratio
      }
      guard isBetter else { continue }
      best = column
      ratio = Swift.min(ratio, candidate)
    }
    return best
  }

  private mutating func exchange(_ row: Int, _ column: Int, isBelow: Bool) {
    let (columns, rows) = (self.columns, self.rows)
    let pivot = table[row * columns + column]
    offsets[row] /= -pivot
    var offsets = self.offsets
    table.withUnsafeMutableBufferPointer { table in
      for other in 0..<columns where other != column { table[row * columns + other] /= -pivot }
      table[row * columns + column] = 1 / pivot
      for line in 0..<rows where line != row {
        let factor = table[line * columns + column]
        guard factor != 0 else { continue }
        table[line * columns + column] = 0
        offsets[line] += factor * offsets[row]
        for other in 0..<columns {
          table[line * columns + other] += factor * table[row * columns + other]
        }
      }
    }
    self.offsets = offsets
    let cost = costs[column]
    costs[column] = 0
    if cost != 0 {
      for other in 0..<columns { costs[other] += cost * table[row * columns + other] }
    }
    let left = basic[row]
    basic[row] = nonbasic[column]
    nonbasic[column] = left
    let (low, high) = bounds(left)
    values[column] = isBelow ? low : high
  }

  private mutating func readMultipliers() {
    multipliers = [Double](repeating: 0, count: rows)
    remainders = [Double](repeating: 0, count: columns)
    for (column, variable) in nonbasic.enumerated() { assign(variable, costs[column]) }
  }

  private mutating func readRay(_ row: Int, isBelow: Bool, _ value: Double) {
    multipliers = [Double](repeating: 0, count: rows)
    remainders = [Double](repeating: 0, count: columns)
    let sign = isBelow ? -1.0 : 1
    for (column, variable) in nonbasic.enumerated() { assign(variable, sign * table[row * columns + column]) }
    assign(basic[row], -sign)
    let (low, high) = bounds(basic[row])
    gap = isBelow ? low - value : value - high
  }

  private mutating func assign(_ variable: Int, _ cost: Double) {
    if variable < columns {
      remainders[variable] = cost
    } else {
      let row = variable - columns
      multipliers[row] = Swift.max(0, cost) / scales[row]
    }
  }
}
