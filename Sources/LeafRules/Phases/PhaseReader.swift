/// Reads the trees of a `PhaseRule` from bytes that anybody may have written.
package struct PhaseReader {
  /// A node, or what is in force from it on.
  package enum Node {
    /// Position of a neuron among the open ones.
    case split(Int)
    /// Position of an atom in its clause, and a multiplier for each split above, or none.
    case leaf(atom: Int, multipliers: [Double])
    /// Position of an atom in its clause, and its slopes by position of the open neurons, from here on.
    case slopes(atom: Int, [Double])
    /// Position of an atom in its clause, and what changes of the slopes that were written for it last, from here on.
    case changes(atom: Int, [(position: Int, slope: Double)])
    /// A weight for each atom, a multiplier for each split above, and a slope for each open neuron that is not split.
    case weighted(weights: [Double], multipliers: [Double], slopes: [Double])
    /// Position of an atom in its clause, and the bounds that follow from its failing, from here on.
    case bounds(atom: Int, [PhaseRefinement.Entry])
    /// The bounds contradict each other.
    case empty
    /// What a search was in the middle of; a multiplier for each atom and split above, or none.
    case open(multipliers: [Double])
  }

  /// The code of a leaf with weights.
  static let weightedLeaf: UInt8 = 8

  private var bytes: ArraySlice<UInt8>

  /// Reads from the start.
  package init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// Whether nothing is left.
  package var isAtEnd: Bool { bytes.isEmpty }

  private mutating func pair() -> UInt16? {
    guard bytes.count >= 2, let low = bytes.popFirst(), let high = bytes.popFirst() else { return nil }
    return UInt16(low) | UInt16(high) << 8
  }

  /// The next node of a tree under `depth` splits; nil where the bytes are malformed.
  ///
  /// - Parameter open: Number of open neurons.
  package mutating func node(depth: Int, atoms: Int, open: Int) -> Node? {
    let code = bytes.popFirst()
    if code == 1 { return pair().map { .split(Int($0)) } }
    if code == 5 { return .empty }
    if code == 7 { return .open(multipliers: []) }
    if code == 6 { return multipliers(depth * atoms).map { .open(multipliers: $0) } }
    if code == PhaseReader.weightedLeaf {
      guard let weights = doubles(atoms), let multipliers = doubles(depth), let slopes = doubles(open - depth)
      else { return nil }
      return .weighted(weights: weights, multipliers: multipliers, slopes: slopes)
    }
    guard let code, [0, 2, 3, 4, 9, 10].contains(code) else { return nil }
    var atom = 0
    if atoms > 1 {
      guard let byte = bytes.popFirst() else { return nil }
      atom = Int(byte)
    }
    switch code {
    case 3: return slopes(open).map { .slopes(atom: atom, $0) }
    case 4: return entries(depth: depth, open: open).map { .bounds(atom: atom, $0) }
    case 9: return changes(open).map { .changes(atom: atom, $0) }
    case 10: return sparseMultipliers(depth).map { .leaf(atom: atom, multipliers: $0) }
    case 0: return multipliers(depth).map { .leaf(atom: atom, multipliers: $0) }
    default: return .leaf(atom: atom, multipliers: [])
    }
  }

  private mutating func multipliers(_ count: Int) -> [Double]? {
    var multipliers: [Double] = []
    for _ in 0..<count {
      guard let bits = pair() else { return nil }
      let multiplier = PhaseReader.multiplier(bits)
      guard multiplier.isFinite, multiplier >= 0 else { return nil }
      multipliers.append(multiplier)
    }
    return multipliers
  }

  /// Multipliers of which a mask says which ones are written; the others are zero.
  private mutating func sparseMultipliers(_ count: Int) -> [Double]? {
    let mask = Array(bytes.prefix((count + 7) / 8))
    guard mask.count == (count + 7) / 8 else { return nil }
    bytes.removeFirst(mask.count)
    var result = [Double](repeating: 0, count: count)
    for index in 0..<8 * mask.count where mask[index / 8] >> UInt8(index % 8) & 1 == 1 {
      guard index < count, let multiplier = multipliers(1)?.first else { return nil }
      result[index] = multiplier
    }
    return result
  }

  private mutating func changes(_ open: Int) -> [(position: Int, slope: Double)]? {
    guard let count = bytes.popFirst() else { return nil }
    var changes: [(position: Int, slope: Double)] = []
    for _ in 0..<count {
      guard let position = pair(), Int(position) < open, let byte = bytes.popFirst() else { return nil }
      changes.append((Int(position), PhaseReader.slope(byte)))
    }
    return changes
  }

  /// Numbers of eight bytes, least significant first; their values are for the rule to judge.
  private mutating func doubles(_ count: Int) -> [Double]? {
    guard count >= 0, count <= bytes.count / 8 else { return nil }
    var result: [Double] = []
    result.reserveCapacity(count)
    for _ in 0..<count {
      var bits: UInt64 = 0
      for (index, byte) in bytes.prefix(8).enumerated() { bits |= UInt64(byte) << (8 * UInt64(index)) }
      bytes.removeFirst(8)
      result.append(Double(bitPattern: bits))
    }
    return result
  }

  private mutating func slopes(_ open: Int) -> [Double]? {
    guard bytes.count >= open else { return nil }
    let result = bytes.prefix(open).map { PhaseReader.slope($0) }
    bytes.removeFirst(open)
    return result
  }

  private mutating func entries(depth: Int, open: Int) -> [PhaseRefinement.Entry]? {
    guard let count = pair(), Int(count) <= 2 * open else { return nil }
    var entries: [PhaseRefinement.Entry] = []
    for _ in 0..<count {
      guard let position = pair(), Int(position) < open, let side = bytes.popFirst(), side < 2,
        let numbers = multipliers(depth + 1), let slopes = slopes(open)
      else { return nil }
      entries.append(
        PhaseRefinement.Entry(
          position: Int(position), isUpper: side == 1, weight: numbers[0],
          multipliers: Array(numbers.dropFirst()), slopes: slopes))
    }
    return entries
  }

  /// The slope that a byte stands for, in `[0, 1]`.
  static func slope(_ byte: UInt8) -> Double { Swift.min(1, Double(byte) / 255) }

  /// The number whose single-precision bits start with these.
  static func multiplier(_ bits: UInt16) -> Double { Double(Float(bitPattern: UInt32(bits) << 16)) }
}
