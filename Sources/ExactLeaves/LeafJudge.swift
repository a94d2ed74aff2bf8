package import CellMasses
package import Evidence
package import RigorousArithmetic
package import VerificationProblem

/// What exact arithmetic finds of a leaf.
package enum LeafFinding: Hashable, Sendable {
  /// Its claim is true.
  case shown
  /// Bounds of its masses under a law.
  case mass(CellMass)
  /// Its claim is neither shown nor contradicted; why a graph or a cell is not followed, where that is the reason.
  case notShown(String?)
  /// Its claim is false at a point.
  case contradicted([Rational])
  /// The leaf is open, or its rule bounds no mass where one is asked.
  case claimsNothing
}

/// Judges the leaves of one case's tree.
package struct LeafJudge: Sendable {
  /// The region under forall; nil for a measure.
  package let region: InputRegion?
  /// Number of coordinates.
  package let dimension: Int
  private let laws: [AxisMass]
  private let exact: Result<ExactCase, ExactFailure>

  /// Prepares a case of a question.
  package init(_ item: ObligationCase, _ question: Question) {
    switch question {
    case .forall(let asked): (region, laws, dimension) = (asked, [], asked.dimension)
    case .measure(let law, _): (region, laws, dimension) = (nil, law.map { AxisMass($0) }, law.count)
    }
    let region = region
    exact = Result { () throws(ExactFailure) in try ExactCase(item, region: region) }
  }

  /// - Parameter seed: Which points are looked at where a claim is not shown.
  package func finding(of leaf: LeafWalk.Leaf, seed: UInt64 = 0) -> LeafFinding {
    guard region == nil ? leaf.rule.bounds : leaf.rule != .open else { return .claimsNothing }
    do {
      let exact = try exact.get()
      guard region != nil else { return .mass(try exact.masses(of: leaf.cell, under: laws, rule: leaf.rule)) }
      return exact.judge(leaf.rule == .outside ? .outside : .holds, on: leaf.cell, seed: seed)
    } catch {
      return .notShown(error.description)
    }
  }
}
