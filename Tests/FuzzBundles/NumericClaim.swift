import Foundation
import RigorousArithmetic
import SeededDraws
import TensorGraph
import VerificationProblem

/// A question looked at in plain doubles at some points: enough to see that a claim is false, never that it is true.
///
/// It shares no rule with the checker: graphs are evaluated in doubles, predicates by comparison, and what misses by less
/// than rounding could explain is left alone.
struct NumericClaim {
  let obligation: Obligation

  /// What a point says of a predicate.
  private enum Standing {
    case holds, fails, near
  }

  /// Relative difference that rounding, also that of single precision, may explain.
  private static let slack = 1e-4

  // MARK: Forall

  /// Why the claim cannot hold at every point; nil where none of the points that are tried tells.
  func objectionToProof(_ generator: inout SeededGenerator) -> String? {
    guard case .forall(let region) = obligation.question else { return nil }
    for point in points(of: region, &generator) {
      for item in obligation.cases where standing(of: item, at: point) == .fails {
        return "case `\(item.label)` fails at \(point)"
      }
    }
    return nil
  }

  /// Why a point does not refute the claim; nil where it may.
  func objectionToWitness(caseIndex: Int, point: [Double]) -> String? {
    guard case .forall(let region) = obligation.question, obligation.cases.indices.contains(caseIndex),
      point.count == region.dimension
    else { return "the witness is of another question" }
    for (value, range) in zip(point, region.box) {
      let (low, high) = (range.lower.enclosure.midpoint, range.upper.enclosure.midpoint)
      let room = 1e-9 * max(1, low.magnitude, high.magnitude)
      guard value >= low - room, value <= high + room else { return "the witness \(point) lies outside" }
    }
    return standing(of: obligation.cases[caseIndex], at: point) == .holds
      ? "the claim holds at the witness \(point)" : nil
  }

  /// Why recorded bounds of the compared quantities are wrong.
  func objectionToRange(
    lower: Double?, upper: Double?, _ generator: inout SeededGenerator
  ) -> String? {
    guard case .forall(let region) = obligation.question else { return nil }
    for point in points(of: region, &generator) {
      for item in obligation.cases {
        guard let output = try? item.graph.evaluate([point])[0] else { continue }
        for atom in item.predicate.atoms {
          let value = Self.value(atom.quantity, output)
          let room = Self.slack * max(1, value.magnitude)
          if let upper, value > upper + room {
            return "\(value) exceeds the upper bound \(upper) at \(point)"
          }
          if let lower, value < lower - room {
            return "\(value) is below the lower bound \(lower) at \(point)"
          }
        }
      }
    }
    return nil
  }

  /// Corners, the middle and random points, moved to points of the region.
  private func points(of region: InputRegion, _ generator: inout SeededGenerator) -> [[Double]] {
    guard let doubles = RegionDoubles(region), region.dimension <= 64 else { return [] }
    let (lower, upper) = (doubles.lower, doubles.upper)
    var points: [[Double]] = [zip(lower, upper).map { $0 / 2 + $1 / 2 }]
    for corner in 0..<min(64, 1 << min(region.dimension, 6)) {
      points.append(lower.indices.map { corner >> ($0 % 6) & 1 == 0 ? lower[$0] : upper[$0] })
    }
    for _ in 0..<128 {
      points.append(
        lower.indices.map { axis in
          let part = Double.random(in: 0...1, using: &generator)
          return lower[axis] * (1 - part) + upper[axis] * part
        })
    }
    return points.map { point in
      var settled = point
      doubles.settle(&settled)
      return settled
    }
  }

  private func standing(of item: ObligationCase, at point: [Double]) -> Standing {
    guard let output = try? item.graph.evaluate([point])[0], output.allSatisfy(\.isFinite) else {
      return .near
    }
    return standing(of: item.predicate, output)
  }

  private func standing(of predicate: VerificationProblem.Predicate, _ output: [Double]) -> Standing {
    switch predicate {
    case .atom(let atom):
      let value = Self.value(atom.quantity, output)
      let threshold: Double
      switch atom.threshold {
      case .rational(let number): threshold = number.enclosure.midpoint
      case .logit(let number):
        let part = number.enclosure.midpoint
        threshold = log(part / (1 - part))
      }
      let room = Self.slack * max(1, value.magnitude, threshold.magnitude)
      guard !((value - threshold).magnitude <= room), !value.isNaN, !threshold.isNaN else { return .near }
      return atom.comparison.boundsAbove == (value < threshold) ? .holds : .fails
    case .all(let parts):
      let standings = parts.map { standing(of: $0, output) }
      if standings.contains(.fails) { return .fails }
      return standings.contains(.near) ? .near : .holds
    case .any(let parts):
      let standings = parts.map { standing(of: $0, output) }
      if standings.contains(.holds) { return .holds }
      return standings.contains(.near) ? .near : .fails
    }
  }

