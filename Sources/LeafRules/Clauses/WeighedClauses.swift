import Evidence
import RigorousArithmetic
import VerificationProblem

/// Clauses of a claim on a cell, each shown by one atom or by a weighted sum of several.
///
/// Theorem. Let `s_i = 1` where atom `i` of a clause bounds its quantity `q_i` by `t_i` from below, and `-1` where from
/// above. At a point at which no atom holds, `s_i q_i <= s_i t_i` for all `i`, hence `sum_i w_i s_i q_i <= sum_i w_i s_i
/// t_i` for all weights that are not negative. Where a lower bound of the left side on the cell exceeds an upper bound of
/// the right side, the clause holds at every point. A claim that is a conjunction of clauses holds where each does.
///
/// Where atoms take turns on a cell, each fails somewhere and none shows the clause; the sum keeps what their errors
/// share.
extension CellEvaluator {
  /// Greatest shortfall of the best atom, as a part of its range, at which weights are looked for.
  private static let narrowness = 0.5

  /// A clause that no atom shows, with weights.
  private struct WeighedClause {
    /// Position among the clauses.
    let position: Int
    /// Atoms on different elements, each with its weight.
    let terms: [(atom: Int, weight: Double)]
    /// What the weighted sum exceeds its threshold by, at least.
    var margin: Double
    /// The coordinate with the greatest part in the sum's error.
    let leadingAxis: Int?
  }

  /// The claim on a cell by a rule that weighs.
  func weighedClaim(on given: Cell, rule: LeafRule, attributes: Bool) -> ClaimOnCell {
    let cell = compiled.contracted(given)
    let propagation = propagate(
      cell, keepsCorrelation: true, records: rule.substitutes, attributes: attributes)
    var quantities = compiled.atoms.map { propagation.bounds(of: $0.quantity, wantsAffine: false) }
    let plain = claim(from: quantities)
    guard plain.truth == nil, !propagation.failed, let clauses = compiled.clauses else { return plain }
    let known = atomTruth(quantities)
    var weighed: [WeighedClause] = []
    for (position, clause) in clauses.enumerated() where !clause.contains(where: { known[$0] == true }) {
      guard let item = weigh(clause, at: position, quantities, propagation) else { continue }
      weighed.append(item)
    }
    if rule.substitutes { substitute(&weighed, &quantities, on: cell) }
    return claim(from: quantities, clauses, weighed)
  }

  /// What bounds of quantities and weighted sums say together.
  private func claim(
    from quantities: [QuantityBounds], _ clauses: [[Int]], _ weighed: [WeighedClause]
  ) -> ClaimOnCell {
    var result = claim(from: quantities)
    result.isPlain = result.truth != nil
    guard result.truth == nil else { return result }
    let known = atomTruth(quantities)
    var isShown = true
    result.margin = .infinity
    for (position, clause) in clauses.enumerated() {
      var margin = -Double.infinity
      var best: Int?
      for atom in clause {
        let gap = gap(atom, quantities[atom].range)
        if best == nil || gap > margin { (best, margin) = (atom, gap) }
      }
      var isClauseShown = clause.contains { known[$0] == true }
      var axis = best.flatMap { quantities[$0].leadingAxis }
      if let sum = weighed.first(where: { $0.position == position }), sum.margin > margin {
        margin = sum.margin
        axis = sum.leadingAxis ?? axis
        isClauseShown = isClauseShown || sum.margin > 0
      }
      isShown = isShown && isClauseShown
      if !isClauseShown, margin < result.margin {
        result.margin = margin
        result.critical = best
        result.leadingAxis = axis
        result.width = best.map { quantities[$0].range.width } ?? .infinity
      }
    }
    if isShown { result.truth = true }
    return result
  }

  /// Weights for a clause from the output's affine forms; nil where it has fewer than two atoms that hold at some point,
  /// or falls short by too much.
  private func weigh(
    _ clause: [Int], at position: Int, _ quantities: [QuantityBounds],
    _ propagation: ZonotopePropagation<TrackedRounding>
  ) -> WeighedClause? {
    let buffer = workspace.buffers[compiled.outputSlot]
    var atoms: [Int] = []
    var elements: [Int] = []
    var candidates: [ClauseWeights.Candidate] = []
    var start = 0
    var most = -Double.infinity
    for atom in clause {
      guard case .element(let element) = compiled.atoms[atom].quantity, !elements.contains(element),
        propagation.isActive(element, in: buffer)
      else { continue }
      let isUpper = compiled.atoms[atom].comparison.boundsAbove
      let (range, threshold) = (quantities[atom].range, compiled.thresholds[atom])
      guard isUpper ? range.lower < threshold.lower : range.upper > threshold.upper else { continue }
      let gap = gap(atom, range)
      if gap > most { (start, most) = (atoms.count, gap) }
      atoms.append(atom)
      elements.append(element)
      let row = buffer.values + element * buffer.stride
      candidates.append(
        ClauseWeights.Candidate(
          centre: isUpper ? threshold.lower - row[0] : row[0] - threshold.upper, row: UnsafePointer(row),
          sign: isUpper ? -1 : 1, rest: buffer.remainder[element]))
    }
    guard atoms.count > 1, most.isFinite,
      -most < CellEvaluator.narrowness * quantities[atoms[start]].range.width
    else { return nil }
    let scratch = workspace.scratch(buffer.stride + compiled.symbolCount)
    let weights = ClauseWeights(candidates, from: start, stride: buffer.stride, scratch: scratch)
    let terms = zip(atoms, weights.values).filter { $0.1 > 0 }.map { (atom: $0.0, weight: $0.1) }
    guard terms.count > 1 else { return nil }
    let bound = leastSum(of: terms, buffer, scratch: scratch)
    let axis =
      propagation.attributes
      ? workspace.shares.leader(scratch, columns: buffer.columns, scratch: scratch + buffer.stride).flatMap {
        compiled.axisColumns.firstIndex(of: $0 + 1)
      } : nil
    return WeighedClause(
      position: position, terms: terms, margin: margin(bound, of: terms), leadingAxis: axis)
  }

