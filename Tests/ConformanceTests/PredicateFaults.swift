import VerificationProblem

extension Predicate {
  /// The truth of a predicate that no value decides, such as an empty conjunction; nil for any other.
  private var constant: Bool? {
    switch self {
    case .atom: return nil
    case .all(let parts):
      let known = parts.map(\.constant)
      return known.contains(false) ? false : known.allSatisfy { $0 == true } ? true : nil
    case .any(let parts):
      let known = parts.map(\.constant)
      return known.contains(true) ? true : known.allSatisfy { $0 == false } ? false : nil
    }
  }

  /// Positions in `atoms` of the atoms beside which no constant decides a conjunction or disjunction.
  ///
  /// Where a case is compared with a fixed one, the comparisons of the other cases stand beside a constant.
  var livePositions: [Int] {
    var seen = 0
    return live(&seen, isLive: true)
  }

  private func live(_ seen: inout Int, isLive: Bool) -> [Int] {
    switch self {
    case .atom:
      defer { seen += 1 }
      return isLive ? [seen] : []
    case .all(let parts), .any(let parts):
      return parts.flatMap { $0.live(&seen, isLive: isLive && constant == nil && $0.constant == nil) }
    }
  }

  /// The predicate with its outermost connective exchanged; nil where fewer than two of its parts depend on values.
  var exchangingConnective: Predicate? {
    switch self {
    case .all(let parts) where parts.count(where: { $0.constant == nil }) > 1: .any(parts)
    case .any(let parts) where parts.count(where: { $0.constant == nil }) > 1: .all(parts)
    case .all(let parts), .any(let parts):
      // What is left beside constants stands for the whole.
      parts.count == 1 ? parts[0].exchangingConnective : nil
    case .atom: nil
    }
  }

  /// The predicate with `<` and `<=`, or `>` and `>=`, exchanged in the atom at a position of `atoms`.
  func flippingStrictness(at position: Int) -> Predicate {
    var seen = 0
    return flipped(position, &seen)
  }

  private func flipped(_ position: Int, _ seen: inout Int) -> Predicate {
    switch self {
    case .all(let parts): return .all(parts.map { $0.flipped(position, &seen) })
    case .any(let parts): return .any(parts.map { $0.flipped(position, &seen) })
    case .atom(let atom):
      defer { seen += 1 }
      return .atom(
        seen == position ? Atom(atom.quantity, atom.comparison.otherStrictness, atom.threshold) : atom)
    }
  }
}

extension Comparison {
  /// The comparison that differs at equality only.
  var otherStrictness: Comparison {
    switch self {
    case .less: .lessOrEqual
    case .lessOrEqual: .less
    case .greater: .greaterOrEqual
    case .greaterOrEqual: .greater
    }
  }
}