  private static func value(_ quantity: Quantity, _ output: [Double]) -> Double {
    switch quantity {
    case .element(let index): return output[index]
    case .distance(let start, let point, let norm):
      let differences = point.indices.map { (output[start + $0] - point[$0]).magnitude }
      switch norm {
      case .l1: return differences.reduce(0, +)
      case .l2: return differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
      case .linf: return differences.max() ?? 0
      }
    }
  }

  // MARK: Measures

  /// Points drawn for each case.
  private static let draws = 2_000

  /// The measure as far as points drawn at random show it, and how far off that may be; nil where a law is not drawn from.
  func measure(_ generator: inout SeededGenerator) -> (value: Double, error: Double)? {
    guard case .measure(let law, _) = obligation.question else { return nil }
    var (value, variance, open) = (0.0, 0.0, 0.0)
    for item in obligation.cases {
      var (hits, near) = (0, 0)
      for _ in 0..<Self.draws {
        var point: [Double] = []
        for axis in law {
          guard let coordinate = Self.draw(axis, &generator) else { return nil }
          point.append(coordinate)
        }
        switch standing(of: item, at: point) {
        case .holds: hits += 1
        case .near: near += 1
        case .fails: break
        }
      }
      let weight = item.weight.enclosure.midpoint
      let part = (Double(hits) + Double(near) / 2) / Double(Self.draws)
      value += weight * part
      variance += weight * weight * max(part * (1 - part), 1e-3) / Double(Self.draws)
      open += weight * Double(near) / Double(Self.draws)
    }
    return (value, 7 * variance.squareRoot() + open + 1e-3)
  }

  private static func draw(_ law: AxisLaw, _ generator: inout SeededGenerator) -> Double? {
    func normal(_ mean: Rational, _ deviation: Rational) -> Double {
      let u = Double.random(in: 0x1p-60..<1, using: &generator)
      let v = Double.random(in: 0..<1, using: &generator)
      return mean.enclosure.midpoint + deviation.enclosure.midpoint * (-2 * log(u)).squareRoot()
        * cos(2 * .pi * v)
    }
    switch law {
    case .normal(let mean, let deviation): return normal(mean, deviation)
    case .uniform(let range):
      let (low, high) = (range.lower.enclosure.midpoint, range.upper.enclosure.midpoint)
      return low + (high - low) * Double.random(in: 0...1, using: &generator)
    case .truncatedNormal(let mean, let deviation, let range):
      for _ in 0..<1_000 {
        let value = normal(mean, deviation)
        if value >= range.lower.enclosure.midpoint, value <= range.upper.enclosure.midpoint { return value }
      }
      return nil
    }
  }

  /// Why a verdict on the bounds, or recorded bounds of the measure, are wrong.
  func objectionToMeasure(
    holds: Bool?, lower: Double?, upper: Double?, _ generator: inout SeededGenerator
  ) -> String? {
    guard case .measure(_, let bounds) = obligation.question, let drawn = measure(&generator) else {
      return nil
    }
    let (low, high) = (drawn.value - drawn.error, drawn.value + drawn.error)
    if let lower, lower > high { return "the measure is near \(drawn.value), not above \(lower)" }
    if let upper, upper < low { return "the measure is near \(drawn.value), not below \(upper)" }
    var standings: [Bool?] = []
    for bound in bounds {
      let threshold = bound.threshold.enclosure.midpoint
      let isBelow = high < threshold ? true : low > threshold ? false : nil as Bool?
      standings.append(isBelow.map { $0 == bound.comparison.boundsAbove })
    }
    if holds == true, standings.contains(false) {
      return "the measure is near \(drawn.value), which meets not all bounds"
    }
    if holds == false, standings.allSatisfy({ $0 == true }) {
      return "the measure is near \(drawn.value), which meets all bounds"
    }
    return nil
  }
}
