import Evidence
import RigorousArithmetic
import TensorGraph
package import VerificationProblem

/// What is known of a cell before any phase is assumed: bounds of all operands, and the clauses that they leave open.
package final class PhaseBase: Sendable {
  /// The cell, or a part of it that has all of its points in the region.
  package let cell: Cell
  /// The worst bound over the atoms, see `ClaimOnCell`.
  package let worst: Double
  /// The clauses of the claim that the bounds do not decide.
  package let openClauses: [Int]
  /// Whether each atom holds everywhere on the cell or nowhere; nil where the bounds do not say.
  package let known: [Bool?]
  /// The rectifiers' operands that may be of either sign, ascending.
  package let openNeurons: [Int]
  /// Bounds of the operands.
  package let lower: [Double]
  package let upper: [Double]
  fileprivate let records: [Double]

  /// Full linear bounds of a cell; nil where they are not finite.
  package init?(_ compiled: CompiledCase, clauses: [[Int]], cell: Cell, workspace: Workspace) {
    let evaluator = CellEvaluator(compiled, workspace: workspace)
    let bounds = evaluator.bounds(on: cell, rule: .fullLinearBounds, decides: false)
    guard bounds.allSatisfy(\.range.isFinite) else { return nil }
    let known = evaluator.atomTruth(bounds)
    self.known = known
    worst = evaluator.claim(from: bounds).worst
    openClauses = clauses.indices.filter { !clauses[$0].contains { known[$0] == true } }
    self.cell = compiled.contracted(cell)
    let lower = Array(UnsafeBufferPointer(start: workspace.neuronLower, count: compiled.neuronCount))
    let upper = Array(UnsafeBufferPointer(start: workspace.neuronUpper, count: compiled.neuronCount))
    records = Array(UnsafeBufferPointer(start: workspace.records, count: compiled.recordCount))
    var open: [Int] = []
    for instruction in compiled.instructions {
      guard case .relu = instruction.kind else { continue }
      for neuron in instruction.neuronOffset..<instruction.neuronOffset + instruction.rows
      where lower[neuron] < 0 && upper[neuron] > 0 {
        open.append(neuron)
      }
    }
    openNeurons = open
    self.lower = lower
    self.upper = upper
  }

  /// Whether clauses are decided, or there are phases to split.
  package var isBent: Bool { openClauses.isEmpty || !openNeurons.isEmpty }

  /// The slope of an open neuron's lower line where nobody has chosen one.
  package func usualSlope(_ neuron: Int) -> Double { upper[neuron] > -lower[neuron] ? 1 : 0 }

  /// Puts the bounds where a backward pass looks for them.
  package func load(into workspace: Workspace, of compiled: CompiledCase) {
    workspace.prepare(slots: compiled.slotCount, neurons: compiled.neuronCount)
    workspace.prepareRecords(compiled.recordCount)
    lower.withUnsafeBufferPointer { workspace.neuronLower.update(from: $0) }
    upper.withUnsafeBufferPointer { workspace.neuronUpper.update(from: $0) }
    records.withUnsafeBufferPointer { workspace.records.update(from: $0) }
  }
}

extension UnsafeMutablePointer<Double> {
  fileprivate func update(from values: UnsafeBufferPointer<Double>) {
    if let start = values.baseAddress { update(from: start, count: values.count) }
  }
}
