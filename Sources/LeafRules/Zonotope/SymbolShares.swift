/// Which coordinates of a cell make up each error symbol of a zonotope.
///
/// An error symbol stands for the relaxation of a neuron, and its size falls with the width of the neuron's operand.
/// The share of a coordinate in a symbol is its share in that operand's linear part, and in the operand's own error symbols
/// where these are the greater part of its width. Splitting along the coordinate with
/// the greatest shares in an output's error symbols shrinks that output's error fastest; its linear part is as wide in
/// the worse half as before. Nothing but the choice of splits depends on this.
struct SymbolShares {
  /// Most coordinates for which shares are kept.
  static let largestCount = 64

  /// `count` shares for each column.
  private var shares: UnsafeMutablePointer<Double>
  private var capacity = 0
  /// Number of coordinates with a column.
  private(set) var count = 0

  init() { shares = .allocate(capacity: 1) }

  func deallocate() { shares.deallocate() }

  mutating func prepare(count: Int) { self.count = count }

  private mutating func reserve(_ columns: Int) {
    let needed = columns * count
    guard needed > capacity else { return }
    let grown = Swift.max(needed, 2 * capacity)
    let old = shares
    shares = .allocate(capacity: grown)
    shares.update(from: old, count: capacity)
    (shares + capacity).initialize(repeating: 0, count: grown - capacity)
    old.deallocate()
    capacity = grown
  }

  /// Records a fresh symbol of a neuron whose operand is a row of coefficients.
  mutating func record(_ column: Int, operand row: UnsafePointer<Double>, columns: Int) {
    reserve(column + 1)
    let place = shares + column * count
    var sum = 0.0
    for axis in 0..<count {
      place[axis] = axis + 1 < columns ? row[axis + 1].magnitude : 0
      sum += place[axis]
    }
    // An operand that is flat in the middle of a cell has next to no linear part, whatever its width.
    var errors = 0.0
    for column in Swift.min(1 + count, columns)..<columns { errors += row[column].magnitude }
    if errors > sum {
      add(row, columns: columns, to: place)
      sum = 0
      for axis in 0..<count { sum += place[axis] }
    }
    guard sum > 0, sum.isFinite else { return }
    for axis in 0..<count { place[axis] /= sum }
  }

  /// Records a symbol that takes the place of all error symbols of a row.
  mutating func record(_ column: Int, boxing row: UnsafePointer<Double>, columns: Int) {
    reserve(column + 1)
    let place = shares + column * count
    place.update(repeating: 0, count: count)
    add(row, columns: columns, to: place)
    var sum = 0.0
    for axis in 0..<count { sum += place[axis] }
    guard sum > 0, sum.isFinite else { return }
    for axis in 0..<count { place[axis] /= sum }
  }

  /// Moves the shares of consecutive symbols to other columns before them.
  mutating func move(from source: Int, to target: Int, symbols: Int) {
    guard source != target, symbols > 0 else { return }
    (shares + target * count).update(from: shares + source * count, count: symbols * count)
  }

  /// The coordinate, counted among those with a column, with the greatest part in a row's error symbols; nil where there
  /// are none.
  func leader(_ row: UnsafePointer<Double>, columns: Int, scratch: UnsafeMutablePointer<Double>) -> Int? {
    scratch.update(repeating: 0, count: count)
    add(row, columns: columns, to: scratch)
    var best: Int?
    var most = 0.0
    for axis in 0..<count where scratch[axis] > most {
      most = scratch[axis]
      best = axis
    }
    return best
  }

  private func add(_ row: UnsafePointer<Double>, columns: Int, to sums: UnsafeMutablePointer<Double>) {
    var column = 1 + count
    while column < columns {
      let size = row[column].magnitude
      if size > 0, (column + 1) * count <= capacity {
        let place = shares + column * count
        for axis in 0..<count { sums[axis] += size * place[axis] }
      }
      column += 1
    }
  }
}
