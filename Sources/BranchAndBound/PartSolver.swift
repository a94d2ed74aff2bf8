import LeafRules
import RigorousArithmetic
import VerificationProblem

/// Closes a part of a cell with known phases by the linear program of its phases, where ascent has nothing left to split.
///
/// On the part every known phase is an inequality, and every other open rectifier lies in the triangle of its bounds
/// (Ehlers, "Formal verification of piece-wise linear feed-forward neural networks", ATVA 2017). The program minimises the
/// largest margin by which an atom of the clause holds; its dual gives the weights of the atoms, the multipliers of the
/// phases and the slopes of the rectifiers of a `WeightedLeaf`, and where the phases exclude one another, Farkas'
/// coefficients do (Salman et al., "A convex relaxation barrier", NeurIPS 2019, on why the two agree). The program is
/// solved in plain doubles; a leaf counts as closed only when the checker's rule closes it.
struct PartSolver {
  enum Answer {
    /// The bytes of a leaf that the rule closes.
    case closed([UInt8])
    /// A neuron whose phase matters.
    case split(Int)
    /// A point that violates the claim.
    case witness([Double])
    /// The clause touches its bound on the part, or an operator bends otherwise than a rectifier.
    case open
  }

  let compiled: CompiledCase
  let base: PhaseBase
  /// Positions of the clause's atoms.
  let clause: [Int]
  private let offsets: [Int: Int]

  /// Steps of the simplex method for each variable and inequality, and the most numbers that all steps together may
  /// change: a second or so.
  private static let effort = 40
  private static let largestWork = 1 << 30

  init(_ compiled: CompiledCase, _ base: PhaseBase, clause: [Int]) {
    self.compiled = compiled
    self.base = base
    self.clause = clause
    offsets = compiled.rectifierOffsets
  }

  func solve(_ path: [(neuron: Int, isActive: Bool)], violates: ([Double]) -> Bool) -> Answer {
    let phases = Dictionary(path.map { ($0.neuron, $0.isActive) }) { first, _ in first }
    guard let part = AffinePart(compiled, base, offsets: offsets, phases: phases),
      let program = program(part, path, phases)
    else { return .open }
    var simplex = program
    let steps = PartSolver.effort * (simplex.rows + simplex.columns)
    let end = simplex.run(limit: Swift.min(steps, 1 + PartSolver.largestWork / simplex.tableSize))
    if end != .gaveUp, let leaf = leaf(part, path, simplex, end),
      leaf.closes(clause, compiled, base, workspace: Workspace())
    {
      return .closed(leaf.bytes)
    }
    guard end == .optimal else { return part.open.first.map { .split($0.neuron) } ?? .open }
    let point = simplex.point
    let input = (0..<part.inputs).map {
      Swift.min(Swift.max(point[$0], base.cell.lower[$0]), base.cell.upper[$0])
    }
    if violates(input) { return .witness(input) }
    return bent(part, point).map { .split($0) } ?? .open
  }

  /// The neuron whose variable is farthest from its rectifier's value at a point.
  private func bent(_ part: AffinePart, _ point: [Double]) -> Int? {
    var worst = 0.0
    var result: Int?
    for (index, operand) in part.open.enumerated() {
      let value = Swift.max(0, PartSolver.value(operand.form, point))
      let distance = (point[part.inputs + index] - value).magnitude
      if distance > worst {
        worst = distance
        result = operand.neuron
      }
    }
    return worst > 1e-12 ? result : nil
  }

  private static func value(_ form: [Double], _ point: [Double]) -> Double {
    var sum = form[form.count - 1]
    for index in 0..<form.count - 1 { sum += form[index] * point[index] }
    return sum
  }

  /// The margin by which an atom holds, as a form: `q - t` for a bound from below, `t - q` for one from above.
  private func margin(_ atom: Int, _ part: AffinePart) -> [Double]? {
    guard case .element(let element) = compiled.atoms[atom].quantity, element < part.outputs.count else {
      return nil
    }
    let isAbove = compiled.atoms[atom].comparison.boundsAbove
    var form = isAbove ? part.outputs[element].map { -$0 } : part.outputs[element]
    let threshold = compiled.thresholds[atom]
    form[form.count - 1] += isAbove ? threshold.lower : -threshold.upper
    return form
  }

