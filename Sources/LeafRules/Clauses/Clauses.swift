import VerificationProblem

extension CompiledCase {
  /// The predicate as a conjunction of clauses, each a disjunction of atoms on elements of the output; nil where it is
  /// not written in this form.
  ///
  /// An atom is named by its index in `atoms`.
  static func clauses(of predicate: Predicate) -> [[Int]]? {
    var next = 0
    guard let clauses = predicate.clauses(&next) else { return nil }
    let atoms = predicate.atoms
    let isElements = clauses.joined().allSatisfy {
      if case .element = atoms[$0].quantity { return true }
      return false
    }
    return isElements ? clauses : nil
  }

  /// Whether some clause has several atoms.
  package var hasAlternatives: Bool { clauses?.contains { $0.count > 1 } ?? false }
}

extension Predicate {
  fileprivate func clauses(_ next: inout Int) -> [[Int]]? {
    switch self {
    case .atom:
      defer { next += 1 }
      return [[next]]
    case .all(let parts):
      var result: [[Int]] = []
      for part in parts {
        guard let clauses = part.clauses(&next) else { return nil }
        result += clauses
      }
      return result
    case .any(let parts):
      var clause: [Int] = []
      for part in parts {
        guard let clauses = part.clauses(&next), clauses.count == 1 else { return nil }
        clause += clauses[0]
      }
      return [clause]
    }
  }
}
