import RigorousArithmetic
import VerificationProblem

/// A real function of an output that an attack makes small: `sign * quantity + offset` at the leaves, joined by
/// minima and maxima.
///
/// For a predicate it is the signed margin, positive where the predicate holds: `threshold - value` for an upper
/// bound, `value - threshold` for a lower one, the minimum over `all`, the maximum over `any`. In floating point;
/// nothing is concluded from it.
struct Objective: Sendable {
  private indirect enum Tree: Sendable {
    case leaf(quantity: Int, sign: Double, offset: Double)
    case least([Tree])
    case greatest([Tree])
  }

  /// Where an objective is decided: its value and, unless it is constant, the quantity and sign that it follows.
  struct Value: Sendable {
    var value: Double
    var quantity: Int?
    var sign: Double
  }

  let bank: QuantityBank
  private let tree: Tree

  /// The margin of a predicate.
  init(_ predicate: Predicate, outputCount: Int) {
    var quantities: [Quantity] = []
    var places: [Quantity: Int] = [:]
    tree = Self.tree(predicate, &quantities, &places)
    bank = QuantityBank(quantities, outputCount: outputCount)
  }

  /// The smallest of some quantities, or the negative of the largest.
  init(smallestOf quantities: [Quantity], negated: Bool, outputCount: Int) {
    bank = QuantityBank(quantities, outputCount: outputCount)
    tree = .least(
      quantities.indices.map { .leaf(quantity: $0, sign: negated ? -1 : 1, offset: 0) })
  }

  /// Values at a batch of outputs; an undefined value counts as infinite.
  func values(_ outputs: [Double], batch: Int) -> [Value] {
    let quantities = bank.values(outputs, batch: batch)
    let count = bank.quantities.count
    return (0..<batch).map { item in Self.value(tree, quantities[item * count..<(item + 1) * count]) }
  }

  private static func value(_ tree: Tree, _ quantities: ArraySlice<Double>) -> Value {
    switch tree {
    case .leaf(let quantity, let sign, let offset):
      let value = sign * quantities[quantities.startIndex + quantity] + offset
      return Value(value: value.isNaN ? .infinity : value, quantity: quantity, sign: sign)
    case .least(let parts):
      var best = Value(value: .infinity, quantity: nil, sign: 0)
      for part in parts {
        let next = value(part, quantities)
        if next.value < best.value { best = next }
      }
      return best
    case .greatest(let parts):
      var best = Value(value: -.infinity, quantity: nil, sign: 0)
      for part in parts {
        let next = value(part, quantities)
        if next.value > best.value { best = next }
      }
      return best
    }
  }

  private static func tree(
    _ predicate: Predicate, _ quantities: inout [Quantity], _ places: inout [Quantity: Int]
  ) -> Tree {
    switch predicate {
    case .atom(let atom):
      let place: Int
      if let known = places[atom.quantity] {
        place = known
      } else {
        place = quantities.count
        places[atom.quantity] = place
        quantities.append(atom.quantity)
      }
      let threshold = atom.threshold.enclosure.midpoint
      return atom.comparison.boundsAbove
        ? .leaf(quantity: place, sign: -1, offset: threshold)
        : .leaf(quantity: place, sign: 1, offset: -threshold)
    case .all(let parts): return .least(merged(parts.map { tree($0, &quantities, &places) }, by: <))
    case .any(let parts): return .greatest(merged(parts.map { tree($0, &quantities, &places) }, by: >))
    }
  }

  /// Of leaves that follow one quantity with one sign only the first in an order of offsets, which decides for all.
  private static func merged(_ parts: [Tree], by comesFirst: (Double, Double) -> Bool) -> [Tree] {
    struct Follows: Hashable {
      let quantity: Int
      let sign: Double
    }
    var places: [Follows: Int] = [:]
    var result: [Tree] = []
    for part in parts {
      guard case .leaf(let quantity, let sign, let offset) = part else {
        result.append(part)
        continue
      }
      guard let place = places[Follows(quantity: quantity, sign: sign)],
        case .leaf(_, _, let known) = result[place]
      else {
        places[Follows(quantity: quantity, sign: sign)] = result.count
        result.append(part)
        continue
      }
      if comesFirst(offset, known) { result[place] = part }
    }
    return result
  }
}