  /// Minimises `t` with `t >= margin` for each atom, on the part; the last variable is `t`.
  private func program(
    _ part: AffinePart, _ path: [(neuron: Int, isActive: Bool)], _ phases: [Int: Bool]
  ) -> DualSimplex? {
    let width = part.inputs + part.open.count
    var lower = base.cell.lower
    var upper = base.cell.upper
    for operand in part.open {
      lower.append(0)
      // Beyond what the triangle allows, so that this bound takes no part in a minimum.
      upper.append(2 * base.upper[operand.neuron] + 1)
    }
    var rows: [[Double]] = []
    var offsets: [Double] = []
    func require(_ form: [Double], top: Double = 0) {
      rows.append(form[..<width] + [top])
      offsets.append(form[width])
    }
    var reach = 1.0
    for atom in clause {
      guard let form = margin(atom, part) else { return nil }
      var size = form[width].magnitude
      for index in 0..<width {
        size += Swift.max((form[index] * lower[index]).magnitude, (form[index] * upper[index]).magnitude)
      }
      reach = Swift.max(reach, 2 * size)
      require(form.map { -$0 }, top: 1)
    }
    guard reach.isFinite else { return nil }
    let known = Dictionary(part.known.map { ($0.neuron, $0.form) }) { first, _ in first }
    for phase in path {
      guard let form = known[phase.neuron] else { return nil }
      require(phase.isActive ? form : form.map { -$0 })
    }
    for (index, operand) in part.open.enumerated() {
      var above = operand.form.map { -$0 }
      above[part.inputs + index] += 1
      require(above)
      let (low, high) = (base.lower[operand.neuron], base.upper[operand.neuron])
      let slope = high / (high - low)
      var below = operand.form.map { slope * $0 }
      below[part.inputs + index] -= 1
      below[width] -= slope * low
      require(below)
    }
    guard rows.allSatisfy({ $0.allSatisfy(\.isFinite) }), offsets.allSatisfy(\.isFinite) else { return nil }
    return DualSimplex(
      costs: [Double](repeating: 0, count: width) + [1], lower: lower + [-reach], upper: upper + [reach],
      rows: rows, offsets: offsets)
  }

  /// The leaf that the multipliers of an end stand for; nil where a number is not finite.
  private func leaf(
    _ part: AffinePart, _ path: [(neuron: Int, isActive: Bool)], _ simplex: DualSimplex,
    _ end: DualSimplex.End
  ) -> WeightedLeaf? {
    // Where the part is empty, the sum of inequalities may be as large as one likes.
    let scale = end == .infeasible ? 1 / simplex.gap : 1
    guard scale.isFinite, scale > 0 else { return nil }
    let multipliers = simplex.multipliers.map { $0 * scale }
    guard multipliers.allSatisfy(\.isFinite) else { return nil }
    var slopes: [Int: Double] = [:]
    let first = clause.count + path.count
    for (index, operand) in part.open.enumerated() {
      let (above, below) = (multipliers[first + 2 * index], multipliers[first + 2 * index + 1])
      let (low, high) = (base.lower[operand.neuron], base.upper[operand.neuron])
      // What is left of the neuron's value once both lines are taken away is its distance from zero.
      let coefficient = above + Swift.max(0, simplex.remainders[part.inputs + index] * scale) - below
      let steepness = above - below * (high / (high - low))
      slopes[operand.neuron] = coefficient > 0 ? Swift.min(1, Swift.max(0, steepness / coefficient)) : 0
    }
    let split = Set(path.map(\.neuron))
    return WeightedLeaf(
      weights: weights(Array(multipliers[..<clause.count])),
      path: path.enumerated().map { index, phase in
        WeightedLeaf.Phase(
          neuron: phase.neuron, isActive: phase.isActive, multiplier: multipliers[clause.count + index])
      },
      slopes: base.openNeurons.filter { !split.contains($0) }.map { slopes[$0] ?? 0 })
  }

  /// Weights whose sums are exact where two atoms speak of one element.
  private func weights(_ values: [Double]) -> [Double] {
    var seen: Set<Int> = []
    let isShared = clause.contains { atom in
      guard case .element(let element) = compiled.atoms[atom].quantity else { return false }
      return !seen.insert(element).inserted
    }
    guard isShared, let largest = values.max(), largest > 0 else { return values }
    // A common grid of 2^-30 of the largest.
    let unit = largest.binade * 0x1p-30
    return values.map { ($0 / unit).rounded() * unit }
  }
}
