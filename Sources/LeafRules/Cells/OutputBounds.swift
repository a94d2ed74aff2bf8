package import CellMasses
package import RigorousArithmetic
import VerificationProblem

/// What one propagation says of an atom's quantity on a cell.
///
/// Invariant: at a point of the region's balls with coordinate symbols `t` in `[-1, 1]^d`, the quantity lies in
/// `centre + slopes · t ± rest`, and at each such point of the cell in `range`.
package struct QuantityBounds: Sendable {
  /// Enclosure over the cell.
  package var range: Interval
  /// The affine part, for quantities that have one.
  package var affine: AffineBounds?
  /// The coordinate with the greatest part in the quantity's error, see `SymbolShares`; only for the choice of splits.
  package var leadingAxis: Int?
}

extension ZonotopePropagation {
  /// Bounds of an atom's quantity after `run`; entire where the propagation failed.
  func bounds(of quantity: Quantity, wantsAffine: Bool) -> QuantityBounds {
    guard !failed else { return QuantityBounds(range: .entire, affine: nil) }
    switch quantity {
    case .element(let index): return elementBounds(index, wantsAffine: wantsAffine)
    case .distance(let start, let point, let norm):
      return QuantityBounds(range: distanceBounds(start: start, point: point, norm: norm), affine: nil)
    }
  }

  func isActive(_ row: Int, in buffer: ZonotopeBuffer) -> Bool {
    if buffer.activeCount == compiled.outputCount { return true }
    return buffer.activeRows.contains(Int32(truncatingIfNeeded: row))
  }

  private func elementBounds(_ index: Int, wantsAffine: Bool) -> QuantityBounds {
    let buffer = workspace.buffers[compiled.outputSlot]
    guard isActive(index, in: buffer) else {
      return QuantityBounds(range: .zero, affine: nil)
    }
    let base = buffer.values + index * buffer.stride
    var range = ZonotopePropagation.enclosure(centre: base[0], radius: buffer.radius(index))
    if let (lower, upper) = cutRange(buffer, index), let cut = Interval(validating: lower, upper) {
      range = range.intersection(cut) ?? range
    }
    guard keepsCorrelation, range.isFinite else { return QuantityBounds(range: range, affine: nil) }
    let leadingAxis = attributes ? leadingAxis(base, columns: buffer.columns) : nil
    guard wantsAffine else { return QuantityBounds(range: range, affine: nil, leadingAxis: leadingAxis) }
    // Columns that the tensor does not have are zero, and what has no column is part of the rest.
    let slopes = compiled.axisColumns.map { $0 > 0 && $0 < buffer.columns ? base[$0] : 0 }
    let rest = buffer.radius(index, from: Swift.min(1 + compiled.symbolCount, buffer.stride))
    return QuantityBounds(
      range: range,
      affine: AffineBounds(
        lower: AffineBounds.Side(constant: (base[0] - rest).nextDown, slopes: slopes),
        upper: AffineBounds.Side(constant: (base[0] + rest).nextUp, slopes: slopes)),
      leadingAxis: leadingAxis)
  }

  private func leadingAxis(_ row: UnsafePointer<Double>, columns: Int) -> Int? {
    let leader = workspace.shares.leader(
      row, columns: columns, scratch: workspace.scratch(compiled.symbolCount))
    return leader.flatMap { compiled.axisColumns.firstIndex(of: $0 + 1) }
  }

  static func enclosure(centre: Double, radius: Double) -> Interval {
    guard radius < .infinity, centre.isFinite else { return .entire }
    return Interval((centre - radius).nextDown, (centre + radius).nextUp)
  }
}
