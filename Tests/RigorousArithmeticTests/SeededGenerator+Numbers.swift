import RigorousArithmetic
import SeededDraws

extension SeededGenerator {
  /// A finite Double that is often awkward: any bit pattern, small integers, zeros, extremes.
  mutating func awkwardDouble() -> Double {
    switch next() % 10 {
    case 0: return [0, -0.0, 1, -1, 0.5, 2, 3][Int(next() % 7)]
    case 1:
      let edges: [Double] = [
        .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
        Double.leastNormalMagnitude.nextDown, 0x1p1023, 0x1p-1022, 0x1p-537, 0x1.fffffffffffffp-1,
      ]
      let edge = edges[Int(next() % UInt64(edges.count))]
      return next() % 2 == 0 ? edge : -edge
    case 2: return Double(bitPattern: next() & 0x800F_FFFF_FFFF_FFFF)
    case 3: return Double(Int(truncatingIfNeeded: next() % 4001) - 2000)
    case 4: return Double(Int(truncatingIfNeeded: next() % 4001) - 2000) / 64
    case 5: return Double.random(in: -1...1, using: &self)
    case 6:
      let near = 1 + Double.random(in: -1...1, using: &self) * 0x1p-40
      return next() % 2 == 0 ? near : -near
    default:
      let value = Double(bitPattern: next())
      return value.isFinite ? value : 1
    }
  }

  mutating func bigInteger(maximumLimbs: Int) -> BigInteger {
    var result = BigInteger.zero
    for _ in 0..<Int(next() % UInt64(maximumLimbs + 1)) {
      let limb: UInt64
      switch next() % 4 {
      case 0: limb = 0
      case 1: limb = .max
      case 2: limb = 1 << (next() % 64)
      default: limb = next()
      }
      result = result.shiftedLeft(by: 64) + BigInteger(limb)
    }
    return next() % 2 == 0 ? result : -result
  }

  mutating func interval() -> Interval {
    let (a, b) = (awkwardDouble(), awkwardDouble())
    return next() % 4 == 0 ? Interval(a) : Interval(min(a, b), max(a, b))
  }
}
