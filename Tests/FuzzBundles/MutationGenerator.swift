/// SplitMix64: the mutation of an execution depends on the seed and its index alone.
struct MutationGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// The generator of one execution of a run.
  init(seed: UInt64, index: UInt64) {
    state = seed
    // Mixing the seed first keeps the executions of neighbouring seeds apart.
    state = next() ^ index &* 0xD6E8_FEB8_6659_FD93
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 and below `bound`, which is at least 1.
  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// True once in `count` times.
  mutating func once(in count: Int) -> Bool { below(count) == 0 }

  /// An element of `choices`, or nil if there is none.
  mutating func pick<T>(_ choices: [T]) -> T? { choices.isEmpty ? nil : choices[below(choices.count)] }

  /// Any byte.
  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

  /// A number at which arithmetic may go wrong, or one near to `old`.
  mutating func double(near old: Double) -> Double {
    switch below(14) {
    case 0: return old.nextUp
    case 1: return old.nextDown
    case 2: return -old
    case 3: return 0
    case 4: return -0.0
    case 5: return .nan
    case 6: return .infinity
    case 7: return -.infinity
    case 8: return .greatestFiniteMagnitude
    case 9: return .leastNonzeroMagnitude
    case 10: return old / 2
    case 11: return old * 2
    case 12: return Double(below(9) - 4)
    default: return Double(bitPattern: next())
    }
  }
}
