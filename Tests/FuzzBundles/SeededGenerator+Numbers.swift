import SeededDraws

extension SeededGenerator {
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
