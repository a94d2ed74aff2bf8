package import RigorousArithmetic

/// The right side of an atom, exact.
package enum Threshold: Hashable, Sendable {
  /// A rational number.
  case rational(Rational)
  /// `log(p / (1 - p))` for a rational `p` strictly between 0 and 1: what a bound `p` on a logistic output
  /// means for its argument.
  case logit(Rational)

  /// An enclosure of the exact value.
  package var enclosure: Interval {
    switch self {
    case .rational(let value): return value.enclosure
    case .logit(let probability):
      if probability + probability == Rational(1) { return Interval(0) }
      return probability.enclosure.logit()
    }
  }
}

/// A norm on differences of tensors.
package enum Norm: UInt8, Hashable, Sendable {
  /// Sum of magnitudes.
  case l1
  /// Euclidean length.
  case l2
  /// Largest magnitude.
  case linf
}

/// The left side of an atom: a real function of the graph's single flat output.
package enum Quantity: Hashable, Sendable {
  /// One element of the output.
  case element(Int)
  /// Distance between consecutive elements of the output and a fixed point of as many coordinates.
  case distance(start: Int, point: [Double], norm: Norm)
}

/// A comparison of an output quantity with a constant.
package struct Atom: Hashable, Sendable {
  /// Left side.
  package let quantity: Quantity
  /// The relation.
  package let comparison: Comparison
  /// Right side.
  package let threshold: Threshold

  /// Makes an atom.
  package init(_ quantity: Quantity, _ comparison: Comparison, _ threshold: Threshold) {
    self.quantity = quantity
    self.comparison = comparison
    self.threshold = threshold
  }

  /// The atom that holds exactly where this one fails.
  package var negated: Atom { Atom(quantity, comparison.negated, threshold) }
}

/// A positive Boolean combination of atoms; negation lives in the atoms.
package indirect enum Predicate: Hashable, Sendable {
  /// One comparison.
  case atom(Atom)
  /// All hold; true when empty.
  case all([Predicate])
  /// At least one holds; false when empty.
  case any([Predicate])

  /// The predicate that holds exactly where this one fails.
  package var negated: Predicate {
    switch self {
    case .atom(let atom): return .atom(atom.negated)
    case .all(let parts): return .any(parts.map(\.negated))
    case .any(let parts): return .all(parts.map(\.negated))
    }
  }

  /// Whether it holds where all of its comparisons do, and only there.
  package var isConjunction: Bool {
    switch self {
    case .atom: true
    case .all(let parts): parts.allSatisfy(\.isConjunction)
    case .any(let parts): parts.count == 1 && parts.allSatisfy(\.isConjunction)
    }
  }

  /// All atoms, left to right, repetitions kept.
  package var atoms: [Atom] {
    switch self {
    case .atom(let atom): return [atom]
    case .all(let parts), .any(let parts): return parts.flatMap(\.atoms)
    }
  }

  /// Kleene's three-valued truth from what is known of each atom, in the order of `atoms`.
  package func truth(_ atomTruth: [Bool?]) -> Bool? {
    var index = 0
    return truth(atomTruth, &index)
  }

  private func truth(_ known: [Bool?], _ index: inout Int) -> Bool? {
    switch self {
    case .atom:
      defer { index += 1 }
      return known[index]
    case .all(let parts):
      var result: Bool? = true
      for part in parts {
        switch part.truth(known, &index) {
        case .some(false): result = .some(false)
        case nil: if result == true { result = nil }
        default: break
        }
      }
      return result
    case .any(let parts):
      var result: Bool? = false
      for part in parts {
        switch part.truth(known, &index) {
        case .some(true): result = .some(true)
        case nil: if result == false { result = nil }
        default: break
        }
      }
      return result
    }
  }

  /// The position, in the order of `atoms`, of the one atom that the predicate still depends on, given what is
  /// known; nil when it is decided or depends on several.
  package func pivot(_ atomTruth: [Bool?]) -> Int? {
    let open = atomTruth.indices.filter { atomTruth[$0] == nil }
    let relevant = open.filter { position in
      var low = atomTruth
      var high = atomTruth
      low[position] = false
      high[position] = true
      return truth(low) != nil && truth(high) != nil
    }
    guard truth(atomTruth) == nil, let only = relevant.first else { return nil }
    return only
  }
}