  /// A lower bound of `sum_i w_i s_i q_i` by the output's affine forms, whose weighted sum is left in the scratch.
  ///
  /// With symbols `e_j`, the sum is at least `C_0 - sum_j |C_j| - sum_i w_i r_i` with `C_j = sum_i w_i s_i G_ij`. Each
  /// computed `C_j` is off by at most `gamma(n) sum_i w_i |G_ij|` for `n` terms, so that the whole is off by at most
  /// `gamma(n) sum_i w_i sum_j |G_ij|`, and by `n` underflows a column.
  private func leastSum(
    of terms: [(atom: Int, weight: Double)], _ buffer: ZonotopeBuffer, scratch: UnsafeMutablePointer<Double>
  ) -> Double {
    let stride = buffer.stride
    scratch.update(repeating: 0, count: stride)
    var rest = 0.0
    var size = 0.0
    for (atom, weight) in terms {
      guard case .element(let element) = compiled.atoms[atom].quantity else { return -.infinity }
      let row = buffer.values + element * stride
      let factor = compiled.atoms[atom].comparison.boundsAbove ? -weight : weight
      for column in 0..<stride { scratch[column] += factor * row[column] }
      rest += weight * buffer.remainder[element]
      size += weight * MatrixKernel.sumOfMagnitudes(row, count: stride)
    }
    let centre = scratch[0]
    scratch[0] = 0
    let span = MatrixKernel.sumOfMagnitudes(scratch, count: stride)
    scratch[0] = centre
    let inflation = Rounding.inflation(stride + 2 * terms.count)
    let lost = DotProductBound.gamma(terms.count + 1) * size * inflation + Rounding.slack
    let radius = ((span + rest) * inflation + lost) * Rounding.inflation(4)
    let bound = (centre - radius).nextDown
    return bound.isFinite ? bound : -.infinity
  }

  /// What a bound of the weighted sum exceeds the weighted threshold by, at least.
  private func margin(_ bound: Double, of terms: [(atom: Int, weight: Double)]) -> Double {
    var limit = Interval(0)
    for (atom, weight) in terms {
      let threshold = compiled.thresholds[atom]
      limit = limit + weight * (compiled.atoms[atom].comparison.boundsAbove ? -threshold : threshold)
    }
    let margin = Directed.subtractDown(bound, limit.upper)
    return margin.isNaN ? -.infinity : margin
  }

  /// Tightens quantities on the side that their atoms ask for, and the weighted sums, by one backward pass.
  private func substitute(
    _ weighed: inout [WeighedClause], _ quantities: inout [QuantityBounds], on cell: Cell
  ) {
    var pass = BackwardMatrix(compiled, workspace: workspace)
    pass.begin(at: compiled.outputInstruction, objectives: compiled.atoms.count + weighed.count)
    for (position, atom) in compiled.atoms.enumerated() {
      guard case .element(let element) = atom.quantity else { continue }
      pass.set(position, element: element, to: atom.comparison.boundsAbove ? -1 : 1)
    }
    for (position, item) in weighed.enumerated() {
      for (atom, weight) in item.terms {
        guard case .element(let element) = compiled.atoms[atom].quantity else { continue }
        let factor = compiled.atoms[atom].comparison.boundsAbove ? -weight : weight
        pass.set(compiled.atoms.count + position, element: element, to: factor)
      }
    }
    pass.run(cell: cell)
    for (position, atom) in compiled.atoms.enumerated() {
      guard case .element = atom.quantity else { continue }
      let bound = pass.lowerBound(position)
      let side =
        atom.comparison.boundsAbove
        ? Interval(validating: -.infinity, -bound) : Interval(validating: bound, .infinity)
      let known = quantities[position].range
      quantities[position].range = side.flatMap { known.intersection($0) } ?? known
    }
    for position in weighed.indices {
      let bound = pass.lowerBound(compiled.atoms.count + position)
      weighed[position].margin = Swift.max(
        weighed[position].margin, margin(bound, of: weighed[position].terms))
    }
  }
}
