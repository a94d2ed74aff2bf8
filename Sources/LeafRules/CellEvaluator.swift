import RigorousArithmetic
import TensorGraph
import VerificationProblem

/// Applies leaf rules to cells of one case; one evaluator a worker.
package struct CellEvaluator {
  /// The case.
  package let compiled: CompiledCase
  package let workspace: Workspace
  private let laws: [AxisMass]

  /// An evaluator with buffers of its own.
  ///
  /// - Parameter laws: the law of each coordinate where masses are asked; empty under forall.
  package init(_ compiled: CompiledCase, laws: [AxisMass] = [], workspace: Workspace = Workspace()) {
    self.compiled = compiled
    self.laws = laws
    self.workspace = workspace
  }

  /// Bounds of every atom's quantity on the points of a cell that lie in the region's balls, in the predicate's order;
  /// entire where nothing is known.
  ///
  /// - Parameter decides: Whether the bounds may stay wider once they decide the predicate.
  package func bounds(
    on cell: Cell, rule: LeafRule, wantsAffine: Bool = false, attributes: Bool = false, decides: Bool = true
  ) -> [QuantityBounds] {
    guard rule.bounds else {
      return compiled.atoms.map { _ in QuantityBounds(range: .entire, affine: nil) }
    }
    let cell = compiled.contracted(cell)
    if rule == .attained { return attainedBounds(on: cell) }
    let propagation = propagate(
      cell, keepsCorrelation: rule != .interval, records: rule.substitutes, attributes: attributes)
    guard rule.substitutes, !propagation.failed else {
      return compiled.atoms.map { propagation.bounds(of: $0.quantity, wantsAffine: wantsAffine) }
    }
    var quantities = compiled.atoms.map { propagation.bounds(of: $0.quantity, wantsAffine: true) }
    // Where the zonotope decides the predicate, tighter bounds would decide no more.
    guard !decides || compiled.predicate.truth(atomTruth(quantities)) == nil else { return quantities }
    var pass = BackwardMatrix(compiled, workspace: workspace)
    if rule == .fullLinearBounds { pass.refineOperands(on: cell) }
    tighten(&quantities, by: &pass, on: cell)
    return quantities
  }

  /// A propagation over a contracted cell.
  func propagate(
    _ cell: Cell, keepsCorrelation: Bool, records: Bool, attributes: Bool
  ) -> ZonotopePropagation<TrackedRounding> {
    var propagation = ZonotopePropagation<TrackedRounding>(
      compiled, workspace: workspace, keepsCorrelation: keepsCorrelation, records: records,
      attributes: attributes)
    if !compiled.balls.isEmpty { propagation.cut = CutCell(compiled, cell: cell) }
    cell.lower.withUnsafeBufferPointer { lower in
      cell.upper.withUnsafeBufferPointer { upper in
        if let lower = lower.baseAddress, let upper = upper.baseAddress {
          propagation.run(lower: lower, upper: upper)
        }
      }
    }
    return propagation
  }

  /// Intersects the bounds of elements with those of a backward pass over what the last propagation recorded.
  private func tighten(_ quantities: inout [QuantityBounds], by pass: inout BackwardMatrix, on cell: Cell) {
    pass.begin(at: compiled.outputInstruction, objectives: 2 * compiled.atoms.count)
    for (position, atom) in compiled.atoms.enumerated() {
      guard case .element(let index) = atom.quantity else { continue }
      pass.set(2 * position, element: index, to: 1)
      pass.set(2 * position + 1, element: index, to: -1)
    }
    pass.run(cell: cell)
    for (position, atom) in compiled.atoms.enumerated() {
      guard case .element = atom.quantity, let below = pass.side(2 * position),
        let above = pass.side(2 * position + 1)
      else { continue }
      let sides = AffineBounds(
        lower: below,
        upper: AffineBounds.Side(constant: -above.constant, slopes: above.slopes.map { -$0 }))
      let forward = quantities[position]
      var range = sides.range.flatMap { $0.intersection(forward.range) } ?? forward.range
      if pass.cut != nil,
        let cut = Interval(validating: pass.lowerBound(2 * position), -pass.lowerBound(2 * position + 1))
      {
        range = range.intersection(cut) ?? range
      }
      quantities[position] = QuantityBounds(
        range: range, affine: forward.affine?.tightened(by: sides) ?? sides, leadingAxis: forward.leadingAxis)
    }
  }

  /// Bounds of every atom's quantity by the graph's own evaluation in outward-rounded intervals.
  ///
  /// Theorem: by the fundamental theorem of interval arithmetic the result encloses the real quantities at every point
  /// of the cell, and in single precision all that may be computed there.
  private func attainedBounds(on cell: Cell) -> [QuantityBounds] {
    let box = zip(cell.lower, cell.upper).map { Interval($0, $1) }
    let output = (try? compiled.graph.enclosure(over: box, in: compiled.arithmetic))?.first
    return compiled.atoms.map {
      QuantityBounds(range: output.map($0.quantity.value(of:)) ?? .entire, affine: nil)
    }
  }

  /// What is known of each atom, given bounds of its quantity.
  package func atomTruth(_ bounds: [QuantityBounds]) -> [Bool?] {
    bounds.indices.map {
      compiled.atoms[$0].comparison.decided(bounds[$0].range, compiled.thresholds[$0])
    }
  }

  /// Whether the predicate holds everywhere on a cell (true), nowhere (false), or is open.
  ///
  /// Theorem: the bounds enclose the real quantities at every point of the cell that lies in the region's balls, so that
  /// an atom decided from them is decided at every such point, and Kleene's tables preserve this.
  package func truth(on cell: Cell, rule: LeafRule) -> Bool? {
    rule.weighs
      ? weighedClaim(on: cell, rule: rule, attributes: false).truth
      : compiled.predicate.truth(atomTruth(bounds(on: cell, rule: rule)))
  }

  /// Masses of the cell on which the event holds and fails.
  ///
  /// Theorem: a decided cell counts whole. Where one atom with affine bounds decides the event, the half spaces
  /// on which its bounds decide it count by `SlabMass`. Both are disjoint, since an event cannot hold and fail at
  /// one point.
  ///
  /// - Parameter attributes: Whether the coordinate to split is looked for.
  package func masses(on cell: Cell, rule: LeafRule, attributes: Bool = false) -> CellMass {
    let axisMass = laws.indices.map { laws[$0].mass(cell.lower[$0], cell.upper[$0]) }
    let totalLower = axisMass.reduce(1) { Directed.multiplyDown($0, Swift.max(0, $1.lower)) }
    let totalUpper = axisMass.reduce(1) { Directed.multiplyUp($0, $1.upper) }
    var result = CellMass(inside: 0, outside: 0, total: totalUpper)
    guard rule.bounds else { return result }
    let quantities = bounds(
      on: cell, rule: rule, wantsAffine: rule != .interval, attributes: attributes)
    let known = atomTruth(quantities)
    switch compiled.predicate.truth(known) {
    case .some(true): result.inside = totalLower
    case .some(false): result.outside = totalLower
    case nil:
      guard let pivot = compiled.predicate.pivot(known), let affine = quantities[pivot].affine else { break }
      result.leadingAxis = quantities[pivot].leadingAxis
      let split = slabs(affine, atom: pivot, cell: cell, axisMass: axisMass)
      // What the event is where the pivot holds, and where it fails.
      for (truth, mass) in [(true, split.holds), (false, split.fails)] {
        var decided = known
        decided[pivot] = truth
        switch compiled.predicate.truth(decided) {
        case .some(true): result.inside = Directed.addDown(result.inside, mass)
        case .some(false): result.outside = Directed.addDown(result.outside, mass)
        case nil: break
        }
      }
    }
    return result
  }

  private func slabs(
    _ affine: AffineBounds, atom: Int, cell: Cell, axisMass: [Interval]
  ) -> (holds: Double, fails: Double) {
    let threshold = compiled.thresholds[atom]
    func mass(_ side: AffineBounds.Side, limit: Double, sign: Double) -> Double {
      // Where the bound is on the wrong side at every point, its half space is empty.
      let least = side.slopes.reduce(sign * side.constant) { $0 - $1.magnitude }
      guard least <= sign * limit else { return 0 }
      return SlabMass(cell: cell, laws: laws, axisMass: axisMass, slopes: side.slopes).massBelow(
        constant: side.constant, slopes: side.slopes, limit: limit, sign: sign)
    }
    let below = mass(affine.upper, limit: threshold.lower, sign: 1)
    let above = mass(affine.lower, limit: threshold.upper, sign: -1)
    return compiled.atoms[atom].comparison.boundsAbove ? (below, above) : (above, below)
  }

  /// Runs the zonotope without its error terms, to measure what they cost; nothing is returned.
  package func runWithoutErrorTerms(on cell: Cell) {
    var propagation = ZonotopePropagation<IgnoredRounding>(
      compiled, workspace: workspace, keepsCorrelation: true)
    cell.lower.withUnsafeBufferPointer { lower in
      cell.upper.withUnsafeBufferPointer { upper in
        if let lower = lower.baseAddress, let upper = upper.baseAddress {
          propagation.run(lower: lower, upper: upper)
        }
      }
    }
  }
}
