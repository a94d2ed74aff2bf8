/// SplitMix64: what is drawn depends on the seed alone.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// The generator of a seed.
  package init(seed: UInt64) { state = seed }

  /// The generator of one execution of a run.
  package init(seed: UInt64, index: UInt64) {
    state = seed
    // Mixing the seed first keeps the executions of neighbouring seeds apart.
    state = next() ^ index &* 0xD6E8_FEB8_6659_FD93
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 and below `bound`, which is at least 1.
  package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// True once in `count` times.
  package mutating func once(in count: Int) -> Bool { below(count) == 0 }

  /// An element of `choices`, or nil if there is none.
  package mutating func pick<T>(_ choices: [T]) -> T? {
    choices.isEmpty ? nil : choices[below(choices.count)]
  }

  /// A number from `lower` on and, but for rounding, below `upper`.
  package mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * Double(next() >> 11) * 0x1p-53
  }

  /// Numbers that float32 holds exactly, in `-2 ... 2`.
  package mutating func singles(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double(Float.random(in: -2...2, using: &self)) }
  }
}
