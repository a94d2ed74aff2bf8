package import CellMasses
package import Evidence
import RigorousArithmetic
import TensorGraph
package import VerificationProblem

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

  /// Masses of the cell on which the event holds and fails; see `CellMass` for the theorem.
  ///
  /// - Parameter attributes: Whether the coordinate to split is looked for.
  package func masses(on cell: Cell, rule: LeafRule, attributes: Bool = false) -> CellMass {
    guard rule.bounds else { return CellMass(undecided: cell, under: laws) }
    let quantities = bounds(on: cell, rule: rule, wantsAffine: rule != .interval, attributes: attributes)
    var leadingAxis: Int?
    var result = CellMass(
      of: cell, under: laws, compiled.predicate, known: atomTruth(quantities), thresholds: compiled.thresholds
    ) { pivot in
      guard let affine = quantities[pivot].affine else { return nil }
      leadingAxis = quantities[pivot].leadingAxis
      return affine
    }
    result.leadingAxis = leadingAxis
    return result
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
