/// The SplitMix64 generator: every draw of a training run follows from its seed and the order of the draws.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014, figure 17.
package struct SplitMix64: Sendable {
  private var state: UInt64
  private var spare: Double?

  /// A generator of the given seed.
  package init(seed: UInt64) { state = seed }

  /// Sixty-four random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// A uniform number of `[0, 1)`, a multiple of `2^-53`.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A uniform integer of `0 ..< count`, up to a bias below `count / 2^64`; `count` must be positive.
  package mutating func integer(below count: Int) -> Int {
    precondition(count > 0)
    return Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A standard normal number, by Marsaglia's polar method.
  ///
  /// Source: Marsaglia, Bray, "A convenient method for generating normal variables", 1964.
  package mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let (u, v) = (2 * uniform() - 1, 2 * uniform() - 1)
      let square = u * u + v * v
      if square > 0, square < 1 {
        let factor = (-2 * Elementary.log(square) / square).squareRoot()
        spare = v * factor
        return u * factor
      }
    }
  }
}
