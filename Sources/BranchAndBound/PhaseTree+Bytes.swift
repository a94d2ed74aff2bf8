import LeafRules

extension PhaseTree {
  /// The tree as `PhaseRule` reads it; leaves that are open keep what a search goes on with, and the rule refuses them.
  ///
  /// - Parameters:
  ///   - positions: Of the open neurons among them.
  ///   - usual: The slopes that hold where none are written.
  func bytes(positions: [Int: Int], usual: [UInt8], atoms: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var written = [[UInt8]](repeating: usual, count: atoms)
    var pending = [0]
    while let index = pending.popLast() {
      let node = nodes[index]
      bytes += node.refinements
      if node.firstChild >= 0 {
        let position = positions[Int(nodes[Int(node.firstChild)].neuron)] ?? 0
        bytes += [1, UInt8(truncatingIfNeeded: position), UInt8(truncatingIfNeeded: position >> 8)]
        pending.append(Int(node.firstChild) + 1)
        pending.append(Int(node.firstChild))
        continue
      }
      switch node.closing {
      case .empty: bytes.append(5)
      case .weights(let leaf): bytes += leaf
      case .open:
        let width = node.slopes.count / atoms
        for atom in 0..<atoms {
          bytes += slopes(
            Array(node.slopes[atom * width..<(atom + 1) * width]), of: atom, usual: usual, after: &written)
        }
        bytes += node.multipliers.isEmpty ? [7] : [6] + node.multipliers.flatMap(PhaseNumbers.bytes)
      case .atom(let shown):
        let name = atoms > 1 ? [UInt8(truncatingIfNeeded: shown)] : []
        bytes += slopes(node.slopes, of: shown, usual: usual, after: &written)
        bytes += multipliers(node.multipliers, name: name)
      }
    }
    return bytes
  }

  /// Slopes that are not the usual ones, whole or by what changes of those that were written last.
  private func slopes(
    _ slopes: [UInt8], of atom: Int, usual: [UInt8], after written: inout [[UInt8]]
  ) -> [UInt8] {
    guard !slopes.isEmpty, slopes != usual else { return [] }
    let name = written.count > 1 ? [UInt8(truncatingIfNeeded: atom)] : []
    let changes = slopes.indices.filter { slopes[$0] != written[atom][$0] }
    written[atom] = slopes
    guard changes.count <= 255, 1 + 3 * changes.count < slopes.count else { return [3] + name + slopes }
    return [9] + name + [UInt8(changes.count)]
      + changes.flatMap {
        [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8), slopes[$0]]
      }
  }

  /// A leaf with the multipliers of its splits, in the shortest of three ways.
  private func multipliers(_ multipliers: [Float], name: [UInt8]) -> [UInt8] {
    let present = multipliers.indices.filter { multipliers[$0] != 0 }
    guard !present.isEmpty else { return [2] + name }
    var mask = [UInt8](repeating: 0, count: (multipliers.count + 7) / 8)
    for index in present { mask[index / 8] |= 1 << UInt8(index % 8) }
    guard mask.count + 2 * present.count < 2 * multipliers.count else {
      return [0] + name + multipliers.flatMap(PhaseNumbers.bytes)
    }
    return [10] + name + mask + present.flatMap { PhaseNumbers.bytes(multipliers[$0]) }
  }

  /// A tree that was kept, all of its leaves open; nil where the bytes are malformed.
  ///
  /// Only the splits and what refinements start from are taken from the bytes: the bounds follow from them again.
  init?(
    restoring reader: inout PhaseReader, _ columns: [PhaseColumns], usual: [UInt8], workspace: Workspace
  ) {
    guard let first = columns.first else { return nil }
    let (base, atoms) = (first.base, columns.count)
    base.load(into: workspace, of: first.compiled)
    self.init()
    var slopes = [[UInt8]](repeating: usual, count: atoms)
    var written = slopes
    var pending = [(node: 0, slopes: slopes)]
    while let (node, inherited) = pending.popLast() {
      slopes = inherited
      let path = path(of: node)
      reading: while true {
        switch reader.node(depth: path.count, atoms: atoms, open: base.openNeurons.count) {
        case .slopes(let atom, let chosen):
          guard atom < atoms else { return nil }
          written[atom] = chosen.map(PhaseNumbers.byte)
          slopes[atom] = written[atom]
        case .changes(let atom, let changes):
          guard atom < atoms else { return nil }
          for (position, slope) in changes { written[atom][position] = PhaseNumbers.byte(slope) }
          slopes[atom] = written[atom]
        case .bounds(let atom, let entries):
          guard atom < atoms else { return nil }
          var refinement = PhaseRefinement(
            first.compiled, base, workspace: workspace, atom: columns[atom].atom)
          let bounds = refinement.refine(nodes[node].bounds ?? PartBounds(base), path: path, by: entries)
          refine(
            node, bytes: PhaseColumns.refinement(entries, atom: atom, atoms: atoms), bounds: bounds)
        case .split(let position):
          guard position < base.openNeurons.count else { return nil }
          let neuron = base.openNeurons[position]
          guard !path.contains(where: { $0.neuron == neuron }) else { return nil }
          improve(node, multipliers: [Float](repeating: 0, count: path.count * atoms), slopes: [])
          let halves = split(node, neuron: neuron, atoms: atoms)
          pending.append((halves.inactive, slopes))
          pending.append((halves.active, slopes))
          break reading
        case .leaf(let atom, let multipliers):
          guard atom < atoms else { return nil }
          var all = [Float](repeating: 0, count: path.count * atoms)
          for (index, multiplier) in multipliers.enumerated() {
            all[atom * path.count + index] = Float(multiplier)
          }
          improve(node, multipliers: all, slopes: slopes.flatMap { $0 })
          break reading
        case .open(let multipliers):
          let all =
            multipliers.isEmpty
            ? [Float](repeating: 0, count: path.count * atoms) : multipliers.map { Float($0) }
          improve(node, multipliers: all, slopes: slopes.flatMap { $0 })
          break reading
        case .empty, .weighted:
          improve(
            node, multipliers: [Float](repeating: 0, count: path.count * atoms),
            slopes: slopes.flatMap { $0 })
          break reading
        case nil: return nil
        }
      }
    }
  }
}
