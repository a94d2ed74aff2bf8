/// Reads the trees of a `PhaseRule` from bytes that anybody may have written.
struct PhaseReader {
  enum Node {
    /// Position of a neuron among the open ones.
    case split(Int)
    /// Position of an atom in its clause, and a multiplier for each split above, or none.
    case leaf(atom: Int, multipliers: [Double])
    /// Position of an atom in its clause, and its slopes by neuron from here on.
    case slopes(atom: Int, [Double])
    /// A weight for each atom, a multiplier for each split above, and a slope for each open neuron that is not split.
    case weighted(weights: [Double], multipliers: [Double], slopes: [Double])
  }

  /// The code of a leaf with weights.
  static let weightedLeaf: UInt8 = 4

  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { bytes.isEmpty }

  private mutating func pair() -> UInt16? {
    guard bytes.count >= 2, let low = bytes.popFirst(), let high = bytes.popFirst() else { return nil }
    return UInt16(low) | UInt16(high) << 8
  }

  /// The next node of a tree under `depth` splits; nil where the bytes are malformed.
  mutating func node(depth: Int, atoms: Int, open: [Int], neurons: Int) -> Node? {
    let code = bytes.popFirst()
    if code == 1 { return pair().map { .split(Int($0)) } }
    if code == PhaseReader.weightedLeaf {
      guard let weights = doubles(atoms), let multipliers = doubles(depth),
        let slopes = doubles(open.count - depth)
      else { return nil }
      return .weighted(weights: weights, multipliers: multipliers, slopes: slopes)
    }
    guard let code, code == 0 || code == 2 || code == 3 else { return nil }
    var atom = 0
    if atoms > 1 {
      guard let byte = bytes.popFirst() else { return nil }
      atom = Int(byte)
    }
    if code == 3 { return slopes(open, neurons: neurons).map { .slopes(atom: atom, $0) } }
    guard code == 0 else { return .leaf(atom: atom, multipliers: []) }
    var multipliers: [Double] = []
    for _ in 0..<depth {
      guard let bits = pair() else { return nil }
      let multiplier = PhaseReader.multiplier(bits)
      guard multiplier.isFinite, multiplier >= 0 else { return nil }
      multipliers.append(multiplier)
    }
    return .leaf(atom: atom, multipliers: multipliers)
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

  private mutating func slopes(_ open: [Int], neurons: Int) -> [Double]? {
    guard bytes.count >= open.count else { return nil }
    var result = [Double](repeating: 0, count: neurons)
    for (neuron, byte) in zip(open, bytes) { result[neuron] = PhaseReader.slope(byte) }
    bytes.removeFirst(open.count)
    return result
  }

  /// The slope that a byte stands for, in `[0, 1]`.
  static func slope(_ byte: UInt8) -> Double { Swift.min(1, Double(byte) / 255) }

  /// The number whose single-precision bits start with these.
  static func multiplier(_ bits: UInt16) -> Double { Double(Float(bitPattern: UInt32(bits) << 16)) }
}
